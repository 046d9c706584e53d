/// Why a file or run directory could not be written.
public struct ExportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence for the user.
    public let description: String
    /// Another run holds the directory.
    let isTaken: Bool

    /// Creates an error with this sentence.
    public init(_ description: String) { self.init(description, isTaken: false) }

    init(_ description: String, isTaken: Bool) {
        self.description = description
        self.isTaken = isTaken
    }
}

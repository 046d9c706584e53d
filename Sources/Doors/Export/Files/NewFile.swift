public import Foundation

/// A file that appears whole or not at all, and never in the place of another.
public struct NewFile: Sendable {
    private let place: OutputPath

    /// Checks, before anything is computed, that `path` is free and that its folder can be written.
    public init(at path: String) throws(ExportError) {
        place = try OutputPath(path)
        guard access(place.folder, W_OK | X_OK) == 0 else {
            throw ExportError("cannot create \(path): \(systemError())")
        }
    }

    /// Writes `contents` to the file.
    public func write(_ contents: Data) throws(ExportError) {
        try write { folder, name throws(ExportError) in
            let sink = try ByteSink(name, in: folder, title: place.written)
            sink.append(contents)
            try sink.close()
        }
    }

    /// Lets `body` make a hidden sibling, whose name nobody can know before, then gives it its name.
    func write(
        _ body: (_ folder: String, _ name: String) throws(ExportError) -> Void
    ) throws(ExportError) {
        let hidden = ".\(place.name).\(String(UInt64.random(in: .min ... .max), radix: 16)).partial"
        let staging = place.folder + "/" + hidden
        defer { unlink(staging) }
        try body(place.folder, hidden)
        // A link, unlike a renaming, never takes the place of a file that has appeared meanwhile.
        guard link(staging, place.path) == 0 else {
            throw ExportError("cannot create \(place.written): \(systemError())")
        }
    }
}

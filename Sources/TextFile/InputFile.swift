import Foundation

public enum InputFile {
    /// No input of a scenario is larger.
    public static let largestSize = 256 << 20

    /// The bytes at `path`, named `name` in mistakes.
    public static func bytes(
        at path: String, name: String, largestSize: Int = largestSize
    ) throws(FileMistakes) -> [UInt8] {
        let problem: String
        do {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
            let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
            if attributes[.type] as? FileAttributeType != .typeRegular {
                problem = "is not a file"
            } else if size > largestSize {
                problem = "has \(size) bytes; \(largestSize) are allowed"
            } else {
                return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            }
        } catch {
            problem =
                FileManager.default.fileExists(atPath: path) ? "cannot be read" : "there is no such file"
        }
        throw FileMistakes([FileMistake(file: name, message: problem)])
    }
}

import Foundation

public enum InputFile {
    /// No input of a scenario is larger.
    public static let largestSize = 256 << 20

    /// The bytes at `path`, named `name` in mistakes.
    public static func bytes(
        at path: String, name: String, largestSize: Int = largestSize
    ) throws(FileMistakes) -> [UInt8] {
        let contents = try contents(at: path, name: name, largestSize: largestSize)
        return Array(contents.bytes)
    }

    /// The same in memory of their own, for large files.
    public static func contents(
        at path: String, name: String, largestSize: Int
    ) throws(FileMistakes) -> FileContents {
        let problem: String
        do {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
            let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
            if attributes[.type] as? FileAttributeType != .typeRegular {
                problem = "is not a file"
            } else if size > largestSize {
                problem = "has \(size) bytes; \(largestSize) are allowed"
            } else if let contents = FileContents(path: path, size: size) {
                return contents
            } else {
                problem = "cannot be read"
            }
        } catch {
            problem =
                FileManager.default.fileExists(atPath: path) ? "cannot be read" : "there is no such file"
        }
        throw FileMistakes([FileMistake(file: name, message: problem)])
    }
}

/// What a file held when it was read.
public final class FileContents: @unchecked Sendable {
    /// Never written again; valid as long as this object lives.
    public let bytes: UnsafeBufferPointer<UInt8>

    /// Nil where the system does not give the bytes.
    fileprivate init?(path: String, size: Int) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: size)
        var count = 0
        while count < size {
            let more = read(descriptor, memory.baseAddress! + count, size - count)
            if more == 0 { break }
            if more < 0, errno != EINTR {
                memory.deallocate()
                return nil
            }
            count += max(0, more)
        }
        bytes = UnsafeBufferPointer(rebasing: memory[..<count])
    }

    deinit { bytes.deallocate() }
}

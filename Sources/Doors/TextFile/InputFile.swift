import Foundation

/// Reads files as a whole.
public enum InputFile {
    /// The largest file that is read unless the caller says otherwise, in bytes: 256 MiB.
    public static let largestSize = 256 << 20

    /// Reads the file at `path`. Throws one mistake, with the file named `name`, if it cannot be read, is
    /// larger than `largestSize` bytes, or is UTF-16.
    public static func bytes(
        at path: String, name: String, largestSize: Int = largestSize
    ) throws(FileMistakes) -> [UInt8] {
        let contents = try contents(at: path, name: name, largestSize: largestSize)
        return Array(contents.bytes)
    }

    /// Reads the file at `path` as `bytes(at:name:largestSize:)` does, without a copy: for large files.
    public static func contents(
        at path: String, name: String, largestSize: Int
    ) throws(FileMistakes) -> FileContents {
        let problem: String
        do {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
            let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
            if attributes[.type] as? FileAttributeType != .typeRegular {
                problem = "this is not a plain file"
            } else if size > largestSize {
                problem = "the file has \(size) bytes; at most \(largestSize) are read"
            } else if let contents = FileContents(path: path, size: size) {
                guard let refusal = TextEncoding.refusal(of: contents.bytes) else { return contents }
                problem = refusal
            } else {
                problem = "the file cannot be read"
            }
        } catch {
            problem =
                FileManager.default.fileExists(atPath: path)
                ? "the file cannot be read" : "there is no such file"
        }
        throw FileMistakes([FileMistake(file: name, message: problem)])
    }
}

/// The contents of a file when it was read.
public final class FileContents: @unchecked Sendable {
    /// The bytes; never changed, and valid as long as this object exists.
    public let bytes: UnsafeBufferPointer<UInt8>

    /// Nil if the system cannot read the file.
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

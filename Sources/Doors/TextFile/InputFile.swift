import Foundation

/// Reads files as a whole.
public enum InputFile {
    /// The largest file that is read unless the caller says otherwise, in bytes: 256 MiB.
    public static let largestSize = 256 << 20

    /// Reads the file at `path`. Throws one mistake, with the file named `name`, if it cannot be read or is
    /// larger than `largestSize` bytes.
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
        do throws(FileContents.Refusal) {
            return try FileContents(path: path, largestSize: largestSize)
        } catch {
            throw FileMistakes([FileMistake(file: name, message: error.reason)])
        }
    }
}

/// The contents of a file when it was read.
public final class FileContents: @unchecked Sendable {
    /// Why a file was not read.
    public struct Refusal: Error {
        /// The reason, for the author of the file.
        public let reason: String
    }

    /// The bytes; never changed, and valid as long as this object exists.
    public let bytes: UnsafeBufferPointer<UInt8>

    /// Reads the file at `path`, which the system takes as it is written. Opens without waiting and checks that
    /// this is a plain file, because a pipe would block, and its size before memory is taken for it.
    public init(path: String, largestSize: Int) throws(Refusal) {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.refusal(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.refusal(errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw Refusal(reason: "this is a folder, not a file")
        default: throw Refusal(reason: "this is a device, pipe or socket, not a plain file")
        }
        let size = Int(status.st_size)
        guard size <= largestSize else {
            throw Refusal(reason: "the file has \(size) bytes; at most \(largestSize) are read")
        }
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: size)
        var count = 0
        while count < size {
            let more = read(descriptor, memory.baseAddress! + count, size - count)
            if more == 0 { break }
            if more < 0, errno != EINTR {
                let refusal = Self.refusal(errno)
                memory.deallocate()
                throw refusal
            }
            count += max(0, more)
        }
        bytes = UnsafeBufferPointer(rebasing: memory[..<count])
    }

    deinit { bytes.deallocate() }

    /// The reason for the system's error `code`.
    public static func refusal(_ code: Int32) -> Refusal {
        switch code {
        case ENOENT: Refusal(reason: "there is no such file")
        case EACCES, EPERM: Refusal(reason: "the file may not be read")
        case ENOTDIR: Refusal(reason: "a part of its path is not a folder")
        case ELOOP: Refusal(reason: "its links form a circle")
        case ENAMETOOLONG: Refusal(reason: "the name is too long")
        default: Refusal(reason: "the file cannot be read: \(String(cString: strerror(code)))")
        }
    }
}

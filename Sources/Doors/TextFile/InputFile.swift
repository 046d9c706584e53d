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
        do throws(FileRefusal) {
            return try OpenFile(path, largestSize: largestSize).bytes()
        } catch {
            throw FileMistakes([FileMistake(file: name, message: error.reason)])
        }
    }

    /// Reads the file at `path` as `bytes(at:name:largestSize:)` does, without a copy: for large files.
    public static func contents(
        at path: String, name: String, largestSize: Int
    ) throws(FileMistakes) -> FileContents {
        do throws(FileRefusal) {
            let contents = try FileContents(OpenFile(path, largestSize: largestSize))
            if let refusal = TextEncoding.refusal(of: contents.bytes) { throw FileRefusal(refusal) }
            return contents
        } catch {
            throw FileMistakes([FileMistake(file: name, message: error.reason)])
        }
    }

    /// Reads the file at `path`; throws the reason if it cannot be read or is larger than `largestSize`
    /// bytes.
    public static func bytes(at path: String, largestSize: Int) throws(FileRefusal) -> [UInt8] {
        try OpenFile(path, largestSize: largestSize).bytes()
    }
}

/// Why a file was not read.
public struct FileRefusal: Error, Hashable, Sendable {
    /// The reason, for the author of the file.
    public let reason: String

    init(_ reason: String) { self.reason = reason }

    /// The reason for the system's error `code`.
    public init(code: Int32) {
        reason =
            switch code {
            case ENOENT: "there is no such file"
            case EACCES, EPERM: "the file may not be read"
            case ENOTDIR: "a part of its path is not a folder"
            case ELOOP: "its links form a circle"
            case ENAMETOOLONG: "the name is too long"
            default: "the file cannot be read: \(String(cString: strerror(code)))"
            }
    }
}

/// The contents of a file when it was read.
public final class FileContents: @unchecked Sendable {
    /// The bytes; never changed, and valid as long as this object exists.
    public let bytes: UnsafeBufferPointer<UInt8>

    fileprivate init(_ file: OpenFile) throws(FileRefusal) {
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: file.size)
        do throws(FileRefusal) {
            bytes = UnsafeBufferPointer(rebasing: memory[..<(try file.read(into: memory))])
        } catch {
            memory.deallocate()
            throw error
        }
    }

    deinit { bytes.deallocate() }
}

/// A plain file of known size, open to be read.
private final class OpenFile {
    let size: Int
    private let descriptor: Int32

    /// Opens the file at `path`, which the system takes as it is written, without waiting, and checks that it
    /// is a plain file, because a pipe would block, and its size before memory is taken for it.
    init(_ path: String, largestSize: Int) throws(FileRefusal) {
        let opened = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard opened >= 0 else { throw FileRefusal(code: errno) }
        do throws(FileRefusal) {
            size = try Self.size(of: opened, atMost: largestSize)
        } catch {
            close(opened)
            throw error
        }
        descriptor = opened
    }

    deinit { close(descriptor) }

    private static func size(of descriptor: Int32, atMost most: Int) throws(FileRefusal) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileRefusal(code: errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw FileRefusal("this is a folder, not a file")
        default: throw FileRefusal("this is a device, pipe or socket, not a file")
        }
        guard status.st_size <= most else {
            throw FileRefusal("the file has \(status.st_size) bytes; at most \(most) are read")
        }
        return Int(status.st_size)
    }

    func bytes() throws(FileRefusal) -> [UInt8] {
        var refusal: FileRefusal?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { memory, count in
            do throws(FileRefusal) {
                count = try read(into: memory)
            } catch {
                refusal = error
            }
        }
        if let refusal { throw refusal }
        return bytes
    }

    /// The number of bytes that were read: fewer than `size` if the file has become shorter.
    func read(into memory: UnsafeMutableBufferPointer<UInt8>) throws(FileRefusal) -> Int {
        var count = 0
        while count < size {
            let more = Foundation.read(descriptor, memory.baseAddress! + count, size - count)
            if more == 0 { break }
            if more < 0, errno != EINTR { throw FileRefusal(code: errno) }
            count += max(0, more)
        }
        return count
    }
}

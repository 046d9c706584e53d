import CCrypto
public import Foundation

/// A file in the manifest: name, length and SHA-256.
public struct FileDigest: Hashable, Sendable, Codable {
    /// Relative to the scenario's folder for what was read, to the run directory for what was written.
    public let name: String
    /// Length in bytes.
    public let bytes: Int
    /// 64 hexadecimal digits.
    public let sha256: String

    /// The digest of `contents`.
    public init(name: String, contents: Data) {
        self.name = name
        bytes = contents.count
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        contents.withUnsafeBytes { _ = SHA256($0.bindMemory(to: UInt8.self).baseAddress, $0.count, &digest) }
        let digits = Array("0123456789abcdef")
        sha256 = String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// The digest of `bytes`, such as those of a file that a scenario was read from.
    public init(name: String, bytes: [UInt8]) {
        self.init(name: name, contents: Data(bytes))
    }

    /// The digest of the plain file at `path`; throws where it cannot be read.
    public init(name: String, path: String) throws(ExportError) {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        defer { close(descriptor) }
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            throw ExportError("cannot read \(path): \(systemError())")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ExportError("cannot read \(path): it is not a plain file")
        }
        let size = Int(status.st_size)
        guard size > 0 else {
            self.init(name: name, contents: Data())
            return
        }
        guard let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), memory != MAP_FAILED else {
            throw ExportError("cannot read \(path): \(systemError())")
        }
        self.init(name: name, contents: Data(bytesNoCopy: memory, count: size, deallocator: .unmap))
    }
}

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

    /// The digest of the file at `path`; throws where it cannot be read.
    public init(name: String, path: String) throws(ExportError) {
        do {
            self.init(
                name: name, contents: try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
            )
        } catch {
            throw ExportError("cannot read \(path): \(error.localizedDescription)")
        }
    }
}

import Foundation

/// The folder of a scenario, the only place its files may come from. Every file is read once, whole, and
/// kept, so that what is hashed is what was used.
final class Folder {
    /// A file that was read, as the manifest names it.
    struct File {
        let path: String
        let bytes: [UInt8]
    }

    /// Why a file was not read.
    struct Refusal: Error {
        let reason: String
    }

    static let largestTable = 200_000_000
    static let largestScenario = 5_000_000

    /// As the caller named it, with a slash where it is not empty.
    let prefix: String
    private(set) var files: [File] = []
    /// Without symbolic links.
    private let root: String

    /// The folder of the scenario at `path`.
    init(ofScenario path: String) throws(Refusal) {
        let slash = path.lastIndex(of: "/")
        prefix = slash.map { String(path[...$0]) } ?? ""
        guard let resolved = Folder.resolve(prefix.isEmpty ? "." : prefix) else {
            throw Refusal(reason: "there is no folder \(quoted(prefix))")
        }
        root = resolved == "/" ? "" : resolved
    }

    /// The scenario file itself: it may be a link to anywhere, its folder is where the link stands.
    func readScenario(_ name: String) throws(Refusal) -> [UInt8] {
        try read(name, at: prefix + name, atMost: Folder.largestScenario)
    }

    /// The file `name` within the folder; read once, however often it is asked for.
    func read(_ name: String) throws(Refusal) -> [UInt8] {
        if let known = files.first(where: { $0.path == name }) { return known.bytes }
        guard !name.isEmpty, name.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 }) else {
            throw Refusal(reason: "this is not the name of a file")
        }
        guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
            throw Refusal(reason: "a file must lie in the scenario's folder, and is named from there")
        }
        guard let resolved = Folder.resolve(prefix + name) else {
            throw Refusal(reason: Folder.reason(errno))
        }
        guard resolved.hasPrefix(root + "/") else {
            throw Refusal(reason: "this is a link that leaves the scenario's folder")
        }
        return try read(name, at: resolved, atMost: Folder.largestTable)
    }

    /// `; did you mean 'x'?` for the file that `name` may be a slip of, or nothing.
    func suggestion(for name: String) -> String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/")) ?? []
        return nearest(name, in: names.sorted()).map { "; did you mean \(quoted($0))?" } ?? ""
    }

    /// Opened without waiting, looked at, then read: what is no plain file blocks nothing.
    private func read(_ name: String, at path: String, atMost limit: Int) throws(Refusal) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Refusal(reason: Folder.reason(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Refusal(reason: Folder.reason(errno)) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw Refusal(reason: "this is a folder, not a file")
        default: throw Refusal(reason: "this is a device, pipe or socket, not a file")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(max(0, Int(status.st_size)), limit))
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw Refusal(reason: Folder.reason(errno)) }
            if count == 0 { break }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw Refusal(
                    reason: "the file is larger than \(limit / 1_000_000) MB, the most that is read")
            }
        }
        files.append(File(path: name, bytes: bytes))
        return bytes
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func reason(_ code: Int32) -> String {
        switch code {
        case ENOENT: "there is no such file"
        case EACCES, EPERM: "the file may not be read"
        case ENOTDIR: "a part of its path is no folder"
        case ELOOP: "its links lead nowhere"
        case ENAMETOOLONG: "the name is too long"
        default: "the file cannot be read: \(String(cString: strerror(code)))"
        }
    }
}

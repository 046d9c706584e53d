import Foundation
import TextFile

/// The files of a script. All must lie within one folder, the root, whatever paths and links say.
struct DSSFolder {
    /// Why a file was not read.
    struct Refusal: Error, Hashable {
        /// The reason, for the author of the script.
        let reason: String
    }

    private static let largestFile = 256 << 20
    private static let mostBytes = 1 << 30
    private static let mostFiles = 10_000

    /// The root as the caller named it.
    private let named: String
    /// The root without links, without a slash at its end.
    private let root: String
    private var bytesRead = 0
    private var filesRead = 0

    /// The folder `root`. Throws if it is not there.
    init(root: String) throws(Refusal) {
        guard let resolved = Self.resolve(root) else {
            throw Refusal(reason: "there is no folder \(quoted(root))")
        }
        named = root
        self.root = resolved == "/" ? "" : resolved
    }

    /// The path of the file that a script in `folder` calls `name`, as a message shows it. Names may be
    /// written as on Windows: with backslashes, and with other capital letters than the file has.
    func path(_ name: String, from folder: String) throws(Refusal) -> String {
        let name = name.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "\\", with: "/")
        guard !name.isEmpty, name.unicodeScalars.allSatisfy({ !$0.isInvisible }) else {
            throw Refusal(reason: "\(quoted(name)) is not a file name")
        }
        if name.dropFirst().hasPrefix(":") {
            throw Refusal(
                reason: "\(quoted(name)) is a path of another computer; write it from the folder of this file"
            )
        }
        var path = name.hasPrefix("/") ? "" : folder
        for part in name.split(separator: "/") where part != "." {
            if part == "..", let last = path.split(separator: "/").last, last != ".." {
                path = path.contains("/") ? String(path[..<path.lastIndex(of: "/")!]) : ""
                continue
            }
            let base = path.isEmpty ? (name.hasPrefix("/") ? "/" : "") : path + "/"
            path = base + (part == ".." ? ".." : Self.entry(String(part), in: base.isEmpty ? "." : base))
        }
        return path
    }

    /// Reads the file at `path`, which must lie within the root.
    mutating func read(_ path: String) throws(Refusal) -> [UInt8] {
        guard let resolved = Self.resolve(path) else {
            throw Refusal(reason: FileRefusal(code: errno).reason)
        }
        guard resolved.hasPrefix(root + "/") else {
            throw Refusal(
                reason: "the file lies outside of the folder \(quoted(named)), which is not left; "
                    + "name a folder that holds every file, with --root")
        }
        filesRead += 1
        guard filesRead <= Self.mostFiles else {
            throw Refusal(reason: "more than \(Self.mostFiles) files are read")
        }
        let bytes: [UInt8]
        do throws(FileRefusal) {
            bytes = try InputFile.bytes(at: resolved, largestSize: Self.largestFile)
        } catch {
            throw Refusal(reason: error.reason)
        }
        bytesRead += bytes.count
        guard bytesRead <= Self.mostBytes else {
            throw Refusal(reason: "with this file more than \(Self.mostBytes) bytes are read")
        }
        return bytes
    }

    /// The entry of a folder that is called `name`, or the only one that is where capital letters do not
    /// count.
    private static func entry(_ name: String, in folder: String) -> String {
        var status = stat()
        guard stat(folder + "/" + name, &status) != 0 else { return name }
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let same = entries.filter { $0.lowercased() == name.lowercased() }
        return same.count == 1 ? same[0] : name
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path.isEmpty ? "." : path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

import Foundation
import TextFile

/// The folder of a YAML file; the files it names must lie in this folder. Each file is read once, as a whole,
/// and kept, so that the bytes that are hashed are the bytes that were used.
public final class InputFolder {
    /// A file that was read.
    public struct File {
        /// Its path from the folder.
        public let path: String
        /// Its contents.
        public let bytes: [UInt8]
    }

    /// Why a file was not read.
    public struct Refusal: Error {
        /// The reason, for the author of the file.
        public let reason: String
    }

    private static let largestTable = 200_000_000
    private static let largestDocument = 5_000_000

    /// The folder as the caller named it, with a slash at the end; empty for the working directory.
    public let prefix: String
    /// The files that were read, in order.
    public private(set) var files: [File] = []
    private var tables: [String: (csv: CSVTable, mistakes: [FileMistake])] = [:]
    /// The folder's path without symbolic links.
    private let root: String
    /// The name of the YAML file within the folder.
    private let document: String
    private let onRead: (String) -> Void

    /// The folder of the YAML file at `path`. Throws if there is no such folder. `onRead` is told the path of
    /// each file when its reading begins.
    public init(ofFile path: String, onRead: @escaping (String) -> Void = { _ in }) throws(Refusal) {
        self.onRead = onRead
        let slash = path.lastIndex(of: "/")
        prefix = slash.map { String(path[...$0]) } ?? ""
        document = String(path.dropFirst(prefix.count))
        guard let resolved = InputFolder.resolve(prefix.isEmpty ? "." : prefix) else {
            throw Refusal(reason: "there is no folder \(quoted(prefix))")
        }
        root = resolved == "/" ? "" : resolved
    }

    /// Reads the YAML file itself, at most 5 MB. It may be a link to another folder; the files it names lie
    /// in the folder of the link.
    public func readDocument() throws(Refusal) -> [UInt8] {
        try read(document, at: prefix + document, atMost: InputFolder.largestDocument)
    }

    /// Reads the file `name` within the folder, at most 200 MB; the second time from memory.
    public func read(_ name: String) throws(Refusal) -> [UInt8] {
        if let known = files.first(where: { $0.path == name }) { return known.bytes }
        guard !name.isEmpty, name.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 }) else {
            throw Refusal(reason: "this is not a file name")
        }
        guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
            throw Refusal(
                reason: "the file must lie in the folder of \(quoted(document)), and its path starts there")
        }
        guard let resolved = InputFolder.resolve(prefix + name) else {
            throw Refusal(reason: FileRefusal(code: errno).reason)
        }
        guard resolved.hasPrefix(root + "/") else {
            throw Refusal(reason: "this is a link to a file outside the folder of \(quoted(document))")
        }
        return try read(name, at: resolved, atMost: InputFolder.largestTable)
    }

    /// The table in the file `name`, of which `bytes` are the contents, and what is wrong with its shape; the
    /// second time from memory.
    func table(_ name: String, _ bytes: [UInt8]) -> (csv: CSVTable, mistakes: [FileMistake]) {
        if let known = tables[name] { return known }
        var mistakes: [FileMistake] = []
        let csv = CSVTable(bytes, file: prefix + name, mistakes: &mistakes)
        if mistakes.isEmpty, csv.rowCount == 0 {
            mistakes.append(FileMistake(file: prefix + name, line: 1, message: "the table has no rows"))
        }
        tables[name] = (csv, mistakes)
        return (csv, mistakes)
    }

    /// `; did you mean 'x'?` for the file in the folder whose name is nearest to `name`; empty if none is
    /// near.
    func suggestion(for name: String) -> String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/")) ?? []
        return YAMLFile.suggestion(name, in: names.sorted())
    }

    private func read(_ name: String, at path: String, atMost limit: Int) throws(Refusal) -> [UInt8] {
        onRead(prefix + name)
        do throws(FileRefusal) {
            let bytes = try InputFile.bytes(at: path, largestSize: limit)
            files.append(File(path: name, bytes: bytes))
            return bytes
        } catch {
            throw Refusal(reason: error.reason)
        }
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

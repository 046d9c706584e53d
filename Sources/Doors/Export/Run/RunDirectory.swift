public import Foundation

/// A directory that appears whole or not at all: files gather in the hidden sibling `.NAME.partial`, go to
/// the disk, and one rename publishes them as NAME. What a killed run left behind is cleared by the next one
/// of that name.
public final class RunDirectory {
    /// Where it will be.
    public let path: String
    /// Where it is being made.
    let staging: String
    private let parent: String
    /// Held locked until published, so that two runs never share a staging directory.
    private let lock: Int32

    /// `path` must not exist yet; its parents are made.
    public init(at path: String) throws(ExportError) {
        let url = URL(fileURLWithPath: path).standardizedFileURL
        self.path = path
        parent = url.deletingLastPathComponent().path
        staging = parent + "/." + url.lastPathComponent + ".partial"
        guard !Self.exists(path) else {
            throw ExportError("\(path) exists already; give another --output, nothing is ever overwritten")
        }
        do {
            try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
        } catch {
            throw ExportError("cannot create \(path): \(Self.reason(error))")
        }
        lock = open(staging, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw ExportError("another run is writing \(path)", isTaken: true)
        }
        try clear()
    }

    deinit { close(lock) }

    /// The first `ROOT/SCENARIO-n` that is free, n = 1, 2, …
    public static func next(for scenario: String, in root: String = "runs") throws(ExportError)
        -> RunDirectory
    {
        let stem = root + "/" + slug(scenario)
        for number in 1... where !exists("\(stem)-\(number)") {
            do {
                return try RunDirectory(at: "\(stem)-\(number)")
            } catch  where error.isTaken {
                continue
            }
        }
        throw ExportError("no name is left for a run in \(root)")
    }

    /// Letters and digits in lower case, anything else one hyphen.
    static func slug(_ name: String) -> String {
        let words = name.lowercased().split { !($0.isLetter || $0.isNumber) }
        return words.isEmpty ? "run" : String(words.joined(separator: "-").prefix(60))
    }

    /// Makes the folder `name` in it.
    func makeFolder(_ name: String) throws(ExportError) {
        guard mkdir(staging + "/" + name, 0o755) == 0 else {
            throw ExportError("cannot create \(path)/\(name): \(systemError())")
        }
    }

    /// Writes a whole file.
    public func write(_ contents: Data, as name: String) throws(ExportError) {
        let sink = try ByteSink(name, in: staging)
        sink.append(contents)
        try sink.close()
    }

    /// Makes the system put a file or folder that something else wrote on the disk.
    func sync(_ name: String) throws(ExportError) {
        try Self.sync(path: staging + "/" + name)
    }

    /// Every file in it, relative, in order of name.
    var files: [String] {
        let found = FileManager.default.enumerator(atPath: staging)?.compactMap { $0 as? String } ?? []
        return found.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: staging + "/" + name, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    /// Gives it its name. From here on it is never changed.
    public func publish() throws(ExportError) {
        try Self.sync(path: staging)
        guard !Self.exists(path) else {
            throw ExportError("\(path) has appeared meanwhile; the run is in \(staging)")
        }
        guard rename(staging, path) == 0 else {
            throw ExportError("cannot rename \(staging) to \(path): \(systemError())")
        }
        try Self.sync(path: parent)
    }

    /// Takes everything out of it.
    func clear() throws(ExportError) {
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: staging) {
                try FileManager.default.removeItem(atPath: staging + "/" + name)
            }
        } catch {
            throw ExportError("cannot clear \(staging): \(Self.reason(error))")
        }
    }

    private static func sync(path: String) throws(ExportError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw ExportError("cannot sync \(path): \(systemError())")
        }
    }

    private static func exists(_ path: String) -> Bool {
        var information = stat()
        return lstat(path, &information) == 0
    }

    /// The system's own words where it has any.
    private static func reason(_ error: any Error) -> String {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        return cause.domain == NSPOSIXErrorDomain
            ? String(cString: strerror(Int32(cause.code))) : error.localizedDescription
    }
}

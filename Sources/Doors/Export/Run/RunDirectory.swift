public import Foundation

/// A directory that appears whole or not at all: files gather in the hidden sibling `.NAME.partial`, go to
/// the disk, and one rename publishes them as NAME. What a killed run left behind is cleared by the next one
/// of that name; anything else that has the sibling's name is left alone.
public final class RunDirectory {
    /// Where it will be, as the user wrote it.
    public var path: String { place.written }
    /// Where it is being made.
    let staging: String
    private let place: OutputPath
    /// The hidden sibling. It holds the staging directory and the mark, by which a later run knows it.
    private let shelter: String
    /// Held locked until published, so that two runs never share a staging directory.
    private let lock: Int32
    private var isKept = false
    private static let mark = "made-by-karst"

    /// `path` must not exist yet; its parents are made.
    public init(at path: String) throws(ExportError) {
        place = try OutputPath(path, makingFolders: true)
        shelter = place.folder + "/." + place.name + ".partial"
        staging = shelter + "/run"
        let descriptor = try Self.open(shelter, for: path)
        do throws(ExportError) {
            try Self.empty(staging)
        } catch {
            close(descriptor)
            throw error
        }
        lock = descriptor
    }

    deinit {
        if !isKept { discard() }
        close(lock)
    }

    /// Makes the directory `shelter`, or takes the one that a killed run left; returns its locked descriptor.
    private static func open(_ shelter: String, for path: String) throws(ExportError) -> Int32 {
        let isNew = mkdir(shelter, 0o777) == 0
        guard isNew || errno == EEXIST else { throw ExportError("cannot create \(path): \(systemError())") }
        let lock = Foundation.open(shelter, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard lock >= 0 else {
            throw ExportError("cannot create \(path): \(shelter) is in the way; remove it")
        }
        var failure: ExportError?
        var status = stat()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: shelter)) ?? [""]
        if flock(lock, LOCK_EX | LOCK_NB) != 0 {
            failure = ExportError("another run is writing \(path)", isTaken: true)
        } else if fstat(lock, &status) != 0 || status.st_uid != geteuid()
            || !names.isEmpty && !names.contains(mark)
        {
            failure = ExportError(
                "cannot create \(path): \(shelter) is in the way, and no run of yours has made it; remove it")
        } else {
            let file = openat(lock, mark, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
            if file < 0 { failure = ExportError("cannot create \(path): \(systemError())") }
            if file >= 0 { close(file) }
        }
        guard let failure else { return lock }
        close(lock)
        throw failure
    }

    /// The first `ROOT/SCENARIO-n` that is free, n = 1, 2, …
    public static func next(for scenario: String, in root: String = "runs") throws(ExportError)
        -> RunDirectory
    {
        let stem = root + "/" + slug(scenario)
        for number in 1... {
            let path = "\(stem)-\(number)"
            var information = stat()
            guard lstat(path, &information) != 0 else { continue }
            do {
                return try RunDirectory(at: path)
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
        isKept = true
        try Self.sync(path: staging)
        guard place.isFree else {
            throw ExportError("\(path) has appeared meanwhile; the run is in \(staging)")
        }
        guard rename(staging, place.path) == 0 else {
            throw ExportError("cannot rename \(staging) to \(path): \(systemError())")
        }
        unlinkat(lock, Self.mark, 0)
        rmdir(shelter)
        try Self.sync(path: place.folder)
    }

    /// Removes all of it: nothing will be published.
    public func discard() {
        isKept = true
        try? FileManager.default.removeItem(atPath: staging)
        unlinkat(lock, Self.mark, 0)
        rmdir(shelter)
    }

    /// Takes everything out of it.
    func clear() throws(ExportError) { try Self.empty(staging) }

    private static func empty(_ staging: String) throws(ExportError) {
        do {
            var information = stat()
            if lstat(staging, &information) == 0 { try FileManager.default.removeItem(atPath: staging) }
        } catch {
            throw ExportError("cannot clear \(staging): \(reason(error))")
        }
        guard mkdir(staging, 0o777) == 0 else {
            throw ExportError("cannot create \(staging): \(systemError())")
        }
    }

    private static func sync(path: String) throws(ExportError) {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw ExportError("cannot sync \(path): \(systemError())")
        }
    }

    /// The system's own words where it has any.
    private static func reason(_ error: any Error) -> String {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        return cause.domain == NSPOSIXErrorDomain
            ? String(cString: strerror(Int32(cause.code))) : error.localizedDescription
    }
}

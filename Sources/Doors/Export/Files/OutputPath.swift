import Foundation

/// The place of a new file or directory, read as the system reads it: its folder without links, and its name
/// there.
struct OutputPath {
    /// As the user wrote it.
    let written: String
    /// Absolute, without links.
    let folder: String
    let name: String

    /// `folder/name`
    var path: String { folder == "/" ? "/" + name : folder + "/" + name }

    /// Reads `path`, which must not exist yet, not even as a link that leads nowhere. With `makingFolders`
    /// the folders that are missing on the way are made.
    init(_ path: String, makingFolders: Bool = false) throws(ExportError) {
        let steps = path.split(separator: "/").map(String.init).filter { $0 != "." }
        guard let name = steps.last, name != ".." else {
            throw ExportError("\(path.isEmpty ? "''" : path) does not end in the name of something new")
        }
        self.written = path
        self.name = name
        var folder = path.hasPrefix("/") ? "/" : ""
        for (index, step) in steps.dropLast().enumerated() {
            folder += (index == 0 ? "" : "/") + step
            guard access(folder, F_OK) != 0 else { continue }
            // What follows a folder that is missing is made, and so cannot lead back out of it.
            guard makingFolders, !steps[index...].contains("..") else {
                throw ExportError("cannot create \(path): there is no folder \(folder)")
            }
            guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
                throw ExportError("cannot create \(path): \(systemError())")
            }
        }
        guard let real = realpath(folder.isEmpty ? "." : folder, nil) else {
            throw ExportError("cannot create \(path): \(systemError())")
        }
        defer { free(real) }
        self.folder = String(cString: real)
        guard isFree else {
            throw ExportError("\(path) exists already; give another --output, nothing is ever overwritten")
        }
    }

    /// Whether nothing has that name.
    var isFree: Bool {
        var information = stat()
        return lstat(path, &information) != 0
    }
}

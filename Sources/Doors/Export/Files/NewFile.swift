public import Foundation

/// A file that appears whole or not at all, and never in the place of another.
public enum NewFile {
    /// Writes `contents` to the new file at `path`.
    public static func write(_ contents: Data, to path: String) throws(ExportError) {
        try write(at: path) { staging throws(ExportError) in
            let url = URL(fileURLWithPath: staging)
            let sink = try ByteSink(url.lastPathComponent, in: url.deletingLastPathComponent().path)
            sink.append(contents)
            try sink.close()
        }
    }

    /// Lets `body` write a hidden sibling of `path`, then gives it its name.
    static func write(
        at path: String, _ body: (_ staging: String) throws(ExportError) -> Void
    ) throws(ExportError) {
        let url = URL(fileURLWithPath: path).standardizedFileURL
        let folder = url.deletingLastPathComponent().path
        let staging = "\(folder)/.\(url.lastPathComponent).\(getpid()).partial"
        guard access(path, F_OK) != 0 else {
            throw ExportError("\(path) exists already; nothing is ever overwritten")
        }
        defer { unlink(staging) }
        try body(staging)
        // A link, unlike a renaming, never takes the place of a file that has appeared meanwhile.
        guard link(staging, path) == 0 else {
            throw ExportError("cannot create \(path): \(systemError())")
        }
    }
}

import FeederFile
import Foundation
import Grid
import TextFile

/// Reads small OpenDSS scripts.
enum SampleScript {
    /// A circuit with one line and one load, to which tests add.
    static let start = """
        New Circuit.c basekv=4.16 bus1=s
        New Line.l bus1=s bus2=m length=1 units=km

        """

    /// Reads `files`, of which `main` is the first script. Gives the feeder and its warnings, or what is
    /// wrong, without the folder.
    static func load(
        _ files: [String: String], main: String = "main.dss", root: String = ""
    ) throws -> (feeder: Feeder?, messages: [String]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "script-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let path = folder.path().hasSuffix("/") ? folder.path() : folder.path() + "/"
        do throws(FileMistakes) {
            let loaded = try OpenDSSFile.load(
                path: path + main, root: root.isEmpty ? nil : path + root)
            return (loaded.feeder, loaded.warnings.map { $0.description.replacing(path, with: "") })
        } catch {
            return (nil, error.all.map { $0.description.replacing(path, with: "") })
        }
    }

    /// Reads one script.
    static func load(_ text: String) throws -> (feeder: Feeder?, messages: [String]) {
        try load(["main.dss": text])
    }
}

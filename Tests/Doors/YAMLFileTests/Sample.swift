import Foundation
import TextFile
import YAMLFile

/// A folder with a YAML file, removed at the end of a test.
final class Sample {
    let folder: URL
    var path: String { folder.path + "/sample.yaml" }

    init(_ text: String = "") throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "karst-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write("sample.yaml", text)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func write(_ name: String, _ text: String) throws {
        try write(name, bytes: Array(text.utf8))
    }

    func write(_ name: String, bytes: [UInt8]) throws {
        try Data(bytes).write(to: folder.appending(path: name))
    }

    /// What is wrong with the file, one line a mistake, without the folder.
    func mistakes(
        overrides: [String] = [],
        _ read: (Mapping, InputFolder) -> Void = { mapping, _ in
            mapping.allowAllKeys()
        }
    ) -> [String] {
        let collector = MistakeCollector(file: path)
        do throws(InputFolder.Refusal) {
            let folder = try InputFolder(ofFile: path)
            if var root = YAMLDocument.read(try folder.readDocument(), collector) {
                let offered = Overrides(takenFrom: &root, collector)
                for name in overrides { offered.apply(name, to: &root, collector) }
                let _: Void? = Field(path: "", node: root, collector: collector).mapping { read($0, folder) }
            }
        } catch {
            collector.error(Mark(line: 0, column: 0), "", error.reason)
        }
        return collector.sorted.map {
            $0.description.replacingOccurrences(of: folder.path + "/", with: "")
        }
    }

    /// What `read` makes of `text` behind the key `x`, and the mistake that it reports.
    static func value<Value>(of text: String, _ read: (Field) -> Value?) throws -> (Value?, String?) {
        let sample = try Sample("x: \(text)\n")
        var value: Value?
        let mistakes = sample.mistakes { mapping, _ in value = mapping.required("x").flatMap(read) }
        return (
            value, mistakes.first.map { $0.replacingOccurrences(of: "sample.yaml:1:4: error: x: ", with: "") }
        )
    }
}

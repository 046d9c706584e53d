import Foundation
import Testing
import YAMLFile

@Suite("The files that a YAML file names")
struct FolderTests {
    private func sample(naming name: String) throws -> Sample {
        let sample = try Sample("file: \(name)\n")
        try sample.write("table.csv", "time,a\n1,2\n2,x\n")
        return sample
    }

    private func mistake(_ sample: Sample) -> String? {
        sample.mistakes { mapping, folder in _ = mapping.required("file")?.fileBytes(in: folder) }.first
    }

    @Test(
        "lie in its folder",
        arguments: [
            ("../table.csv", "; did you mean 'table.csv'?"), ("a/../../b.csv", ""), ("/etc/passwd", ""),
        ])
    func outside(name: String, hint: String) throws {
        #expect(
            mistake(try sample(naming: name))
                == "sample.yaml:1:7: error: file: '\(name)': the file must lie in the folder of 'sample.yaml', "
                + "and its path starts there\(hint)")
    }

    @Test("are plain files, not links out of the folder, folders or pipes")
    func plain() throws {
        func mistake(_ name: String, _ prepare: (String) throws -> Void) throws -> String? {
            let sample = try sample(naming: name)
            try prepare(sample.folder.path)
            return self.mistake(sample)?.replacing("sample.yaml:1:7: error: file: '\(name)': ", with: "")
        }
        let manager = FileManager.default
        let link = try mistake("link.csv") {
            try manager.createSymbolicLink(atPath: $0 + "/link.csv", withDestinationPath: "/etc/passwd")
        }
        #expect(link == "this is a link to a file outside the folder of 'sample.yaml'")
        let inside = try mistake("in.csv") {
            try manager.createSymbolicLink(atPath: $0 + "/in.csv", withDestinationPath: "table.csv")
        }
        #expect(inside == nil)
        let folder = try mistake("sub") {
            try manager.createDirectory(atPath: $0 + "/sub", withIntermediateDirectories: false)
        }
        #expect(folder == "this is a folder, not a file")
        let pipe = try mistake("pipe") { #expect(mkfifo($0 + "/pipe", 0o600) == 0) }
        #expect(pipe == "this is a device, pipe or socket, not a file")
        let none = try mistake("tabel.csv") { _ in }
        #expect(none == "there is no such file; did you mean 'table.csv'?")
    }

    @Test("are read once and kept")
    func once() throws {
        let sample = try sample(naming: "table.csv")
        var names: [String] = []
        _ = sample.mistakes { mapping, folder in
            for _ in 0..<3 { _ = mapping.required("file")?.fileBytes(in: folder) }
            names = folder.files.map(\.path)
        }
        #expect(names == ["sample.yaml", "table.csv"])
    }

    @Test("report a cell of a table at its own line and column, whoever reads it")
    func table() throws {
        let mistakes = try sample(naming: "table.csv").mistakes { mapping, folder in
            guard let table = mapping.required("file").flatMap({ InputTable($0, in: folder) }) else { return }
            _ = table.numbers("a", in: 0...9)
            _ = table.texts("b")
            _ = table.field(row: 1, "a")?.reference("bus", in: [("1", 1), ("2", 2)])
            table.refuseColumns(besides: ["time"])
        }
        #expect(
            mistakes == [
                "table.csv:1: error: there is no column 'b'; there are 'time', 'a'",
                "table.csv:1:6: error: unknown column 'a'; allowed are time",
                "table.csv:3:3: error: a: 'x' is not a number",
                "table.csv:3:3: error: a: no bus is called 'x'; there are '1', '2'",
            ])
    }

    @Test("Overrides change, add and remove keys in order, or say why they cannot")
    func overrides() throws {
        let sample = try Sample(
            """
            a: {b: 1, c: 2}
            overrides:
              more: {a.b: 3, a.d: 4}
              less: {a.c: null}
              bad: {a.b.c: 1, a.x: null}

            """)
        func values(_ overrides: [String]) -> [String: String] {
            var found: [String: String] = [:]
            _ = sample.mistakes(overrides: overrides) { mapping, _ in
                for (name, value) in mapping.required("a")?.entries() ?? [] { found[name.text!] = value.text }
            }
            return found
        }
        #expect(values([]) == ["b": "1", "c": "2"])
        #expect(values(["more", "less"]) == ["b": "3", "d": "4"])
        #expect(
            sample.mistakes(overrides: ["bad", "mor"]) == [
                "sample.yaml:1:1: error: overrides: no override is called 'mor'; did you mean 'more'?",
                "sample.yaml:5:9: error: overrides.bad: 'a.b.c' goes through a single value, which has no keys",
                "sample.yaml:5:19: error: overrides.bad: there is no key 'x' for 'a.x'",
            ])
    }
}

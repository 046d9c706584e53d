import Foundation
import ScenarioFile
import Testing

@Suite("Files that are not what they should be")
struct FileTests {
    @Test("nothing, no text, other encodings, too much")
    func contents() throws {
        let workshop = try Workshop()
        func mistakes(_ bytes: [UInt8]) throws -> [String] {
            try workshop.write("scenario.yaml", bytes: bytes)
            return workshop.mistakes()
        }
        let empty = "scenario.yaml:1:1: error: the file is empty; it needs at least 'name:'"
        #expect(try mistakes([]) == [empty])
        #expect(try mistakes(Array("# a comment\n".utf8)) == [empty])
        #expect(
            try mistakes(Array("name: a\n".utf8) + [0, 1, 2])
                == ["scenario.yaml:2:1: error: the file is binary; a scenario is text in UTF-8"])
        #expect(
            try mistakes([0xFF, 0xFE] + "name: a".utf8.flatMap { [$0, 0] })
                == ["scenario.yaml:1:1: error: the file is UTF-16; save it as UTF-8"])
        #expect(
            try mistakes([0x6E, 0x3A, 0x20, 0xC3, 0x28]) == [
                "scenario.yaml:1:1: error: the file is not UTF-8"
            ])
        #expect(
            try mistakes(Array("name: \u{7}".utf8))
                == ["scenario.yaml:1:7: error: this is not text: control characters are not allowed"])
        #expect(
            try mistakes(Array("name: ".utf8) + Array(repeating: 97, count: 5_000_000))
                == ["scenario.yaml: error: the file is larger than 5 MB, the most that is read"])
        #expect(
            try mistakes(Array("name: ".utf8) + Array(repeating: 97, count: 4_000_000)).first
                == "scenario.yaml:1:1: error: the key 'place' is missing")
    }

    @Test("nesting without end and aliases that grow without end cost nothing", .timeLimit(.minutes(1)))
    func bombs() throws {
        let workshop = try Workshop()
        for (open, close, count) in [
            ("[", "]", 100), ("{a: ", "}", 100), ("[", "]", 1001), ("{a: ", "}", 5000),
        ] {
            let deep = String(repeating: open, count: count) + String(repeating: close, count: count)
            try workshop.write("scenario.yaml", "name: \(deep)\n")
            let mistakes = workshop.mistakes()
            #expect(mistakes.contains { $0.hasSuffix("lists and mappings are nested too deeply") })
        }
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x]\n"
        for level in 1...40 {
            let item = "*a\(level - 1)"
            bomb += "a\(level): &a\(level) [\(Array(repeating: item, count: 8).joined(separator: ", "))]\n"
        }
        try workshop.write("scenario.yaml", bomb + "? *a40\n: 1\n? *a40\n: 2\n")
        #expect(
            workshop.mistakes()
                == [
                    "scenario.yaml:1:5: error: anchors and aliases (& and *) are not supported; write the value out"
                ])
    }

    @Test("a scenario that is no file")
    func scenarioPath() throws {
        let workshop = try Workshop()
        func reason(_ path: String) -> String {
            do throws(ScenarioMistakes) {
                _ = try ScenarioFile.load(path: path)
                return "none"
            } catch {
                return error.description.replacingOccurrences(of: workshop.folder.path, with: "")
            }
        }
        #expect(reason(workshop.folder.path) == ": error: this is a folder, not a file\n1 error")
        #expect(
            reason(workshop.folder.path + "/none.yaml") == "/none.yaml: error: there is no such file\n1 error"
        )
        #expect(
            reason("/dev/zero") == "/dev/zero: error: this is a device, pipe or socket, not a file\n1 error")
        let pipe = workshop.folder.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(reason(pipe) == "/pipe: error: this is a device, pipe or socket, not a file\n1 error")
        #expect(reason("") == ": error: there is no such file\n1 error")
    }

    @Test("a table outside the scenario's folder, by name or by link, and tables that are no files")
    func paths() throws {
        let workshop = try Workshop()
        let manager = FileManager.default
        try manager.createSymbolicLink(
            atPath: workshop.folder.path + "/link.csv", withDestinationPath: "/etc/passwd")
        try manager.createSymbolicLink(
            atPath: workshop.folder.path + "/etc", withDestinationPath: "/etc")
        try manager.createSymbolicLink(
            atPath: workshop.folder.path + "/inside.csv", withDestinationPath: "climatology.csv")
        try manager.createDirectory(
            atPath: workshop.folder.path + "/tables.csv", withIntermediateDirectories: false)
        #expect(mkfifo(workshop.folder.path + "/pipe.csv", 0o600) == 0)
        func mistake(_ name: String) throws -> String? {
            try workshop.mistakes(naming: name).first
        }
        let begin = "scenario.yaml:6:24: error: weather.climatology: "
        let outside = "a file must lie in the scenario's folder, and is named from there"
        #expect(
            try mistake("../climatology.csv")
                == begin + "'../climatology.csv': " + outside + "; did you mean 'climatology.csv'?")
        #expect(try mistake("a/../../b.csv") == begin + "'a/../../b.csv': " + outside)
        #expect(try mistake("/etc/passwd") == begin + "'/etc/passwd': " + outside)
        #expect(
            try mistake("link.csv") == begin + "'link.csv': this is a link that leaves the scenario's folder")
        #expect(
            try mistake("etc/passwd") == begin
                + "'etc/passwd': this is a link that leaves the scenario's folder")
        #expect(try mistake("tables.csv") == begin + "'tables.csv': this is a folder, not a file")
        #expect(
            try mistake("pipe.csv") == begin + "'pipe.csv': this is a device, pipe or socket, not a file")
        #expect(
            try mistake("climatologi.csv")
                == begin + "'climatologi.csv': there is no such file; did you mean 'climatology.csv'?")
        #expect(try mistake("inside.csv") == nil)
        if getuid() != 0 {
            #expect(chmod(workshop.folder.path + "/climatology.csv", 0) == 0)
            #expect(try mistake("climatology.csv") == begin + "'climatology.csv': the file may not be read")
        }
    }

    @Test(
        "a table whose shape or values are wrong tells its own line and column",
        arguments: [
            (
                "curve.csv", "speed_m_s,power_kw\n3,0\n12\n",
                "curve.csv:3: error: 1 cell where 2 are expected"
            ),
            (
                "curve.csv", "speed_m_s\n3\n12\n",
                "curve.csv:1: error: there is no column 'power_kw'; there are 'speed_m_s'"
            ),
            (
                "curve.csv", "speed_m_s,power_kw,power_kw\n3,0,0\n12,1,1\n",
                "curve.csv:1: error: two columns are called 'power_kw'"
            ),
            (
                "curve.csv", "speed_m_s;power_kw\n3;0\n12;250\n",
                "curve.csv:1: error: unknown column 'speed_m_s;power_kw'; allowed are speed_m_s, power_kw"
            ),
            (
                "curve.csv", "speed_m_s,power_kw\n3,0\n12,\"2,5\"\n",
                "curve.csv:3:4: error: power_kw: '2,5' is not a number; the decimal sign is a point, and thousands have none"
            ),
            (
                "curve.csv", "speed_m_s,power_kw\n3,0\n12,\"250\n",
                "curve.csv:3:4: error: the quote is not closed in its line"
            ),
            (
                "curve.csv", "speed_m_s,power_kw\n3,0\n3,250\n",
                "curve.csv:3:1: error: speed_m_s: speeds must grow from row to row"
            ),
            (
                "curve.csv", "speed_m_s,power_kw\n3,0\n12,25\0\n",
                "curve.csv:3: error: the line holds a NUL byte; the file must be text in UTF-8"
            ),
            ("curve.csv", "speed_m_s,power_kw\n", "curve.csv:1: error: the table has no rows"),
            ("curve.csv", "", "curve.csv: error: is empty"),
            (
                "shapes.csv", "month,day_type,hour,flat\n1,holiday,0,1\n",
                "shapes.csv:2:3: error: day_type: 'holiday' is not a kind of day; allowed are workday, weekend"
            ),
            (
                "shapes.csv", "month,day_type,hour,flat\n1,workday,0,1\n",
                "shapes.csv:1: error: 1 rows; 12 months × workday, weekend × 24 hours are 576"
            ),
        ])
    func tables(name: String, text: String, mistake: String) throws {
        let workshop = try Workshop()
        try workshop.write(name, text)
        #expect(workshop.mistakes().first == mistake)
    }

    @Test("carriage returns alone end lines too")
    func carriageReturns() throws {
        let workshop = try Workshop()
        try workshop.write("curve.csv", "speed_m_s,power_kw\r3,0\r12,250\r")
        #expect(workshop.mistakes().isEmpty)
    }

    @Test(
        "a measured demand has every step once, in order",
        arguments: [
            (
                1..<96,
                "demand.csv:2:1: error: time: 2026-07-15T00:15:00+08:00 leaves a gap; this row must be 2026-07-14T16:00:00Z"
            ),
            (0..<95, "demand.csv:96:1: error: time: the series ends here, after 95 of 96 steps"),
            (
                0..<97,
                "demand.csv:98:1: error: time: this row is beyond the end of the scenario, which has 96 steps"
            ),
        ])
    func series(steps: Range<Int>, mistake: String) throws {
        let workshop = try Workshop()
        try workshop.write("demand.csv", Workshop.demand(steps.map(\.self)))
        #expect(try workshop.mistakes(measuring: "demand.csv") == [mistake])
    }

    @Test("time that goes back, or has no offset")
    func backwards() throws {
        let workshop = try Workshop()
        try workshop.write("demand.csv", Workshop.demand([0, 1, 1] + Array(3..<96)))
        #expect(
            try workshop.mistakes(measuring: "demand.csv") == [
                "demand.csv:4:1: error: time: 2026-07-15T00:15:00+08:00 goes back; "
                    + "this row must be 2026-07-14T16:30:00Z"
            ])
        let local = Workshop.demand(Array(0..<96)).replacingOccurrences(of: "+08:00", with: "")
        try workshop.write("demand.csv", local)
        #expect(
            try workshop.mistakes(measuring: "demand.csv") == [
                "demand.csv:2:1: error: time: '2026-07-15T00:00:00' is not a time such as '2026-01-01T00:00:00+08:00'"
            ])
    }
}

import Foundation
import TestSupport
import Testing

/// Standard streams that are full, closed or gone, limits, and signals.
@Suite struct StreamTests {
    private static let first = "Scenarios/first-day/scenario.yaml"
    private static let case118 = "Tests/Golden/powerflow/ieee118/case.m"

    /// Every command checks what it has printed.
    @Test(arguments: [
        "karst convert \(case118) --to pandapower", "karst powerflow \(case118)",
        "karst powerflow \(case118) --json", "karst powerflow Tests/Golden/unbalanced/ieee13",
        "karst opf \(case118)", "karst opf \(case118) --json",
        "karst contingencies \(case118) --ac none", "karst validate \(first)",
        "karst dispatch Tests/Golden/dispatch/ed_3_ww.csv --demand 850MW",
        "karst explain \(first) --at 2026-07-15T00:15 --quiet", "karst --help", "karst run --help",
        "karst --version",
    ])
    func aFullOutputEndsWithOne(line: String) throws {
        for stream in [">/dev/full", ">&-"] {
            let outcome = try Karst.run(line: "\(line) \(stream)", in: Checkout.root)
            #expect(outcome.code == 1)
            let lines = outcome.errors.split(separator: "\n").filter { !$0.contains("warning:") }
            #expect(lines.count == 1 && lines[0].contains("cannot write to standard output"), "\(lines)")
        }
    }

    /// Nobody hears the messages; the exit code and the results are the same.
    @Test(arguments: ["2>/dev/full", "2>&-", "2>&- >&- <&-", "2> >(true)"])
    func lostMessagesChangeNothing(streams: String) throws {
        let folder = try Workspace.make()
        let wrong = try Karst.run(line: "bash -c 'karst validate nowhere \(streams)'", in: folder.url)
        #expect(wrong.code == 2)
        let line = "bash -c 'karst run \(Self.first) --output o \(streams)'"
        #expect(try Karst.run(line: line, in: folder.url).code == (streams.contains(" >&-") ? 1 : 0))
        let names = ["results.sqlite", "report.html", "timeseries/balance.csv"]
        for name in names {
            let other = folder.path("runs/first-day-1/\(name)")
            #expect(FileManager.default.contentsEqual(atPath: folder.path("o/\(name)"), andPath: other))
        }
    }

    /// A limit of file size is an error of writing, not the end of the program.
    @Test func aRunBeyondALimitIsMarkedAsFailed() throws {
        let folder = try Workspace.make()
        let line = "bash -c 'ulimit -f 40; karst run \(Self.first) --quiet --output o'"
        let outcome = try Karst.run(line: line, in: folder.url)
        #expect(outcome.code == 1 && outcome.errors.contains("marked as failed"), "\(outcome.errors)")
        let manifest = try String(contentsOfFile: folder.path("o/manifest.json"), encoding: .utf8)
        #expect(manifest.contains("\"failed\""))
    }

    /// A study of a year stops and leaves nothing behind; a run is marked as failed. `compare` begins with
    /// one long optimization, which sees no flag.
    @Test(arguments: ["hosting-capacity", "compare", "run"])
    func aSignalStopsEveryStudy(command: String) throws {
        let folder = try TemporaryFolder()
        let scenario = "\(Checkout.root.path)/Scenarios/wujiang-valley/scenario.yaml"
        let outcome = try Karst.run(
            line: """
                karst \(command) \(scenario) --quiet --output o & p=$!
                until [ -e .o.partial ]; do sleep 0.05; done; sleep 0.3
                kill -INT $p; (sleep 20; kill -KILL $p) 2>/dev/null & k=$!
                wait $p; r=$?; kill $k; exit $r
                """, in: folder.url)
        #expect(outcome.code == 1 && outcome.errors.contains("interrupted"), "\(outcome.errors)")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(left == (command == "run" ? ["o"] : []), "\(left)")
    }

    @Test(arguments: [
        ("~/o", "has not replaced the ~"), ("", "--output"), ("none/../o", "there is no folder none"),
        ("..", "does not end in the name"),
    ])
    func aPathIsCheckedBeforeTheRun(path: String, word: String) throws {
        let folder = try TemporaryFolder()
        let scenario = "\(Checkout.root.path)/\(Self.first)"
        let network = "\(Checkout.root.path)/\(Self.case118)"
        for arguments in [
            ["run", scenario], ["compare", scenario], ["hosting-capacity", scenario],
            ["powerflow", network], ["opf", network], ["contingencies", network, "--ac", "none"],
            ["convert", network, "--to", "matpower"],
        ] {
            let outcome = try Karst.run(arguments + ["--output=" + path], in: folder.url)
            #expect(outcome.code != 0 && outcome.errors.contains(word), "\(arguments): \(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    /// A run directory that was received names a program; it is data until the user says otherwise.
    @Test func aReceivedDirectoryStartsNoProgram() throws {
        let folder = try Workspace.make()
        let manifest = folder.path("runs/first-day-1/manifest.json")
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
            .replacing(/"dispatch" : "[^"]*"/, with: "\"dispatch\" : \"external:touch RAN\\u001b[2J\"")
        try text.write(toFile: manifest, atomically: true, encoding: .utf8)
        let arguments = ["explain", "runs/first-day-1", "--at", "2026-07-15T12:00", "--quiet"]
        let outcome = try Karst.run(arguments, in: folder.url)
        #expect(outcome.code == 2 && outcome.errors.contains("--allow-external"), "\(outcome.errors)")
        #expect(outcome.errors.contains(#"\u{1b}[2J"#) && !outcome.errors.contains("\u{1B}"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(!names.contains { $0.hasPrefix("RAN") })
        _ = try Karst.run(arguments + ["--allow-external"], in: folder.url)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
                .contains { $0.hasPrefix("RAN") })
    }

    /// Names in a case reach neither output as they are.
    @Test func namesOfACaseAreShownSafely() throws {
        let folder = try TemporaryFolder()
        _ = try Karst.run(
            ["convert", Self.case118, "--to", "pandapower", "--output", folder.path("a.json")])
        let text = try String(contentsOfFile: folder.path("a.json"), encoding: .utf8)
            .replacing("\\\"1\\\"", with: "\\\"1\\\\u001b[2J\\\"")
        #expect(text.contains("u001b"))
        let path = try folder.write(text, to: "b.json")
        for arguments in [["powerflow", path], ["opf", path], ["contingencies", path, "--ac", "none"]] {
            let outcome = try Karst.run(arguments)
            #expect(!outcome.output.contains("\u{1B}") && !outcome.errors.contains("\u{1B}"))
        }
    }
}

import Foundation
import TestSupport
import Testing

/// 0: success; 1: failure; 2: wrong input; 3: limits violated with `--strict`.
@Suite struct ExitCodeTests {
    private static let first = "Scenarios/first-day/scenario.yaml"
    private static let case118 = "Tests/Golden/powerflow/ieee118/case.m"
    private static let units = "Tests/Golden/dispatch/ed_3_ww.csv"

    @Test(
        "a wrong command line ends with 2 and says what is wrong",
        arguments: [
            (["fly"], "fly"), (["run"], "scenario"), (["run", first, "--sede", "1"], "--sede"),
            (["run", first, "--seed", "one"], "one"), (["run", first, "--output", ""], "--output"),
            (["run", first, "--dispatch", "magic"], "magic"),
            (["compare", first, "--seeds", "0"], "--seeds must be 1 to 1000"),
            (["compare", first, "--dispatch", "merit-order,magic"], "unknown method"),
            (["compare", first, "--dispatch", "merit-order,merit-order"], "twice"),
            (["explain", first], "--at"), (["explain", first, "--at", "noon"], "2026-07-15T18:15"),
            (["explain", first, "--at", "2020-01-01T00:00"], "outside the run"),
            (["explain", first, "--at", "2026-07-15T18:15", "--area", "north"], "no areas"),
            (["powerflow", case118, "--tolerance", "0"], "--tolerance must be above 0"),
            (["powerflow", case118, "--method", "guess"], "guess"),
            (["contingencies", case118, "--top", "-1"], "--top"),
            (["convert", case118, "--to", "excel"], "excel"),
            (["hosting-capacity", first, "--power-factor", "2"], "--power-factor"),
            (["hosting-capacity", first, "--bus", "moon"], "no such bus; the buses are"),
            (["opf", case118, "--branch-model", "curved"], "curved"),
            (["dispatch", units, "--demand", "850"], "850MW"),
            (["dispatch", units, "--demand", "850MW", "--b00", "0.1"], "--losses"),
            (["dispatch", units, "--demand", "850MW", "--gap", "2"], "--gap must be above 0"),
        ] as [([String], String)])
    func wrongCommandLine(arguments: [String], message: String) throws {
        let outcome = try Karst.run(arguments)
        #expect(outcome.code == 2 && outcome.output.isEmpty)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }

    @Test("a file that is not there ends with 2", arguments: HelpTests.commands)
    func missingFile(command: String) throws {
        let rest = ["explain": ["--at", "2026-07-15T18:15"], "convert": ["--to", "matpower"]]
        let more = rest[command] ?? (command == "dispatch" ? ["--demand", "850MW"] : [])
        let outcome = try Karst.run([command, "no-such-file.m"] + more)
        #expect(outcome.code == 2 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("no-such-file.m"), "\(outcome.errors)")
    }

    @Test func everyMistakeOfAScenarioIsPrintedWithItsPlace() throws {
        let folder = try Workspace.make()
        let path = folder.path("scenario.yaml")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("duration: 1 day", with: "duration: 1 dya")
            .replacing("seed: 2026", with: "sede: 2026")
            .write(toFile: path, atomically: true, encoding: .utf8)
        for command in ["validate", "run", "compare", "hosting-capacity"] {
            let outcome = try Karst.run(command, "scenario.yaml", in: folder.url)
            #expect(outcome.code == 2 && outcome.output.isEmpty)
            #expect(
                outcome.errors.contains("scenario.yaml:3:1: error: unknown key 'sede'"), "\(outcome.errors)")
            #expect(outcome.errors.contains(#/scenario\.yaml:6:\d+: error: time\.duration: /#))
            #expect(outcome.errors.hasSuffix("2 errors\n"))
        }
    }

    @Test func mistakesOfACaseArePrintedWithTheirPlace() throws {
        let folder = try TemporaryFolder()
        let text = try String(contentsOf: Checkout.root.appending(path: Self.case118), encoding: .utf8)
        let path = try folder.write(
            text.replacing("mpc.baseMVA = 100", with: "mpc.baseMVA = many"), to: "wrong.m")
        for arguments in [["powerflow"], ["opf"], ["contingencies"], ["convert", "--to", "pandapower"]] {
            let outcome = try Karst.run([arguments[0], path] + arguments.dropFirst())
            #expect(outcome.code == 2 && outcome.output.isEmpty)
            #expect(outcome.errors.contains(#/wrong\.m:\d+:\d+: error: /#), "\(outcome.errors)")
        }
    }

    @Test func nothingIsOverwritten() throws {
        let folder = try Workspace.make()
        let lines = [
            "karst run \(Self.first) --output Scenarios",
            "karst convert case118.m --to matpower --output case118.m",
            "karst powerflow case118.m --output Scenarios", "karst opf case118.m --output case118.m",
            "karst contingencies case118.m --ac none --output case118.m",
            "karst dispatch units.csv --demand 1263MW --output units.csv",
        ]
        for line in lines {
            let outcome = try Karst.run(line: line, in: folder.url)
            #expect(outcome.code == 1, "\(line)")
            #expect(outcome.errors.contains(line.split(separator: " ").last!), "\(outcome.errors)")
        }
    }

    @Test func aPowerFlowWithoutSolutionEndsWithOne() throws {
        let folder = try Workspace.make()
        _ = try folder.write("step,18_kw\n0,90\n1,90000000\n", to: "heavy.csv")
        let outcome = try Karst.run("powerflow", "feeder.m", "--profile", "heavy.csv", in: folder.url)
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("1 without a solution"))
    }

    @Test(
        "what --json prints on standard output is one object, whatever is said on standard error",
        arguments: [
            ("powerflow case118.m", "buses"), ("powerflow feeder.m --profile year.csv", "steps"),
            ("opf case118.m", "status"), ("opf case118.m --ac", "status"),
            ("contingencies case118.m --ac none", "contingencies"),
            ("dispatch units.csv --demand 1263MW", "status"),
            ("dispatch units.csv --demand 12630MW", "status"),
            ("run \(first) --output a", "key_figures"), ("hosting-capacity \(first) --output b", "buses"),
        ])
    func json(line: String, member: String) throws {
        let folder = try Workspace.make()
        let outcome = try Karst.run(line: "karst \(line) --json", in: folder.url)
        #expect(outcome.members[member] != nil, "\(outcome.output.prefix(300)) \(outcome.errors)")
    }

    @Test func jsonOfARunHoldsItsKeyFiguresAndItsTimeHoldsTheReading() throws {
        let folder = try Workspace.make()
        let outcome = try Karst.run("run", Self.first, "--json", "--output", "a", in: folder.url)
        let figures = try #require(outcome.members["key_figures"] as? [[String: Any]])
        #expect(figures.contains { $0["name"] as? String == "bill" || $0["unit"] as? String == "yuan" })
        #expect(outcome.members["directory"] as? String == "a")
        let data = try Data(contentsOf: folder.url.appending(path: "a/timing.json"))
        let timing = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let stages = try #require(timing["stages"] as? [String: Double])
        for part in ["reading", "preparation", "output", "report"] {
            #expect((stages[part] ?? 0) > 0, "\(part)")
        }
        let seconds = try #require(timing["seconds"] as? Double)
        #expect(abs(stages.values.reduce(0, +) - seconds) < 0.05 * seconds)
    }

    @Test func quietPrintsNothing() throws {
        #expect(try Karst.run("opf", Self.case118, "--quiet").output.isEmpty)
        let dispatch = try Karst.run("dispatch", Self.units, "--demand", "850MW", "--quiet")
        #expect(dispatch.code == 0 && dispatch.output.isEmpty && dispatch.errors.isEmpty)
    }

    /// First day: as it is, with a cable of 1 A, and with one that the power flow has no solution over.
    @Test(
        "with --strict a run that violates a limit or has no solution ends with 3, after it is written",
        arguments: [
            ("resistance: 0.8 ohm, reactance: 0.6 ohm, ampacity: 120 A", 0, "alarms       none"),
            ("resistance: 0.8 ohm, reactance: 0.6 ohm, ampacity: 1 A", 3, "overload"),
            (
                "resistance: 300 ohm, reactance: 300 ohm, ampacity: 120 A", 3,
                "NO POWER FLOW SOLUTION in 24 of"
            ),
        ] as [(String, Int32, String)])
    func strict(cable: String, code: Int32, told: String) throws {
        let folder = try Workspace.make()
        let path = folder.path(Self.first)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let old = "resistance: 0.8 ohm, reactance: 0.6 ohm, ampacity: 120 A"
        #expect(text.contains(old))
        try text.replacing(old, with: cable).write(toFile: path, atomically: true, encoding: .utf8)
        let strict = try Karst.run("run", Self.first, "--strict", "--output", "a", in: folder.url)
        #expect(strict.code == code && strict.output.contains(told), "\(strict.output) \(strict.errors)")
        let lax = try Karst.run("run", Self.first, "--quiet", "--output", "b", in: folder.url)
        #expect(lax.code == 0 && lax.output.isEmpty)
        let written = try ["a", "b"].map {
            try String(contentsOfFile: folder.path("\($0)/timeseries/alarms.csv"), encoding: .utf8)
        }
        #expect(written[0] == written[1])
    }
}

import Foundation
import TestSupport
import Testing

/// `karst powerflow` with a file of controls. The day that OpenDSS solved is in `Tests/Golden/controlled`.
@Suite struct ControlledFlowTests {
    private static let plants: [(bus: Int, kilowatts: Double, hasVoltWatt: Bool)] = [
        (13, 1200, false), (17, 1600, true), (21, 900, false), (24, 1500, false), (32, 2600, true),
    ]

    private static func table(_ name: String) throws -> [[Double]] {
        try GoldenTable("controlled/opendss-day/" + name).numbers
    }

    /// The feeder in the format of MATPOWER: buses 1 … 33, and 34 before the transformer.
    private static func feeder() throws -> String {
        let unit = 12.66 * 12.66 / 5
        let loads = try table("load").map { "\(Int($0[0]) + 1) 1 \($0[1] / 1000) \($0[2] / 1000)" }
        let buses = (["1 1 0 0"] + loads).map { "\($0) 0 0 1 1 0 12.66 1 1.1 0.9" }
        let lines = try table("branch").map {
            "\(Int($0[0]) + 1) \(Int($0[1]) + 1) \($0[2] / unit) \($0[3] / unit) 0 0 0 0 0 0 1 -360 360"
        }
        let units = plants.map { "\($0.bus + 1) 0 0 0 0 1 5 1 \($0.kilowatts / 1000) 0" }
        return """
            function mpc = day
            mpc.version = '2';
            mpc.baseMVA = 5;
            mpc.bus = [\((buses + ["34 3 0 0 0 0 1 1 0 12.66 1 1.1 0.9"]).joined(separator: ";\n"))];
            mpc.gen = [\((["34 0 0 99 -99 1 5 1 99 0"] + units).joined(separator: ";\n"))];
            mpc.branch = [\((lines + ["1 34 0.005 0.06 0 0 0 0 0 0 1 -360 360"]).joined(separator: ";\n"))];

            """
    }

    private static func controls() -> String {
        let perVolt = 12_660 / 3.0.squareRoot() / 100 / 200
        let inverters = plants.map {
            "  - {generator: gen-\($0.bus + 1), rating: \(1.1 * $0.kilowatts) kVA, "
                + "active_rating: \($0.kilowatts) kW, volt_var: category-b"
                + ($0.hasVoltWatt ? ", volt_watt: [[1.06, 1], [1.1, 0.2]]}" : "}")
        }
        return """
            tap_changers:
              - {branch: 1-34, bus: 1, voltage: 1.01 pu, deadband: 1.6 %, positions: -16..16, delay: 30 s,
                 drop_resistance: \(1.2 * perVolt) ohm, drop_reactance: \(0.9 * perVolt) ohm}
            capacitors:
              - {bus: 30, stage: 300 kvar, stages: 3, voltage: {bus: 29, on: 0.97 pu, off: 1.035 pu},
                 delay_on: 60 s, delay_off: 60 s}
            inverters:
            \(inverters.joined(separator: "\n"))
            loads:
              - {bus: all, constant_current: 25 %, constant_impedance: 30 %}

            """
    }

    private static func profile() throws -> String {
        let loads = try table("load")
        let head = loads.map { "load-\(Int($0[0]) + 1)_scale" } + plants.map { "gen-\($0.bus + 1)_kw" }
        let rows = try table("demand").map { row in
            let scales = loads.indices.map { "\($0 % 3 == 0 ? row[2] : row[1])" }
            return (["\(Int(row[0]))"] + scales + plants.map { "\($0.kilowatts * row[3])" })
                .joined(separator: ",")
        }
        return ([(["step"] + head).joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
    }

    private func folder(controls: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        _ = try folder.write(Self.feeder(), to: "day.m")
        _ = try folder.write(controls, to: "controls.yaml")
        _ = try folder.write(Self.profile(), to: "day.csv")
        return folder
    }

    private func rows(_ path: String) throws -> [[String: String]] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }

    @Test func aDayWithControlsIsThatOfOpenDSS() throws {
        let folder = try folder(controls: Self.controls())
        let outcome = try Karst.run(
            "powerflow", "day.m", "--controls", "controls.yaml", "--profile", "day.csv", "--output", "out",
            "--json", in: folder.url)
        #expect(outcome.code == 0, "\(outcome.errors)")
        let (steps, voltages) = (
            try rows(folder.path("out/steps.csv")), try rows(folder.path("out/voltages.csv"))
        )
        let number = { (row: [String: String], name: String) in Double(row[name] ?? "") ?? .nan }
        var (moves, losses, before) = (0, 0.0, 3)
        for (step, expected) in try GoldenTable("controlled/opendss-day/expected").rows.enumerated() {
            let row = steps[step]
            #expect(row["status"] == "converged" && row["tap_1-34"] == expected.text("tap"))
            #expect(row["stages_30"] == expected.text("stages"))
            #expect(near(number(row, "losses_kw"), expected["losses_kw"], relative: 0, absolute: 0.02))
            for plant in Self.plants {
                for (unit, name) in [("kw", "p_kw"), ("kvar", "q_kvar")] {
                    let value = number(row, "gen-\(plant.bus + 1)_\(unit)")
                    #expect(near(value, expected["\(name)_\(plant.bus)"], relative: 0, absolute: 0.2))
                }
            }
            for bus in [0, 5, 17, 21, 24, 29, 32] {
                let value = number(voltages[step], "\(bus + 1)_pu")
                #expect(near(value, expected["vm_pu_\(bus)"], relative: 0, absolute: 5e-6))
            }
            moves += abs(Int(expected["tap"]) - before)
            before = Int(expected["tap"])
            losses += number(row, "losses_kw") / 4
        }
        let members = outcome.members
        #expect((members["moves"] as? [String: Int])?["tap_1-34"] == moves && moves > 0)
        #expect(near(members["losses_kwh"] as? Double, losses, relative: 1e-6))
        #expect(members["unsolved"] as? Int == 0 && (members["curtailed_kwh"] as? Double ?? 0) > 1)
    }

    /// The command with a file of controls, in a folder of its own.
    private func run(controls: String, _ more: String...) throws -> Karst.Outcome {
        let folder = try folder(controls: controls)
        return try Karst.run(["powerflow", "day.m", "--controls", "controls.yaml"] + more, in: folder.url)
    }

    @Test func withoutProfileTheCaseIsOneState() throws {
        let outcome = try run(controls: "loads: [{bus: all, constant_impedance: 100 %}]\n")
        #expect(outcome.code == 2 && outcome.errors.contains("name it in 'inverters'"))
        let plain = try run(controls: "capacitors: []\n", "--json")
        let folder = try folder(controls: "")
        let same = try Karst.run("powerflow", "day.m", "--json", in: folder.url)
        #expect(plain.code == 0 && plain.members["steps"] as? Int == 1)
        for (name, precision) in [("losses_kw", 1e-6), ("lowest_voltage_pu", 1e-7)] {
            let expected = same.members[name] as? Double ?? 0
            #expect(near(plain.members[name] as? Double, expected, relative: precision))
        }
    }

    @Test func everyMistakeOfTheControlsIsToldAtOnce() throws {
        let controls = """
            tap_changers:
              - {branch: 1-35, bus: 1, voltage: 1.01, deadband: 1 %, positions: 3..5}
            capacitors:
              - {bus: 30, stage: 300 kW, voltage: {bus: 30, on: 1.05 pu, off: 1 pu}, reactive: {}}
            inverters:
              - {generator: gen-34, rating: 10 kVA, volt_var: [[1, 0], [0.9, 0.4]]}
              - {generator: gen-14, rating: 10 kVA, volt_var: category-c}
            loads:
              - {bus: 3, constant_current: 60 %, constant_impedance: 50 %}
            relays: []

            """
        let outcome = try run(controls: controls)
        #expect(outcome.code == 2 && outcome.output.isEmpty)
        for text in [
            "controls.yaml:2:", "no branch is called '1-35'", "'1.01' has no unit",
            "'3..5' is not a range of positions around 0", "'kW' is a unit for a power",
            "either 'voltage: {bus, on, off}' or 'reactive: {branch, on, off}'", "'on' must be at most 'off'",
            "the generator holds a voltage", "a curve has points whose voltages rise",
            "'category-c' is not a curve", "together are more than 100 %", "unknown key 'relays'",
        ] {
            #expect(outcome.errors.contains(text), "\(text): \(outcome.errors)")
        }
    }

    @Test func whatTheNetworkRefusesIsNamed() throws {
        let beyond = "tap_changers: [{branch: 5-6, bus: 2, voltage: 1 pu, deadband: 2 %}]\n"
        let outcome = try run(controls: beyond)
        #expect(outcome.code == 2)
        #expect(
            outcome.errors.contains("the tap changer of branch 5-6")
                && outcome.errors.contains("not beyond it"))
        let script = try Karst.run(
            "powerflow", "Tests/Golden/opendss/utility.dss", "--controls", "controls.yaml")
        #expect(
            script.code != 0 && script.errors.contains("--controls and --profiles are for balanced cases"))
    }

    /// Against simbench's absolute values of the profiles and pandapower's power flow: `make_simbench.py`.
    @Test func theProfilesOfASimBenchFolderGivePandapowersVoltages() throws {
        let folder = try TemporaryFolder()
        let path = Checkout.golden.appending(path: "casefile/simbench").path
        for controls in [[], ["--controls", "none.yaml"]] {
            _ = try folder.write("capacitors: []\n", to: "none.yaml")
            let name = controls.isEmpty ? "plain" : "controlled"
            let outcome = try Karst.run(
                ["powerflow", path, "--profiles", "--tolerance", "1e-10", "--output", name] + controls,
                in: folder.url)
            if !controls.isEmpty {
                // The plant at MV Bus 3 holds its voltage.
                #expect(
                    outcome.code == 2
                        && outcome.errors.contains("a generator holds the voltage of bus MV Bus 3"))
                continue
            }
            #expect(outcome.code == 0, "\(outcome.errors)")
            let found = try rows(folder.path("\(name)/voltages.csv"))
            for (step, expected) in try GoldenTable("casefile/simbench/profile_voltages").rows.enumerated() {
                #expect(found[step]["time"]?.hasPrefix("01.01.2016 0") == true)
                for bus in ["HV Bus", "MV Bar", "MV Bus 2", "MV Bus 3", "LV Bus"] {
                    let value = Double(found[step]["\(bus)_pu"] ?? "")
                    #expect(near(value, expected[bus], relative: 0, absolute: 2e-8), "\(step) \(bus)")
                }
            }
        }
    }
}

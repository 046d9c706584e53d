import Devices
import Foundation
import Grid
import ScenarioFile
import Simulator
import TestSupport
import Testing
import TextFile

@Suite("Scenarios on a feeder of three phases")
struct FeederNetworkTests {
    private let sections = """
        network: {case: feeder.dss, limits: {voltage: 0.9..1.1 pu, unbalance: 3 %}}
        loads: {shapes: shapes.csv, from_case: flat, value_of_lost_load: 20 yuan/kWh}
        devices:
          roof: {kind: solar, bus: far, phases: b, capacity: 20 kW, inverter: 20 kW, tilt: 15 deg,
                 azimuth: 180 deg, volt_var: category-b, volt_watt: [[1.02, 1], [1.08, 0.2]],
                 apparent_power: 22 kVA}
          works: {kind: load, bus: House, active: 10 kW, shape: flat}
          pump: {kind: load, bus: far, active: 10 kW, shape: flat}
          grid: {kind: grid, bus: head, import_limit: 5 MW, export_limit: 100 kW,
                 tariff: guizhou-tou, feed_in: 0.2 yuan/kWh}

        """

    private let script = """
        New Circuit.Small BasekV=12.47 Bus1=Head
        New Line.Main Bus1=Head Bus2=Far R1=0.4 X1=0.8 R0=1 X0=2 Length=1
        New Line.Side Bus1=Far.3 Bus2=House.3 Phases=1 R1=0.6 X1=0.9 R0=0.6 X0=0.9 Length=1
        New Load.One Bus1=House.3 Phases=1 kV=7.2 kW=90 kvar=30 Model=2
        New Load.Three Bus1=Far kV=12.47 kW=300 kvar=90
        New PVSystem.Hall Bus1=Far kV=12.47 kVA=60 Pmpp=50
        New Generator.Mill Bus1=Far kV=12.47 kW=20
        Set VoltageBases=[12.47]
        CalcVoltageBases

        """

    private func workshop(_ changes: (String, String)...) throws -> Workshop {
        let workshop = try Workshop()
        let begin = try #require(Workshop.good.range(of: "network:\n")).lowerBound
        let end = try #require(Workshop.good.range(of: "communication:\n")).lowerBound
        let market = try #require(Workshop.good.range(of: "market:\n")).lowerBound
        let own = changes.reduce(sections) { $0.replacing($1.0, with: $1.1) }
        try workshop.write(
            "scenario.yaml",
            Workshop.good[..<begin] + own + Workshop.good[end..<market]
                + "market: {rules: guizhou-sample-2026}\n")
        try workshop.write("feeder.dss", script)
        return workshop
    }

    @Test("devices stand between the conductors that they name, loads of the file between theirs")
    func devices() throws {
        let loaded = try workshop().load()
        let scenario = loaded.scenario
        let own = try #require(scenario.feeder)
        #expect(scenario.devices.map(\.name) == ["roof", "works", "pump", "grid", "One", "Three"])
        #expect(own.roles == [.inverter(0), .load(0), .load(1), .source, .load(2), .load(3)])
        #expect(own.feeder.inverters[0].pairs == [Feeder.Pair(2)])
        #expect(own.feeder.inverters[0].voltVar == .voltVarCategoryB)
        #expect(own.feeder.inverters[0].voltWatt?.points.count == 2)
        #expect(
            own.feeder.loads.map(\.pairs) == [
                [Feeder.Pair(3)], Feeder.Pair.wye, [Feeder.Pair(3)], Feeder.Pair.wye,
            ])
        #expect(own.feeder.loads[2].dependence == .constantImpedance)
        #expect(own.unbalanceLimit == 0.03)
        #expect(scenario.network.buses.map(\.name) == ["Head", "Far", "House"])
        let told = loaded.warnings.map(\.description).joined(separator: "\n")
        #expect(told.contains("devices.works: bus 'House' has only phase c; the device is joined to it"))
        #expect(told.contains("2 generators, solar plants or storages of the feeder are not taken"))
    }

    @Test("solar plants of the file are taken where the scenario says how their modules stand")
    func solar() throws {
        let scenario = try workshop(
            ("unbalance: 3 %}}", "unbalance: 3 %}, solar: {tilt: 20 deg, azimuth: 170 deg}}")
        )
        .load().scenario
        let place = try #require(scenario.devices.firstIndex { $0.name == "Hall" })
        guard case .solar(let plant) = scenario.devices[place].kind else { return #expect(Bool(false)) }
        #expect(plant.capacity == Power(50e3) && plant.inverterCapacity == Power(60e3))
        #expect(plant.tilt == 20 && plant.azimuth == 170 && scenario.devices[place].bus == 1)
        #expect(scenario.feeder?.roles[place] == .inverter(1))
    }

    /// One conductor of 0.6 + j0.9 Ω counts three times as much for a power that three would share.
    @Test("plans see a balanced network in its place")
    func equivalent() throws {
        let network = try workshop().load().scenario.network
        #expect(network.branches.map(\.name) == ["Main", "Side"])
        #expect(abs(network.branches[0].resistance.value - 0.4) < 1e-12)
        #expect(abs(network.branches[0].reactance.value - 0.8) < 1e-12)
        #expect(abs(network.branches[1].resistance.value - 1.8) < 1e-12)
        #expect(abs(network.sourceVoltage - 1) < 1e-12 && network.buses[2].limits == 0.9...1.1)
    }

    @Test(
        "one mistake, one line",
        arguments: [
            ("feeder.dss", "other.dss", "network.case: 'other.dss': there is no such file"),
            (", limits: {voltage: 0.9..1.1 pu, unbalance: 3 %}", "", "network: the key 'limits' is missing"),
            ("phases: b", "phases: ba", "devices.roof.phases: 'ba' is not a set of phases"),
            (
                "bus: House, active", "bus: House, phases: a, active",
                "devices.works.phases: bus 'House' has only phase c"
            ),
            ("bus: head", "bus: far", "must be on the source bus 'Head'"),
            ("category-b", "category-z", "'category-z' is not a curve"),
            ("[1.02, 1], [1.08", "[1.02, 1], [1.01", "voltages must rise from point to point"),
            (
                "kind: grid, bus: head, import_limit: 5 MW, export_limit: 100 kW,\n"
                    + "         tariff: guizhou-tou, feed_in: 0.2 yuan/kWh",
                "kind: load, bus: head, active: 1 kW, shape: flat",
                "no device of kind 'grid'; a feeder of three phases is fed by a grid connection"
            ),
            (
                "works: {kind: load, bus: House, active: 10 kW, shape: flat}",
                "works: {kind: grid, bus: House, import_limit: 9 kW, export_limit: 0 kW, price: 0.4 yuan/kWh, "
                    + "feed_in: 0 yuan/kWh}",
                "a second grid connection; a feeder of three phases is fed by one"
            ),
            (
                "works: {kind: load, bus: House, active: 10 kW, shape: flat}",
                "works: {kind: battery, bus: House, capacity: 9 kWh, power: 9 kW, efficiency: {charge: 95 %, "
                    + "discharge: 95 %}, state_of_charge: {initial: 50 %, min: 10 %, max: 90 %}, "
                    + "wear: 0 yuan/kWh, volt_watt: ieee-1547}",
                "devices.works.volt_watt: not allowed: what a battery gives or takes"
            ),
            ("phases: b", "phases: b, present: false", "'present: false' is not simulated on a feeder"),
        ])
    func mistakes(_ old: String, _ new: String, _ line: String) throws {
        let found = try workshop((old, new)).mistakes().filter { $0.contains("error:") }
        #expect(found.count == 1 && found[0].contains(line), "\(found)")
    }

    @Test("events that change what is joined are refused, those of communication are not")
    func events() throws {
        for (event, isAllowed) in [
            ("outage: grid", false), ("cut: Main", false), ("fail: roof", false), ("crash: roof", true),
        ] {
            let workshop = try workshop()
            let text = try String(
                contentsOf: workshop.folder.appending(path: "scenario.yaml"), encoding: .utf8)
            try workshop.write(
                "scenario.yaml", text + "events: [{at: 2026-07-15T08:00, for: 1 h, \(event)}]\n")
            let found = workshop.mistakes()
            #expect(found.isEmpty == isAllowed, "\(found)")
            #expect(
                isAllowed || found.contains { $0.contains("is not simulated on a feeder of three phases") })
        }
    }

    /// The good scenario with other lines in its section `network`.
    private func phased(_ lines: String) throws -> Workshop {
        let workshop = try Workshop()
        try workshop.write(
            "scenario.yaml",
            Workshop.good.replacing("network:\n", with: "network:\n  model: phases\n\(lines)"))
        return workshop
    }

    @Test("a balanced network as three like phases has the same voltages and powers")
    func alike() throws {
        let balanced = try Workshop().load().scenario
        let phased = try phased("").load().scenario
        #expect(
            phased.network == balanced.network
                && phased.feeder?.phases.count == 3 * balanced.network.buses.count)
        for (a, b) in zip(Simulation(balanced), Simulation(phased)).prefix(12) {
            for (u, v) in zip(a.point.voltage, b.point.voltage) {
                #expect(abs(u.value - v.value) < 1e-6 * u.value)
            }
            for (p, q) in zip(a.power, b.power) { #expect(abs(p.value - q.value) < 1) }
        }
    }

    @Test(
        "tap changers and switched capacitors of such a network act, and one tap step is as large as it says")
    func controls() throws {
        let good = try phased("").load().scenario
        let branch = good.network.branches[0]
        let (name, bus) = (branch.name, good.network.buses[branch.to].name)
        let workshop = try phased(
            """
              controls:
                - {tap: \(name), bus: "\(bus)", voltage: 1.03 pu, band: 0.8 %, step: 0.5 %, steps: 10}
                - {capacitor: "\(bus)", power: 5 kvar, on: 1.1 pu, off: 1.2 pu}

            """)
        let scenario = try workshop.load().scenario
        #expect(scenario.feeder?.controlNames == [name, "capacitor-\(bus)"])
        let record = try #require(Array(Simulation(scenario).prefix(1)).first)
        let positions = try #require(record.feeder?.positions)
        #expect((4...8).contains(positions[0]) && positions[1] == 1)
        let voltage = record.point.voltage[branch.to] / scenario.network.buses[branch.to].nominalVoltage
        #expect(abs(voltage - 1.03) < 0.0041)
    }

    @Test(
        "mistakes of controls",
        arguments: [
            ("- {tap: nowhere, bus: \"1\", voltage: 1 pu, band: 2 %}", "no branch is called 'nowhere'"),
            ("- {bus: \"1\"}", "what is controlled is missing; write 'tap' or 'capacitor'"),
            ("- {capacitor: nowhere, power: 5 kvar, on: 1 pu, off: 1.1 pu}", "no bus is called 'nowhere'"),
        ])
    func controlMistakes(_ control: String, _ line: String) throws {
        let found = try phased("  controls:\n    \(control)\n").mistakes()
        #expect(found.contains { $0.contains(line) }, "\(found)")
    }

    @Test("phases and curves need a feeder")
    func balanced() throws {
        let phases = try Workshop().mistakes(
            replacing: "    kind: battery\n", with: "    kind: battery\n    phases: a\n")
        #expect(phases.contains { $0.contains("only allowed where 'network.case' is a feeder") }, "\(phases)")
        let curve = try Workshop().mistakes(
            replacing: "    kind: battery\n", with: "    kind: battery\n    volt_var: category-a\n")
        #expect(curve.contains { $0.contains("only allowed where 'network.case' is a feeder") }, "\(curve)")
    }
}

import Agents
import Devices
import EconomicDispatch
import Foundation
import Grid
import Market
import Messaging
import Planning
import ScenarioFile
import Scheduling
import Settlement
import Simulator
import Testing
import Timeline

@Suite("A good scenario")
struct GoodScenarioTests {
    @Test("becomes what it says, in SI units")
    func values() throws {
        let workshop = try Workshop()
        let file = try workshop.load()
        let scenario = file.scenario
        #expect(file.warnings.isEmpty)
        #expect(scenario.name == "Test valley" && scenario.seed == 7)
        #expect(scenario.horizon.count == 96 && scenario.horizon.step == 900)
        #expect(scenario.horizon.start.description == "2026-07-14T16:00:00Z")
        #expect(scenario.network.buses.map(\.name) == ["1", "2", "3"] && scenario.network.source == 0)
        #expect(scenario.network.branches.map(\.name) == ["1-2", "2-3"])
        #expect(
            scenario.network.branches[0].ampacity == Current(120)
                && scenario.network.branches[1].ampacity == nil)
        #expect(scenario.network.buses[2].limits == 0.93...1.07)
        #expect(
            scenario.devices.map(\.name)
                == ["houses", "works", "roof", "ridge", "gorge", "battery", "standby", "grid"])
        #expect(scenario.connection == 7)
        #expect(scenario.communication.link.loss == .independent(0.02))
        #expect(scenario.communication.link.latency == VirtualTime(nanoseconds: 40_000_000))
        #expect(scenario.planning.horizonSteps == 96 && scenario.planning.replanSteps == 4)
    }

    @Test("a plan must keep to what the section dispatch says")
    func planRules() throws {
        let workshop = try Workshop()
        #expect(try workshop.load().scenario.planning.rules == PlanRules())
        let text = Workshop.good.replacingOccurrences(
            of: "replan: 1 h",
            with: "replan: 1 h, demand_charge: shared, end: 50 %, emission_price: 80 yuan/t, "
                + "emission_cap: 2 t, reserve: {spinning: {share: 10 %}, "
                + "island: {for: 90 min, grid_forming: [battery], loads: [works]}}")
        try workshop.write("scenario.yaml", text)
        let rules = try workshop.load().scenario.planning.rules
        #expect(rules.demand == .shared && rules.end == .stateOfCharge(0.5))
        #expect(abs(rules.emissionPrice - 0.08) < 1e-15 && rules.emissionCap == 2000)
        #expect(rules.spinning == PlanRules.Spinning(share: 0.1, hours: 0.5))
        #expect(
            rules.island
                == PlanRules.Island(length: 5400, forming: [DeviceID(5)], loads: [DeviceID(1)]))
        try workshop.write(
            "scenario.yaml",
            text.replacingOccurrences(of: ", grid_forming: [battery], loads: [works]", with: ""))
        let all = try workshop.load().scenario.planning.rules.island
        #expect(all?.forming == [DeviceID(5), DeviceID(6)] && all?.loads == [DeviceID(0), DeviceID(1)])
    }

    @Test("reactive power: what inverters and machines can do, and the power factor at the connection")
    func reactivePower() throws {
        let workshop = try Workshop()
        #expect(try workshop.load().scenario.devices.allSatisfy { $0.capability == nil })
        let text = Workshop.good
            .replacingOccurrences(
                of: "replan: 1 h", with: "replan: 1 h, network_limits: kept, power_factor: 0.95"
            )
            .replacingOccurrences(
                of: "    capacity: 200 kWh\n", with: "    capacity: 200 kWh\n    apparent_power: 0.3 MVA\n"
            )
            .replacingOccurrences(
                of: "    minimum_load: 30 %", with: "    minimum_load: 30 %\n    power_factor: 0.8")
        try workshop.write("scenario.yaml", text)
        let scenario = try workshop.load().scenario
        #expect(scenario.planning.rules.powerFactor == 0.95 && scenario.planning.rules.keepsNetworkLimits)
        #expect(scenario.devices[5].capability == .apparentPower(ApparentPower(300e3)))
        #expect(
            abs((scenario.devices[6].capability?.limit(beside: Power(100)).value ?? 0) - 75) < 1e-9)
        try workshop.write("scenario.yaml", text.replacingOccurrences(of: "0.3 MVA", with: "3 kVA"))
        #expect(throws: ScenarioMistakes.self) { try workshop.load() }
    }

    @Test("devices carry what was written")
    func devices() throws {
        let devices = try Workshop().load().scenario.devices
        guard case .battery(let battery) = devices[5].kind, case .genset(let genset) = devices[6].kind,
            case .grid(let grid) = devices[7].kind, case .load(let load) = devices[0].kind
        else {
            Issue.record("other kinds than written")
            return
        }
        #expect(battery.capacity == Energy(200_000) && battery.dischargePower == Power(60_000))
        #expect(battery.stateOfCharge == 0.1...0.95 && battery.initialStateOfCharge == 0.3)
        #expect(abs(battery.wear.value - 1e-4) < 1e-18)
        #expect(genset.ramp == 1000 && abs(genset.fuelIntercept - 2e-5) < 1e-18)
        #expect(grid.importPrice.count == 96 && grid.exportLimit == Power(100_000))
        #expect(Set(grid.importPrice).count == 3)
        #expect(load.demand.count == 96 && Set(load.demand).count == 96)
        #expect(abs(load.reactiveRatio - 0.3287) < 1e-4)
        let mean = load.demand.map(\.value).reduce(0, +) / 96
        #expect(abs(mean - 90_000) < 5_000)
    }

    @Test("the parties of the market follow from the owners")
    func market() throws {
        let terms = try Workshop().load().scenario.terms
        #expect(
            terms.meteringPoints.map(\.owner.name) == [
                "consumers", "cement-works", "roof", "microgrid", "microgrid", "microgrid", "microgrid",
                "grid-company",
            ])
        #expect(
            terms.meteringPoints.map(\.isGreenPlant) == [
                false, false, true, false, false, false, false, false,
            ])
        #expect(terms.contracts[0].volume.count == 60_000_000)
        #expect(terms.contracts[0].energyPrice.microyuanPerKilowattHour == 380_000)
        #expect(terms.feedIn.microyuanPerKilowattHour == 200_000)
    }

    @Test("the files it was made of are given back, the scenario first")
    func inputs() throws {
        let workshop = try Workshop()
        let inputs = try workshop.load().inputs
        #expect(inputs.map(\.path) == ["scenario.yaml", "climatology.csv", "shapes.csv", "curve.csv"])
        #expect(inputs[0].bytes == Array(Workshop.good.utf8))
    }

    @Test("overrides change and take away, and the caller's dispatch and seed win")
    func overrides() throws {
        let workshop = try Workshop()
        let file = try ScenarioFile.load(
            path: workshop.scenario, overrides: ["bad-comms", "no-battery"],
            dispatch: [.method(.meritOrder), .method(.loadFollowing)])
        let scenario = file.template.scenario(seed: 11)
        #expect(scenario.communication.link.loss == .independent(0.3))
        #expect(!scenario.devices.contains { $0.name == "battery" })
        #expect(scenario.planning.dispatcher.name == "merit-order" && scenario.seed == 11)
        #expect(file.dispatchers.map(\.name) == ["merit-order", "load-following"])
    }

    @Test("a seed draws the weather and the loads, the same as when the file says it, and nothing else")
    func seeds() throws {
        let workshop = try Workshop()
        let template = try workshop.load().template
        let (seven, eight) = (template.scenario(seed: 7), template.scenario(seed: 8))
        let own = template.scenario()
        #expect(own.seed == 7 && own.devices == seven.devices && own.weather == seven.weather)
        #expect(seven.weather != eight.weather && seven.devices[0] != eight.devices[0])
        #expect(seven.devices[2...] == eight.devices[2...])
        try workshop.write(
            "scenario.yaml", Workshop.good.replacingOccurrences(of: "seed: 7", with: "seed: 8"))
        let written = try workshop.load().scenario
        #expect(written.devices == eight.devices && written.weather == eight.weather)
    }

    @Test("a load's variation does not depend on which other devices there are")
    func independence() throws {
        let workshop = try Workshop()
        #expect(try workshop.load().scenario.devices[1] == workshop.load("no-battery").scenario.devices[1])
    }

    @Test("a byte order mark and Windows line ends change nothing")
    func encodings() throws {
        let workshop = try Workshop()
        let plain = try workshop.load().scenario
        let windows = Workshop.good.replacingOccurrences(of: "\n", with: "\r\n")
        try workshop.write("scenario.yaml", bytes: [0xEF, 0xBB, 0xBF] + Array(windows.utf8))
        let other = try workshop.load().scenario
        #expect(
            plain.devices == other.devices && plain.terms == other.terms && plain.network == other.network)
    }

    @Test("a day on which clocks change has its own number of steps")
    func clockChange() throws {
        let workshop = try Workshop()
        let spring = Workshop.good.replacingOccurrences(of: "Asia/Shanghai", with: "Europe/Berlin")
            .replacingOccurrences(of: "2026-07-15", with: "2026-03-29")
        try workshop.write("scenario.yaml", spring)
        #expect(try workshop.load().scenario.horizon.count == 92)
    }

    @Test("a branch that stands twice in the table is refused; with names the two are parallel")
    func parallelBranches() throws {
        let workshop = try Workshop()
        var text = Workshop.good
        let from = text.range(of: "  branches:")!.lowerBound
        text.replaceSubrange(
            from..<text.range(of: "  limits:")!.lowerBound, with: "  branches: branches.csv\n")
        try workshop.write("scenario.yaml", text)
        let row = "1,2,0.8,0.6"
        try workshop.write(
            "branches.csv", "from,to,resistance_ohm,reactance_ohm\n\(row)\n2,3,1.1,0.7\n\(row)\n")
        #expect(
            workshop.mistakes() == [
                "branches.csv:4:1: error: from: the row repeats an earlier one; give branches side by side "
                    + "different names"
            ])
        try workshop.write(
            "branches.csv",
            "name,from,to,resistance_ohm,reactance_ohm\na,\(row)\n,2,3,1.1,0.7\nb,\(row)\n")
        #expect(try workshop.load().scenario.network.branches.count == 3)
    }

    @Test("a month simulated in part is billed by its days, or whole")
    func partialMonths() throws {
        func terms(_ key: String) throws -> Terms {
            let workshop = try Workshop()
            try workshop.write(
                "scenario.yaml",
                Workshop.good.replacingOccurrences(
                    of: "  grid: {kind: grid,", with: "  grid: {kind: grid,\(key)"))
            return try workshop.load().scenario.terms
        }
        #expect(try terms("").partialMonths == .prorated)
        #expect(try terms(" demand_charge: prorated,").partialMonths == .prorated)
        #expect(try terms(" demand_charge: full,").partialMonths == .full)
        for (rule, reckoning) in [("ignored", "prorated"), ("shared", "prorated"), ("full", "full")] {
            let workshop = try Workshop()
            try workshop.write(
                "scenario.yaml",
                Workshop.good.replacingOccurrences(
                    of: "replan: 1 h}", with: "replan: 1 h, demand_charge: \(rule)}"))
            #expect(try workshop.load().scenario.terms.partialMonths.rawValue == reckoning)
        }
    }

    @Test("branches, loads and a measured demand may come from tables")
    func tables() throws {
        let workshop = try Workshop()
        try workshop.write(
            "branches.csv", "from,to,resistance_ohm,reactance_ohm,ampacity_a\n1,2,0.8,0.6,120\n2,3,1.1,0.7,\n"
        )
        try workshop.write(
            "loads.csv", "name,bus,active_kw,reactive_kvar,shape,owner\nold-town,3,50,25,flat,\n")
        try workshop.write("demand.csv", Workshop.demand(Array(0..<96)))
        var text = Workshop.good
        let from = text.range(of: "  branches:")!.lowerBound
        text.replaceSubrange(
            from..<text.range(of: "  limits:")!.lowerBound, with: "  branches: branches.csv\n")
        text = text.replacingOccurrences(of: "  variation: 5 %", with: "  table: loads.csv")
            .replacingOccurrences(
                of: "active: 180 kW, power_factor: 0.95, shape: flat",
                with: "demand: {file: demand.csv, column: school_kw}")
        try workshop.write("scenario.yaml", text)
        let scenario = try workshop.load().scenario
        #expect(scenario.network == (try Workshop().load().scenario.network))
        guard case .load(let school) = scenario.devices[0].kind,
            case .load(let town) = scenario.devices[8].kind
        else {
            Issue.record("other kinds than written")
            return
        }
        #expect(school.demand.map(\.kilowatts) == (0..<96).map(Double.init))
        #expect(town.demand.allSatisfy { $0 == Power(25_000) } && town.reactiveRatio == 0.5)
    }

    @Test("a scenario runs to its end")
    func runs() throws {
        let records = Array(Simulation(try Workshop().load().scenario))
        #expect(records.count == 96)
    }
}

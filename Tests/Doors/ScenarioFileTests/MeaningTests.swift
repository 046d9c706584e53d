import Agents
import Clearing
import Devices
import EconomicDispatch
import Forecasting
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

@Suite("A quantity in a scenario")
struct MeaningTests {
    /// The good scenario with each first text replaced by its second.
    private func load(_ swaps: [(String, String)], extra: [(String, String)] = []) throws -> Scenario {
        let workshop = try Workshop()
        for (name, text) in extra { try workshop.write(name, text) }
        var text = Workshop.good
        for (old, new) in swaps {
            try #require(text.contains(old), "the good scenario has no '\(old)'")
            text = text.replacingOccurrences(of: old, with: new)
        }
        try workshop.write("scenario.yaml", text)
        return try workshop.load().scenario
    }

    @Test(
        "means the same in every unit",
        arguments: [
            ("resistance: 0.8 ohm", "resistance: 800 mohm"), ("resistance: 0.8 ohm", "resistance: 800 mΩ"),
            ("reactance: 0.7 ohm", "reactance: 0.7 Ω"), ("ampacity: 120 A", "ampacity: 0.12 kA"),
            ("nominal_voltage: 10 kV", "nominal_voltage: 10000 V"), ("voltage: 1.0 pu", "voltage: 100 %"),
            ("active: 180 kW", "active: 0.18 MW"), ("capacity: 630 kW", "capacity: 630000 W"),
            ("import_limit: 5 MW", "import_limit: 0.005 GW"), ("capacity: 200 kWh", "capacity: 0.2 MWh"),
            ("capacity: 200 kWh", "capacity: 200000 Wh"), ("ramp: 60 kW/min", "ramp: 1 kW/s"),
            ("ramp: 60 kW/min", "ramp: 0.06 MW/min"), ("ramp: 60 kW/min", "ramp: 1000 W/s"),
            ("design_flow: 1.8 m3/s", "design_flow: 1800 L/s"), ("head: 42 m", "head: 0.042 km"),
            ("volume: 60 MWh/month", "volume: 0.06 GWh/month"),
            ("volume: 60 MWh/month", "volume: 60000 kWh/month"),
            ("energy_price: 0.38 yuan/kWh", "energy_price: 38 fen/kWh"),
            ("energy_price: 0.38 yuan/kWh", "energy_price: 380 yuan/MWh"),
            ("latency: 40 ms", "latency: 0.04 s"), ("horizon: 24 h", "horizon: 1 day"),
            ("replan: 1 h", "replan: 60 min"),
        ])
    func units(old: String, new: String) throws {
        let (plain, other) = (try load([]), try load([(old, new)]))
        #expect(plain.network == other.network && plain.devices == other.devices)
        #expect(plain.terms == other.terms)
        #expect(plain.communication == other.communication)
        let (a, b) = (plain.planning, other.planning)
        #expect(a.dispatcher.name == b.dispatcher.name && a.forecast.name == b.forecast.name)
        #expect(a.rules == b.rules)
        #expect(a.horizonSteps == b.horizonSteps && a.replanSteps == b.replanSteps)
    }

    @Test("agents agree where the section says so, by their own settings")
    func coordination() throws {
        func peers(_ text: String) throws -> (PeerSettings?, EnergyCost) {
            let scenario = try load([("replan: 1 h", "replan: 1 h, coordination: {\(text)}")])
            return (scenario.peers, scenario.planning.clearing.deviation)
        }
        let own = try peers("plan: r-admm, ticks: 20, penalty: 50, timeout: 12, deviation: 0.2 yuan/kWh")
        #expect(own.0 == PeerSettings(ticks: 20, penalty: 5e7, timeout: 12))
        #expect(own.1.yuanPerKilowattHour == 0.2)
        let slack = try peers("plan: r-admm, timeout: 12, slack_timeout: 30").0
        #expect(slack == PeerSettings(timeout: 12, slackTimeout: 30) && slack?.penalty == nil)
        #expect(try peers("plan: r-admm").0 == PeerSettings())
        #expect(try peers("plan: r-admm").1.yuanPerKilowattHour == 0.1)
        let shared = try peers("plan: shared-offers, ticks: 30")
        #expect(shared.0 == PeerSettings(plan: .sharedOffers, ticks: 30))
        #expect(shared.1.yuanPerKilowattHour == 0.001)
        #expect(try peers("plan: centre").0 == nil)
        #expect(try load([]).peers == nil)
    }

    @Test("an error of a device's own forecast counts with the method 'noisy', and is warned of elsewhere")
    func ownForecastError() throws {
        let own = ("inverter: 120 kW", "inverter: 120 kW, forecast: {error: 30 %}")
        #expect(try load([own, ("method: persistence", "method: noisy")]).planning.forecast.name == "noisy")
        let workshop = try Workshop()
        try workshop.write("scenario.yaml", Workshop.good.replacingOccurrences(of: own.0, with: own.1))
        #expect(
            try workshop.load().warnings.map { "\($0)" }.contains {
                $0.contains("devices.roof.forecast: not used: only the method 'noisy'")
            })
        #expect(try load([("forecast: {method: persistence}\n", "")]).planning.forecast.name == "smart")
    }

    @Test("arrives where it was written, though its neighbours are of the same kind")
    func neighbours() throws {
        let scenario = try load([
            ("ampacity: 120 A", "ampacity: 120 A, charging: 12 uS, ratio: 0.975"),
            ("power: 60 kW\n", "power: {charge: 50 kW, discharge: 70 kW}\n    self_discharge: 0.2 %/h\n"),
            ("1.8 m3/s", "1.8 m3/s, residual_flow: 300 L/s, head_loss: 7 %, generator_efficiency: 93 %"),
            (
                "azimuth: 180 deg",
                "azimuth: 170 deg, albedo: 25 %, losses: 10 %, temperature_coefficient: -0.4 %/K"
            ),
            ("hub_height: 40 m", "hub_height: 40 m, roughness: 0.3 m"),
            ("loss: 2 %}", "loss: 2 %}\n  deadline: 30 s\n  hold: 2 h"),
            ("deviation_price: 0.03", "deviation_price: 0.05"),
            (
                "    minimum_load: 30 %",
                "    minimum_load: 30 %\n    minimum_up_time: 2 h\n    minimum_down_time: 30 min\n"
                    + "    start_cost: {hot: 40 yuan, cold: 90 yuan, cold_after: 8 h}"
            ),
        ])
        let branch = scenario.network.branches[0]
        #expect(branch.charging == 12e-6 && branch.ratio == 0.975)
        let (roof, ridge, gorge) = (scenario.devices[2], scenario.devices[3], scenario.devices[4])
        guard case .battery(let battery) = scenario.devices[5].kind, case .solar(let solar) = roof.kind,
            case .genset(let genset) = scenario.devices[6].kind, case .hydro(let hydro) = gorge.kind,
            case .wind(let wind) = ridge.kind
        else {
            Issue.record("other kinds than written")
            return
        }
        #expect(battery.chargePower == Power(50_000) && battery.dischargePower == Power(70_000))
        #expect(battery.chargeEfficiency == 0.95 && battery.dischargeEfficiency == 0.94)
        #expect(battery.selfDischarge == 0.002)
        #expect(solar.capacity == Power(150_000) && solar.inverterCapacity == Power(120_000))
        #expect(solar.tilt == 15 && solar.azimuth == 170 && solar.albedo == 0.25 && solar.losses == 0.1)
        #expect(solar.temperatureCoefficient == -0.004)
        #expect(wind.hubHeight == 40 && wind.roughness == 0.3 && wind.rated == Power(250_000))
        #expect(hydro.residualFlow == 0.3 && hydro.designFlow == 1.8 && hydro.head == 42)
        #expect(hydro.headLoss == 0.07 && hydro.generatorEfficiency == 0.93)
        #expect(genset.minimumLoad == 0.3 && genset.fuelSlope == 2.5e-4 && genset.fuelPrice == 7.6)
        let starting = Genset.Starting(minimumUp: 2, minimumDown: 0.5, hot: 40, cold: 90, coldAfter: 8)
        #expect(genset.starting == starting)
        let (communication, contract) = (scenario.communication, scenario.terms.contracts[0])
        #expect(communication.link.jitter == .uniform(VirtualTime(seconds: 0.02)))
        #expect(communication.deadline == 30 && communication.hold == 7200)
        let prices = [contract.energyPrice, contract.environmentalPrice, contract.deviationPrice]
        #expect(prices.map(\.microyuanPerKilowattHour) == [380_000, 30_000, 50_000])
    }

    @Test("in a table is in the unit its heading names")
    func columns() throws {
        let lines =
            "from,to,resistance_ohm,reactance_ohm,charging_us,ratio\n1,2,0.8,0.6,12,0.975\n2,3,1.1,0.7,,\n"
        let range =
            Workshop.good.range(of: "  branches:")!
            .lowerBound..<Workshop.good.range(of: "  limits:")!.lowerBound
        let scenario = try load(
            [(String(Workshop.good[range]), "  branches: branches.csv\n")], extra: [("branches.csv", lines)])
        #expect(scenario.network.branches.map(\.charging) == [12e-6, 0])
        #expect(scenario.network.branches.map(\.ratio) == [0.975, 1])
    }

    @Test("a time series may be written with any offset, if its instants are the steps'")
    func offsets() throws {
        func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        // Midnight of the 15th in Shanghai is 12:30 of the 14th on Newfoundland's winter clocks.
        let rows = (0..<96).map { step in
            let minute = 12 * 60 + 30 + step * 15
            let (day, rest) = (14 + minute / 1440, minute % 1440)
            return "2026-07-\(day)T\(digits(rest / 60)):\(digits(rest % 60)):00-03:30,\(step)\n"
        }
        let scenario = try load(
            [
                (
                    "active: 180 kW, power_factor: 0.95, shape: flat",
                    "demand: {file: demand.csv, column: school_kw}"
                )
            ], extra: [("demand.csv", "time,school_kw\n" + rows.joined())])
        guard case .load(let load) = scenario.devices[0].kind else {
            Issue.record("no load")
            return
        }
        #expect(load.demand.map(\.kilowatts) == (0..<96).map(Double.init))
    }

    /// Shapes with another number in every row: a tenth of the month, 5 more on weekends, a
    /// thousandth of the hour.
    @Test(
        "a shape is read by the month, kind of day and hour of its rows, in whatever order they stand",
        arguments: [("2026-07-15", 0.7), ("2026-08-15", 5.8), ("2026-12-13", 6.2)])
    func shapes(start: String, level: Double) throws {
        let rows = (1...12).flatMap { month in
            [("workday", 0.0), ("weekend", 5)].flatMap { day, extra in
                (0..<24).map { "\(month),\(day),\($0),\(Double(month) / 10 + extra + Double($0) / 1000)\n" }
            }
        }
        let scenario = try load(
            [("2026-07-15", start), ("step: 15 min", "step: 1 h"), ("variation: 5 %", "variation: 0 %")],
            extra: [("shapes.csv", "month,day_type,hour,flat\n" + rows.reversed().joined())])
        guard case .load(let load) = scenario.devices[0].kind else {
            Issue.record("no load")
            return
        }
        // Straight through the middles of the hours, but for those beside midnight.
        for hour in 1..<23 {
            #expect(abs(load.demand[hour].kilowatts - 180 * (level + Double(hour) / 1000)) < 1e-6)
        }
    }

    @Test("water sold on the grid has an owner of its own, but earns no certificates")
    func water() throws {
        let points = try load([("turbine: francis", "turbine: francis, meter: on-grid")]).terms.meteringPoints
        #expect(points.map(\.isGreenPlant) == [false, false, true, false, false, false, false, false])
        #expect(points[4].owner.name == "gorge")
    }

    @Test("the plan and the bill know the same feed-in")
    func feedIn() throws {
        let scenario = try load([("feed_in: 0.2 yuan/kWh", "feed_in: 0.21 yuan/kWh")])
        #expect(scenario.terms.feedIn.microyuanPerKilowattHour == 210_000)
        #expect(abs((scenario.devices[7].externalGrid?.feedIn.value ?? 0) - 2.1e-4) < 1e-15)
    }

    @Test(
        "a span is counted by the calendar, and a month that lacks the day ends with its last",
        arguments: [
            ("2026-07-15", "1 week", 7), ("2026-07-15", "3 weeks", 21), ("2026-01-31", "1 month", 28),
            ("2026-07-31", "2 months", 61), ("2026-01-01", "1 year", 365),
        ])
    func spans(start: String, duration: String, days: Int) throws {
        let scenario = try load([
            ("2026-07-15", start), ("duration: 1 day", "duration: \(duration)"),
            ("step: 15 min", "step: 1 h"),
        ])
        #expect(scenario.horizon.count == 24 * days)
    }

    @Test("a hub stands above the roughness of its ground")
    func hub() throws {
        let mistakes = try Workshop().mistakes(
            replacing: "hub_height: 40 m", with: "hub_height: 1 m, roughness: 1 m")
        #expect(mistakes.count == 1 && mistakes[0].contains("hub_height must be more than roughness"))
    }
}

import Export
import Foundation
import GRDB
import Grid
import Messaging
import RunSamples
import Simulator
import Testing
import Timeline

/// Sums, extremes and cells of a run in which no two numbers agree, worked out by hand.
@Suite struct UnevenTests {
    private let run = UnevenRun()

    private var summary: Summary {
        var summary = Summary(run.scenario)
        for record in run.records() { summary.add(record) }
        return summary
    }

    private func write(to path: String) throws {
        let writer = try RunWriter(
            run.scenario, build: SampleRun.build, inputs: [], in: RunDirectory(at: path))
        for record in run.records() { try writer.take(record) }
        try writer.finish()
        try writer.publish(StageClock().timing(steps: 4))
    }

    private func figures(_ summary: Summary) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: summary.keyFigures.map { ($0.name, $0.value) })
    }

    @Test func energiesAreSumsOfTheirOwnSteps() {
        let found = figures(summary)
        let expected = [
            "energy_solar": 20, "energy_wind": 2.25, "energy_hydro": 6, "energy_genset": 6.25,
            "energy_consumed": 81.25, "energy_unserved": 18.75, "energy_curtailed": 36.75,
            "energy_charged": 10,
            "energy_discharged": 7.5, "energy_imported": 51.75, "energy_exported": 1, "energy_losses": 1.6,
            "peak_demand": 100, "peak_import": 77, "lowest_voltage": 0.95, "highest_voltage": 1.01,
        ]
        for (name, value) in expected { #expect(abs((found[name] ?? .nan) - value) < 1e-9, "\(name)") }
    }

    @Test func lossesBelongToTheirMonth() {
        let losses = summary.losses.map(\.kilowattHours)
        #expect(losses.count == 2 && abs(losses[0] - 0.725) < 1e-9 && abs(losses[1] - 0.875) < 1e-9)
    }

    @Test func checksSeeResidualsOfEitherSignAndStepsWithoutSolution() {
        let checks = summary.checks
        #expect(abs(checks.largestResidual.kilowattHours - 0.125) < 1e-9)
        #expect(abs(checks.totalResidual.kilowattHours - 0.15) < 1e-9)
        #expect(checks.diverged == 1 && checks.islanded == 1)
    }

    @Test func deadBusesHaveNoVoltageAndEqualExtremesKeepTheFirst() {
        let summary = summary
        let starts = run.scenario.horizon.map(\.start)
        #expect(summary.lowestVoltage?.at == starts[2] && summary.lowestVoltage?.bus == 2)
        #expect(summary.highestVoltage?.at == starts[1] && summary.highestVoltage?.bus == 0)
        #expect(summary.peakDemand?.at == starts[0])
        #expect(summary.traces.lowestVoltage[1] == 0.97 && summary.traces.lowestVoltage[3] == nil)
        #expect(abs((summary.traces.meanVoltage[1] ?? 0) - 0.99) < 1e-12)
    }

    @Test func alarmsNameTheirPlaceAndUnit() {
        let starts = run.scenario.horizon.map(\.start)
        let alarms = summary.alarms
        #expect(alarms.map(\.kind) == ["export-limit", "deenergised", "overload", "diverged"])
        #expect(alarms.map(\.place) == ["1", "3", "2-3", "1"])
        #expect(alarms.map(\.unit) == ["kW", "1", "A", "1"])
        #expect(alarms.map(\.worst) == [4, 0, 130, 0] && alarms.map(\.limit) == [3, 0.93, 120, 0])
        #expect(alarms.map(\.count) == [1, 1, 2, 1])
        #expect(alarms[2].first == starts[1] && alarms[2].last == starts[2])
    }

    @Test func messagesAndPlansAreCountedApart() {
        let summary = summary
        let messages = summary.messages.messages
        #expect(messages.sent == 56 && messages.delivered == 44 && messages.lost == 12)
        #expect(summary.messages.held == 20 && summary.messages.fallback == 8)
        // Of the plan's eight steps only the four until the next plan count.
        #expect(abs(summary.plannedShortage.kilowattHours - 0.5) < 1e-9)
        #expect(abs(summary.plannedSurplus.kilowattHours - 1) < 1e-9)
        var again = summary
        again.add(run.records()[0])
        #expect(again.plans.map(\.count) == [2])
    }

    @Test func moneyIsSummedByClause() {
        let found = figures(summary)
        // 200 kWh at 0.24, 800 kW at 35, less 500 kWh at 0.2 yuan; 2 MWh at 0.38 + 0.03.
        #expect(abs((found["bill"] ?? 0) - (48 + 28_000 - 100)) < 1e-9)
        #expect(abs((found["green_income"] ?? 0) - 820) < 1e-9)
        #expect(found["certificates"] == 3)
    }

    @Test func cellsStandUnderTheirHeadings() throws {
        let folder = Folder()
        try write(to: folder.path + "/one")
        func row(_ number: Int, of name: String) throws -> String {
            let lines = try folder.text("one/timeseries/\(name).csv").split(separator: "\n")
            return String(lines[number].drop { $0 != "," }.dropFirst())
        }
        #expect(
            try row(0, of: "balance") == "demand_kw,unserved_kw,curtailed_kw,exchange_kw,losses_kw")
        #expect(try row(1, of: "balance") == "100.000,10.000,15.000,-4.000,1.000")
        #expect(try row(2, of: "bus_voltage") == "1.010000,0.970000,0.000000")
        #expect(try row(1, of: "branch_current") == "125.000,130.000,0.000")
        #expect(try row(0, of: "messages") == "sent,delivered,lost,held,fallback")
        #expect(try row(1, of: "messages") == "14,11,3,5,2")
        #expect(try row(1, of: "price") == "0.500000,0.200000,0.100000")
        #expect(try row(4, of: "price") == "0.500000,0.200000,0.400000")
        // 1.7 kWh/h at rising prices for a quarter of an hour; 1 kWh short and 2 too many at four times 0.8.
        #expect(try row(1, of: "plan") == "by rule,,0,10.025,,,,,1.000")
        #expect(try row(1, of: "alarms") == "export-limit,1,4.000000,3.000000,kW")
        #expect(try row(3, of: "alarms") == "overload,2-3,130.000000,120.000000,A")
    }

    @Test func tracesCarryTheirOwnSeries() {
        let traces = summary.traces
        #expect(traces.highestVoltage[1] == 1.01 && traces.lowestVoltage[1] == 0.97)
        #expect(traces.losses.map(\.kilowatts) == UnevenRun.losses)
        #expect(summary.durationCurve.map(\.kilowatts) == [64, 63, 45, 40])
    }

    @Test func theDatabaseHoldsTheSameSums() throws {
        let folder = Folder()
        try write(to: folder.path + "/one")
        let queue = try DatabaseQueue(path: folder.path + "/one/results.sqlite")
        try queue.read { database in
            func number(_ sql: String) throws -> Double? {
                try Double.fetchOne(database, sql: "SELECT " + sql)
            }
            let energy = " FROM monthly_energy WHERE month = '2026-01' AND device = "
            #expect(try number("given_kwh" + energy + "'store'") == 5)
            #expect(try number("taken_kwh" + energy + "'store'") == 7.5)
            #expect(try number("curtailed_kwh" + energy + "'roof'") == 10)
            #expect(try number("unserved_kwh" + energy + "'house'") == 6.25)
            #expect(try number("losses_kwh FROM monthly_losses WHERE month = '2026-02'") == 0.875)
            // Two MWh green at 0.38 + 0.03, the third at 0.2 yuan/kWh.
            #expect(try number("received_fen FROM statement WHERE participant = 'sun'") == 102_000)
            #expect(try number("paid_fen FROM statement WHERE participant = 'sun'") == 0)
            #expect(try number("certificates FROM statement WHERE participant = 'sun'") == 1)
            #expect(try number("count(*) FROM entry WHERE price_microyuan_per_kwh = 380000") == 1)
            let rings = try Row.fetchOne(
                database, sql: "SELECT first, last FROM alarm WHERE kind = 'overload'")
            let (first, last): (String?, String?) = (rings?["first"], rings?["last"])
            #expect(first?.contains("2026-01-31T23:45") == true && last?.contains("2026-02-01T00:00") == true)
        }
    }

    @Test func everyColumnStatesTheUnitItsNameEndsWith() throws {
        let folder = Folder()
        try write(to: folder.path + "/one")
        let resources = try folder.json("one/datapackage.json")["resources"] as? [[String: Any]] ?? []
        let units = [
            ("_kw", "kW"), ("_percent", "%"), ("_pu", "1"), ("_a", "A"), ("_yuan_per_kwh", "yuan/kWh"),
        ]
        var found = 0
        for resource in resources {
            let schema = resource["schema"] as? [String: Any]
            for field in schema?["fields"] as? [[String: Any]] ?? [] {
                let name = field["name"] as? String ?? ""
                guard let unit = units.first(where: { name.hasSuffix($0.0) })?.1 else { continue }
                #expect(field["unit"] as? String == unit, "\(name)")
                found += 1
            }
        }
        #expect(found == 7 + 5 + 1 + 3 + 3 + 3 + 3)
    }

    @Test(arguments: [(-12_600, "-03:30"), (20_700, "+05:45"), (0, "+00:00")])
    func clocksCarryTheirOffset(offset: Int, written: String) throws {
        let folder = Folder()
        var run = SampleRun(steps: 2)
        run.offset = offset
        let writer = try RunWriter(
            run.scenario, build: SampleRun.build, inputs: [], in: RunDirectory(at: folder.path + "/one"))
        for record in run.records() { try writer.take(record) }
        try writer.finish()
        try writer.publish(StageClock().timing(steps: 2))
        let balance = try folder.text("one/timeseries/balance.csv").split(separator: "\n")
        #expect(balance[1].hasPrefix("2026-01-31T00:00:00\(written),"))
    }
}

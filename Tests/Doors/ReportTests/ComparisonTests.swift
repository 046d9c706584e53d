import EconomicDispatch
import Foundation
import Grid
import Planning
import Report
import Results
import RunSamples
import Scheduling
import Simulator
import Studies
import Testing
import Timeline

@Suite struct ComparisonTests {
    /// The sample run as if three dispatchers had made it, with costs made by hand, on two seeds.
    private static let table: ComparisonTable = {
        var rows: [ComparisonTable.Row] = []
        for seed: UInt64 in [7, 8] {
            for (k, name) in ["slow", "a <b> & \"c\"", "best"].enumerated() {
                let scenario = SampleRun().scenario
                let planning = scenario.planning
                let other = Scenario(
                    name: scenario.name, description: "", seed: seed, zone: scenario.zone,
                    weather: scenario.weather, network: scenario.network, devices: scenario.devices,
                    communication: scenario.communication,
                    planning: PlanSettings(
                        dispatcher: DispatcherMaker(name: name) { MeritOrder() },
                        forecast: planning.forecast,
                        horizonSteps: 96, replanSteps: 4), terms: scenario.terms)
                var summary = Summary(other)
                for record in SampleRun().records() { summary.add(record) }
                // roof, mill, weir, store, standby, house, grid
                let grid = [900.0, 700, 500][k] + Double(seed)
                let costs = Costs(
                    offers: [0, 0, 0, 20, 100, 7, grid], beyond: 3, demandCharge: 35, storedValue: 15)
                rows.append(.init(summary, costs, bound: 600))
            }
        }
        return ComparisonTable(rows)
    }()

    @Test func costIsTheSumOfItsKinds() {
        let row = Self.table.rows[0]
        #expect(row.cost == 20 + 100 + 7 + 907 + 3 + 35 - 15)
        #expect(row.regret == row.cost - 600)
        #expect((row.gensets, row.wear, row.unserved, row.connection) == (100, 20, 7, 907))
        // Ten of fifty kW of the roof for a day; ten of a hundred kW of the house.
        #expect(abs(row.curtailedEnergy - 240) < 1e-9 && abs(row.unservedEnergy - 240) < 1e-9)
        #expect(row.voltageViolations == 3 && row.messages == 96 * 14)
    }

    @Test func theCheapestComesFirst() {
        let standings = Self.table.standings
        #expect(standings.map(\.dispatcher) == ["best", "a <b> & \"c\"", "slow"])
        #expect(standings[0].regrets == [57, 58] && standings[0].meanRegret == 57.5)
        #expect(abs(standings[0].regretPercent! - 57.5 / 6) < 1e-9)
    }

    private func row(grid: Double, bound: Double) -> ComparisonTable.Row {
        let costs = Costs(offers: [0, 0, 0, 0, 0, 0, grid], beyond: 0, demandCharge: 0, storedValue: 0)
        return .init(Summary(SampleRun().scenario), costs, bound: bound)
    }

    @Test func thereIsNoPercentageOfNothing() {
        let table = ComparisonTable([row(grid: 1e-7, bound: 4e-8)])
        #expect(table.rows[0].regret! >= 0 && table.rows[0].regretPercent == nil)
        #expect(table.standings[0].regretPercent == nil)
        #expect(!ComparisonText(table, seconds: [:]).description.contains("100.00"))
        #expect(String(decoding: table.csv, as: UTF8.self).contains(",0.00,0.00,0.00,,"))
    }

    @Test func aBoundAboveACostIsNotShown() {
        let table = ComparisonTable([row(grid: 90, bound: 100), row(grid: 120, bound: 100)])
        #expect(table.rows.allSatisfy { $0.bound == nil && $0.regret == nil })
        #expect(table.contradicted == [table.rows[0].seed])
        #expect(ComparisonText(table, seconds: [:]).description.contains("WARNING"))
        // Rounding is not below.
        let near = ComparisonTable([row(grid: 99.99999, bound: 100)])
        #expect(near.contradicted.isEmpty && near.rows[0].regret == 0)
    }

    @Test func asCSV() {
        let lines = String(decoding: Self.table.csv, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 7)
        #expect(lines[0].hasPrefix("dispatch,seed,cost_yuan,bound_yuan,regret_yuan,regret_percent,"))
        #expect(
            lines[1].hasPrefix(
                "slow,7,1057.00,600.00,457.00,76.1667,907.00,100.00,20.00,7.00,3.00,35.00,15.00,"))
        #expect(lines[2].hasPrefix("\"a <b> & \"\"c\"\"\",7,"))
    }

    @Test func asText() {
        let text = ComparisonText(Self.table, seconds: ["best": 1.25]).description
        #expect(text.contains("1.25") && text.contains("best: 57 to 58 yuan"))
        #expect(!text.contains("WARNING"))
    }

    @Test func thePageStandsAloneAndNamesStayText() {
        let page = String(
            decoding: ComparisonReport(SampleRun().scenario, Self.table).html(), as: UTF8.self)
        for mark in ["<link", " src=\"", "@import", "url(http", "<iframe", "<script", "<b>"] {
            #expect(!page.contains(mark), "\(mark)")
        }
        #expect(page.contains("a &lt;b&gt; &amp; &quot;c&quot;"))
        // Bars: the longest is the largest regret of a seed, 458 of it for the mean of 457.5.
        #expect(page.contains("width:99.89%") && page.contains("left:99.78%;width:0.22%"))
    }

    @Test func anExplanationInSentences() throws {
        let scenario = SampleRun().scenario
        let horizon = scenario.horizon.part(0..<2)
        func offer(_ device: Int, _ lower: Double, _ upper: Double, _ price: Double) -> Offer {
            Offer(
                device: DeviceID(device), horizon: horizon,
                lower: [Power(kilowatts: lower), Power(kilowatts: lower)],
                upper: [Power(kilowatts: upper), Power(kilowatts: upper)],
                cost: Cost(constant: EnergyCost(yuanPerKilowattHour: price)))
        }
        // The house wants 100 kW; the roof gives 40, the connection 50 at most.
        let problem = DispatchProblem(
            horizon: horizon, offers: [offer(5, -100, 0, 20), offer(0, 0, 40, 0), offer(6, -10, 50, 0.5)])
        let explanation = try #require(Explanation(MeritOrder().plan(problem), at: 1))
        let text = ExplanationText(scenario, explanation).description
        for part in [
            "2026-01-31 00:15, by the plan: loads take 90.0 kW, roof gives 40.0 kW, grid gives 50.0 kW.",
            "One more kWh would cost 20.000 yuan, one less would save as much.",
            "20.000 yuan of it: house goes without 1.00 kWh now",
            "NOT SERVED: 10.0 kW short in this step.", "house lacks 10.0 kW",
            "cured by 10.0 kW more of roof (it gives all its 40.0 kW), or by 10.0 kW more of grid",
            "roof: 10.000 yuan, 5.000 of it in this step", "by rolling-optimum (by rule)",
        ] {
            #expect(text.contains(part), "\(part)\n\(text)")
        }
    }
}

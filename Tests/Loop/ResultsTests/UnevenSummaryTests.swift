import Grid
import Market
import Messaging
import Results
import RunSamples
import Simulator
import Testing
import Timeline

/// Sums and extremes of a run in which no two numbers agree, worked out by hand.
@Suite struct UnevenSummaryTests {
    private let run = UnevenRun()

    private var summary: Summary {
        var summary = Summary(run.scenario)
        for record in run.records() { summary.add(record) }
        return summary
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
        let traffic = summary.messages.traffic
        #expect(traffic.sent.messages == 56 && traffic.delivered.messages == 44)
        #expect(traffic.lost.messages == 12)
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
        #expect(summary.demandCharge == Money(fen: 2_800_000))
        let green = summary.total(of: .greenEnergy)
        #expect(green.count == 1 && green.payments == 1)
        #expect(green.money == Money(fen: 76_000) && green.energy == WattHours(megawattHours: 2))
        let issued = summary.total(of: .certificateIssue)
        #expect(issued.count == 1 && issued.payments == 0 && issued.money == .zero)
    }

    @Test func tracesCarryTheirOwnSeries() {
        let traces = summary.traces
        #expect(traces.highestVoltage[1] == 1.01 && traces.lowestVoltage[1] == 0.97)
        #expect(traces.losses.map(\.kilowatts) == UnevenRun.losses)
        #expect(summary.durationCurve.map(\.kilowatts) == [64, 63, 45, 40])
    }
}

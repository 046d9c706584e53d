import Devices
import Grid
import Market
import Messaging
import Results
import RunSamples
import Settlement
import Simulator
import TestSupport
import Testing
import Timeline

@Suite struct SummaryTests {
    private let summary: Summary = {
        let run = SampleRun()
        var summary = Summary(run.scenario)
        for record in run.records() { summary.add(record) }
        return summary
    }()

    @Test func energyByKindIsWhatWasMade() {
        #expect(near(summary.tally(of: .solar).given.kilowattHours, 960))
        #expect(near(summary.tally(of: .solar).curtailed.kilowattHours, 240))
        #expect(near(summary.tally(of: .load).taken.kilowattHours, 2160))
        #expect(near(summary.tally(of: .load).unserved.kilowattHours, 240))
        #expect(near(summary.tally(of: .battery).given.kilowattHours, 240))
        #expect(near(summary.tally(of: .battery).taken.kilowattHours, 240))
        #expect(near(summary.totalLosses.kilowattHours, 24))
        #expect(near(summary.curtailed.kilowattHours, 240))
        #expect(near(summary.unserved.kilowattHours, 240))
        #expect(near(summary.servedShare ?? 0, 0.9))
    }

    @Test func aRunWithoutStepsHasNoShares() {
        let empty = Summary(SampleRun().scenario)
        #expect(empty.renewableShare == nil && empty.capacityFactor(of: 0) == nil)
        #expect(empty.servedShare == nil && empty.ledger == Ledger() && empty.bill == .zero)
    }

    @Test func energyIsConserved() {
        let sum = DeviceKind.allCases.reduce(0) {
            $0 + summary.tally(of: $1).given.kilowattHours - summary.tally(of: $1).taken.kilowattHours
        }
        #expect(near(sum, summary.totalLosses.kilowattHours))
        #expect(summary.checks.largestResidual.value < 1e-9)
        #expect(summary.checks.diverged == 0)
    }

    @Test func sharesAndFactors() {
        let grid = summary.tally(of: .grid).given.kilowattHours
        #expect(near(summary.renewableShare, 1200 / (1200 + 6.25 + grid)))
        #expect(near(summary.capacityFactor(of: 0), 0.4))
        #expect(near(summary.capacityFactor(of: 1), 0.15))
        #expect(summary.capacityFactor(of: 3) == nil)
        #expect(near(summary.cycles(of: 3), 240 / 0.8 / 100))
        // HOMER: F0·capacity·h + F1·energy = 2e-5·50,000·0.25 + 2.5e-4·6,250.
        #expect(near(summary.fuel[4], 1.8125))
        // It ran in the first step, after having been off for good.
        #expect(summary.starts[4].count == 1 && summary.startCosts == 70)
        #expect(near(summary.gensetEmissions, 1.8125 * 2.65))
        #expect(near(summary.importEmissions, grid * 0.5683))
        #expect(near(summary.emissions, grid * 0.5683 + 1.8125 * 2.65))
    }

    @Test func extremesKeepTheirPlaceAndTime() {
        #expect(near(summary.lowestVoltage?.value, 0.946))
        #expect(summary.lowestVoltage?.bus == 2)
        #expect(summary.lowestVoltage?.at == summary.scenario.horizon[4].start)
        #expect(summary.highestVoltage?.bus == 0)
        #expect(near(summary.peakDemand?.value, 100_000))
    }

    @Test func alarmsAreCountedByKindAndPlace() {
        #expect(summary.alarms.count == 1)
        #expect(summary.alarms[0].count == 3)
        #expect(summary.alarms[0].place == "3")
        #expect(near(summary.alarms[0].worst, 0.918))
        #expect(summary.messages.traffic.sent.messages == 14 * 96)
        #expect(summary.messages.fallback == 96)
    }

    @Test func theLedgerBalancesAndStatementsAddUp() {
        #expect(!summary.ledger.entries.isEmpty)
        #expect(summary.ledgerImbalance == 0)
        #expect(summary.ledger.entries == summary.settlements.flatMap(\.entries))
        let nets = summary.statements.reduce(Money.zero) { $0 + $1.net }
        #expect(nets == .zero)
        #expect(summary.bill > .zero)
    }

    @Test func monthsAreSplitByTheLocalCalendar() {
        let run = SampleRun(steps: 192, start: "2026-01-31")
        var summary = Summary(run.scenario)
        for record in run.records() { summary.add(record) }
        #expect(summary.months.map(\.description) == ["2026-01", "2026-02"])
        #expect(near(summary.tally(of: .solar, month: 0).given.kilowattHours, 960))
        #expect(near(summary.curtailed(month: 1).kilowattHours, 240))
        #expect(near(summary.curtailed.kilowattHours, 480))
        #expect(summary.settlements.count == 2)
    }

    @Test func tracesHoldOneValueAStep() {
        #expect(summary.traces.count == 96)
        #expect(summary.traces.stateOfCharge[0].count == 96)
        #expect(near(summary.traces.stateOfCharge[0][95], 0.50095))
        #expect(summary.durationCurve.count == 96)
        #expect(near(summary.durationCurve[0].kilowatts, 40))
        #expect(summary.traces.marginalPrice.allSatisfy { $0 == nil })
    }

    @Test func keyFigureNamesAreUnique() {
        let names = summary.keyFigures.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(summary.keyFigures.allSatisfy { $0.value.isFinite })
    }
}

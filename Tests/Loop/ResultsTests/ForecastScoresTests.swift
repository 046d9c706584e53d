import Grid
import Results
import RunSamples
import Scheduling
import Simulator
import TestSupport
import Testing
import Timeline

/// Two days, planned anew every hour. The sun gives 50 kW on the first day and 70 kW on the second; 60 kW are
/// forecast. The house wants 100 kW; 110 kW are forecast.
@Suite struct ForecastScoresTests {
    private let run = SampleRun(steps: 192)
    private let summary: Summary

    init() {
        var summary = Summary(run.scenario)
        for var record in run.records() {
            if record.step >= 96 { record.potential[0] = Power(kilowatts: 70) }
            if record.step % 4 == 0 {
                let ahead = run.horizon.part(record.step..<min(record.step + 96, 192))
                record.offers = [
                    ForecastScoresTests.offer(0, ahead, lower: 0, upper: 60),
                    ForecastScoresTests.offer(5, ahead, lower: -110, upper: 0),
                    ForecastScoresTests.offer(6, ahead, lower: -500, upper: 500),
                ]
            }
            summary.add(record)
        }
        self.summary = summary
    }

    private static func offer(_ device: Int, _ ahead: Horizon, lower: Double, upper: Double) -> Offer {
        Offer(
            device: DeviceID(device), horizon: ahead, lower: ahead.map { _ in Power(kilowatts: lower) },
            upper: ahead.map { _ in Power(kilowatts: upper) }, cost: .free)
    }

    @Test func errorsAndSkillAreAsByHand() throws {
        for lead in [1, 3, 6, 12, 24] {
            let sun = try #require(
                summary.forecasts.scores.first { $0.quantity == .sun && $0.leadHours == lead })
            // The second day has a yesterday; each hour's issue has one step that ends `lead` hours later.
            #expect(sun.samples == 24)
            #expect(near(sun.mean.kilowatts, 70) && near(sun.bias.kilowatts, -10))
            #expect(near(sun.meanAbsoluteError.kilowatts, 10) && near(sun.rootMeanSquare.kilowatts, 10))
            #expect(near(sun.yesterday.kilowatts, 20) && near(sun.skill, 0.5))
            #expect(near(sun.normalised, 1.0 / 7))
            let load = try #require(
                summary.forecasts.scores.first { $0.quantity == .load && $0.leadHours == lead })
            #expect(near(load.bias.kilowatts, 10) && load.skill == nil && near(load.normalised, 0.1))
        }
    }

    /// Net: 110 − 60 is forecast, and no wind and water; 100 − 70 less wind and water is the truth.
    @Test func netIsLoadLessSunWindAndWater() throws {
        let records = run.records()
        let other = (records[100].potential[1] + records[100].potential[2]).kilowatts
        let net = try #require(summary.forecasts.scores.first { $0.quantity == .net && $0.leadHours == 1 })
        #expect(near(net.bias.kilowatts, 50 - (30 - other)))
    }

    @Test func aRunOfOneDayHasNoScores() {
        var summary = Summary(SampleRun().scenario)
        for record in SampleRun().records() { summary.add(record) }
        #expect(summary.forecasts.scores.isEmpty)
    }
}

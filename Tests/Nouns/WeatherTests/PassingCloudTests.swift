import TestSupport
import Testing
import Timeline
import Weather

/// Clouds at steps shorter than a quarter of an hour.
@Suite struct PassingCloudTests {
    private let place = Place(latitude: 27.06, longitude: 106.98, elevation: 1070)
    /// Changeable all year: about half of the clear sky's light.
    private let climatology = Climatology(
        months: (0..<12).map { _ in
            Climatology.Month(
                temperature: 15, temperatureRange: 8, globalHorizontal: 3800, turbidity: 3.8, windSpeed: 4,
                windShape: 2, riverFlow: 1, floodShare: 0.3)
        })

    private func light(step: Int, days: Int, seed: UInt64 = 1) -> [Double] {
        let start = CivilTime(iso8601: "2026-06-01")!.instant(offset: 8 * 3600)
        let horizon = Horizon(start: start, step: step, count: days * 86_400 / step)
        return WeatherSeries(climatology: climatology, place: place, horizon: horizon, seed: seed)
            .conditions.map(\.globalHorizontal)
    }

    private func means(of fine: [Double], by count: Int) -> [Double] {
        stride(from: 0, to: fine.count, by: count).map { fine[$0..<$0 + count].reduce(0, +) / Double(count) }
    }

    @Test(arguments: [60, 300]) func aQuarterOfAnHourKeepsItsLight(step: Int) {
        let (fine, quarters) = (light(step: step, days: 4), light(step: 900, days: 4))
        for (mean, quarter) in zip(means(of: fine, by: 900 / step), quarters) where quarter > 200 {
            // The clear sky bends within a quarter, and its brighter end may be the one in the sun.
            #expect(near(mean, quarter, relative: 0.03))
        }
        #expect(near(fine.reduce(0, +) * Double(step), quarters.reduce(0, +) * 900, relative: 2e-3))
    }

    /// Of a point, 99 % of the changes from minute to minute are below 30–60 % of the clear sky, and most
    /// minutes are calm.
    @Test func minutesHaveTheRampsOfPassingClouds() {
        let fine = light(step: 60, days: 20)
        // About noon, as a fraction of the brightest minute, which is hardly below the clear sky.
        let brightest = fine.max() ?? 0
        var ramps: [Double] = []
        for day in 0..<20 {
            for minute in 10 * 60..<15 * 60 {
                let at = day * 1440 + minute
                ramps.append(abs(fine[at + 1] - fine[at]) / brightest)
            }
        }
        ramps.sort()
        let share = { (part: Double) in ramps[Int(part * Double(ramps.count - 1))] }
        #expect(share(0.99) > 0.30 && share(0.99) < 0.60, "\(share(0.99))")
        #expect(share(0.5) < 0.05 && share(1) < 0.95)
    }

    @Test func aPartOfAHorizonHasTheSameClouds() {
        let whole = light(step: 60, days: 3)
        let start = CivilTime(iso8601: "2026-06-02T10:07")!.instant(offset: 8 * 3600)
        let horizon = Horizon(start: start, step: 60, count: 120)
        let part = WeatherSeries(climatology: climatology, place: place, horizon: horizon, seed: 1)
        let first = 1440 + 10 * 60 + 7
        for (own, other) in zip(part.conditions.map(\.globalHorizontal), whole[first...]) {
            #expect(near(own, other, relative: 1e-6))
        }
    }
}

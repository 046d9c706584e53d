import Glibc
import TestSupport
import Testing
import Timeline
import Weather

@Suite struct ClimatologyTests {
    let place = Place(latitude: 27.06, longitude: 106.98, elevation: 1070)

    /// A valley of cloudy springs and a river that swells in summer.
    let climatology = Climatology(
        months: (0..<12).map { month in
            let summer = [0.0, 0.1, 0.3, 0.5, 0.8, 1.0, 1.0, 0.9, 0.6, 0.4, 0.2, 0.0][month]
            return Climatology.Month(
                temperature: 5 + 19 * summer, temperatureRange: 7.5, globalHorizontal: 1500 + 2500 * summer,
                turbidity: 3.8, windSpeed: 5.4 - 1.2 * summer, windShape: 2, riverFlow: 0.5 + 3 * summer,
                floodShare: 0.3 + 0.3 * summer)
        })

    func series(_ start: String, step: Int, count: Int, seed: UInt64 = 2026) -> WeatherSeries {
        let start = CivilTime(iso8601: start)!.instant(offset: 8 * 3600)
        let horizon = Horizon(start: start, step: step, count: count)
        return WeatherSeries(climatology: climatology, place: place, horizon: horizon, seed: seed)
    }

    @Test(arguments: [2026, 7]) func aYearHasTheClimatologysMonths(seed: Int) {
        let year = series("2026-01-01", step: 900, count: 35_040, seed: UInt64(seed))
        for (number, month) in climatology.months.enumerated() {
            let steps = year.horizon.indices.filter {
                CivilTime(year.horizon[$0].start, offset: 8 * 3600).date.month == number + 1
            }
            let mean = { (quantity: (Conditions) -> Double) in
                steps.reduce(0) { $0 + quantity(year.conditions[$1]) } / Double(steps.count)
            }
            #expect(near(mean { $0.globalHorizontal * 24 }, month.globalHorizontal, relative: 0.01))
            #expect(near(mean { $0.airTemperature }, month.temperature, absolute: 0.2))
            #expect(near(mean { $0.windSpeed }, month.windSpeed, relative: 0.02))
            #expect(near(mean { $0.riverFlow }, month.riverFlow, relative: 0.05))
        }
        let river = year.conditions.reduce(0) { $0 + $1.riverFlow } / 35_040
        let days = [31.0, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        let usual = zip(climatology.months, days).reduce(0) { $0 + $1.0.riverFlow * $1.1 } / 365
        #expect(near(river, usual, relative: 0.02))
    }

    @Test func valuesAreLawful() {
        let year = series("2023-12-20", step: 3600, count: 9000)
        for (interval, given) in zip(year.horizon, year.conditions) {
            let numbers = [
                given.globalHorizontal, given.directNormal, given.diffuseHorizontal, given.airTemperature,
                given.windSpeed, given.riverFlow, given.pressure,
            ]
            #expect(numbers.allSatisfy { $0.isFinite })
            #expect(given.globalHorizontal >= 0 && given.directNormal >= 0 && given.diffuseHorizontal >= 0)
            #expect(given.windSpeed >= 0 && given.riverFlow >= 0)
            #expect(given.directNormal < given.extraterrestrial)
            let height = max(cos(given.sun.apparentZenith * .pi / 180), 0)
            #expect(
                near(
                    given.globalHorizontal, given.directNormal * height + given.diffuseHorizontal,
                    relative: 1e-6))
            if given.sun.zenith > 100 { #expect(given.globalHorizontal == 0, "\(interval.start)") }
        }
    }

    /// A day asked alone is the same day as within its year.
    @Test func anyPartIsTheSameWeather() {
        let year = series("2026-01-01", step: 900, count: 35_040)
        let day = series("2026-07-03", step: 900, count: 96)
        let offset = day.horizon.start.seconds(since: year.horizon.start) / 900
        for (step, given) in day.conditions.enumerated() {
            let same = year.conditions[offset + step]
            #expect(near(given.globalHorizontal, same.globalHorizontal, relative: 1e-6))
            #expect(near(given.windSpeed, same.windSpeed, relative: 1e-6))
            #expect(near(given.airTemperature, same.airTemperature, relative: 1e-6))
            #expect(near(given.riverFlow, same.riverFlow, relative: 1e-6))
        }
    }

    @Test func stepsOfAnyLengthAreTheSameWeather() {
        let hours = series("2026-05-01", step: 3600, count: 240)
        let minutes = series("2026-05-01", step: 60, count: 240 * 60)
        let light = { (series: WeatherSeries) in
            series.conditions.reduce(0) { $0 + $1.globalHorizontal } * series.horizon.stepHours
        }
        #expect(near(light(minutes), light(hours), relative: 0.01))
        for (hour, given) in hours.conditions.enumerated() {
            let within = minutes.conditions[(hour * 60)..<(hour * 60 + 60)]
            let wind = within.reduce(0) { $0 + $1.windSpeed } / 60
            #expect(near(wind, given.windSpeed, relative: 0.25, absolute: 0.5))
        }
    }

    @Test func seedsDiffer() {
        let (a, b) = (
            series("2026-07-01", step: 900, count: 96), series("2026-07-01", step: 900, count: 96, seed: 1)
        )
        #expect(a == series("2026-07-01", step: 900, count: 96))
        #expect(zip(a.conditions, b.conditions).allSatisfy { $0.windSpeed != $1.windSpeed })
    }

    /// Hour after hour alike, week after week not.
    @Test func windLastsForHours() {
        let wind = series("2026-01-01", step: 3600, count: 8760).conditions.map(\.windSpeed)
        #expect((0.8..<0.98).contains(correlation(wind, lag: 1)))
        #expect(abs(correlation(wind, lag: 24 * 7)) < 0.15)
        let mean = wind.reduce(0, +) / 8760
        let variance = wind.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 8760
        // A Weibull distribution of shape 2 has a coefficient of variation of 0.523.
        #expect((0.48..<0.60).contains(variance.squareRoot() / mean))
    }

    @Test func cloudsMakeClearAndDullDays() {
        let july = series("2026-07-01", step: 3600, count: 31 * 24).conditions
        let days = (0..<31).map { day in
            july[(day * 24)..<(day * 24 + 24)].reduce(0) { $0 + $1.globalHorizontal }
        }
        #expect(days.min()! < 2500 && days.max()! > 6000)
    }

    @Test func floodsRiseFasterThanTheyFall() {
        let river = series("2026-05-01", step: 3600, count: 24 * 153).conditions.map(\.riverFlow)
        let rises = zip(river, river.dropFirst()).count { $1 > $0 * 1.001 }
        let falls = zip(river, river.dropFirst()).count { $1 < $0 * 0.999 }
        #expect(falls > 4 * rises)
    }

    private func correlation(_ values: [Double], lag: Int) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return zip(values, values.dropFirst(lag)).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) } / variance
    }
}

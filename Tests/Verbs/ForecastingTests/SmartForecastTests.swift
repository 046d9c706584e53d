import Devices
import Forecasting
import Glibc
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline
import Weather

/// Known answers for processes whose best forecast is known.
@Suite struct SmartForecastTests {
    /// E(target) for an autoregression of order one with variance σ², correlation φ and lag h: the blend of
    /// persistence and climatology leaves σ²(1 − φ^2h). Keeping the index would leave 2σ²(1 − φ^h),
    /// climatology σ².
    @Test(arguments: [1, 3, 6, 24])
    func sunBlendsIndexAndItsMean(lead: Int) {
        let (phi, deviation) = (0.93, 0.1)
        let weather = fixedSun(hours: 8000)
        let clear = Solar.example.potential(under: weather.clearSky(at: 0)).value
        #expect(clear > 0)
        let path = autoregression(phi, count: weather.horizon.count)
        let truth = path.map { Power(clear * (0.6 + deviation * $0)) }
        let error = meanSquare(
            .solar(Solar.example), truth, weather: weather, lead: lead, unit: clear * deviation)
        let known = 1 - pow(phi, 2 * Double(lead))
        #expect(abs(error / known - 1) < 0.1, "\(error) against \(known)")
        #expect(error < min(2 * (1 - pow(phi, Double(lead))), 1) * 1.05)
    }

    @Test(arguments: [1, 6, 24])
    func windBlendsNormalScores(lead: Int) {
        let phi = 0.93
        let path = autoregression(phi, count: 8000)
        let truth = path.map { Power(1000 + 100 * $0) }
        let error = meanSquare(.wind(.example), truth, weather: nil, lead: lead, unit: 100)
        let known = 1 - pow(phi, 2 * Double(lead))
        #expect(abs(error / known - 1) < 0.1, "\(error) against \(known)")
    }

    /// The median of a lognormal power would be too low by e^(s²/2).
    @Test func windForecastsTheMeanNotTheMedian() {
        let path = autoregression(0.9, count: 8000)
        let truth = path.map { Power(100 * exp(0.7 * $0)) }
        var forecaster = forecaster([.wind(.example)], [truth])
        var (sum, real) = (0.0, 0.0)
        for step in 1000..<7900 {
            sum += forecaster.potential(of: DeviceID(0), over: step..<(step + 24))[23].value
            real += truth[step + 23].value
        }
        #expect(abs(sum / real - 1) < 0.05)
        #expect(100 * 6900 / real < 0.85)
    }

    @Test func waterFallsBackToItsMean() {
        // A day of 100 W by the first reading, and one of 300 W measured: their mean is 200 W.
        let truth = [Power(100)] + Array(repeating: Power(300), count: 71)
        var forecaster = forecaster([.hydro(.example)], [truth])
        let forecast = forecaster.potential(of: DeviceID(0), over: 24..<72).map(\.value)
        let mean = (24 * 100.0 + 100 + 23 * 300) / 48
        for (ahead, value) in forecast.enumerated() {
            #expect(near(value, mean + (300 - mean) * exp(-Double(ahead + 1) / 240)))
        }
    }

    /// Days of one kind are alike here: from the second week on nothing is left to err about.
    @Test func aLoadIsAsOnTheLastDayOfItsKind() {
        let zone = TimeZoneTable(name: "east", initialOffset: 8 * 3600, transitions: [])
        let monday = CivilTime(iso8601: "2026-06-01")!.instant(offset: 8 * 3600)
        let horizon = Horizon(start: monday, step: 3600, count: 21 * 24)
        let truth = horizon.map { interval in
            let time = zone.civil(interval.start)
            return Power(Double([100, 100, 100, 100, 100, 60, 40][time.date.weekday] + time.hour))
        }
        let load = Load(demand: truth, reactiveRatio: 0, valueOfLostLoad: EnergyCost(0.02))
        var smart = forecaster([.load(load)], [truth], horizon: horizon, zone: zone)
        for step in (7 * 24)..<(20 * 24) {
            #expect(
                smart.potential(of: DeviceID(0), over: step..<(step + 24)) == Array(truth[step..<(step + 24)])
            )
        }
        var persistence = forecaster(
            [.load(load)], [truth], horizon: horizon, zone: zone, method: .persistence)
        #expect(persistence.potential(of: DeviceID(0), over: 168..<169) == [Power(40)], "Monday by Sunday")
    }

    /// By the local clock: nothing shifts by an hour where clocks go forward, on Sunday, 29 March, or back.
    @Test(arguments: [("2026-03-16", 1774746000, 7200), ("2026-10-12", 1792890000, 3600)])
    func clocksMayChange(start: String, change: Int, offset: Int) {
        let before = offset == 7200 ? 3600 : 7200
        let zone = TimeZoneTable(
            name: "Europe/Berlin", initialOffset: before,
            transitions: [.init(at: Instant(secondsSinceEpoch: Int64(change)), offset: offset)])
        let horizon = Horizon(
            start: CivilTime(iso8601: start)!.instant(offset: before), step: 3600, count: 21 * 24)
        let truth = horizon.map { interval in
            let time = zone.civil(interval.start)
            return Power(time.date.weekday < 5 ? Double(100 + time.hour) : Double(50 + time.hour))
        }
        let load = Load(demand: truth, reactiveRatio: 0, valueOfLostLoad: EnergyCost(0.02))
        var forecaster = forecaster([.load(load)], [truth], horizon: horizon, zone: zone)
        for step in (7 * 24 + 1)..<(20 * 24) {
            #expect(
                forecaster.potential(of: DeviceID(0), over: step..<(step + 24))
                    == Array(truth[step..<(step + 24)]))
        }
    }

    /// A plant without any light, in steps longer and shorter than an hour.
    @Test(arguments: [60, 900, 7200])
    func polarNight(seconds: Int) {
        let horizon = Horizon(
            start: CivilTime(iso8601: "2026-12-20")!.instant(offset: 0), step: seconds,
            count: 2 * 86_400 / seconds)
        let place = Place(latitude: 84, longitude: 20, elevation: 0)
        let weather = WeatherSeries(
            place: place, horizon: horizon, windHeight: 10,
            conditions: horizon.map { conditions(place.sun(at: $0.start)) })
        let truth = horizon.map { _ in Power.zero }
        var forecaster = forecaster([.solar(.example)], [truth], weather: weather)
        let half = horizon.count / 2
        for step in [0, half] {
            #expect(
                forecaster.potential(of: DeviceID(0), over: step..<(step + half)) == Array(truth[..<half]))
        }
    }

    @Test func theLastHoursDeviationOfALoadFadesInTwoHours() {
        var truth = Array(repeating: Power(100), count: 96)
        for step in 44..<48 { truth[step] = Power(110) }
        let load = Load(
            demand: truth, reactiveRatio: 0, valueOfLostLoad: EnergyCost(0.02),
            expected: Array(repeating: Power(100), count: 96))
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 900, count: 96)
        var forecaster = forecaster([.load(load)], [truth], horizon: horizon)
        for (ahead, power) in forecaster.potential(of: DeviceID(0), over: 48..<96).enumerated() {
            #expect(near(power.value, 100 * (1 + 0.1 * exp(-Double(ahead + 1) / 8))))
        }
    }

    /// Without a shape the first day is as the last hour, and a kind that was not measured as any other.
    @Test func aLoadWithoutAShapeBeginsWithItsLastHour() {
        let truth = (0..<96).map { Power(100 + Double($0)) }
        let load = Load(demand: truth, reactiveRatio: 0, valueOfLostLoad: EnergyCost(0.02))
        var forecaster = forecaster([.load(load)], [truth])
        #expect(forecaster.potential(of: DeviceID(0), over: 0..<2) == [Power(100), Power(100)])
        let early = forecaster.potential(of: DeviceID(0), over: 5..<30)
        #expect(early.prefix(19) == Array(repeating: Power(104), count: 19)[...])
        #expect(early.suffix(6).prefix(5) == truth[..<5])
        // Saturday, 3 January, is as Friday, times the deviation of Friday's last hour from Thursday's.
        let deviation = 147.0 / 123 - 1
        for (ahead, power) in forecaster.potential(of: DeviceID(0), over: 48..<72).enumerated() {
            let known = truth[24 + ahead].value * (1 + deviation * exp(-Double(ahead + 1) / 2))
            #expect(near(power.value, known))
        }
    }

    @Test func aLoadsShapeIsKnownBeforeItIsMeasured() {
        let shape = (0..<48).map { Power(100 + Double($0)) }
        let load = Load(
            demand: shape, reactiveRatio: 0, valueOfLostLoad: EnergyCost(0.02), expected: Array(shape[..<24]))
        var forecaster = forecaster([.load(load)], [shape])
        #expect(forecaster.potential(of: DeviceID(0), over: 0..<24) == Array(shape[..<24]))
        // Friday repeats Thursday, the first day of 1970.
        #expect(forecaster.potential(of: DeviceID(0), over: 24..<48) == Array(shape[..<24]))
    }

    /// Before the first measurement the sun's index is 0.6, and it is dark where the clear sky is.
    @Test func theSunBeginsWithAnAssumedIndex() {
        let place = Place(latitude: 27, longitude: 107, elevation: 1000)
        let weather = realSun(at: place, days: 1)
        let truth = weather.conditions.map { Solar.example.potential(under: $0) }
        var forecaster = forecaster([.solar(.example)], [truth], horizon: weather.horizon, weather: weather)
        let forecast = forecaster.potential(of: DeviceID(0), over: 0..<96)
        for step in 0..<96 {
            let clear = Solar.example.potential(under: weather.clearSky(at: step))
            #expect(near(forecast[step].value, 0.6 * clear.value))
        }
        #expect(forecast.contains(.zero) && forecast.contains { $0 > .zero })
    }
}

extension SmartForecastTests {
    /// Mean squared error, in `unit`, of the step that ends `lead` steps after the issue, spin-up over.
    private func meanSquare(
        _ kind: Device.Kind, _ truth: [Power], weather: WeatherSeries?, lead: Int, unit: Double
    ) -> Double {
        var forecaster = forecaster([kind], [truth], weather: weather)
        let issues = 1500..<(truth.count - lead)
        return issues.reduce(0) { sum, step in
            let forecast = forecaster.potential(of: DeviceID(0), over: step..<(step + lead))
            let error = (forecast[lead - 1] - truth[step + lead - 1]).value / unit
            return sum + error * error
        } / Double(issues.count)
    }

    private func autoregression(_ kept: Double, count: Int) -> [Double] {
        var random = SplitMix64(seed: 12)
        func normal() -> Double {
            // The sum of twelve uniform numbers.
            (0..<12).reduce(-6.0) { sum, _ in sum + random.uniform() }
        }
        var state = normal()
        return (0..<count).map { _ in
            state = kept * state + (1 - kept * kept).squareRoot() * normal()
            return state
        }
    }
}

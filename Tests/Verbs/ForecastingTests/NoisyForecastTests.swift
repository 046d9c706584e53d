import Devices
import Forecasting
import Glibc
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline
import Weather

@Suite struct NoisyForecastTests {
    private func loads(_ count: Int) -> [Device.Kind] {
        let load = Load(demand: [Power(100)], reactiveRatio: 0, valueOfLostLoad: EnergyCost(0.02))
        return Array(repeating: .load(load), count: count)
    }

    private func horizon(_ count: Int, step: Int) -> Horizon {
        Horizon(start: Instant(secondsSinceEpoch: 0), step: step, count: count)
    }

    /// 1e5 independent days. The error a day ahead has the stated spread and no bias.
    @Test(arguments: [0.04, 0.25])
    func theErrorOfADayAheadIsAsStated(sigma: Double) {
        var settings = StatedErrors()
        (settings.load, settings.between, settings.within) = (sigma, 0, 0)
        let truth = Array(repeating: Array(repeating: Power(100), count: 8361), count: 12)
        var forecaster = forecaster(
            loads(12), truth, horizon: horizon(8361, step: 86_400), method: .noisy(settings))
        var ratios: [Double] = []
        for step in 0..<8360 {
            for device in 0..<12 {
                let forecast = forecaster.potential(of: DeviceID(device), over: step..<(step + 2))
                #expect(forecast[0] == Power(100), "exact at lead 0")
                ratios.append(forecast[1].value / 100)
            }
        }
        let mean = ratios.reduce(0, +) / Double(ratios.count)
        let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(ratios.count)
        #expect(ratios.count > 100_000)
        #expect(abs(mean - 1) < 0.003)
        #expect(abs(variance.squareRoot() / sigma - 1) < 0.02)
    }

    /// σ(h)² = σ² (1 − e^(−2h/12 h)) / (1 − e^(−4)).
    @Test func theErrorShrinksAsTheTargetComesNearer() {
        var settings = StatedErrors()
        (settings.load, settings.between, settings.within) = (0.1, 0, 0)
        let truth = Array(repeating: Array(repeating: Power(100), count: 60), count: 4000)
        var forecaster = forecaster(loads(4000), truth, method: .noisy(settings))
        for lead in [3, 12] {
            let squares = (0..<4000).map { device in
                let forecast = forecaster.potential(of: DeviceID(device), over: 0..<25)
                return pow(forecast[lead].value / 100 - 1, 2)
            }
            let known = 0.1 * ((1 - exp(-Double(lead) / 6)) / (1 - exp(-4))).squareRoot()
            let spread = (squares.reduce(0, +) / 4000).squareRoot()
            #expect(abs(spread / known - 1) < 0.05, "\(spread) against \(known) at \(lead) h")
        }
    }

    /// e^(−Δ/within) along the target, c between devices of one kind.
    @Test func errorsAreCorrelatedAsStated() {
        var settings = StatedErrors()
        (settings.load, settings.between, settings.within) = (0.2, 0.6, 86_400)
        let steps = 15_000
        let truth = Array(repeating: Array(repeating: Power(100), count: steps), count: 3)
        var forecaster = forecaster(
            loads(3), truth, horizon: horizon(steps, step: 43_200), method: .noisy(settings), seed: 5)
        let unit = log(1 + 0.2 * 0.2).squareRoot()
        // x, read back from the forecast one day ahead: ln(P̂/P) = s·x − s²/2.
        var series = Array(repeating: [Double](), count: 3)
        for step in 0..<(steps - 2) {
            for device in 0..<3 {
                let forecast = forecaster.potential(of: DeviceID(device), over: step..<(step + 3))
                series[device].append(log(forecast[2].value / 100) / unit + unit / 2)
            }
        }
        #expect(abs(correlation(series[0], series[1]) - 0.6) < 0.03)
        #expect(abs(correlation(series[1], series[2]) - 0.6) < 0.03)
        for lag in [1, 3] {
            let kept = correlation(Array(series[0].dropLast(lag)), Array(series[0].dropFirst(lag)))
            #expect(abs(kept - exp(-Double(lag) / 2)) < 0.03, "\(kept) at \(lag) steps")
        }
    }

    private func correlation(_ a: [Double], _ b: [Double]) -> Double {
        let (n, m) = (Double(a.count), (a.reduce(0, +), b.reduce(0, +)))
        var (ab, aa, bb) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            ab += (x - m.0 / n) * (y - m.1 / n)
            aa += (x - m.0 / n) * (x - m.0 / n)
            bb += (y - m.1 / n) * (y - m.1 / n)
        }
        return ab / (aa * bb).squareRoot()
    }

    @Test func nightStaysNightAndNoPlantExceedsItsRating() {
        let weather = realSun(at: .init(latitude: 27, longitude: 107, elevation: 1000), days: 2)
        let truth = weather.conditions.map { Solar.example.potential(under: $0) * 3 }
            .map { min($0, Solar.example.inverterCapacity) }
        var settings = StatedErrors()
        settings.solar = 0.5
        var forecaster = forecaster(
            [.solar(.example)], [truth], horizon: weather.horizon, method: .noisy(settings))
        let forecast = forecaster.potential(of: DeviceID(0), over: 0..<192)
        for (power, real) in zip(forecast, truth) {
            #expect((real == .zero) == (power == .zero))
            #expect(power <= Solar.example.inverterCapacity)
        }
        #expect(forecast.contains(Solar.example.inverterCapacity) && forecast != truth)
    }

    /// An error belongs to its target: from one issue to the next it keeps its sign and only shrinks.
    @Test func thereIsNoJumpBetweenIssues() {
        let truth = Array(repeating: Power(100), count: 48)
        var settings = StatedErrors()
        settings.load = 0.3
        var forecaster = forecaster(loads(1), [truth], method: .noisy(settings))
        let early = forecaster.potential(of: DeviceID(0), over: 0..<24)
        let late = forecaster.potential(of: DeviceID(0), over: 1..<24)
        for target in 1..<24 {
            #expect(abs(late[target - 1].value / early[target].value - 1) < 0.12)
        }
    }

    @Test func aDeviceMayStateItsOwnErrorAndOthersChangeNothing() {
        let truth = Array(repeating: Array(repeating: Power(100), count: 30), count: 3)
        var settings = StatedErrors()
        settings.own = ["1": 0]
        var three = forecaster(loads(3), truth, method: .noisy(settings))
        #expect(three.potential(of: DeviceID(1), over: 0..<30) == truth[1])
        #expect(three.potential(of: DeviceID(0), over: 0..<30) != truth[0])
        var one = forecaster(loads(1), [truth[0]], method: .noisy(settings))
        #expect(
            one.potential(of: DeviceID(0), over: 0..<30) == three.potential(of: DeviceID(0), over: 0..<30))
        var other = forecaster(loads(1), [truth[0]], method: .noisy(settings), seed: 2)
        #expect(
            one.potential(of: DeviceID(0), over: 0..<30) != other.potential(of: DeviceID(0), over: 0..<30))
    }
}

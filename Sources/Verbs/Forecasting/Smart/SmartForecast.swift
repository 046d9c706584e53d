import Grid
import Scheduling
import Timeline

/// Forecasts from what was measured, one model by kind of device: `SunForecast`, `WindForecast`,
/// `WaterForecast`, `LoadForecast`. What they assume before enough was measured is at the head of each file.
struct SmartForecast: ForecastModel {
    private var suns: [SunForecast] = []
    private var winds: [WindForecast] = []
    private var waters: [WaterForecast] = []
    private var loads: [LoadForecast] = []
    /// Index of each device among those of its source.
    private let places: [(source: ForecastErrors.Source, index: Int)?]
    private let days: DayTypes

    init(_ site: ForecastSite) {
        days = DayTypes(site.horizon, in: site.zone, holidays: site.holidays)
        var places: [(source: ForecastErrors.Source, index: Int)?] = []
        for (index, device) in site.devices.enumerated() {
            switch device.source {
            case .sun:
                places.append((.sun, suns.count))
                suns.append(
                    SunForecast(
                        clear: site.clearSky(of: DeviceID(index)), rating: device.rating ?? .zero,
                        step: site.horizon.step))
            case .wind:
                places.append((.wind, winds.count))
                winds.append(WindForecast(first: device.first, step: site.horizon.step))
            case .water:
                places.append((.water, waters.count))
                waters.append(WaterForecast(first: device.first, step: site.horizon.step))
            case .demand:
                places.append((.demand, loads.count))
                loads.append(LoadForecast(device, days, step: site.horizon.step))
            case nil: places.append(nil)
            }
        }
        self.places = places
    }

    mutating func measure(_ device: DeviceID, _ measured: ArraySlice<Power>) {
        guard let (source, index) = places[device.index] else { return }
        switch source {
        case .sun: for power in measured { suns[index].measure(power.value) }
        case .wind: for power in measured { winds[index].measure(power.value) }
        case .water: for power in measured { waters[index].measure(power.value) }
        case .demand: loads[index].measure(measured, days)
        }
    }

    mutating func forecast(of device: DeviceID, over steps: Range<Int>) -> [Power] {
        guard let (source, index) = places[device.index] else { return [] }
        return switch source {
        case .sun: suns[index].forecast(over: steps)
        case .wind: winds[index].forecast(over: steps)
        case .water: waters[index].forecast(over: steps)
        case .demand: loads[index].forecast(over: steps, days)
        }
    }
}

/// Steps of about one hour, in which indices are measured.
struct Block {
    /// Steps of a block.
    let steps: Int
    /// Blocks of two days, the longest lag.
    let lags: Int
    let stepsPerDay: Int

    init(step: Int) {
        steps = max(1, 3600 / step)
        lags = max(1, 172_800 / (steps * step))
        stepsPerDay = max(1, (86_400 + step - 1) / step)
    }

    /// Lag in blocks from the middle of the `steps` before `now` to the middle of `step`.
    func lag(from now: Int, to step: Int) -> Double {
        (Double(step - now) + 0.5 + Double(steps) / 2) / Double(steps)
    }
}

/// Weighted mean of the last 30 days. What was assumed at first counts as one of these days.
struct MonthMean {
    private var days: [(sum: Double, weight: Double)]
    private var today = (sum: 0.0, weight: 0.0)
    private var past: (sum: Double, weight: Double)
    private var next = 1
    private static let count = 30

    /// `sum` and `weight` of the day that is assumed.
    init(sum: Double, weight: Double) {
        days = Array(repeating: (0, 0), count: Self.count)
        days[0] = (sum, weight)
        past = (sum, weight)
    }

    mutating func add(_ sum: Double, weight: Double) {
        today.sum += sum
        today.weight += weight
    }

    mutating func endDay() {
        days[next] = today
        next = (next + 1) % Self.count
        today = (0, 0)
        past = days.reduce((0, 0)) { ($0.0 + $1.sum, $0.1 + $1.weight) }
    }

    /// Nil where all weights are zero.
    var value: Double? {
        let weight = past.weight + today.weight
        return weight > 0 ? (past.sum + today.sum) / weight : nil
    }
}

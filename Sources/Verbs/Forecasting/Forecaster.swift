public import Devices
public import Grid
public import Scheduling
public import Timeline
public import Weather

/// Makes offers from what is known at one moment. Batteries, gensets and the grid connection know their own
/// limits, and flexible demand knows what its use needs.
///
/// Times of issue must not fall: what was measured before the latest one is known.
public struct Forecaster: Sendable {
    /// The devices of the scenario.
    public let devices: [Device]
    /// All steps of the scenario.
    public let horizon: Horizon
    /// Potential of every device, one array a device and one value a step of `horizon`.
    public let truth: [[Power]]
    private let needsForecast: [Bool]
    private var model: any ForecastModel
    /// Steps whose measurements the model has.
    private var known = 0

    /// Creates a forecaster of a scenario. `weather` gives solar plants their clear sky, from the position of
    /// the sun; `zone` and `holidays` give days their type.
    public init(
        method: ForecastMethod, devices: [Device], horizon: Horizon, truth: [[Power]],
        weather: WeatherSeries? = nil, zone: TimeZoneTable = .utc, holidays: Set<CivilDate> = [],
        seed: UInt64 = 0
    ) {
        precondition(truth.count == devices.count && truth.allSatisfy { $0.count == horizon.count })
        precondition(weather == nil || weather?.horizon == horizon)
        self.devices = devices
        self.horizon = horizon
        self.truth = truth
        let site = ForecastSite(devices, horizon, truth, weather, zone, holidays, seed: seed)
        needsForecast = site.devices.map { $0.source != nil }
        model = method.make(site, truth)
    }

    /// Returns the offers of all devices for `steps` of the scenario, made at the beginning of them from the
    /// states then. The time is proportional to devices times steps. `steps` must lie within the scenario.
    public mutating func offers(over steps: Range<Int>, states: [DeviceState]) -> [Offer] {
        precondition(states.count == devices.count)
        learn(before: steps.lowerBound)
        let part = horizon.part(steps)
        let zeros = Array(repeating: Power.zero, count: steps.count)
        return devices.indices.map { index in
            devices[index].offer(
                as: DeviceID(index), over: part, firstStep: steps.lowerBound,
                potential: needsForecast[index]
                    ? forecast(of: DeviceID(index), over: steps)
                    : devices[index].flexible == nil ? [] : Array(truth[index][steps]),
                state: states[index], zeros: zeros)
        }
    }

    /// Returns the forecast of a device's potential at the beginning of `steps`, one value a step; the truth
    /// for a device that needs no forecast.
    public mutating func potential(of device: DeviceID, over steps: Range<Int>) -> [Power] {
        precondition(steps.lowerBound >= 0 && steps.upperBound <= horizon.count)
        guard needsForecast[device.index] else { return Array(truth[device.index][steps]) }
        learn(before: steps.lowerBound)
        return forecast(of: device, over: steps)
    }

    private mutating func forecast(of device: DeviceID, over steps: Range<Int>) -> [Power] {
        let forecast = model.forecast(of: device, over: steps)
        precondition(forecast.count == steps.count)
        var wrong = 0
        for power in forecast where !(power.value >= 0 && power.value < .infinity) { wrong += 1 }
        precondition(wrong == 0, "a forecast is negative or not finite")
        return forecast
    }

    private mutating func learn(before step: Int) {
        precondition(step >= known, "a forecast cannot be made before an earlier one")
        guard step > known else { return }
        for index in devices.indices where needsForecast[index] {
            model.measure(DeviceID(index), truth[index][known..<step])
        }
        known = step
    }
}

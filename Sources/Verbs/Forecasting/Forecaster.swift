public import Devices
public import Grid
public import Scheduling
public import Timeline

// Persistence forecasts what was last measured. For solar plants and loads that is the value of the same time
// of day on the last measured day: with D steps in a day and the horizon beginning at step k,
//
//     forecast(j) = truth(j − mD),   m the least number of days with j − mD < k.
//
// For wind and water it is the mean of the last step, truth(k − 1), over the whole horizon. What was not yet
// measured when the scenario began (the first day of sun and loads, the first step of wind and water) is
// forecast as it will be; these first steps of a run do not count in a comparison. A plant knows what it
// could have given, curtailed or not. Days have 24 hours: where clocks change, a load's shape lags for one
// day.

/// Makes offers from what is known at one moment. Batteries, gensets and the grid connection know their own
/// limits.
public struct Forecaster: Sendable {
    /// The method of the forecasts.
    public let method: ForecastMethod
    /// The devices of the scenario.
    public let devices: [Device]
    /// All steps of the scenario.
    public let horizon: Horizon
    /// Potential of every device, one array a device and one value a step of `horizon`.
    public let truth: [[Power]]
    private let stepsPerDay: Int

    /// Creates a forecaster of a scenario.
    public init(method: ForecastMethod, devices: [Device], horizon: Horizon, truth: [[Power]]) {
        precondition(truth.count == devices.count && truth.allSatisfy { $0.count == horizon.count })
        self.method = method
        self.devices = devices
        self.horizon = horizon
        self.truth = truth
        stepsPerDay = (86_400 + horizon.step - 1) / horizon.step
    }

    /// Returns the offers of all devices for `steps` of the scenario, made at the beginning of them from the
    /// states then. The time is proportional to devices times steps. `steps` must lie within the scenario.
    public func offers(over steps: Range<Int>, states: [DeviceState]) -> [Offer] {
        precondition(states.count == devices.count)
        let part = horizon.part(steps)
        return devices.indices.map { index in
            devices[index].offer(
                as: DeviceID(index), over: part, firstStep: steps.lowerBound,
                potential: potential(of: DeviceID(index), over: steps), state: states[index])
        }
    }

    /// Returns the forecast of a device's potential at the beginning of `steps`, one value a step.
    public func potential(of device: DeviceID, over steps: Range<Int>) -> [Power] {
        let truth = truth[device.index]
        precondition(steps.lowerBound >= 0 && steps.upperBound <= truth.count)
        switch (method, devices[device.index].kind) {
        case (.persistence, .solar), (.persistence, .load):
            return lastDay(of: truth, over: steps)
        case (.persistence, .wind), (.persistence, .hydro):
            guard steps.lowerBound > 0 else { return Array(truth[steps]) }
            return Array(repeating: truth[steps.lowerBound - 1], count: steps.count)
        default:
            return Array(truth[steps])
        }
    }

    private func lastDay(of truth: [Power], over steps: Range<Int>) -> [Power] {
        var measured = steps.lowerBound - stepsPerDay
        return steps.map { step in
            if measured == steps.lowerBound { measured -= stepsPerDay }
            defer { measured += 1 }
            return measured >= 0 ? truth[measured] : truth[step]
        }
    }
}

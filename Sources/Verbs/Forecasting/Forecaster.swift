public import Devices
public import Grid
public import Scheduling
public import Timeline

// Persistence believes what was last measured. For the sun and for loads, whose days have a shape, that is
// the value of the same time of day on the last measured day: with D steps in a day and the horizon beginning
// at step k,
//
//     believed(j) = truth(j − mD),   m the least number of days with j − mD < k.
//
// For wind and water it is the mean of the last step, truth(k − 1), over the whole horizon. What was not yet
// measured when the scenario began (the first day of sun and loads, the first step of wind and water) is
// believed as it will be: the spin-up of a run, not to be judged. A plant knows what it could have given,
// curtailed or not. Days are of 24 hours: where clocks change, a load's shape lags them for one day.

/// Makes offers out of what is known at one moment. Batteries, gensets and the grid connection know
/// themselves.
public struct Forecaster: Sendable {
    public let method: ForecastMethod
    public let devices: [Device]
    /// The whole scenario.
    public let horizon: Horizon
    /// `Device.potential`, one array a device, one value a step of `horizon`.
    public let truth: [[Power]]
    private let stepsPerDay: Int

    public init(method: ForecastMethod, devices: [Device], horizon: Horizon, truth: [[Power]]) {
        precondition(truth.count == devices.count && truth.allSatisfy { $0.count == horizon.count })
        self.method = method
        self.devices = devices
        self.horizon = horizon
        self.truth = truth
        stepsPerDay = (86_400 + horizon.step - 1) / horizon.step
    }

    /// What every device offers for `steps` of the scenario, decided at their begin, from its state then.
    /// Costs time in proportion to devices times steps. `steps` must lie within the scenario.
    public func offers(over steps: Range<Int>, states: [DeviceState]) -> [Offer] {
        precondition(states.count == devices.count)
        let part = horizon.part(steps)
        return devices.indices.map { index in
            devices[index].offer(
                as: DeviceID(index), over: part, firstStep: steps.lowerBound,
                potential: potential(of: DeviceID(index), over: steps), state: states[index])
        }
    }

    /// What `device` believes at the begin of `steps` it could do in each of them: one value a step.
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

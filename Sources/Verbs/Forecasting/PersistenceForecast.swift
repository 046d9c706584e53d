import Grid
import Scheduling

/// The true potential.
struct PerfectForecast: ForecastModel {
    let truth: [[Power]]

    func measure(_ device: DeviceID, _ measured: ArraySlice<Power>) {}

    func forecast(of device: DeviceID, over steps: Range<Int>) -> [Power] {
        Array(truth[device.index][steps])
    }
}

// Persistence forecasts what was last measured. For solar plants and loads that is the value of the same time
// of day on the last measured day: with D steps in a day and the horizon beginning at step k,
//
//     forecast(j) = truth(j − mD),   m the least number of days with j − mD < k.
//
// For wind and water it is the mean of the last step, truth(k − 1), over the whole horizon. What was not yet
// measured when the scenario began (the first day of sun and loads, the first step of wind and water) is
// forecast as it will be; these first steps of a run do not count in a comparison. Days have 24 hours: where
// clocks change, a load's shape lags for one day.

struct PersistenceForecast: ForecastModel {
    private let truth: [[Power]]
    private let repeatsDays: [Bool]
    private let stepsPerDay: Int

    init(_ site: ForecastSite, truth: [[Power]]) {
        self.truth = truth
        repeatsDays = site.devices.map { $0.source == .sun || $0.source == .demand }
        stepsPerDay = site.stepsPerDay
    }

    func measure(_ device: DeviceID, _ measured: ArraySlice<Power>) {}

    func forecast(of device: DeviceID, over steps: Range<Int>) -> [Power] {
        let truth = truth[device.index]
        if repeatsDays[device.index] { return lastDay(of: truth, over: steps) }
        guard steps.lowerBound > 0 else { return Array(truth[steps]) }
        return Array(repeating: truth[steps.lowerBound - 1], count: steps.count)
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

import Devices
public import Grid
import Scheduling
import Simulator
import Timeline

/// Errors of the forecasts of a run, by what was forecast and by lead.
///
/// Each plan brings offers made at the beginning of a step k. A lead of h hours is that of the step that ends
/// h hours after it. Its error is forecast − truth of the power of all devices of one kind, curtailed or not.
/// Beside it stands the error of yesterday's value, the truth of one day before the same step, known at the
/// same time. Steps of the first day have none, and do not count; nor do, for the sun, steps in whose middle
/// it is below the horizon. The memory does not grow with the run.
public struct ForecastScores: Sendable {
    /// What is forecast: kinds of devices, and the demand that sun, wind and water do not cover.
    public enum Quantity: String, Hashable, Sendable, CaseIterable {
        /// One case each.
        case sun, wind, water, load, net

        fileprivate var index: Int {
            switch self {
            case .sun: 0
            case .wind: 1
            case .water: 2
            case .load: 3
            case .net: 4
            }
        }

        fileprivate init?(_ kind: DeviceKind) {
            switch kind {
            case .solar: self = .sun
            case .wind: self = .wind
            case .hydro: self = .water
            case .load: self = .load
            case .battery, .genset, .flexible, .grid: return nil
            }
        }
    }

    /// The errors of one quantity at one lead.
    public struct Score: Hashable, Sendable {
        /// What was forecast.
        public let quantity: Quantity
        /// Hours from the issue to the end of the step.
        public let leadHours: Int
        /// Number of forecasts.
        public fileprivate(set) var samples = 0
        fileprivate var truth = 0.0
        fileprivate var error = 0.0
        fileprivate var absolute = 0.0
        fileprivate var squared = 0.0
        fileprivate var squaredYesterday = 0.0

        fileprivate init(_ quantity: Quantity, _ leadHours: Int) {
            (self.quantity, self.leadHours) = (quantity, leadHours)
        }

        /// Mean of the absolute truth.
        public var mean: Power { Power(truth / Double(samples)) }
        /// Mean of forecast − truth: positive where too much was forecast.
        public var bias: Power { Power(error / Double(samples)) }
        /// Mean absolute error.
        public var meanAbsoluteError: Power { Power(absolute / Double(samples)) }
        /// Root of the mean squared error.
        public var rootMeanSquare: Power { Power((squared / Double(samples)).squareRoot()) }
        /// Root of the mean squared error of yesterday's value.
        public var yesterday: Power { Power((squaredYesterday / Double(samples)).squareRoot()) }
        /// `rootMeanSquare` as a fraction of `mean`; nil where that is zero.
        public var normalised: Double? { truth > 0 ? rootMeanSquare / mean : nil }
        /// 1 − the error's root mean square / that of yesterday's value: 1 is perfect, 0 no better than
        /// yesterday's value. Nil where that had no error.
        public var skill: Double? { squaredYesterday > 0 ? 1 - rootMeanSquare / yesterday : nil }
    }

    private static let hours = [1, 3, 6, 12, 24]

    private let quantities: [Quantity?]
    /// Those of at least one device, and net.
    private let present: [Quantity]
    /// Steps of each lead.
    private let leads: [Int]
    private var all: [Score]
    /// Forecasts by lead, by target step modulo the lead's steps.
    private var pending: [[Totals?]]
    /// Truth of the last day, by step modulo its steps.
    private var day: [Totals?]
    private typealias Totals = SIMD8<Double>

    init(_ devices: [Device], step: Int) {
        let quantities = devices.map { Quantity($0.deviceKind) }
        self.quantities = quantities
        present = Quantity.allCases.filter { $0 == .net || quantities.contains($0) }
        let whole = Self.hours.filter { $0 * 3600 % step == 0 }
        leads = whole.map { $0 * 3600 / step }
        all = whole.flatMap { hours in Quantity.allCases.map { Score($0, hours) } }
        pending = leads.map { Array(repeating: nil, count: $0) }
        day = Array(repeating: nil, count: (86_400 + step - 1) / step)
    }

    /// What was forecast at least once, by quantity and lead.
    public var scores: [Score] {
        all.filter { $0.samples > 0 }.sorted {
            ($0.quantity.index, $0.leadHours) < ($1.quantity.index, $1.leadHours)
        }
    }

    /// `isDay`: whether the sun is above the horizon in the middle of the step.
    mutating func add(_ record: Record, isDay: Bool) {
        for (lead, steps) in leads.enumerated() {
            let target = record.step + steps - 1
            pending[lead][target % steps] = forecast(record.offers, at: steps - 1)
        }
        var truth = Totals.zero
        for (index, quantity) in quantities.enumerated() {
            if let quantity { truth[quantity.index] += record.potential[index].value }
        }
        truth = withNet(truth)
        if let yesterday = day[record.step % day.count] {
            for (lead, steps) in leads.enumerated() {
                guard let forecast = pending[lead][record.step % steps] else { continue }
                for quantity in present where isDay || quantity != .sun {
                    all[lead * Quantity.allCases.count + quantity.index].add(
                        forecast[quantity.index], truth[quantity.index], yesterday[quantity.index])
                }
            }
        }
        day[record.step % day.count] = truth
    }

    /// Forecast by quantity in a step of the offers; nil where they do not reach it.
    private func forecast(_ offers: [Offer], at step: Int) -> Totals? {
        guard let first = offers.first, step < first.horizon.count else { return nil }
        var totals = Totals.zero
        for offer in offers {
            guard let quantity = quantities[offer.device.index] else { continue }
            totals[quantity.index] +=
                quantity == .load ? -offer.lower[step].value : offer.upper[step].value
        }
        return withNet(totals)
    }

    private func withNet(_ totals: Totals) -> Totals {
        var totals = totals
        totals[Quantity.net.index] = totals[3] - totals[0] - totals[1] - totals[2]
        return totals
    }
}

extension ForecastScores.Score {
    fileprivate mutating func add(_ forecast: Double, _ truth: Double, _ yesterday: Double) {
        samples += 1
        self.truth += abs(truth)
        error += forecast - truth
        absolute += abs(forecast - truth)
        squared += (forecast - truth) * (forecast - truth)
        squaredYesterday += (yesterday - truth) * (yesterday - truth)
    }
}

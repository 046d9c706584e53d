import Devices
import Foundation
import Grid
import Planning
import Results
import Simulator
import Timeline

/// All numbers the page's charts draw.
struct ChartData: Encodable {
    /// Seconds since 1970-01-01T00:00:00Z.
    let start: Int64
    let step: Int
    let count: Int
    /// From step `at` on, local clocks are `offset` seconds ahead of UTC.
    let offsets: [Offset]
    let limits: [Double]
    let powers: [String: Series]
    let demand: Series
    let voltage: [Series]
    /// Lowest and highest voltage of each phase, and largest unbalance in %; empty in a balanced network.
    let phaseVoltage: [Series]
    let unbalance: [Series]
    let stateOfCharge: [Named]
    let importPrice: Series
    let marginalPrice: Series
    /// Of each area of the plans.
    let areaPrices: [Named]
    let months: [String]
    /// MWh by month; what is taken is negative.
    let energy: [String: [Double]]
    /// kW, greatest first, at equal distances from 0 to 100 % of the time.
    let durationDemand: [Double]
    let durationNet: [Double]
    let weeks: [Week]

    struct Offset: Encodable {
        let at: Int
        let offset: Int
    }

    struct Named: Encodable {
        let name: String
        let series: Series
    }

    /// Whole numbers in units of 1/`scale`, as differences from value to value: none is left out, a missing
    /// value is `x`. Long quiet stretches cost one byte a step.
    struct Series: Encodable {
        let scale: Double
        let differences: String

        init(_ values: some Sequence<Double?>, scale: Double) {
            self.scale = scale
            var bytes: [UInt8] = []
            var last = 0
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(44) }
                guard let value, value.isFinite, abs(value) < 1e12 else {
                    bytes.append(contentsOf: "x".utf8)
                    continue
                }
                let whole = Int((value * scale).rounded())
                if whole != last { bytes.append(contentsOf: String(whole - last).utf8) }
                last = whole
            }
            differences = String(decoding: bytes, as: UTF8.self)
        }
    }

    init(_ summary: Summary) {
        let scenario = summary.scenario
        let traces = summary.traces
        let horizon = traces.horizon
        start = horizon.start.secondsSinceEpoch
        step = horizon.step
        count = traces.count
        offsets = Self.offsets(summary)
        let bounds = scenario.network.buses.map(\.limits)
        limits = [bounds.map(\.lowerBound).max() ?? 0, bounds.map(\.upperBound).min() ?? 2]
        powers = Dictionary(
            uniqueKeysWithValues: DeviceKind.allCases.filter { $0 != .load }.compactMap { kind in
                let power = traces.power(of: kind)
                guard power.contains(where: { $0 != .zero }) else { return nil }
                return (kind.rawValue, Series(power.map { $0.kilowatts }, scale: 10))
            })
        demand = Series(traces.power(of: .load).map { -$0.kilowatts }, scale: 10)
        voltage = [traces.lowestVoltage, traces.meanVoltage, traces.highestVoltage].map {
            Series($0, scale: 1e5)
        }
        phaseVoltage = (summary.feeder?.phases ?? []).flatMap { [$0.lowestSeries, $0.highestSeries] }.map {
            Series($0, scale: 1e5)
        }
        unbalance =
            summary.feeder.map {
                [Series($0.unbalanceSeries.map { $0.map { 100 * $0 } }, scale: 1e4)]
            } ?? []
        let batteries = scenario.devices.filter { $0.storeCapacity != nil }.map(\.name)
        stateOfCharge = zip(batteries, traces.stateOfCharge).map {
            Named(name: $0, series: Series($1.map { $0 * 100 }, scale: 10))
        }
        importPrice = Series(traces.importPrice.map(\.yuanPerKilowattHour), scale: 1e4)
        marginalPrice = Series(traces.marginalPrice.map { $0?.yuanPerKilowattHour }, scale: 1e4)
        areaPrices = zip(scenario.planning.rules.areas?.names ?? [], traces.areaPrices).map {
            Named(name: $0, series: Series($1.map { $0?.yuanPerKilowattHour }, scale: 1e4))
        }
        months = summary.months.map(\.description)
        energy = Self.energy(summary)
        durationDemand = Self.sampled(traces.demand.sorted(by: >))
        durationNet = Self.sampled(summary.durationCurve)
        weeks = Week.chosen(from: summary)
    }

    private static func offsets(_ summary: Summary) -> [Offset] {
        let (zone, horizon) = (summary.scenario.zone, summary.traces.horizon)
        var found: [Offset] = []
        for step in horizon.indices {
            let offset = zone.offset(at: horizon[step].start)
            if found.last?.offset != offset { found.append(Offset(at: step, offset: offset)) }
        }
        return found
    }

    private static func energy(_ summary: Summary) -> [String: [Double]] {
        func column(_ value: (Int) -> Energy, sign: Double = 1) -> [Double] {
            summary.months.indices.map { (sign * value($0).value / 1e3).rounded() / 1e3 }
        }
        var columns: [String: [Double]] = [:]
        for kind in DeviceKind.allCases where kind != .load {
            columns[kind.rawValue] = column { summary.tally(of: kind, month: $0).given }
        }
        columns["load"] = column({ summary.tally(of: .load, month: $0).taken }, sign: -1)
        columns["moved"] = column({ summary.tally(of: .flexible, month: $0).taken }, sign: -1)
        columns["charge"] = column({ summary.tally(of: .battery, month: $0).taken }, sign: -1)
        columns["export"] = column({ summary.tally(of: .grid, month: $0).taken }, sign: -1)
        columns["losses"] = column({ summary.losses[$0] }, sign: -1)
        return columns.filter { $0.value.contains { $0 != 0 } }
    }

    private static func sampled(_ sorted: [Power], points: Int = 401) -> [Double] {
        guard let last = sorted.indices.last else { return [] }
        return (0..<points).map { (sorted[$0 * last / (points - 1)].value / 100).rounded() / 10 }
    }
}

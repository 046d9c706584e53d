import Grid
public import Market
public import Scheduling
import Settlement
public import Timeline

/// The highest import of the month so far, as the meter of the grid connection registers it for the bill.
///
/// What a plan, a lower bound and the bill pay for it follows from the same register and the same intervals.
public struct PeakRegister: Sendable {
    private let demand: Tariff.Demand?
    private let zone: TimeZoneTable
    private let partialMonths: Terms.PartialMonths
    private let growth: PriceGrowth?
    private var month: CivilMonth?
    private var register = DemandRegister()
    /// Simulated time.
    private let start, end: Instant

    /// Creates a register of a connection of `map` in the first month, with what was metered before the first
    /// step.
    public init(_ map: PlantMap, of connection: PlantMap.Connection) {
        demand = connection.demandCharge
        zone = map.zone
        partialMonths = map.partialMonths
        growth = map.growth
        (start, end) = (map.horizon.start, map.horizon.end)
        guard connection.peakSoFar > 0 else { return }
        month = CivilMonth(of: zone.civil(start).date)
        register = DemandRegister(soFar: connection.peakSoFar)
    }

    /// Takes a reading of the connection's meter.
    public mutating func add(_ imported: WattHours, over interval: Interval) {
        guard let demand else { return }
        let begin = zone.civil(interval.start)
        let period = CivilMonth(of: begin.date)
        if month != period { (month, register) = (period, DemandRegister()) }
        register.add(imported, over: interval, at: begin, mean: demand.interval)
    }

    /// Returns the charge as far as a plan from `horizon.start` on can still change it; nil where the tariff
    /// has none. It is that of the billed days of each month.
    ///
    /// `shared`: the price is multiplied by (length of the horizon) / (time left in the month or the run).
    public func charge(on connection: Int, over horizon: Horizon, shared: Bool) -> DemandCharge? {
        guard let demand, horizon.count > 0 else { return nil }
        var intervals = Intervals(register.clock, of: month)
        for step in horizon.indices {
            intervals.add(horizon[step], at: zone.civil(horizon[step].start), demand.interval)
        }
        let firsts = intervals.firsts
        let months = firsts.indices.map { k in
            let last = k + 1 < firsts.count ? firsts[k + 1].step : horizon.count
            let period = firsts[k].month
            let part = partialMonths.billed(period, from: start, to: end, in: zone)
            let share = shared ? share(of: firsts[k].step..<last, in: horizon) : 1
            return DemandCharge.Month(
                first: firsts[k].step,
                price: Double(demand.grown(by: growth?.factor(in: period) ?? 1).price.fen) / 100_000
                    * part.fraction * share,
                soFar: k == 0 && period == month
                    ? Power(Double(register.completed(demand.interval))) : .zero)
        }
        return DemandCharge(
            offer: connection, months: months, parts: intervals.parts, begun: begun(intervals))
    }

    /// Highest mean import of the month of a step as it is metered before it, and the intervals of the meter
    /// that the step shares; nil without a charge. `parts` and `begun` are as in `DemandCharge`.
    func standing(before step: Interval) -> (soFar: Power, parts: [DemandCharge.Part], begun: Power)? {
        guard let demand else { return nil }
        let begin = zone.civil(step.start)
        var intervals = Intervals(register.clock, of: month)
        intervals.add(step, at: begin, demand.interval)
        let isOfMonth = CivilMonth(of: begin.date) == month
        return (
            isOfMonth ? Power(Double(register.completed(demand.interval))) : .zero,
            intervals.parts.first ?? [], begun(intervals)
        )
    }

    /// Import metered in the interval under way, as its part of that interval's mean.
    private func begun(_ intervals: Intervals) -> Power {
        guard intervals.isContinued, intervals.seconds[0] > 0 else { return .zero }
        return Power(register.underWay * 3600 / Double(intervals.seconds[0]))
    }

    /// Returns the length of `steps`, all of one month, divided by the time from their begin to the end of
    /// the month or the run.
    private func share(of steps: Range<Int>, in horizon: Horizon) -> Double {
        let from = horizon[steps.lowerBound].start
        let begin = zone.civil(from)
        let days = CivilDate.days(inMonth: begin.date.month, year: begin.date.year)
        let ofMonth = (days - begin.date.day + 1) * 86_400 - begin.secondOfDay
        let left = max(min(ofMonth, end.seconds(since: from)), 1)
        return min(Double(steps.count * horizon.step) / Double(left), 1)
    }
}

/// The demand intervals of the steps of a horizon.
private struct Intervals {
    /// First step of each month within the horizon.
    private(set) var firsts: [(step: Int, month: CivilMonth)] = []
    /// Metered and planned seconds of each interval; the first is the one under way when the horizon begins.
    private(set) var seconds: [Int]
    /// Whether the first step is still of the interval under way.
    private(set) var isContinued = false
    private var pieces: [[(interval: Int, seconds: Int)]] = []
    private var clock: DemandClock
    private let month: CivilMonth?

    init(_ clock: DemandClock, of month: CivilMonth?) {
        (self.clock, self.month) = (clock, month)
        seconds = [clock.seconds]
    }

    mutating func add(_ step: Interval, at begin: CivilTime, _ length: Int) {
        let period = CivilMonth(of: begin.date)
        if period != firsts.last?.month {
            if !firsts.isEmpty || period != month { clock = DemandClock() }
            firsts.append((pieces.count, period))
        }
        let own = clock.parts(of: step, at: begin, length: length).map { part in
            if part.begins { seconds.append(0) }
            seconds[seconds.count - 1] += part.seconds
            return (seconds.count - 1, part.seconds)
        }
        if pieces.isEmpty { isContinued = own[0].0 == 0 }
        pieces.append(own)
    }

    /// As `DemandCharge.parts`: intervals that a step has for itself are one, for their means are equal.
    var parts: [[DemandCharge.Part]] {
        let parts = pieces.map { pieces in
            var parts: [DemandCharge.Part] = []
            for piece in pieces {
                let part = DemandCharge.Part(
                    interval: piece.interval,
                    share: Double(piece.seconds) / Double(seconds[piece.interval]))
                if part.share == 1, parts.last?.share == 1 { continue }
                parts.append(part)
            }
            return parts
        }
        return parts.allSatisfy { $0.count == 1 && $0[0].share == 1 } ? [] : parts
    }
}

import Grid
import Market
import Scheduling
import Settlement
import Timeline

/// The highest import of the month so far, as the meter of the grid connection registers it for the bill.
struct PeakRegister {
    private let demand: Tariff.Demand?
    private let zone: TimeZoneTable
    private var month: CivilMonth?
    private var register = DemandRegister()
    /// End of the simulated time.
    private let end: Instant

    init(_ map: PlantMap) {
        demand = map.demandCharge
        zone = map.zone
        end = map.horizon.end
    }

    mutating func add(_ imported: WattHours, over interval: Interval) {
        guard let demand else { return }
        let begin = zone.civil(interval.start)
        let period = CivilMonth(of: begin.date)
        if month != period { (month, register) = (period, DemandRegister()) }
        register.add(imported, over: interval, at: begin, mean: demand.interval)
    }

    /// Returns the charge as far as a plan from `horizon.start` on can still change it; nil where the tariff
    /// has none.
    ///
    /// `shared`: the price is multiplied by (length of the horizon) / (time left in the month or the run).
    func charge(on connection: Int, over horizon: Horizon, shared: Bool) -> DemandCharge? {
        guard let demand, horizon.count > 0 else { return nil }
        let firsts = monthBegins(horizon)
        let months = firsts.indices.map { k in
            let last = k + 1 < firsts.count ? firsts[k + 1] : horizon.count
            let start = horizon[firsts[k]].start
            let begin = zone.civil(start)
            let days = CivilDate.days(inMonth: begin.date.month, year: begin.date.year)
            let ofMonth = (days - begin.date.day + 1) * 86_400 - begin.secondOfDay
            let left = max(min(ofMonth, end.seconds(since: start)), 1)
            let share = Double((last - firsts[k]) * horizon.step) / Double(left)
            let isUnderWay = k == 0 && month == CivilMonth(of: begin.date)
            return DemandCharge.Month(
                first: firsts[k],
                price: Double(demand.price.fen) / 100_000 * (shared ? min(share, 1) : 1),
                soFar: isUnderWay ? Power(Double(register.completed(demand.interval))) : .zero)
        }
        let mean = max(demand.interval / horizon.step, 1)
        let isUnderWay = month == CivilMonth(of: zone.civil(horizon.start).date)
        let (energy, seconds) = isUnderWay ? register.underWay : (.zero, 0)
        let begun = seconds < demand.interval ? seconds / horizon.step : 0
        return DemandCharge(
            offer: connection, months: months, stepsPerMean: mean, begunSteps: min(begun, mean - 1),
            begunImport: begun > 0 ? Power(Double(energy.count) / horizon.stepHours) : .zero)
    }

    /// Returns the steps with which a month begins, the first step among them.
    private func monthBegins(_ horizon: Horizon) -> [Int] {
        func month(_ step: Int) -> CivilMonth { CivilMonth(of: zone.civil(horizon[step].start).date) }
        guard month(0) != month(horizon.count - 1) else { return [0] }
        return [0] + horizon.indices.dropFirst().filter { month($0) != month($0 - 1) }
    }
}

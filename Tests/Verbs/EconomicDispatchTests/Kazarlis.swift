import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

/// The ten units of Kazarlis, Bakirtzis & Petridis (1996), read from the benchmark's data.
struct Kazarlis {
    /// Each row of units, `copies` times; demand as often.
    static func problem(copies: Int = 1, hours: Int = 24, reserve: Double = 0.1) throws -> DispatchProblem {
        let units = try GoldenTable("dispatch/uc_units").numbers
        let demand = try GoldenTable("dispatch/uc_demand").numbers.prefix(hours).map {
            $0[0] * Double(copies)
        }
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: hours)
        var offers = (0..<copies).flatMap { _ in units }.enumerated().map { unit($1, $0, horizon) }
        offers.append(
            Offer(
                device: DeviceID(offers.count), horizon: horizon, lower: demand.map { Power($0 * -1e6) },
                upper: demand.map { Power($0 * -1e6) }, cost: Cost(constant: EnergyCost(1e-3))))
        var requirements = Requirements()
        requirements.spinning = SpinningReserve(
            required: demand.map { Power($0 * 1e6 * reserve) }, providers: Array(0..<offers.count - 1),
            hours: 1)
        return DispatchProblem(horizon: horizon, offers: offers, requirements: requirements)
    }

    private static func unit(_ row: [Double], _ place: Int, _ horizon: Horizon) -> Offer {
        let price = EnergyCost(row[3] / 1e6)
        return Offer(
            device: DeviceID(place), horizon: horizon, lower: Array(repeating: .zero, count: horizon.count),
            upper: Array(repeating: Power(row[1] * 1e6), count: horizon.count),
            cost: Cost(deliver: [price], absorb: [price], quadratic: row[4] / 1e12, perHourOn: row[2]),
            minimumWhenOn: Power(row[0] * 1e6),
            cycling: Cycling(
                minimumUp: row[5], minimumDown: row[6], hotStart: row[7], coldStart: row[8],
                coldAfter: row[6] + row[9], isOn: row[10] > 0, since: abs(row[10])))
    }
}

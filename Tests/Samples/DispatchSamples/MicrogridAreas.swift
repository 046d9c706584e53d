import Grid
public import Scheduling
import TestSupport
import Timeline

/// The year of five microgrids of `Tests/Golden/dispatch` as one problem with five areas, beginning in a
/// given state: README.md there states it. Used by tests and benchmarks.
public struct MicrogridAreas {
    /// Whether flows are free within the limits of the lines, or also follow Kirchhoff's law of voltages.
    public enum Law: Sendable { case transport, kirchhoff }

    /// kWh stored and kW run before the first hour, by microgrid.
    public struct State {
        let stored: [Double]
        let running: [Double]

        public init(stored: [Double], running: [Double]) {
            self.stored = stored
            self.running = running
        }
    }

    /// 8,760 steps of an hour.
    public let problem: DispatchProblem

    /// In kW and EUR (as yuan). Stores end as they begin.
    public init(_ law: Law, from state: State) throws {
        func table(_ name: String) throws -> [[Double]] { try GoldenTable("dispatch/" + name).numbers }
        let series = try table("mg5_8760")
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: series.count)
        var offers: [Offer] = []
        var homes: [Int] = []
        for (g, p) in try table("mg5_params").enumerated() {
            func powers(_ value: (Int) -> Double) -> [Power] {
                horizon.indices.map { Power(kilowatts: value($0)) }
            }
            func price(_ value: Double) -> EnergyCost { EnergyCost(yuanPerKilowattHour: value) }
            func add(
                _ lower: (Int) -> Double, _ upper: (Int) -> Double, _ cost: Cost,
                _ reservoir: Reservoir? = nil, ramp: Double? = nil
            ) {
                offers.append(
                    Offer(
                        device: DeviceID(offers.count), horizon: horizon, lower: powers(lower),
                        upper: powers(upper), cost: cost, reservoir: reservoir,
                        ramp: ramp.map { $0 * 1000 / 3600 }, power: Power(kilowatts: state.running[g])))
                homes.append(g)
            }
            let none = { (_: Int) in 0.0 }
            add({ -series[$0][3 * g] }, none, Cost(constant: price(p[16])))
            add(none, { series[$0][3 * g + 1] }, .free)
            add(none, { series[$0][3 * g + 2] }, .free)
            add(none, { _ in p[9] }, Cost(constant: price(p[11])), ramp: p[10])
            let store = Reservoir(
                stored: Energy(kilowattHours: state.stored[g]), minimum: .zero,
                maximum: Energy(kilowattHours: p[1]), chargeEfficiency: p[4], dischargeEfficiency: p[5],
                selfDischarge: p[6])
            add({ _ in -p[2] }, { _ in p[3] }, Cost(deliver: [price(p[8])], absorb: [.zero]), store)
            guard p[13] > 0 else { continue }
            let buy = series.map { price($0.last!) }
            add({ _ in -p[14] }, { _ in p[13] }, Cost(deliver: buy, absorb: [price(p[15])]))
        }
        let ties = try table("mg5_lines").map {
            Tie(
                from: Int($0[1]) - 1, to: Int($0[2]) - 1, forward: [Power(kilowatts: $0[4])],
                reactance: law == .kirchhoff ? $0[3] : nil)
        }
        var requirements = Requirements()
        requirements.end = .asNow
        problem = DispatchProblem(
            horizon: horizon, offers: offers, storedValue: .zero, requirements: requirements,
            areas: Areas(count: 5, ofOffers: homes, ties: ties))
    }
}

import Grid
import Scheduling
import Timeline

/// A microgrid, kW, kWh and yuan/kWh: load, sun and wind, battery, genset, connection.
struct Microgrid {
    var limits = (connection: 450.0, export: 300.0, genset: 400.0, battery: 500.0, ramp: 100.0)
    var capacity = 2000.0
    var fuel = 0.3
    /// yuan/h for (kW)² of the genset.
    var quadratic = 0.0
    var endValue = 0.15

    /// `rows`: load, sun, wind, price of each hour from hour `first` on.
    func window(_ rows: [[Double]], from first: Int, stored: Double, running: Double) -> DispatchProblem {
        let horizon = Horizon(
            start: Instant(secondsSinceEpoch: Int64(first) * 3600), step: 3600, count: rows.count)
        func offer(
            _ i: Int, _ lower: [Double], _ upper: [Double], _ cost: Cost, store: Reservoir? = nil,
            ramp: Double? = nil
        ) -> Offer {
            Offer(
                device: DeviceID(i), horizon: horizon, lower: lower.map { Power(kilowatts: $0) },
                upper: upper.map { Power(kilowatts: $0) }, cost: cost, reservoir: store,
                ramp: ramp.map { $0 / 3.6 }, power: Power(kilowatts: running))
        }
        func flat(_ kilowatts: Double) -> [Double] { Array(repeating: kilowatts, count: rows.count) }
        func price(_ yuan: Double) -> EnergyCost { EnergyCost(yuanPerKilowattHour: yuan) }
        let store = Reservoir(
            stored: Energy(kilowattHours: stored), minimum: .zero,
            maximum: Energy(kilowattHours: capacity), chargeEfficiency: 0.95, dischargeEfficiency: 0.95,
            selfDischarge: 0.0002)
        let offers = [
            offer(0, rows.map { -$0[0] }, flat(0), Cost(constant: price(5))),
            offer(1, flat(0), rows.map { $0[1] }, .free),
            offer(2, flat(0), rows.map { $0[2] }, .free),
            offer(
                3, flat(-limits.battery), flat(limits.battery),
                Cost(deliver: [price(0.01)], absorb: [.zero]), store: store),
            offer(
                4, flat(0), flat(limits.genset),
                Cost(deliver: [price(fuel)], absorb: [price(fuel)], quadratic: quadratic / 1e6),
                ramp: limits.ramp),
            offer(
                5, flat(-limits.export), flat(limits.connection),
                Cost(deliver: rows.map { price($0[3]) }, absorb: [price(0.05)])),
        ]
        return DispatchProblem(horizon: horizon, offers: offers, storedValue: price(endValue))
    }
}

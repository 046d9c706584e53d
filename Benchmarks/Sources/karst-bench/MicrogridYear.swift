import Foundation
import Grid
import Scheduling
import Timeline

/// A microgrid planned anew every hour of a year for the 24 hours ahead: load, sun, wind, a battery, a genset
/// and a connection. Synthetic, and made from the formulas below alone; kW and yuan/kWh, u drawn for each
/// hour.
///
///     load   (180 + 140 bump(h, 8, 1.5) + 260 bump(h, 19, 2.2)) (0.9 + 0.2 u)
///     sun    600 · clear sky · (0.3 + 0.7 u)
///     wind   400 · (0.4 + 0.3 sin 2πt/57 + 0.25 sin(2πt/131 + 1) + 0.2 (u − ½)), within 0…400
///     price  0.10 + 0.08 bump(h, 8, 2) + 0.12 bump(h, 19, 2.5) + 0.02 u
///
/// The program of a window, h = 1 hour, all variables ≥ 0:
///
///     min  Σ 0.30 gen + price·imp − 0.05 exp + 0.01 dis + 5 shed  − 0.08 soc₂₃
///     pv + wind + gen + imp − exp + dis − ch + shed = load
///     soc = 0.9998 soc₋₁ + 0.95 ch − dis/0.95,  |gen − gen₋₁| ≤ 100
///     gen ≤ 400, imp ≤ 450, exp ≤ 300, ch ≤ 500, dis ≤ 500, soc ≤ 2000, shed ≤ load
struct MicrogridYear {
    static let hours = 8_760
    static let window = 24

    /// What stands before a window: kWh in the battery, kW of the genset.
    struct State {
        var stored = 1000.0
        var running = 0.0
    }

    /// Rows of load, sun, wind and price.
    let series: [[Double]]

    init() {
        series = (0..<Self.hours).map { t in
            let hour = Double(t % 24)
            func u(_ index: Int) -> Double { Profile.uniform(77, index, t) }
            let waves = 0.3 * sin(2 * .pi * Double(t) / 57) + 0.25 * sin(2 * .pi * Double(t) / 131 + 1)
            return [
                (180 + 140 * Profile.bump(hour, 8, 1.5) + 260 * Profile.bump(hour, 19, 2.2))
                    * (0.9 + 0.2 * u(0)),
                600 * Profile.clearSky(hour: hour, day: t / 24) * (0.3 + 0.7 * u(1)),
                400 * min(1, max(0, 0.4 + waves + 0.2 * (u(2) - 0.5))),
                0.10 + 0.08 * Profile.bump(hour, 8, 2) + 0.12 * Profile.bump(hour, 19, 2.5) + 0.02 * u(3),
            ]
        }
    }

    /// The window that begins at hour `k`; beyond the year's end comes its beginning.
    func problem(_ k: Int, _ state: State) -> DispatchProblem {
        let horizon = Horizon(
            start: Instant(secondsSinceEpoch: Int64(k) * 3600), step: 3600, count: Self.window)
        func column(_ column: Int, _ sign: Double = 1) -> [Power] {
            (k..<k + Self.window).map { Power(kilowatts: sign * series[$0 % Self.hours][column]) }
        }
        func flat(_ kilowatts: Double) -> [Power] {
            Array(repeating: Power(kilowatts: kilowatts), count: Self.window)
        }
        func price(_ yuan: Double) -> EnergyCost { EnergyCost(yuanPerKilowattHour: yuan) }
        let store = Reservoir(
            stored: Energy(kilowattHours: state.stored), minimum: .zero, maximum: Energy(kilowattHours: 2000),
            chargeEfficiency: 0.95, dischargeEfficiency: 0.95, selfDischarge: 0.0002)
        let prices = (k..<k + Self.window).map { price(series[$0 % Self.hours][3]) }
        let offers = [
            Offer(
                device: DeviceID(0), horizon: horizon, lower: column(0, -1), upper: flat(0),
                cost: Cost(constant: price(5))),
            Offer(device: DeviceID(1), horizon: horizon, lower: flat(0), upper: column(1), cost: .free),
            Offer(device: DeviceID(2), horizon: horizon, lower: flat(0), upper: column(2), cost: .free),
            Offer(
                device: DeviceID(3), horizon: horizon, lower: flat(-500), upper: flat(500),
                cost: Cost(deliver: [price(0.01)], absorb: [.zero]), reservoir: store),
            Offer(
                device: DeviceID(4), horizon: horizon, lower: flat(0), upper: flat(400),
                cost: Cost(constant: price(0.30)), ramp: 100_000 / 3600,
                power: Power(kilowatts: state.running)),
            Offer(
                device: DeviceID(5), horizon: horizon, lower: flat(-300), upper: flat(450),
                cost: Cost(deliver: prices, absorb: [price(0.05)])),
        ]
        return DispatchProblem(horizon: horizon, offers: offers, storedValue: price(0.08))
    }

    /// The state after the first hour of a plan.
    func state(after plan: Plan) -> State {
        State(
            stored: min(2000, max(0, plan.stored(in: 3, at: 0).kilowattHours)),
            running: min(400, max(0, plan.power(of: 4, at: 0).kilowatts)))
    }
}

import EconomicDispatch
import Forecasting
import Grid
import Planning
import Scheduling
import Testing
import Timeline

@Suite("Planner")
struct PlannerTests {
    private let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 900, count: 8)

    private func offer(
        _ device: Int, over horizon: Horizon, lower: Double, upper: Double, price: Double
    ) -> Offer {
        Offer(
            device: DeviceID(device), horizon: horizon,
            lower: Array(repeating: Power(lower), count: horizon.count),
            upper: Array(repeating: Power(upper), count: horizon.count),
            cost: Cost(constant: EnergyCost(yuanPerKilowattHour: price)))
    }

    /// A load at the end of a cable, and the grid connection at its beginning.
    private var map: PlantMap {
        var load = PlantMap.Device(name: "houses", bus: 1, forecastSource: .demand)
        load.reactiveRatio = 0.3
        return PlantMap(
            devices: [PlantMap.Device(name: "grid", bus: 0, forecastSource: nil), load],
            connections: [.init(DeviceID(0))],
            network: Network(
                buses: (0..<2).map {
                    Bus(name: "\($0)", nominalVoltage: Voltage(10_000), limits: 0.9...1.1)
                },
                branches: [
                    Branch(name: "cable", from: 0, to: 1, resistance: Impedance(2), reactance: Impedance(1))
                ],
                source: 0, sourceVoltage: 1),
            zone: TimeZoneTable(name: "UTC", initialOffset: 0, transitions: []),
            horizon: horizon)
    }

    @Test("a plan covers the losses of the network's power flow")
    func losses() {
        var planner = Planner(
            map,
            PlanSettings(method: .rollingOptimum, forecast: .perfect, horizonSteps: 8, replanSteps: 4),
            seed: 1)
        var load = offer(1, over: horizon, lower: -3e5, upper: 0, price: 20)
        load.rating = Power(-3e5)
        let plan = planner.plan(
            [offer(0, over: horizon, lower: -1e6, upper: 1e6, price: 0.5), load], over: horizon)
        // I²R of 300 kW with 90 kvar at about 10 kV.
        let expected = (3e5 * 3e5 + 9e4 * 9e4) / 1e8 * 2
        for step in horizon.indices {
            let losses = plan.power(of: 0, at: step).value + plan.power(of: 1, at: step).value
            #expect(abs(losses / expected - 1) < 0.03)
        }
    }

    /// The cable carries at most 10 kV² / (2·(|z| + r)) ≈ 12 MW.
    @Test(
        "a plan that keeps the limits of the network counts its steps without a power flow solution",
        arguments: [(true, 3), (false, 0)])
    func unsolvedSteps(keepsLimits: Bool, count: Int) {
        var rules = PlanRules()
        rules.keepsNetworkLimits = keepsLimits
        let settings = PlanSettings(
            method: .meritOrder, forecast: .perfect, horizonSteps: 8, replanSteps: 4, rules: rules)
        var planner = Planner(map, settings, seed: 1)
        var load = offer(1, over: horizon, lower: -3e5, upper: 0, price: 20)
        for step in [2, 5, 6] { load.lower[step] = Power(-5e7) }
        let offers = [offer(0, over: horizon, lower: -1e8, upper: 1e8, price: 0.5), load]
        #expect(planner.plan(offers, over: horizon).unsolvedSteps == count)
        load.lower = Array(repeating: Power(-3e5), count: 8)
        #expect(planner.plan([offers[0], load], over: horizon).unsolvedSteps == 0)
    }

    @Test("an offer moved to a later horizon keeps the steps both know and repeats its last")
    func aligned() {
        var early = offer(0, over: horizon, lower: 0, upper: 0, price: 1)
        early.upper = horizon.indices.map { Power(Double($0)) }
        early.cost.absorb = horizon.indices.map { EnergyCost(Double($0)) }
        let later = Horizon(start: horizon.start + 6 * 900, step: 900, count: 4)
        let moved = early.aligned(to: later)
        #expect(moved.horizon == later && moved.lower.count == 4)
        #expect(moved.upper.map(\.value) == [6, 7, 7, 7])
        #expect(moved.cost.absorb.map(\.value) == [6, 7, 7, 7] && moved.cost.deliver == early.cost.deliver)
    }
}

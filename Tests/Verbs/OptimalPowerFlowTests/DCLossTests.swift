import Grid
import OptimalPowerFlow
import Testing

/// A linear network whose branches lose r·f².
@Suite struct DCLossTests {
    private func optimum(
        _ networkCase: NetworkCase, _ solver: DCOptimalPowerFlow.LinearSolver = .blocks
    ) throws -> DCOptimum {
        try DCOptimalPowerFlow(networkCase, losses: true).solve(linearSolver: solver)
    }

    @Test("what is given is taken or lost", arguments: DCLawTests.seeds.prefix(20))
    func balance(seed: UInt64) throws {
        let networkCase = Cases.drawn(seed: seed, buses: 5 + Int(seed))
        let optimum = try optimum(networkCase)
        try #require(optimum.status == .optimal)
        var balance = networkCase.network.buses.map { _ in 0.0 }
        var lost = 0.0
        for load in networkCase.loads { balance[load.bus] -= load.active.value }
        for (unit, power) in zip(networkCase.generators, optimum.powers) { balance[unit.bus] += power }
        for (branch, flow) in zip(networkCase.network.branches, optimum.flows) {
            let loss = branch.resistance.value * flow * flow / (110e3 * 110e3)
            lost += loss
            balance[branch.from] -= flow + loss / 2
            balance[branch.to] += flow - loss / 2
        }
        #expect(balance.allSatisfy { abs($0) < 2 })
        #expect(lost > 0 && abs(optimum.losses - lost) < 1e-6 * lost)
        let lossless = try DCOptimalPowerFlow(networkCase).solve()
        #expect(lossless.losses == 0 && optimum.cost > lossless.cost)
        let klu = try self.optimum(networkCase, .klu)
        #expect(abs(klu.cost - optimum.cost) < 1e-8 * optimum.cost)
    }

    /// The cost is convex in the demand: the price lies between the slopes to both sides.
    @Test("the price is what one more watt costs", arguments: DCLawTests.seeds.prefix(20))
    func sensitivity(seed: UInt64) throws {
        var networkCase = Cases.drawn(seed: seed, buses: 12)
        let before = try optimum(networkCase)
        let bus = Int(seed) % 12
        let step = 100e3
        networkCase.loads[bus].active += Power(step)
        let up = try optimum(networkCase).cost
        networkCase.loads[bus].active -= Power(2 * step)
        let down = try optimum(networkCase).cost
        let price = before.prices[bus].total.value
        let slack = 2e-8 * before.cost / step
        #expect((up - before.cost) / step > price - slack)
        #expect((before.cost - down) / step < price + slack)
    }

    /// 40/MWh at one end of a line of r = 0.05 p.u. that carries f: an end sees (1 + r·f)/(1 − r·f) of it.
    @Test("one line, by hand")
    func oneLine() throws {
        let buses = (0..<2).map { Bus(name: "\($0)", nominalVoltage: Voltage(110e3), limits: 0.9...1.1) }
        let ohm = 110e3 * 110e3 / 100e6
        let line = Branch(
            name: "line", from: 0, to: 1, resistance: Impedance(0.05 * ohm), reactance: Impedance(0.2 * ohm),
            rating: ApparentPower(200e6))
        let networkCase = NetworkCase(
            name: "one", buses: buses, branches: [line], sources: [.init(bus: 0, voltage: 1)],
            loads: [.init(name: "", bus: 1, active: Power(80e6), reactive: .zero)],
            generators: [
                .init(
                    name: "unit", bus: 0, active: .zero, activeLimits: .zero...Power(500e6),
                    cost: .polynomial(constant: 0, linear: 40e-6, quadratic: 0))
            ], basePower: Power(100e6))
        let optimum = try optimum(networkCase)
        // f − r·f²/2 = 0.8.
        let f = (1 - (1 - 2 * 0.05 * 0.8).squareRoot()) / 0.05
        #expect(abs(optimum.flows[0] - f * 100e6) < 10)
        #expect(abs(optimum.powers[0] - (f + 0.025 * f * f) * 100e6) < 10)
        let factor = (1 + 0.05 * f) / (1 - 0.05 * f)
        let price = optimum.prices[1]
        #expect(abs(price.loss.value - 40e-6 * (factor - 1)) < 1e-12)
        #expect(price.congestion.value.magnitude < 1e-12 && price.energy == optimum.prices[0].total)
        // A line that is full: what a dear unit at the far end costs more is congestion.
        var tight = networkCase
        tight.loads[0].active = Power(230e6)
        tight.generators.append(
            .init(
                name: "dear", bus: 1, active: .zero, activeLimits: .zero...Power(500e6),
                cost: .polynomial(constant: 0, linear: 90e-6, quadratic: 0)))
        let full = try self.optimum(tight)
        let delivered = 40e-6 * (1 + 0.05 * 2) / (1 - 0.05 * 2)
        #expect(abs(full.prices[1].congestion.value - (90e-6 - delivered)) < 1e-11)
        #expect(abs(full.prices[1].loss.value - (delivered - 40e-6)) < 1e-11)
        #expect(abs(full.binding[0].price.value - (90e-6 * 0.9 - 40e-6 * 1.1)) < 1e-11)
    }

    /// Against the full equations.
    @Test("costs and losses are nearer to AC's", arguments: ["ieee14", "case30", "ieee57", "ieee118"])
    func alternating(name: String) throws {
        let networkCase = try Cases.load(name)
        let ac = try ACOptimalPowerFlow(networkCase).solve()
        let (lossless, lossy) = (try DCOptimalPowerFlow(networkCase).solve(), try optimum(networkCase))
        try #require(ac.status == .optimal && lossy.status == .optimal)
        #expect(abs(lossy.cost - ac.cost) < 0.5 * abs(lossless.cost - ac.cost))
        let lost = zip(ac.powerFrom, ac.powerTo).reduce(0) { $0 + $1.0.value + $1.1.value }
        #expect(abs(lossy.losses - lost) < 0.35 * lost, "\(lossy.losses) \(lost)")
        // The loss parts rise and fall together.
        let pairs = zip(lossy.prices, ac.prices).map { ($0.loss.value, $1.loss.value) }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let (a, b) = (mean(pairs.map(\.0)), mean(pairs.map(\.1)))
        let together = mean(pairs.map { ($0.0 - a) * ($0.1 - b) })
        let own = mean(pairs.map { ($0.0 - a) * ($0.0 - a) }) * mean(pairs.map { ($0.1 - b) * ($0.1 - b) })
        #expect(together > 0.8 * own.squareRoot(), "\(together / own.squareRoot())")
    }
}

import Grid
import OptimalPowerFlow
import TestSupport
import Testing

@Suite struct ACLawTests {
    private func solve(_ networkCase: NetworkCase) throws -> ACOptimum {
        try ACOptimalPowerFlow(networkCase).solve()
    }

    /// The same with other branches.
    private func with(
        _ networkCase: NetworkCase, branches change: (Branch) -> Branch
    ) -> NetworkCase {
        let network = networkCase.network
        return NetworkCase(
            name: networkCase.name, buses: network.buses, branches: network.branches.map(change),
            sources: network.sources, loads: networkCase.loads, generators: networkCase.generators,
            basePower: network.basePower)
    }

    private func lines(_ buses: [Bus], _ sources: [Int], _ load: Power, _ limit: Double) -> NetworkCase {
        let branches = (1..<buses.count).map {
            Branch(
                name: "\($0)", from: $0 - 1, to: $0, resistance: Impedance(3), reactance: Impedance(9),
                rating: ApparentPower(limit))
        }
        let cost = CostCurve.polynomial(constant: 0, linear: 40e-6, quadratic: 0.02e-12)
        return NetworkCase(
            name: "lines", buses: buses, branches: branches,
            sources: sources.map { .init(bus: $0, voltage: 1) },
            loads: [.init(name: "", bus: buses.count - 1, active: load, reactive: ReactivePower(5e6))],
            generators: sources.map {
                .init(name: "\($0)", bus: $0, active: .zero, activeLimits: .zero...Power(900e6), cost: cost)
            }, basePower: Power(100e6))
    }

    private let three = (0..<3).map {
        Bus(name: "\($0)", nominalVoltage: Voltage(110e3), limits: 0.8...1.1)
    }

    /// The envelope theorem: what one more watt costs is what a little more load adds to the cost.
    @Test("prices are derivatives of the cost", arguments: [("ieee14", 13), ("case30", 25), ("ieee118", 40)])
    func derivatives(name: String, bus: Int) throws {
        let networkCase = try Cases.load(name)
        let prices = try solve(networkCase)
        let step = 1e-3 * networkCase.network.basePower.value
        func cost(_ active: Double, _ reactive: Double) throws -> Double {
            var more = networkCase
            more.loads.append(
                .init(name: "", bus: bus, active: Power(active), reactive: ReactivePower(reactive)))
            return try solve(more).cost
        }
        let price = prices.prices[bus].total.value
        let active = try (cost(step, 0) - cost(-step, 0)) / (2 * step)
        let reactive = try (cost(0, step) - cost(0, -step)) / (2 * step)
        #expect(abs(active - price) < 2e-4 * price)
        #expect(abs(reactive - prices.reactivePrices[bus]) < 2e-4 * price)
    }

    @Test("parts of a price", arguments: ["ieee14", "case30", "ieee57", "ieee118"])
    func parts(name: String) throws {
        let networkCase = try Cases.load(name)
        let optimum = try solve(networkCase)
        let source = networkCase.network.source
        let reference = optimum.prices[source]
        #expect(reference.loss.value.magnitude < 1e-12 * reference.total.value)
        #expect(reference.congestion.value.magnitude < 1e-12 * reference.total.value)
        for price in optimum.prices { #expect(price.energy == reference.energy) }
        // Without resistance nothing is lost.
        let lossless = with(networkCase) {
            Branch(
                name: $0.name, from: $0.from, to: $0.to, resistance: .zero, reactance: $0.reactance,
                charging: $0.charging, ratio: $0.ratio, phaseShift: $0.phaseShift, rating: $0.rating,
                isClosed: $0.isClosed)
        }
        for price in try solve(lossless).prices {
            #expect(price.loss.value.magnitude < 1e-7 * price.total.value)
        }
    }

    /// Where no limit but that of the source's own voltage binds, a price is energy and loss; a rating that
    /// binds is congestion.
    @Test("loss and congestion")
    func congestion() throws {
        let free = try solve(lines(three, [0], Power(60e6), 900e6))
        #expect(free.status == .optimal)
        for bus in 0..<3 { #expect(free.prices[bus].congestion.value.magnitude < 1e-7 * 40e-6) }
        // λ₀·(1 + marginal losses), these from a little more load.
        let more = try solve(lines(three, [0], Power(60.1e6), 900e6))
        let marginal = (more.active[0] - free.active[0]).value / 0.1e6
        let expected = free.prices[0].total.value * (marginal - 1)
        #expect(abs(free.prices[2].loss.value - expected) < 2e-3 * expected)
        // A dear unit at the end.
        var two = lines(three, [0], Power(60e6), 40e6)
        two.generators.append(
            .init(
                name: "dear", bus: 2, active: .zero, activeLimits: .zero...Power(90e6),
                cost: .polynomial(constant: 0, linear: 90e-6, quadratic: 0)))
        let tight = try solve(two)
        #expect(tight.binding.contains { $0.kind == .ratingFrom(branch: 0) && $0.price > 0 })
        #expect(abs(tight.prices[2].total.value - 90e-6) < 1e-9)
        #expect(tight.prices[2].congestion.value > 30e-6)
    }

    @Test("KLU finds the same", arguments: ["ieee14", "case30", "ieee118"])
    func fallback(name: String) throws {
        let solver = try ACOptimalPowerFlow(try Cases.load(name))
        let (blocks, klu) = (solver.solve(), solver.solve(linearSolver: .klu))
        #expect(klu.status == .optimal && blocks == solver.solve())
        #expect(abs(blocks.cost / klu.cost - 1) < 1e-7)
        for (a, b) in zip(blocks.voltages, klu.voltages) { #expect(abs(a - b) < 1e-3) }
    }

    @Test("more load than the network can carry is named", arguments: ["wscc9", "ieee14", "ieee118"])
    func tooMuch(name: String) throws {
        var networkCase = try Cases.load(name)
        let bus = networkCase.loads[2].bus
        networkCase.loads[2].active = Power(60 * networkCase.network.basePower.value)
        let optimum = try solve(networkCase)
        #expect(optimum.status == .infeasible)
        #expect(optimum.missing?.bus == bus)
        #expect((optimum.missing?.active ?? .zero).value > 10 * networkCase.network.basePower.value)
    }

    /// Loads drawn anew: solved, and then the conditions hold, or said to be infeasible.
    @Test("random loads", arguments: ["ieee14", "case30", "ieee57", "ieee118"])
    func random(name: String) throws {
        let networkCase = try Cases.load(name)
        var draw = SplitMix64(seed: 7)
        var solved = 0
        for _ in 0..<40 {
            var other = networkCase
            for at in other.loads.indices {
                other.loads[at].active = other.loads[at].active * draw.uniform(0.3...1.4)
                other.loads[at].reactive = other.loads[at].reactive * draw.uniform(0.3...1.4)
            }
            let optimum = try solve(other)
            #expect(optimum.status == .optimal || optimum.status == .infeasible)
            guard optimum.status == .optimal else { continue }
            solved += 1
            ACCheck(other, optimum).expectOptimal()
        }
        #expect(solved > 20)
    }

    /// Taps, phase shifts, ratings, limits of angles that are not alike to both sides, costs in pieces.
    @Test("drawn networks", arguments: 1...18 as ClosedRange<UInt64>)
    func drawn(seed: UInt64) throws {
        let networkCase = Cases.drawn(seed: seed, buses: 5 + Int(seed))
        let optimum = try solve(networkCase)
        #expect(optimum.status == .optimal)
        ACCheck(networkCase, optimum).expectOptimal()
    }

    @Test("loads that go with the voltage; a bus without a path to the source")
    func dependent() throws {
        var networkCase = lines(
            three + [Bus(name: "3", nominalVoltage: Voltage(110e3), limits: 0.8...1.1)],
            [0], Power(30e6), 900e6)
        networkCase.loads.append(
            .init(
                name: "z", bus: 1, active: Power(20e6), reactive: .zero, constantCurrent: 0.3,
                constantImpedance: 0.5))
        let open = with(networkCase) {
            Branch(
                name: $0.name, from: $0.from, to: $0.to, resistance: $0.resistance, reactance: $0.reactance,
                isClosed: $0.to != 3)
        }
        let optimum = try solve(open)
        #expect(optimum.status == .optimal)
        #expect(optimum.voltages[3] == 0 && optimum.prices[3].total == .zero)
        let v = optimum.voltages[1]
        let taken = 20e6 * (0.2 + 0.3 * v + 0.5 * v * v)
        let arrived = -(optimum.powerTo[0] + optimum.powerFrom[1]).value
        #expect(abs(arrived - taken) < 1)
    }

    @Test("a cost that is not convex is refused by name")
    func mistakes() throws {
        var networkCase = lines(three, [0], Power(30e6), 900e6)
        networkCase.generators[0].cost = .polynomial(constant: 0, linear: 1, quadratic: -1)
        let error = #expect(throws: CaseMistake.self) { _ = try ACOptimalPowerFlow(networkCase) }
        #expect(error?.messages == ["'0' needs finite limits and a cost that is convex"])
    }
}

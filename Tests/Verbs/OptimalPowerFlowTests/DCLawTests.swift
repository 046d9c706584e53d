import Grid
import LinearAlgebra
import OptimalPowerFlow
import Testing

/// What holds of every optimum, reckoned anew from the case.
@Suite struct DCLawTests {
    static let seeds = Array(UInt64(1)...40)

    private func optimum(
        _ networkCase: NetworkCase, _ model: DCBranchModel,
        _ solver: DCOptimalPowerFlow.LinearSolver = .blocks
    ) throws -> DCOptimum {
        try DCOptimalPowerFlow(networkCase, branchModel: model).solve(linearSolver: solver)
    }

    private func susceptance(_ branch: Branch, _ model: DCBranchModel) -> Double {
        let (r, x) = (branch.resistance.value, branch.reactance.value)
        let perOhm = model == .plain ? x / (r * r + x * x) : 1 / (x * branch.ratio)
        // W per rad at 110 kV.
        return perOhm * 110e3 * 110e3
    }

    @Test("Kirchhoff, limits and the incremental costs", arguments: seeds, DCBranchModel.allCases)
    func conditions(seed: UInt64, model: DCBranchModel) throws {
        let networkCase = Cases.drawn(seed: seed, buses: 5 + Int(seed))
        let network = networkCase.network
        let optimum = try optimum(networkCase, model)
        try #require(optimum.status == .optimal)
        var balance = network.buses.map { _ in 0.0 }
        for load in networkCase.loads { balance[load.bus] -= load.active.value }
        for (unit, power) in zip(networkCase.generators, optimum.powers) { balance[unit.bus] += power }
        for (k, branch) in network.branches.enumerated() {
            let difference = optimum.angles[branch.from] - optimum.angles[branch.to]
            let shift = model == .plain ? 0 : branch.phaseShift
            let flow = susceptance(branch, model) * (difference - shift)
            #expect(abs(flow - optimum.flows[k]) < 1)
            #expect(abs(flow) < branch.rating!.value + 2)
            if let limits = branch.angleLimits {
                #expect(difference > limits.lowerBound - 1e-7 && difference < limits.upperBound + 1e-7)
            }
            balance[branch.from] -= flow
            balance[branch.to] += flow
        }
        #expect(balance.allSatisfy { abs($0) < 2 })
        // Stationarity, as fractions of the steepest cost and of the susceptances at a bus; and no limit that
        // is away has a price.
        var (pull, size) = (balance.map { _ in 0.0 }, balance.map { _ in 1e-300 })
        let steepest = 550e-6
        func expectNone(_ price: Double, below: Double, above: Double) {
            #expect(abs(price) / steepest * max(0, price > 0 ? above : below) / 100e6 < 1e-8)
        }
        for (k, branch) in network.branches.enumerated() {
            let price = optimum.flowLimitPrices[k].value
            let (from, to) = (optimum.prices[branch.from].total.value, optimum.prices[branch.to].total.value)
            let b = susceptance(branch, model)
            pull[branch.from] += b * (from - to + price)
            pull[branch.to] -= b * (from - to + price)
            size[branch.from] += b
            size[branch.to] += b
            let shift = model == .plain ? 0 : branch.phaseShift
            let angles = branch.angleLimits.map { b * ($0.lowerBound - shift)...b * ($0.upperBound - shift) }
            let (least, most) = (angles?.lowerBound ?? -.infinity, angles?.upperBound ?? .infinity)
            expectNone(
                price, below: min(optimum.flows[k] + branch.rating!.value, optimum.flows[k] - least),
                above: min(branch.rating!.value - optimum.flows[k], most - optimum.flows[k]))
        }
        for bus in pull.indices { #expect(abs(pull[bus] / size[bus]) < 1e-8 * steepest) }
        expectUnits(networkCase, optimum, steepest) { expectNone($0, below: $1, above: $2) }
    }

    /// Every unit is at its incremental cost, or at a limit that has a price.
    private func expectUnits(
        _ networkCase: NetworkCase, _ optimum: DCOptimum, _ steepest: Double,
        _ expectNone: (Double, Double, Double) -> Void
    ) {
        for (k, unit) in networkCase.generators.enumerated() {
            let (power, price) = (optimum.powers[k], optimum.prices[unit.bus].total.value)
            let limits = unit.activeLimits!.lowerBound.value...unit.activeLimits!.upperBound.value
            #expect(power >= limits.lowerBound - 1e-6 && power <= limits.upperBound + 1e-6)
            let worth = optimum.powerLimitPrices[k].value
            expectNone(worth, power - limits.lowerBound, limits.upperBound - power)
            switch unit.cost! {
            case .polynomial, .higherPolynomial:
                let slope = unit.cost!.derivatives(at: power).slope
                #expect(abs(slope - price + worth) < 1e-8 * steepest)
            case .piecewise(let points):
                // No other power is better at this price.
                func net(_ power: Double) -> Double { unit.cost!.cost(at: power) - price * power }
                let corners = points.map(\.power.value).filter(limits.contains)
                for other in corners + [limits.lowerBound, limits.upperBound] {
                    #expect(net(other) > net(power) - 1e-8 * steepest * 100e6)
                }
            }
        }
    }

    /// Congestion is −Σ PTDF·price over the limits that bind, with factors solved from the Laplacian by
    /// LAPACK; and it pays for what the limits are worth.
    @Test("prices are energy and congestion; the rent balances", arguments: seeds, DCBranchModel.allCases)
    func split(seed: UInt64, model: DCBranchModel) throws {
        let networkCase = Cases.drawn(seed: seed, buses: 5 + Int(seed))
        let network = networkCase.network
        let optimum = try optimum(networkCase, model)
        try #require(optimum.status == .optimal)
        let count = network.buses.count - 1
        var laplacian = Matrix(rows: count, columns: count)
        var push = Array(repeating: 0.0, count: count)
        var rent = 0.0
        for branch in network.branches {
            let b = susceptance(branch, model)
            let (i, j) = (branch.from - 1, branch.to - 1)
            if i >= 0 { laplacian[i, i] += b }
            if j >= 0 { laplacian[j, j] += b }
            if i >= 0, j >= 0 {
                laplacian[i, j] -= b
                laplacian[j, i] -= b
            }
        }
        for limit in optimum.binding {
            let branch = network.branches[limit.branch]
            let weight = susceptance(branch, model) * limit.price.value
            if branch.from > 0 { push[branch.from - 1] -= weight }
            if branch.to > 0 { push[branch.to - 1] += weight }
            rent += limit.price.value * optimum.flows[limit.branch]
        }
        let factors = LU(order: count)
        #expect(factors.factor(laplacian))
        factors.solve(&push)
        #expect(optimum.references.allSatisfy { $0 == 0 })
        for (bus, price) in optimum.prices.enumerated() {
            #expect(price.energy == optimum.prices[0].total && price.loss == .zero)
            #expect(abs(price.congestion.value - (bus == 0 ? 0 : push[bus - 1])) < 2e-9)
        }
        guard model == .plain else { return }
        var paid = 0.0
        for load in networkCase.loads { paid += optimum.prices[load.bus].total.value * load.active.value }
        for (unit, power) in zip(networkCase.generators, optimum.powers) {
            paid -= optimum.prices[unit.bus].total.value * power
        }
        #expect(abs(paid - rent) < 1e-6 * optimum.cost)
    }

    @Test("blocks and KLU come to the same", arguments: seeds)
    func linearSolvers(seed: UInt64) throws {
        let networkCase = Cases.drawn(seed: seed, buses: 5 + 2 * Int(seed))
        let (blocks, klu) = (try optimum(networkCase, .tapped), try optimum(networkCase, .tapped, .klu))
        #expect(klu.status == .optimal)
        #expect(abs(blocks.cost - klu.cost) < 1e-8 * klu.cost)
        #expect(blocks.iterations == klu.iterations)
        for (a, b) in zip(blocks.flows, klu.flows) { #expect(abs(a - b) < 100) }
    }

    @Test("the price is what one more watt costs", arguments: seeds.prefix(10))
    func sensitivity(seed: UInt64) throws {
        var networkCase = Cases.drawn(seed: seed, buses: 12)
        let before = try optimum(networkCase, .tapped)
        let bus = Int(seed) % 12
        let step = 100e3
        networkCase.loads[bus].active += Power(step)
        let up = try optimum(networkCase, .tapped).cost
        networkCase.loads[bus].active -= Power(2 * step)
        let down = try optimum(networkCase, .tapped).cost
        let price = before.prices[bus].total.value
        // The cost is convex in the demand: the price lies between the two slopes.
        let slack = 2e-8 * before.cost / step
        #expect((up - before.cost) / step > price - slack)
        #expect((before.cost - down) / step < price + slack)
    }

    @Test("a unit for nothing never raises the cost", arguments: seeds.prefix(10))
    func freeUnit(seed: UInt64) throws {
        var networkCase = Cases.drawn(seed: seed, buses: 15)
        let before = try optimum(networkCase, .plain).cost
        networkCase.generators.append(
            .init(
                name: "sun", bus: Int(seed) % 15, active: .zero, activeLimits: .zero...Power(20e6),
                cost: .polynomial(constant: 0, linear: 0, quadratic: 0)))
        #expect(try optimum(networkCase, .plain).cost < before)
    }

    @Test("the same every time")
    func deterministic() throws {
        let networkCase = Cases.drawn(seed: 7, buses: 40)
        #expect(try optimum(networkCase, .tapped) == optimum(networkCase, .tapped))
    }
}

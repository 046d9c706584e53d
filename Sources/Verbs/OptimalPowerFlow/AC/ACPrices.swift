// Components of the nodal price. Assume that the reference of the island delivers the power for one more watt
// taken at a bus, that every generator holds the voltage of its bus by its reactive power, and that no limit
// binds. Then the price m of each bus satisfies
//
//     Σ over balances of ∂balance/∂θ·m = 0   for every angle but the reference's; there m = λ(reference),
//     Σ over balances of ∂balance/∂v·m = 0   for every |V| not held; where one is, m of reactive power is 0,
//
// which gives λ(reference)·(1 + marginal losses). The loss component is m − λ(reference). The rest of the
// price is the congestion component, which comes from the limits of branches, voltages and reactive powers.

import Grid
import LinearAlgebra

/// Nodal prices of active power at a point, by component.
struct ACPrices {
    private let point: ACPoint
    /// λ of the reference and m, by bus.
    private let energy: [Double]
    private let uncongested: [Double]

    init(_ point: ACPoint) {
        self.point = point
        let model = point.model
        let roots = model.live.roots.map { Int(model.pattern.positions[$0]) }
        // Positions of the live network: every bus after its parent.
        var reference = model.live.buses.map { _ in 0 }
        for (place, parent) in model.live.parents.enumerated() {
            reference[place] = parent < 0 ? Int(model.pattern.positions[place]) : reference[parent]
        }
        energy = model.buses.indices.map { point.x[4 * reference[Int(model.pattern.nodes[$0])] + 2] }
        var isHeld = model.buses.map { _ in false }
        for source in model.sources where source.balance & 1 == 1 { isHeld[source.balance / 4] = true }
        for root in roots { isHeld[root] = true }
        uncongested = Self.uncongested(point, Set(roots), isHeld) ?? energy
    }

    func price(at bus: Int) -> NodalPrice {
        let unit = point.scale * point.model.network.basePower
        let (whole, energy, uncongested) = (point.x[4 * bus + 2], energy[bus], uncongested[bus])
        return NodalPrice(
            energy: EnergyCost(energy / unit), congestion: EnergyCost((whole - uncongested) / unit),
            loss: EnergyCost((uncongested - energy) / unit))
    }

    /// m; nil where its system is singular.
    private static func uncongested(_ point: ACPoint, _ roots: Set<Int>, _ isHeld: [Bool]) -> [Double]? {
        let model = point.model
        var columns = model.buses.indices.flatMap { _ in [[Int: Double](), [:]] }
        /// Adds a derivative by θ or |V| of `bus`, of the active or reactive balance of `other`.
        func add(_ value: Double, by bus: Int, _ isVoltage: Bool, of other: Int, _ isReactive: Bool) {
            guard !(isVoltage ? isHeld[bus] : roots.contains(bus)) else { return }
            columns[2 * other + (isReactive ? 1 : 0)][2 * bus + (isVoltage ? 1 : 0), default: 0] += value
        }
        for bus in model.buses.indices {
            let slope = point.demandSlope(at: bus)
            add(slope.x, by: bus, true, of: bus, false)
            add(slope.y, by: bus, true, of: bus, true)
            if roots.contains(bus) { columns[2 * bus][2 * bus] = 1 }
            if isHeld[bus] { columns[2 * bus + 1][2 * bus + 1] = 1 }
        }
        for (index, branch) in model.branches.enumerated() {
            let (angle, from, to) = point.derivatives(of: index)
            for part in 0..<4 {
                let (balance, isReactive) = (part < 2 ? branch.from : branch.to, part & 1 == 1)
                add(angle[part], by: branch.from, false, of: balance, isReactive)
                add(-angle[part], by: branch.to, false, of: balance, isReactive)
                add(from[part], by: branch.from, true, of: balance, isReactive)
                add(to[part], by: branch.to, true, of: balance, isReactive)
            }
        }
        let sorted = columns.map { $0.sorted { $0.key < $1.key } }
        let starts = sorted.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        let factors = SparseLU(
            order: columns.count, columnStarts: starts, rowIndices: sorted.flatMap { $0.map(\.key) })
        for (at, value) in sorted.joined().enumerated() { factors.values[at] = value.value }
        guard factors.factor() else { return nil }
        var solution = columns.map { _ in 0.0 }
        for root in roots { solution[2 * root] = point.x[4 * root + 2] }
        factors.solve(&solution)
        guard solution.allSatisfy(\.isFinite) else { return nil }
        return model.buses.indices.map { solution[2 * $0] }
    }
}

extension ACPoint {
    /// Derivatives of the demand P and Q of a bus by its |V|.
    fileprivate func demandSlope(at bus: Int) -> SIMD2<Double> {
        model.demandByVoltage[bus] + model.demandBySquare[bus] * (2 * x[4 * bus + 1])
    }
}

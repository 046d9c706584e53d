// One watt more at bus i, taken by the sources, turns the angles by column i of B⁻¹, X. So it changes the
// flow of line l, from f to t, by the power transfer distribution factor b(l)·(X(f,i) − X(t,i)).
//
// Line k from f to t, at flow F, goes out. That changes the other lines as if it stayed, and a power P went
// into its end f and came out of its end t that is all of what it then carries: P = F + h·P, h its own factor
// for a transfer from f to t. So the line outage distribution factor of l is (change of l by a transfer f →
// t) / (1 − h). Where h is 1 there is no other way around: the line is a bridge.

public import LinearAlgebra

extension DCPowerFlowSolver {
    /// Below it, 1 − h is rounding.
    static let leastDetour = 1e-9

    /// Power transfer distribution factors (PTDF) of one branch: by how much its flow from → to changes for
    /// each watt injected at each bus and taken by the sources. 0 at the sources and whatever is
    /// de-energised.
    public func transferFactors(ofBranch branch: Int) -> [Double] {
        var factors = [Double](repeating: 0, count: model.factors.order)
        guard let line = model.lineOfBranch[branch] else { return model.unknowns.map { _ in 0 } }
        model.add(model.lines[line].susceptance, along: model.lines[line], to: &factors)
        model.factors.solveTransposed(&factors)
        return model.unknowns.map { unknown in unknown.map { factors[$0] } ?? 0 }
    }

    /// By how much the flow of each branch changes for each watt injected at one bus and taken at another.
    public func transferFactors(from: Int, to: Int) -> [Double] {
        var angles = [Double](repeating: 0, count: model.factors.order)
        if let row = model.unknowns[from] { angles[row] += 1 }
        if let row = model.unknowns[to] { angles[row] -= 1 }
        model.factors.solve(&angles)
        return model.byBranch(model.flows(of: angles))
    }

    /// All power transfer distribution factors: branches × buses. Large for a large network.
    public func transferMatrix() -> Matrix {
        var matrix = Matrix(rows: model.lineOfBranch.count, columns: model.unknowns.count)
        let lanes = SparseLU.LaneSolver(model.factors)
        let ends = model.lines.map { (place($0.from, in: lanes), place($0.to, in: lanes)) }
        let buses = model.unknowns.indices.filter { model.unknowns[$0] != nil }
        for first in stride(from: 0, to: buses.count, by: 8) {
            let batch = buses[first..<min(first + 8, buses.count)]
            lanes.clear()
            for (lane, bus) in batch.enumerated() {
                lanes.add(1, toEquation: model.unknowns[bus]!, lane: lane)
            }
            lanes.solve()
            for (line, (from, to)) in zip(model.lines, ends) {
                let change = (lanes.solution[from] - lanes.solution[to]) * line.susceptance
                for (lane, bus) in batch.enumerated() { matrix[line.branch, bus] = change[lane] }
            }
        }
        return matrix
    }

    /// Line outage distribution factors (LODF) of one branch: by how much the flow of each branch changes
    /// when this one opens, as a part of the flow it had; −1 for itself. Nil where its flow has no other way
    /// (a bridge), and where it carries none to begin with because it is open or de-energised.
    public func outageFactors(ofBranch branch: Int) -> [Double]? {
        guard let index = model.lineOfBranch[branch] else { return nil }
        let line = model.lines[index]
        let changes = transferFactors(from: line.from, to: line.to)
        let detour = 1 - changes[branch]
        guard detour.magnitude > Self.leastDetour else { return nil }
        var factors = changes.map { $0 / detour }
        factors[branch] = -1
        return factors
    }

    /// Where the angle of a bus stands in `lanes.solution`.
    func place(_ bus: Int, in lanes: SparseLU.LaneSolver) -> Int {
        model.unknowns[bus].map(lanes.place(ofUnknown:)) ?? model.factors.order
    }
}

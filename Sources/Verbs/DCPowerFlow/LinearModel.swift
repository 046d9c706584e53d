// The linear ("DC") model of a network. Where resistances are small beside reactances, |V| is 1 p.u. and
// angles differ little, a branch of reactance x, ratio a and phase shift φ carries
//
//     f = b·(θ(from) − θ(to) − φ),   b = 1/(a·x),
//
// and loses nothing; charging and what is reactive drop out, and a shunt conductance takes what it takes at
// nominal voltage (Stott, Jardim & Alsaç 2009, IEEE Trans. Power Syst. 24(3)). With the angles of the sources
// given, the balance of every other bus is one linear system B·θ = p, B the Laplacian of the b, symmetric.

import Grid
import LinearAlgebra

/// The live part of a network as that system, with its factors. Owns a workspace; one a worker.
final class LinearModel {
    /// A live branch.
    struct Line {
        let branch: Int
        /// Buses.
        let from: Int
        let to: Int
        /// b, p.u.
        let susceptance: Double
        /// Rad.
        let shift: Double
    }

    let network: PerUnitNetwork
    let live: LiveNetwork
    let lines: [Line]
    /// Of each branch, the index of its line; nil where it is open or de-energised.
    let lineOfBranch: [Int?]
    /// Of each bus, its row in B; nil at a source and at a de-energised bus.
    let unknowns: [Int?]
    let factors: SparseLU

    /// Pivots that differ by more are singular to working precision.
    private static let leastCondition = 1e-14

    /// Nil where B is singular, or a number of the network is not finite.
    init?(_ network: PerUnitNetwork) {
        self.network = network
        live = LiveNetwork(network)
        let roots = Set(live.roots)
        var unknowns = [Int?](repeating: nil, count: network.nominalVoltage.count)
        var count = 0
        for (position, bus) in live.buses.enumerated() where !roots.contains(position) {
            unknowns[bus] = count
            count += 1
        }
        var lineOfBranch = [Int?](repeating: nil, count: network.branches.count)
        for (line, branch) in live.branches.enumerated() { lineOfBranch[branch] = line }
        let lines = live.branches.map { Line($0, network.branches[$0]) }
        self.unknowns = unknowns
        self.lineOfBranch = lineOfBranch
        self.lines = lines
        factors = Self.laplacian(lines, unknowns, order: count)
        guard lines.allSatisfy({ $0.susceptance.isFinite && $0.shift.isFinite }),
            network.sources.allSatisfy(\.angle.isFinite),
            factors.factor(), factors.reciprocalCondition > Self.leastCondition
        else { return nil }
    }

    /// Adds to the equations of a line's ends what flows from its `from` to its `to`.
    @inline(__always) func add(_ flow: Double, along line: Line, to rightHandSide: inout [Double]) {
        if let row = unknowns[line.from] { rightHandSide[row] += flow }
        if let row = unknowns[line.to] { rightHandSide[row] -= flow }
    }

    /// The flow in each line that the angles of the unknowns, beside 0 at the sources, drive.
    func flows(of angles: [Double]) -> [Double] {
        lines.map { line in
            let from = unknowns[line.from].map { angles[$0] } ?? 0
            let to = unknowns[line.to].map { angles[$0] } ?? 0
            return line.susceptance * (from - to)
        }
    }

    /// The flow of each line at a solved point, midway along it, p.u.; nil without a solution.
    func flows(at point: OperatingPoint) -> [Double]? {
        precondition(point.powerFrom.count == lineOfBranch.count)
        guard point.status.isSolved else { return nil }
        return lines.map { line in
            (point.powerFrom[line.branch] - point.powerTo[line.branch]).value / (2 * network.basePower)
        }
    }

    /// The larger of the reactive powers at the two ends of each line at a solved point, p.u.; nil without a
    /// solution.
    func reactive(at point: OperatingPoint) -> [Double]? {
        guard point.status.isSolved else { return nil }
        return lines.map { line in
            let (from, to) = (point.reactiveFrom[line.branch].value, point.reactiveTo[line.branch].value)
            return max(from.magnitude, to.magnitude) / network.basePower
        }
    }

    /// By branch, what `values` holds by line; 0 in a branch that is no line.
    func byBranch(_ values: [Double]) -> [Double] {
        lineOfBranch.map { line in line.map { values[$0] } ?? 0 }
    }

    private static func laplacian(_ lines: [Line], _ unknowns: [Int?], order: Int) -> SparseLU {
        var neighbours = (0..<order).map { [$0] }
        for line in lines where line.from != line.to {
            guard let from = unknowns[line.from], let to = unknowns[line.to] else { continue }
            neighbours[from].append(to)
            neighbours[to].append(from)
        }
        var starts = [0]
        var rows: [Int] = []
        for column in 0..<order {
            for row in neighbours[column].sorted() where rows.count == starts[column] || rows.last != row {
                rows.append(row)
            }
            starts.append(rows.count)
        }
        let factors = SparseLU(order: order, columnStarts: starts, rowIndices: rows)
        func add(_ value: Double, _ row: Int?, _ column: Int?) {
            guard let row, let column else { return }
            let entries = starts[column]..<starts[column + 1]
            factors.values[rows[entries].firstIndex(of: row)!] += value
        }
        for line in lines where line.from != line.to {
            let (from, to, b) = (unknowns[line.from], unknowns[line.to], line.susceptance)
            add(b, from, from)
            add(b, to, to)
            add(-b, from, to)
            add(-b, to, from)
        }
        return factors
    }
}

extension LinearModel.Line {
    fileprivate init(_ index: Int, _ branch: PerUnitNetwork.Branch) {
        self.init(
            branch: index, from: branch.from, to: branch.to, susceptance: branch.linearSusceptance,
            shift: branch.shift)
    }
}

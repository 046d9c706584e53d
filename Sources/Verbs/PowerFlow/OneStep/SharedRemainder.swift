// Where sources and regulators share what is left over (a distributed slack), each of an island's shares
// takes its part of one more unknown, the island's remainder m, and there is one more equation: the active
// power of the bus that keeps the angle, the reference. With A the matrix of the others, α the shares, g the
// derivatives of the reference's power and r what is left over there, the bordered system
//
//     A·x = b + α·m        g·x = r + α(ref)·m
//
// is solved by two solutions of A: x = A⁻¹b + m·A⁻¹α, m = (r − g·A⁻¹b) / (g·A⁻¹α − α(ref)).

import Grid
import Lanes
import LinearAlgebra

/// The remainder of each island and who takes it; one a worker.
final class SharedRemainder {
    private struct Reference {
        let place: Int
        let links: [(other: Int, admittance: Complex)]
    }

    /// p.u., one an island.
    private(set) var amounts: [Double]
    private let equations: PowerEquations
    private let references: [Reference]
    private let islands: [Int]
    /// By place; those of an island sum to 1.
    private let shares: [Double]
    private let unit: UnsafeMutableBufferPointer<Double>
    private var start: [Double]
    private var change: [Double]

    init(_ equations: PowerEquations, _ live: LiveNetwork, of network: PerUnitNetwork) {
        self.equations = equations
        let count = equations.nodes.count
        let (byPosition, roots) = Self.islands(of: live, network)
        var islands = [Int](repeating: 0, count: count)
        for (position, island) in byPosition.enumerated() {
            islands[Int(equations.places[position])] = island
        }
        var shares = [Double](repeating: 0, count: count)
        func add(_ share: Double, _ bus: Int) {
            guard share > 0, let position = live.positions[bus] else { return }
            shares[Int(equations.places[position])] += share
        }
        for source in network.sources { add(source.participation, source.bus) }
        for regulator in network.regulators { add(regulator.participation, regulator.bus) }
        var sums = [Double](repeating: 0, count: roots.count)
        for k in 0..<count { sums[islands[k]] += shares[k] }
        references = roots.map { position in
            let place = Int(equations.places[position])
            return Reference(place: place, links: equations.admittances.neighbours(of: place))
        }
        for (island, reference) in references.enumerated() where sums[island] == 0 {
            shares[reference.place] = 1
            sums[island] = 1
        }
        for k in 0..<count { shares[k] /= sums[islands[k]] }
        (self.islands, self.shares) = (islands, shares)
        unit = .filled(2 * count, with: 0)
        amounts = Array(repeating: 0, count: roots.count)
        (start, change) = (amounts, amounts)
        for root in live.roots { equations.nodes[Int(equations.places[root])].balancesActive = 1 }
        for reference in references { equations.nodes[reference.place].balancesActive = 0 }
    }

    deinit { unit.deallocate() }

    /// The island of each position, and each island's first source.
    private static func islands(of live: LiveNetwork, _ network: PerUnitNetwork) -> ([Int], [Int]) {
        var trees = [Int](repeating: 0, count: live.buses.count)
        for position in trees.indices {
            let parent = live.parents[position]
            trees[position] = parent < 0 ? position : trees[parent]
        }
        // Each tree leads to an earlier one of its island, or to itself.
        var earlier = Array(trees.indices)
        func first(_ tree: Int) -> Int {
            var tree = tree
            while earlier[tree] != tree { tree = earlier[tree] }
            return tree
        }
        for index in live.chords {
            let branch = network.branches[index]
            let a = first(trees[live.positions[branch.from]!])
            let b = first(trees[live.positions[branch.to]!])
            earlier[max(a, b)] = min(a, b)
        }
        let roots = live.roots.filter { first($0) == $0 }
        let number = Dictionary(uniqueKeysWithValues: zip(roots, roots.indices))
        return (trees.map { number[first($0)]! }, roots)
    }

    /// What is left over at the references, which the equations leave out.
    func evaluate(_ mismatch: inout PowerEquations.Mismatch) {
        for reference in references { mismatch.add(Complex(equations.surplus(reference.place).real, 0)) }
    }

    /// Makes the solution for what is left over that of the bordered system.
    func completeStep(_ step: UnsafeMutableBufferPointer<Double>) {
        start = amounts
        change = complete(step) { equations.surplus($0).real }
    }

    /// Goes along the last step from where it began.
    func go(_ length: Double) { set(zip(start, change).map { $0 + length * $1 }) }

    func reset() { set(Array(repeating: 0, count: references.count)) }

    func set(_ amounts: [Double]) {
        self.amounts = amounts
        for k in shares.indices where shares[k] != 0 {
            equations.nodes[k].support.real = shares[k] * amounts[islands[k]]
        }
    }

    /// Completes the solution for any right-hand side, of which `left` is the part at the references. Returns
    /// the remainders that belong to it.
    func complete(_ values: UnsafeMutableBufferPointer<Double>, _ left: (Int) -> Double) -> [Double] {
        for k in shares.indices {
            unit[2 * k] = shares[k] * equations.nodes[k].balancesActive
            unit[2 * k + 1] = 0
        }
        equations.solve(unit)
        let amounts = references.map { reference in
            (left(reference.place) - slope(reference, values))
                / (slope(reference, unit) - shares[reference.place])
        }
        for k in shares.indices {
            values[2 * k] += amounts[islands[k]] * unit[2 * k]
            values[2 * k + 1] += amounts[islands[k]] * unit[2 * k + 1]
        }
        return amounts
    }

    /// By how much a step changes the reference's power.
    private func slope(_ reference: Reference, _ values: UnsafeMutableBufferPointer<Double>) -> Double {
        let voltage = equations.nodes[reference.place].voltage
        return reference.links.reduce(0) { sum, link in
            let t = voltage * (link.admittance * equations.nodes[link.other].voltage).conjugate
            return sum + t.real * values[2 * link.other] + t.imaginary * values[2 * link.other + 1]
        }
    }
}

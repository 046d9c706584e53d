// Continuation power flow (Ajjarapu & Christy 1992, IEEE Trans. Power Systems 7(1)). With all specified
// powers in proportion to a loading λ, the solutions form a curve from no load, and its nose is the largest
// λ.
//
// From a point on the curve the tangent is (u, 1)·dλ, u = J⁻¹·∂s/∂λ. A step along it is corrected by Newton's
// method with the quantity held that moves fastest, λ or a voltage in magnitude or angle: of the two
// solutions x = J⁻¹r and u the step is x + dλ·u, dλ = −x(held)/u(held). That is regular at the nose, where J
// is not. Behind it λ falls along the curve; then the nose is between the last two points, and is closed in
// on with shorter steps from the first of them, guided by where dλ along the tangent vanishes between them.

import Grid
import Lanes
import LinearAlgebra

/// Follows the solutions of `PowerEquations` to larger loadings; one a worker.
final class Continuation {
    enum End {
        /// At the loading asked for, where the equations are solved.
        case reached
        /// The equations are solved at this loading, and there is none a little beyond.
        case nose(loading: Double, weakest: Int)
        /// The curve was lost.
        case lost
    }

    /// A solution, and all that goes with it.
    private struct Mark {
        var voltages: [Complex] = []
        var loading = 0.0
        var amounts: [Double] = []
        var states: [Regulation.State] = []
        /// Per unit of the step's length, the last being that of the loading. The fastest relative change,
        /// of the loading where it is above 1, is 1.
        var tangent: [Double] = []
        var loadingSlope: Double { tangent[tangent.count - 1] }
    }

    private static let mostSteps = 400
    private static let mostCorrections = 12
    private static let firstStep = 0.1
    private static let largestStep = 0.5
    private static let leastStep = 1e-7
    private static let largestCorrection = 1.0
    /// Of the nose's loading, as a part of it.
    private static let accuracy = 1e-7

    private let equations: PowerEquations
    private let newton: NewtonRaphson
    private let regulation: Regulation
    private let sharing: SharedRemainder?
    private let tolerance: Double
    private let right: UnsafeMutableBufferPointer<Double>
    private var corrections = 0

    init(
        _ equations: PowerEquations, newton: NewtonRaphson, regulation: Regulation, sharing: SharedRemainder?,
        tolerance: Double
    ) {
        self.equations = equations
        self.newton = newton
        self.regulation = regulation
        self.sharing = sharing
        self.tolerance = tolerance
        right = .filled(2 * equations.nodes.count, with: 0)
    }

    deinit {
        right.deallocate()
    }

    /// Goes from what is solved to the loading `target` or to the nose.
    func follow(to target: Double) -> End {
        guard var here = mark(after: nil, holding: 0) else { return .lost }
        var length = Self.firstStep
        for _ in 0..<Self.mostSteps {
            if here.loading == target { return .reached }
            guard let next = advance(from: here, by: length, atMost: target) else {
                length /= 4
                if length < Self.leastStep { return .lost }
                continue
            }
            if next.loadingSlope < 0 { return close(in: here, next, length, target) }
            here = next
            if corrections <= 4 { length = min(2 * length, Self.largestStep) }
        }
        return .lost
    }

    /// Looks for the nose between two points, at most `length` apart along the tangent of the first. That
    /// stays when the first moves on: what is left cannot be told well, as each point has its own measure.
    private func close(in first: Mark, _ second: Mark, _ length: Double, _ target: Double) -> End {
        var (before, behind, length) = (first, second, length)
        for _ in 0..<Self.mostSteps where before.loadingSlope * length > Self.accuracy * before.loading {
            let part = before.loadingSlope / (before.loadingSlope - behind.loadingSlope)
            let shorter = length * min(max(part, 0.1), 0.9)
            guard let next = advance(from: before, by: shorter, atMost: target) else {
                length /= 2
                continue
            }
            if next.loading == target { return .reached }
            if next.loadingSlope < 0 {
                behind = next
                length = shorter
            } else {
                before = next
            }
        }
        restore(before)
        return .nose(loading: before.loading, weakest: weakest(before))
    }

    /// The bus whose |v| falls fastest along the tangent.
    private func weakest(_ mark: Mark) -> Int {
        let falls = equations.nodes.indices.map {
            mark.tangent[2 * $0] * mark.voltages[$0].magnitude
        }
        return falls.indices.min { falls[$0] < falls[$1] } ?? 0
    }

    /// The next point of the curve. Nil where it is not found.
    private func advance(from mark: Mark, by length: Double, atMost target: Double) -> Mark? {
        restore(mark)
        let reach = (target - mark.loading) / mark.loadingSlope
        let isLast = length >= reach
        move(along: mark.tangent, by: min(length, reach))
        var held = mark.tangent.count - 1
        if isLast {
            equations.loading = target
        } else {
            var fastest = mark.loadingSlope.magnitude / max(1, mark.loading)
            for k in 0..<2 * equations.nodes.count where mark.tangent[k].magnitude > fastest {
                (held, fastest) = (k, mark.tangent[k].magnitude)
            }
        }
        repeat {
            corrections = 0
            guard correct(holding: held) else { return nil }
        } while regulation.review()
        return self.mark(after: mark, holding: held)
    }

    /// Moves onto the curve. False where it is not reached.
    private func correct(holding held: Int) -> Bool {
        while corrections < Self.mostCorrections {
            var mismatch = equations.evaluate()
            sharing?.evaluate(&mismatch)
            guard mismatch.squares.isFinite else { return false }
            if mismatch.largest <= 0.5 * tolerance { return true }
            guard equations.factor() else { return false }
            corrections += 1
            newton.iterations += 1
            var way = solution(of: equations.leftOver) { equations.surplus($0).real }
            if held < way.count {
                let slope = slope()
                let loading = -way[held] / slope[held]
                for k in way.indices { way[k] += loading * slope[k] }
                way.append(loading)
            } else {
                way.append(0)
            }
            guard way.dropLast().allSatisfy({ $0.magnitude < Self.largestCorrection }) else { return false }
            move(along: way, by: 1)
        }
        return false
    }

    /// What is solved, as a point of the curve, with the tangent that leads on from `last`: what was held
    /// moves on as it did, while the many others may turn. Nil where there is none.
    private func mark(after last: Mark?, holding held: Int) -> Mark? {
        _ = equations.evaluate()
        guard equations.factor() else { return nil }
        var tangent = slope() + [1]
        let largest = tangent.dropLast().reduce(0) { max($0, $1.magnitude) }
        var length = 1 / max(largest, 1 / max(1, equations.loading))
        if let last, tangent[held] * last.tangent[held] < 0 { length = -length }
        for k in tangent.indices { tangent[k] *= length }
        guard tangent.allSatisfy(\.isFinite) else { return nil }
        return Mark(
            voltages: equations.nodes.map(\.voltage), loading: equations.loading,
            amounts: sharing?.amounts ?? [], states: regulation.states, tangent: tangent)
    }

    private func restore(_ mark: Mark) {
        for k in equations.nodes.indices { equations.nodes[k].voltage = mark.voltages[k] }
        equations.loading = mark.loading
        sharing?.set(mark.amounts)
        regulation.states = mark.states
    }

    /// Voltages, remainders, loading: the order of a tangent.
    private func move(along way: [Double], by length: Double) {
        let count = equations.nodes.count
        for k in 0..<count {
            equations.nodes[k].voltage = PowerEquations.moved(
                equations.nodes[k].voltage, length * way[2 * k], length * way[2 * k + 1])
        }
        if let sharing { sharing.set(zip(sharing.amounts, way[(2 * count)...]).map { $0 + length * $1 }) }
        equations.loading += length * way[way.count - 1]
    }

    /// u, the change of voltages and remainders with loading.
    private func slope() -> [Double] {
        equations.writeSlope(right)
        return solution(of: right) { equations.specified($0).power.real }
    }

    private func solution(
        of values: UnsafeMutableBufferPointer<Double>, _ left: (Int) -> Double
    ) -> [Double] {
        equations.solve(values)
        let remainders = sharing?.complete(values, left) ?? []
        return Array(values) + remainders
    }
}

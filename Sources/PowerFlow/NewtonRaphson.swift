// Newton's method with a step that is halved until the sum of squared mismatches falls, for which its
// direction always leads downhill. Where even a small step does not help, or the equations are singular, it is
// stuck.

import Grid
import LinearAlgebra

/// How a search for a solution ended.
enum Search: Hashable {
    case found
    /// After the allowed number of iterations.
    case unfinished
    /// No way leads down, or the numbers overflow.
    case stuck
}

/// Solves `PowerEquations` from the state they are in; one a worker.
final class NewtonRaphson {
    private static let limit = 40
    private static let leastStep = 1.0 / 256

    private let equations: PowerEquations
    private let sharing: SharedRemainder?
    private let tolerance: Double
    private let start: UnsafeMutableBufferPointer<Complex>
    private let step: UnsafeMutableBufferPointer<Double>
    /// Of all searches since it was set.
    var iterations = 0

    init(_ equations: PowerEquations, sharing: SharedRemainder?, tolerance: Double) {
        self.equations = equations
        self.sharing = sharing
        self.tolerance = tolerance
        start = .filled(equations.nodes.count, with: .zero)
        step = .filled(2 * equations.nodes.count, with: 0)
    }

    deinit {
        start.deallocate()
        step.deallocate()
    }

    /// Moves the voltages until no mismatch is above half the tolerance.
    func solve() -> Search {
        var mismatch = evaluate()
        for _ in 0..<Self.limit {
            guard mismatch.squares.isFinite else { return .stuck }
            if mismatch.largest <= 0.5 * tolerance { return .found }
            guard let next = improve(on: mismatch) else { return .stuck }
            mismatch = next
        }
        return mismatch.largest <= 0.5 * tolerance ? .found : .unfinished
    }

    private func evaluate() -> PowerEquations.Mismatch {
        var mismatch = equations.evaluate()
        sharing?.evaluate(&mismatch)
        return mismatch
    }

    /// One iteration. Nil where the mismatch does not fall.
    private func improve(on mismatch: PowerEquations.Mismatch) -> PowerEquations.Mismatch? {
        guard equations.factor() else { return nil }
        iterations += 1
        _ = step.update(fromContentsOf: equations.leftOver)
        equations.solve(step)
        sharing?.completeStep(step)
        for k in start.indices { start[k] = equations.nodes[k].voltage }
        var length = 1.0
        while length >= Self.leastStep {
            go(length)
            let next = evaluate()
            if next.squares < mismatch.squares { return next }
            length /= 2
        }
        return nil
    }

    private func go(_ length: Double) {
        for k in start.indices {
            equations.nodes[k].voltage = PowerEquations.moved(
                start[k], length * step[2 * k], length * step[2 * k + 1])
        }
        sharing?.go(length)
    }

    /// Turns the voltages by a linear (DC) power flow, which brings a flat start near. Nothing moves where that
    /// is singular.
    func turnAngles() {
        equations.evaluateLinearly()
        guard equations.factorLinear() else { return }
        iterations += 1
        _ = step.update(fromContentsOf: equations.leftOver)
        equations.solve(step)
        guard step.allSatisfy(\.isFinite) else { return }
        for k in start.indices {
            equations.nodes[k].voltage = equations.nodes[k].voltage * Complex.turn(by: step[2 * k + 1])
        }
    }
}

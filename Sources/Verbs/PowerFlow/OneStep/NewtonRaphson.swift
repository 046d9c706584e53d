// Newton's method with a step that is halved until the sum of squared mismatches falls, for which its
// direction always leads downhill. Where even a small step does not help, where little was won in some
// iterations, or where the equations are singular, it is stuck.
//
// A full step u leaves a mismatch of about |u| times the one before, and one more step by the same factors
// about 2|u| times that. Where this is enough, the last iteration goes without new factors.

import Grid
import Lanes
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
    private static let leastStep = 1.0 / 64
    /// Iterations in which the sum of squares must at least halve.
    private static let patience = 5

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

    /// Moves the voltages until no mismatch is above the tolerance, a little being kept for rounding.
    func solve() -> Search {
        var mismatch = evaluate()
        var milestone = mismatch.squares
        for iteration in 1...Self.limit {
            guard mismatch.squares.isFinite else { return .stuck }
            if isSmall(mismatch) { return .found }
            guard findStep() else { return .stuck }
            if isLast(mismatch) {
                if finish() { return .found }
                mismatch = evaluate()
                continue
            }
            guard let next = descend(from: mismatch) else { return .stuck }
            mismatch = next
            if iteration.isMultiple(of: Self.patience) {
                guard mismatch.squares < milestone / 2 else { return .stuck }
                milestone = mismatch.squares
            }
        }
        return isSmall(mismatch) ? .found : .unfinished
    }

    private func isSmall(_ mismatch: PowerEquations.Mismatch) -> Bool { mismatch.largest <= 0.9 * tolerance }

    private func evaluate() -> PowerEquations.Mismatch {
        var mismatch = equations.evaluate()
        sharing?.evaluate(&mismatch)
        return mismatch
    }

    /// The step that the linearised equations ask for. False where they are singular.
    private func findStep() -> Bool {
        guard equations.factor() else { return false }
        iterations += 1
        setStep()
        return true
    }

    private func setStep() {
        _ = step.update(fromContentsOf: equations.leftOver)
        equations.solve(step)
        sharing?.completeStep(step)
        for k in start.indices { start[k] = equations.nodes[k].voltage }
    }

    /// Whether this step and one more by the same factors will do.
    private func isLast(_ mismatch: PowerEquations.Mismatch) -> Bool {
        let largest = step.reduce(0) { max($0, $1.magnitude) }
        return mismatch.largest * largest * 2 * largest <= 0.1 * tolerance
    }

    /// Takes the step and, where that is not enough, one more. False where that is not enough either.
    private func finish() -> Bool {
        go(1)
        var mismatch = equations.evaluatePowers()
        sharing?.evaluate(&mismatch)
        if isSmall(mismatch) { return true }
        setStep()
        go(1)
        mismatch = equations.evaluatePowers()
        sharing?.evaluate(&mismatch)
        return isSmall(mismatch)
    }

    /// Goes along the step as far as the mismatch falls. Nil where it does not.
    private func descend(from mismatch: PowerEquations.Mismatch) -> PowerEquations.Mismatch? {
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

    /// Turns the voltages by a linear (DC) power flow, which brings a flat start near. Nothing moves where
    /// that is singular.
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

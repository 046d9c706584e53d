// Newton–Raphson on the bus power equations, in relative rectangular steps.
//
// Bus k must inject s(k) = v(k)·conj(Σ Y(k,j)·v(j)). Each iteration moves v(j) to v(j)·(1 + u(j)), u = a +
// jb: for small steps a is Δ|v|/|v| and b the change of angle, and no sine or cosine is needed. With T(k,j) =
// v(k)·conj(Y(k,j)·v(j)) the first-order change of s(k) is s(k)·u(k) + Σ T(k,j)·conj(u(j)), so that
//
//     ∂s(k)/∂a(j) =  T(k,j)          ∂s(k)/∂a(k) = T(k,k) + s(k)
//     ∂s(k)/∂b(j) = −jT(k,j)         ∂s(k)/∂b(k) = −jT(k,k) + js(k)
//
// The step is halved until the sum of squared mismatches falls, for which Newton's direction always leads
// downhill; where even a small step does not help, or the equations are singular, there is no solution near:
// the system is loaded beyond its nose.

import Grid
import LinearAlgebra

/// Owns the admittance matrix, the LAPACK factors and the workspace; one a worker.
final class NewtonRaphson {
    private struct Admittance {
        let column: Int
        let value: Complex
    }

    private static let limit = 30
    private static let leastStep = 1.0 / 256

    private let tolerance: Double
    /// Rows of the admittance matrix by position: entries `rows[k]..<rows[k + 1]`, the diagonal among them.
    private let rows: [Int]
    private let entries: [Admittance]
    private let jacobian: LU
    /// By position; the source, at 0, has no mismatch.
    private let power: UnsafeMutableBufferPointer<Complex>
    private let trial: UnsafeMutableBufferPointer<Complex>
    /// Mismatches on the way in, a and b of each bus but the source on the way out.
    private let step: UnsafeMutableBufferPointer<Double>

    init(_ live: LiveNetwork, of network: PerUnitNetwork, tolerance: Double) {
        self.tolerance = tolerance
        (rows, entries) = Self.admittances(live, of: network)
        let count = live.buses.count
        jacobian = LU(order: 2 * (count - 1))
        power = .allocate(capacity: count)
        power.initialize(repeating: .zero)
        trial = .allocate(capacity: count)
        trial.initialize(repeating: .zero)
        step = .allocate(capacity: 2 * (count - 1))
        step.initialize(repeating: 0)
    }

    deinit {
        power.deallocate()
        trial.deallocate()
        step.deallocate()
    }

    /// Moves `voltage` to the solution for `injection`, both by position, p.u., and returns the iterations
    /// spent. Nil where none is found; `voltage` is then worth nothing.
    func solve(
        _ injection: UnsafeMutableBufferPointer<Complex>, _ voltage: UnsafeMutableBufferPointer<Complex>
    )
        -> Int?
    {
        var mismatch = evaluate(voltage, injection)
        for iteration in 0..<Self.limit {
            guard mismatch.isFinite else { return nil }
            if mismatch <= 0.25 * tolerance * tolerance { return iteration }
            setStepToMismatch(injection)
            guard jacobian.factor(filling: { fill($0, voltage) }) else { return nil }
            jacobian.solve(step)
            guard let next = descend(voltage, injection, from: mismatch) else { return nil }
            mismatch = next
        }
        return nil
    }

    /// The power each bus injects at `voltage`, into `power`. Returns the sum of squared mismatches.
    private func evaluate(
        _ voltage: UnsafeMutableBufferPointer<Complex>, _ injection: UnsafeMutableBufferPointer<Complex>
    ) -> Double {
        var sum = 0.0
        for k in 1..<max(1, power.count) {
            var current = Complex.zero
            for entry in rows[k]..<rows[k + 1] {
                current += entries[entry].value * voltage[entries[entry].column]
            }
            power[k] = voltage[k] * current.conjugate
            sum += (injection[k] - power[k]).squared
        }
        return sum
    }

    private func setStepToMismatch(_ injection: UnsafeMutableBufferPointer<Complex>) {
        for k in 1..<max(1, power.count) {
            let mismatch = injection[k] - power[k]
            step[2 * k - 2] = mismatch.real
            step[2 * k - 1] = mismatch.imaginary
        }
    }

    /// The derivatives of real and reactive power (rows) by a and b (columns) of every bus but the source.
    private func fill(_ a: UnsafeMutableBufferPointer<Double>, _ voltage: UnsafeMutableBufferPointer<Complex>)
    {
        a.update(repeating: 0)
        let order = jacobian.order
        for k in 1..<max(1, power.count) {
            for entry in rows[k]..<rows[k + 1] {
                let j = entries[entry].column
                guard j > 0 else { continue }
                let t = voltage[k] * (entries[entry].value * voltage[j]).conjugate
                let s = j == k ? power[k] : .zero
                let corner = 2 * k - 2 + (2 * j - 2) * order
                a[corner] = t.real + s.real
                a[corner + 1] = t.imaginary + s.imaginary
                a[corner + order] = t.imaginary - s.imaginary
                a[corner + order + 1] = s.real - t.real
            }
        }
    }

    /// Goes along `step` as far as the mismatch falls. Returns the new one, nil where it never falls.
    private func descend(
        _ voltage: UnsafeMutableBufferPointer<Complex>, _ injection: UnsafeMutableBufferPointer<Complex>,
        from mismatch: Double
    ) -> Double? {
        var length = 1.0
        while length >= Self.leastStep {
            trial[0] = voltage[0]
            for k in 1..<max(1, power.count) {
                trial[k] = voltage[k] * Complex(1 + length * step[2 * k - 2], length * step[2 * k - 1])
            }
            let next = evaluate(trial, injection)
            if next < mismatch {
                _ = voltage.update(from: trial)
                return next
            }
            length /= 2
        }
        return nil
    }

    /// Each branch adds its π, seen through its ratio, to four places; entries at the same place are kept
    /// apart on the way and summed here.
    private static func admittances(_ live: LiveNetwork, of network: PerUnitNetwork) -> ([Int], [Admittance])
    {
        var rows = [[Admittance]](repeating: [], count: live.buses.count)
        func add(_ value: Complex, _ row: Int, _ column: Int) {
            if let place = rows[row].firstIndex(where: { $0.column == column }) {
                rows[row][place] = Admittance(column: column, value: rows[row][place].value + value)
            } else {
                rows[row].append(Admittance(column: column, value: value))
            }
        }
        for index in live.branches {
            let branch = network.branches[index]
            guard let from = live.positions[branch.from], let to = live.positions[branch.to] else { continue }
            let series = Complex(branch.conductance, branch.susceptance)
            let own = series + Complex(0, branch.charging / 2)
            add(own * (1 / (branch.ratio * branch.ratio)), from, from)
            add(-series * (1 / branch.ratio), from, to)
            add(-series * (1 / branch.ratio), to, from)
            add(own, to, to)
        }
        let starts = rows.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        return (starts, rows.flatMap { $0 })
    }
}

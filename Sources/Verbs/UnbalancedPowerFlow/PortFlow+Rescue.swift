// Where the fixed point does not converge. The current of a load, I = y(|v|)·v, changes with v and with its
// conjugate,
//
//     dI = (y + ½|v|·y′)·dv + ½ y′·v²/|v|·dv̄
//
// of which the first part can stand in the matrix: c = y + ½|v|·y′ is y for an impedance, ½ y for a constant
// current and 0 for a constant power. So at each iteration
//
//     (A + C)·x = b + injections(v) + C·v
//
// is factored and solved. Loads that have turned into impedances then converge however heavy they are; those
// of constant power as long as their admittance is below that of the network.

import Grid
import Lanes
import LinearAlgebra

extension PortFlow {
    private static let limit = 60

    /// Solves one lane from where it is, its inverters moved before each iteration by `follow`. False where
    /// it does not converge; the other lanes are as before.
    func rescue(_ lane: Int, follow: () -> Bool) -> Bool {
        let others = Array(demands)
        defer {
            for index in demands.indices {
                let own = demands[index].reciprocal[lane]
                demands[index].reciprocal = others[index].reciprocal
                demands[index].reciprocal[lane] = own
            }
        }
        for _ in 0..<Self.limit {
            let isFollowed = follow()
            guard let change = step(lane) else { return false }
            if change <= allowed, isFollowed {
                settle(lane, change)
                return true
            }
        }
        return false
    }

    /// One iteration; returns Σ|v − v₋|², nil where there is no number.
    private func step(_ lane: Int) -> Double? {
        for index in terminals.indices { demands[index].reciprocal[lane] = 1 / max(size(index, lane), 1e-6) }
        prepare()
        var right = plan.system.right
        for equation in plan.equations {
            let place = plan.pattern.slot(ofEquation: equation)
            let cell = solver.cells[place.slot]
            right[equation] += Complex(cell.real[lane], cell.imaginary[lane])
        }
        var entries = plan.system.entries
        for index in terminals.indices {
            let (c, nodes) = (slope(index, lane), plan.places[index])
            let terminal = terminals[index]
            let drawn = c * (value(Int(terminal.plus), lane) - value(Int(terminal.minus), lane))
            for (node, sign) in [(nodes.plus, 1.0), (nodes.minus, -1)] {
                guard let node else { continue }
                right[node] += drawn * sign
                entries.append(.init(node, node, c))
                for other in [nodes.plus, nodes.minus] where other != nil && other != node {
                    entries.append(.init(node, other!, -c))
                }
            }
        }
        guard
            let lu = ComplexSparseLU(
                order: plan.system.order, entries: entries, isLate: plan.isLate, diagonal: 1e-9)
        else { return nil }
        let solution = lu.solve(right)
        var change = 0.0
        for (unknown, value) in solution.enumerated() {
            let slot = plan.pattern.slot(ofUnknown: unknown)
            guard slot < plan.base.count else { continue }
            if plan.isVoltage[slot] { change += (value - self.value(slot, lane)).squared }
            set(slot, lane, value)
        }
        return change.isFinite ? change : nil
    }

    private func size(_ index: Int, _ lane: Int) -> Double {
        let terminal = terminals[index]
        return (value(Int(terminal.plus), lane) - value(Int(terminal.minus), lane)).magnitude
    }

    /// c of a terminal.
    private func slope(_ index: Int, _ lane: Int) -> Complex {
        let detail = details[index]
        let v = size(index, lane) / detail.nominal
        let h = 1e-6
        let (low, mid, high) = (
            detail.dependence.admittance(at: v * (1 - h), detail.range),
            detail.dependence.admittance(at: v, detail.range),
            detail.dependence.admittance(at: v * (1 + h), detail.range)
        )
        let active = mid.active + (high.active - low.active) / (4 * h)
        let reactive = mid.reactive + (high.reactive - low.reactive) / (4 * h)
        let square = detail.nominal * detail.nominal
        return Complex(
            demands[index].active[lane] * active / square, -demands[index].reactive[lane] * reactive / square)
    }
}

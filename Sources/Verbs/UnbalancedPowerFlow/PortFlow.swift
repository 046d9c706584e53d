// The fixed point of a feeder, eight operating points at a time. What is linear is factored once, with the
// taps and steps the feeder begins with: A·x = b. All else is on the right-hand side, at the last voltages:
//
//     x ← x₀ + A⁻¹·(− what loads and inverters take − what taps and steps differ from those of A)
//
// A load takes conj(s)·v·(κp·u² + κi·u + κz), v the voltage across it and u = 1/|v|; beyond its range u stays
// at the end of the range, which makes it an impedance. u is carried along and refreshed by Newton's method,
// u ← u·(3 − |v|²·u²)/2, in place of a division and a root; it is exact at the fixed point.
//
// A mismatch of a load is |s|·|v − v₋|/|v|, v₋ the voltage before: so a lane is at rest when the root of
// Σ|v − v₋|² is small against the tolerance over the largest load.

import Grid
import Lanes
import LinearAlgebra

/// Owns the workspace of eight lanes; one for each worker. A lane's result depends on nothing in the other
/// lanes.
final class PortFlow {
    let plan: PortPlan
    let solver: PortSolver
    let terminals: UnsafeMutableBufferPointer<PortPlan.Terminal>
    let details: UnsafeMutableBufferPointer<PortPlan.TerminalDetail>
    let demands: UnsafeMutableBufferPointer<Demand>
    /// Voltages and currents by slot; one behind them is earth.
    let values: UnsafeMutableBufferPointer<PortSolver.Cell>
    private let base: UnsafeMutableBufferPointer<Complex>
    private let weights: UnsafeMutableBufferPointer<Double>
    private let coils: UnsafeMutableBufferPointer<PortPlan.Coil>
    private let rows: UnsafeMutableBufferPointer<PortPlan.CoilRow>
    /// What a tap adds to its coil's turns⁻¹, and a bank to its admittance.
    private let turns: UnsafeMutableBufferPointer<Lanes>
    private let banks: UnsafeMutableBufferPointer<PortPlan.Bank>
    private let steps: UnsafeMutableBufferPointer<Lanes>
    /// Each lane's Σ|v − v₋|² of the last iteration, and what it may be.
    private(set) var change = Lanes.zero
    let allowed: Double

    /// What a terminal takes at present, and the reciprocal of its |v|.
    struct Demand {
        var active = Lanes.zero
        var reactive = Lanes.zero
        var reciprocal = Lanes.zero
    }

    init(_ plan: PortPlan, tolerance: Double) {
        self.plan = plan
        solver = PortSolver(plan.pattern)
        terminals = .copy(of: plan.terminals)
        details = .copy(of: plan.details)
        demands = .filled(plan.terminals.count, with: Demand())
        values = .filled(plan.base.count + 1, with: PortSolver.Cell())
        base = .copy(of: plan.base)
        weights = .copy(of: plan.isVoltage.map { $0 ? 1 : 0 })
        coils = .copy(of: plan.coils)
        rows = .copy(of: plan.coilRows)
        turns = .filled(plan.coils.count, with: .zero)
        banks = .copy(of: plan.banks)
        steps = .filled(plan.banks.count, with: .zero)
        let bound = tolerance / (2 * max(plan.largest, 1e-3))
        allowed = bound * bound
        for lane in 0..<Lanes.scalarCount { reset(lane) }
    }

    deinit {
        terminals.deallocate()
        details.deinitialize()
        details.deallocate()
        demands.deallocate()
        values.deallocate()
        base.deallocate()
        weights.deallocate()
        coils.deallocate()
        rows.deallocate()
        turns.deallocate()
        banks.deallocate()
        steps.deallocate()
    }

    /// Whether this lane is solved; false where anything is not a number.
    func isAtRest(_ lane: Int) -> Bool { change[lane] <= allowed }

    /// Puts a lane at the voltages of no load. Taps, steps and demands stay.
    func reset(_ lane: Int) {
        for slot in base.indices {
            values[slot].real[lane] = base[slot].real
            values[slot].imaginary[lane] = base[slot].imaginary
        }
        for index in terminals.indices {
            let terminal = terminals[index]
            let v = value(Int(terminal.plus), lane) - value(Int(terminal.minus), lane)
            demands[index].reciprocal[lane] = 1 / max(v.magnitude, 1e-6)
        }
    }

    /// Of a slot, in a lane.
    @inline(__always) func value(_ slot: Int, _ lane: Int) -> Complex {
        Complex(values[slot].real[lane], values[slot].imaginary[lane])
    }

    /// Sets the tap of every coil of a winding.
    func setTap(_ tap: Double, coils range: Range<Int>, _ lane: Int) {
        for index in range { turns[index][lane] = coils[index].turns * (coils[index].tap / tap - 1) }
    }

    /// Sets how much of a shunt is closed, as a fraction.
    func setClosed(_ fraction: Double, banks range: Range<Int>, _ lane: Int) {
        for index in range { steps[index][lane] = fraction - banks[index].closed }
    }

    func iterate() {
        prepare()
        solver.solve()
        advance()
    }

    /// Makes the right-hand sides.
    func prepare() {
        solver.clear()
        draw()
        if !coils.isEmpty { moveTaps() }
        if !banks.isEmpty { switchBanks() }
    }

    /// Puts a value at a slot of a lane.
    func set(_ slot: Int, _ lane: Int, _ value: Complex) {
        values[slot].real[lane] = value.real
        values[slot].imaginary[lane] = value.imaginary
    }

    /// Says how far a lane moved at last.
    func settle(_ lane: Int, _ squares: Double) { change[lane] = squares }

    /// Takes the solution over and measures the change.
    private func advance() {
        let (values, cells) = (values.baseAddress!, solver.cells.baseAddress!)
        var squares = Lanes.zero
        for slot in 0..<base.count {
            let re = cells[slot].real + base[slot].real
            let im = cells[slot].imaginary + base[slot].imaginary
            let (dr, di) = (re - values[slot].real, im - values[slot].imaginary)
            squares = .fused(.fused(di, di, dr * dr), weights[slot], squares)
            values[slot].real = re
            values[slot].imaginary = im
        }
        change = squares
    }

    // MARK: Loads

    /// Takes what loads and inverters draw from the right-hand sides.
    private func draw() {
        let (values, cells) = (values.baseAddress!, solver.cells.baseAddress!)
        let half = Lanes(repeating: 0.5)
        for index in terminals.indices {
            let terminal = terminals[index]
            let (plus, minus) = (values + Int(terminal.plus), values + Int(terminal.minus))
            let re = plus.pointee.real - minus.pointee.real
            let im = plus.pointee.imaginary - minus.pointee.imaginary
            var u = demands[index].reciprocal
            u = u * (1.5 - half * (.fused(im, im, re * re) * (u * u)))
            demands[index].reciprocal = u
            // Only within the range; `smaller` gives the second where u is not a number.
            let limited = larger(
                smaller(u, Lanes(repeating: terminal.high)), Lanes(repeating: terminal.low))
            let square = limited * limited
            var active = terminal.active.power * square
            active = .fused(limited, terminal.active.current, active) + terminal.active.impedance
            var reactive = terminal.reactive.power * square
            reactive = .fused(limited, terminal.reactive.current, reactive) + terminal.reactive.impedance
            var beyond = (terminal.high - u).negativeMask
            if terminal.isIrregularAbove { beyond |= (u - terminal.low).negativeMask }
            if terminal.isIrregular { beyond = SIMD8(repeating: -1) }
            if beyond.wrappedSum() != 0 { details[index].correct(&active, &reactive, u, where: beyond) }
            let (p, q) = (demands[index].active * active, demands[index].reactive * reactive)
            let (drawnReal, drawnImaginary) = (Lanes.fused(q, im, p * re), p * im - q * re)
            cells[Int(terminal.plusRow)].real -= drawnReal
            cells[Int(terminal.plusRow)].imaginary -= drawnImaginary
            cells[Int(terminal.minusRow)].real += drawnReal
            cells[Int(terminal.minusRow)].imaginary += drawnImaginary
        }
    }

    // MARK: Taps and steps

    /// Moves to the right-hand side what the turns differ from those of the matrix.
    private func moveTaps() {
        let (values, cells) = (values.baseAddress!, solver.cells.baseAddress!)
        for index in coils.indices {
            let coil = coils[index]
            let (plus, minus) = (values[Int(coil.plus)], values[Int(coil.minus)])
            let added = turns[index]
            let (vr, vi) = (plus.real - minus.real, plus.imaginary - minus.imaginary)
            var (drawnReal, drawnImaginary) = (Lanes.zero, Lanes.zero)
            for at in coil.firstRow..<coil.firstRow + coil.rowCount {
                let row = rows[Int(at)]
                let turns = added * row.sign
                let current = values[Int(row.current)]
                drawnReal = .fused(turns, current.real, drawnReal)
                drawnImaginary = .fused(turns, current.imaginary, drawnImaginary)
                cells[Int(row.equation)].real -= turns * vr
                cells[Int(row.equation)].imaginary -= turns * vi
            }
            if coil.core != .zero {
                let square = added * (added + 2 * coil.turns)
                drawnReal += square * (vr * coil.core.real - vi * coil.core.imaginary)
                drawnImaginary += square * (vr * coil.core.imaginary + vi * coil.core.real)
            }
            cells[Int(coil.plusRow)].real -= drawnReal
            cells[Int(coil.plusRow)].imaginary -= drawnImaginary
            cells[Int(coil.minusRow)].real += drawnReal
            cells[Int(coil.minusRow)].imaginary += drawnImaginary
        }
    }

    private func switchBanks() {
        let (values, cells) = (values.baseAddress!, solver.cells.baseAddress!)
        for index in banks.indices {
            let bank = banks[index]
            let (plus, minus) = (values[Int(bank.plus)], values[Int(bank.minus)])
            let vr = (plus.real - minus.real) * steps[index]
            let vi = (plus.imaginary - minus.imaginary) * steps[index]
            let (g, b) = (bank.admittance.real, bank.admittance.imaginary)
            cells[Int(bank.plusRow)].real -= g * vr - b * vi
            cells[Int(bank.plusRow)].imaginary -= g * vi + b * vr
            cells[Int(bank.minusRow)].real += g * vr - b * vi
            cells[Int(bank.minusRow)].imaginary += g * vi + b * vr
        }
    }
}

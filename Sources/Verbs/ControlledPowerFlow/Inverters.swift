// Inverters whose powers follow the voltage, solved together with the sweep.
//
// A curve is a sum of hinges, f(v) = f₀ + Σ kᵢ·max(v − vᵢ, 0), where kᵢ is by how much the slope changes at
// point i: no branch, and the slope comes from the same masks. After each forward pass every inverter knows
// by how much it misses its curve, r = f(v) − q. To give all of it at once would overshoot, and several
// inverters on one cable would never come to rest. So each gives what will be missing once all voltages have
// answered, δq = r − σ·d with σ = −df/dv where it stands and d from `VoltageSensitivity`: Newton's method for
// the curves, one step a sweep.
//
// A curve's corners can make it swing from one side to the other for ever. A lane that has not come to rest
// after a while is therefore careful: it takes every curve for as steep as its steepest part, which leaves
// each step short of its goal but on the same side; and if that does not help, it goes a smaller and smaller
// part of the way.

import Grid
import Lanes

/// Owns the powers of the inverters of eight lanes.
final class Inverters {
    /// By how much a curve's slope changes at a voltage.
    struct Hinge {
        let voltage: Double
        let slope: Double
    }

    /// Of p.u. power over |v|; its hinges are `range` of all.
    struct Curve {
        let first: Double
        let range: Range<Int>
        let steepest: Double
    }

    struct Unit {
        /// In the tree, and in the sensitivity tree.
        let position: Int
        let place: Int
        let scale: Double
        /// p.u.
        let rating: Double
        let isActiveFirst: Bool
        let active: Curve?
        let reactive: Curve?
        var available = Lanes.zero
        /// Of reactive power beside all that is available.
        var headroom = Lanes.zero
        /// What it gives, and its current as drawn.
        var activePower = Lanes.zero
        var reactivePower = Lanes.zero
        var ownReal = Lanes.zero
        var ownImaginary = Lanes.zero
        /// How far from its curves, and how steep they are there.
        var missing = (active: Lanes.zero, reactive: Lanes.zero)
        var slope = (active: Lanes.zero, reactive: Lanes.zero)
    }

    let units: UnsafeMutableBufferPointer<Unit>
    private let hinges: UnsafeMutableBufferPointer<Hinge>
    private let sensitivity: VoltageSensitivity
    private let caution: UnsafeMutablePointer<Caution>

    private struct Caution {
        /// 1 in a careful lane, otherwise 0; and the part of the way it goes.
        var care = Lanes.zero
        var pace = Lanes(repeating: 1)
    }

    /// - Precondition: every inverter's bus is live.
    init(_ controls: [InverterControl], on tree: ControlledTree, basePower: Double) {
        let positions = controls.map { tree.live.positions[$0.bus]! }
        sensitivity = VoltageSensitivity(tree, at: positions)
        var hinges: [Hinge] = []
        var units: [Unit] = []
        for (control, position) in zip(controls, positions) {
            let rating = control.rating.value / basePower
            units.append(
                Unit(
                    position: position, place: sensitivity.indices[position]!, scale: tree.scale[position],
                    rating: rating, isActiveFirst: control.priority == .active,
                    active: control.voltWatt.map {
                        Self.curve($0, times: control.activeRating.value / basePower, &hinges)
                    }, reactive: control.voltVar.map { Self.curve($0, times: rating, &hinges) }))
        }
        self.hinges = .copy(of: hinges)
        self.units = .copy(of: units)
        caution = .allocate(capacity: 1)
        caution.initialize(to: Caution())
    }

    deinit {
        units.deallocate()
        hinges.deallocate()
        caution.deallocate()
    }

    private static func curve(_ curve: VoltageCurve, times rating: Double, _ hinges: inout [Hinge]) -> Curve {
        let start = hinges.count
        var before = 0.0
        var steepest = 0.0
        for (index, point) in curve.points.enumerated() {
            var slope = 0.0
            if index + 1 < curve.points.count {
                let next = curve.points[index + 1]
                slope = rating * (next.output - point.output) / (next.voltage - point.voltage)
            }
            hinges.append(Hinge(voltage: point.voltage, slope: slope - before))
            before = slope
            steepest = max(steepest, -slope)
        }
        return Curve(
            first: rating * curve.points[0].output, range: start..<hinges.count, steepest: steepest)
    }

    /// Sets what is available in one lane, p.u.
    func set(_ available: Double, of unit: Int, lane: Int) {
        let rating = units[unit].rating
        let power = min(max(available, -rating), rating)
        units[unit].available[lane] = power
        units[unit].headroom[lane] = (rating * rating - power * power).squareRoot()
    }

    /// Makes a lane careful, or more so.
    func slowDown(_ lane: Int) {
        if caution.pointee.care[lane] > 0 {
            caution.pointee.pace[lane] = max(0.2, 0.8 * caution.pointee.pace[lane])
        }
        caution.pointee.care[lane] = 1
    }

    func speedUp(_ lane: Int) {
        caution.pointee.care[lane] = 0
        caution.pointee.pace[lane] = 1
    }

    /// Forgets what was given in one lane.
    func reset(_ lane: Int) {
        for index in units.indices {
            units[index].activePower[lane] = 0
            units[index].reactivePower[lane] = 0
            units[index].ownReal[lane] = 0
            units[index].ownImaginary[lane] = 0
        }
    }

    /// Moves every inverter towards its curves at the voltages of the forward pass, and draws its current.
    /// Gives each lane's sum of squares of what was missing, and of the change.
    func follow(_ sweep: LaneSweep) -> Lanes {
        var change = Lanes.zero
        for index in units.indices {
            aim(&units[index], sweep.cells[units[index].position])
            let unit = units[index]
            sensitivity.add(slope: unit.slope, missing: unit.missing, at: unit.place)
        }
        sensitivity.solve()
        for index in units.indices {
            give(&units[index], &sweep.cells[units[index].position], &change)
        }
        return change
    }

    /// Finds what an inverter misses, and its slopes.
    @inline(__always)
    private func aim(_ unit: inout Unit, _ cell: LaneSweep.Cell) {
        let voltage = cell.squaredVoltage * cell.inverse * unit.scale
        var active = (value: unit.available, slope: Lanes.zero)
        if let curve = unit.active {
            let most = evaluate(curve, at: voltage)
            let excess = active.value - most.value
            active.value -= excess.positivePart
            active.slope = most.slope.kept(where: ~excess.negativeMask)
            active.slope += caution.pointee.care * (curve.steepest - active.slope)
        }
        var reactive = (value: Lanes.zero, slope: Lanes.zero)
        if let curve = unit.reactive {
            reactive = evaluate(curve, at: voltage)
            reactive.slope += caution.pointee.care * (curve.steepest - reactive.slope)
            if unit.isActiveFirst {
                limitReactive(&reactive, beside: active, of: unit)
            } else {
                limitActive(&active, beside: reactive, of: unit)
            }
        }
        unit.slope = (active.slope, reactive.slope)
        unit.missing = (active.value - unit.activePower, reactive.value - unit.reactivePower)
    }

    /// |q| ≤ √(S² − p²); where it absorbs at that limit it can absorb the more, the more p falls.
    @inline(__always)
    private func limitReactive(
        _ reactive: inout (value: Lanes, slope: Lanes), beside active: (value: Lanes, slope: Lanes),
        of unit: Unit
    ) {
        var limit = unit.headroom
        var slopeAtLimit = Lanes.zero
        if unit.active != nil {
            limit = (unit.rating * unit.rating - active.value * active.value).rootOfPositive
            slopeAtLimit = steepness(active.value * active.slope, over: limit, of: unit)
        }
        let (over, under) = (reactive.value - limit, -limit - reactive.value)
        reactive.value = reactive.value - over.positivePart + under.positivePart
        reactive.slope =
            reactive.slope.kept(where: over.negativeMask & under.negativeMask)
            + slopeAtLimit.kept(where: ~under.negativeMask)
    }

    /// p ≤ √(S² − q²), which falls as the inverter absorbs more.
    @inline(__always)
    private func limitActive(
        _ active: inout (value: Lanes, slope: Lanes), beside reactive: (value: Lanes, slope: Lanes),
        of unit: Unit
    ) {
        let limit = (unit.rating * unit.rating - reactive.value * reactive.value).rootOfPositive
        let slopeAtLimit = steepness(-reactive.value * reactive.slope, over: limit, of: unit).positivePart
        let excess = active.value - limit
        active.value -= excess.positivePart
        active.slope =
            active.slope.kept(where: excess.negativeMask) + slopeAtLimit.kept(where: ~excess.negativeMask)
    }

    /// A quotient that stays small where its denominator, a part of a rating, vanishes.
    @inline(__always)
    private func steepness(_ numerator: Lanes, over limit: Lanes, of unit: Unit) -> Lanes {
        let least = 1e-3 * unit.rating
        return numerator * limit / (limit * limit + (least * least + Double.leastNormalMagnitude))
    }

    @inline(__always)
    private func evaluate(_ curve: Curve, at voltage: Lanes) -> (value: Lanes, slope: Lanes) {
        var value = Lanes(repeating: curve.first)
        var slope = Lanes.zero
        for index in curve.range {
            let beyond = voltage - hinges[index].voltage
            let mask = ~beyond.negativeMask
            value += hinges[index].slope * beyond.kept(where: mask)
            slope -= Lanes(repeating: hinges[index].slope).kept(where: mask)
        }
        return (value, slope)
    }

    @inline(__always)
    private func give(_ unit: inout Unit, _ cell: inout LaneSweep.Cell, _ change: inout Lanes) {
        let answer = sensitivity.answer(at: unit.place)
        let pace = caution.pointee.pace
        let active = pace * (unit.missing.active - unit.slope.active * answer)
        let reactive = pace * (unit.missing.reactive - unit.slope.reactive * answer)
        unit.activePower += active
        unit.reactivePower += reactive
        let squared = cell.inverse * cell.inverse
        let (p, q) = (-unit.activePower * squared, -unit.reactivePower * squared)
        let (re, im) = (cell.real, cell.imaginary)
        let (ownReal, ownImaginary) = (p * re + q * im, p * im - q * re)
        let (dr, di) = (ownReal - unit.ownReal, ownImaginary - unit.ownImaginary)
        change += cell.squaredVoltage * (dr * dr + di * di)
        change += unit.missing.active * unit.missing.active + unit.missing.reactive * unit.missing.reactive
        unit.ownReal = ownReal
        unit.ownImaginary = ownImaginary
        cell.currentReal += ownReal
        cell.currentImaginary += ownImaginary
    }
}

import Glibc
import Grid
import LinearAlgebra

// A transformer is given by its nameplate, referred to its lv side at the tap in use: Z = vk/100·v²/s and
// Y = (p_fe − j·√((i₀·s)² − p_fe²))/v². The nameplate means a T equivalent, half of Z on either side of Y;
// the π equivalent of a branch follows by the star–delta transformation:
//
//     k = 1 + Z·Y/4,   Z' = Z·k,   Y' = Y/k
//
// A tap in series with a winding of v volts adds v·n·Δ at an angle α to it; an ideal one only turns.

/// One transformer of two windings.
struct PandapowerTransformer {
    /// Of the short-circuit impedance, percent of the winding's own base.
    var resistance: Double
    var reactance: Double
    /// MVA.
    var power: Double
    /// kV.
    var high: Double
    var low: Double
    /// MW and percent.
    var ironLoss = 0.0
    var noLoadCurrent = 0.0
    /// Degrees.
    var shift = 0.0
    var parallel = 1.0

    mutating func apply(_ tap: PandapowerTap) {
        let direction = tap.isAtHigh ? 1.0 : -1.0
        if tap.isIdeal {
            let turn =
                tap.stepDegree != 0
                ? tap.steps * tap.stepDegree : 2 * asin(tap.steps * tap.stepPercent / 200) * 180 / .pi
            shift += direction * turn
        } else {
            let added = tap.stepPercent * tap.steps / 100
            let angle = CaseUnits.radians(tap.stepDegree)
            let (along, across) = (1 + added * cos(angle), added * sin(angle))
            shift += atan(direction * across / along) * 180 / .pi
            let factor = hypot(along, across)
            if tap.isAtHigh { high *= factor } else { low *= factor }
        }
    }

    /// As a branch between buses of `from` and `to` volts.
    func wire(_ name: String, from: Double, to: Double, rating: ApparentPower?) -> PandapowerReader.Wire {
        let ohms = low * low / power / 100 / parallel
        let magnetising = noLoadCurrent / 100 * power
        let squared = max(0, magnetising * magnetising - ironLoss * ironLoss)
        let siemens = parallel / (low * low)
        let series = Complex(resistance * ohms, reactance * ohms)
        let shunt = Complex(ironLoss * siemens, -squared.squareRoot() * siemens)
        let product = series * shunt
        let k = Complex(1 + product.real / 4, product.imaginary / 4)
        let (z, y) = (series * k, shunt / k)
        return PandapowerReader.Wire(
            name: name, resistance: z.real, reactance: z.imaginary, conductance: y.real,
            susceptance: y.imaginary, ratio: high / low / (from / to), shift: shift, rating: rating)
    }
}

/// The position of a tap changer.
struct PandapowerTap {
    var isAtHigh: Bool
    /// Turns only.
    var isIdeal: Bool
    /// From the neutral position.
    var steps: Double
    var stepPercent: Double
    var stepDegree: Double
}

extension PandapowerReader {
    mutating func readTransformers() {
        forEach("trafo", at: ["hv_bus", "lv_bus"]) { $0.readTwoWinding($1, $2) }
        forEach("trafo3w", at: ["hv_bus", "mv_bus", "lv_bus"], needsAll: false) {
            $0.readThreeWinding($1, $2)
        }
    }

    private mutating func readTwoWinding(_ row: PandapowerRow, _ name: String) {
        let (resistance, voltage) = (
            row.number("vkr_percent", &mistakes), row.number("vk_percent", &mistakes)
        )
        // A resistance that is the whole impedance may be above it by rounding.
        if resistance.magnitude > voltage.magnitude * (1 + 1e-12) {
            mistakes.add("\(row.title): vkr_percent is above vk_percent")
        }
        refuseUnknown(row)
        let reactance = max(0, voltage * voltage - resistance * resistance).squareRoot()
        var transformer = PandapowerTransformer(
            resistance: resistance, reactance: voltage < 0 ? -reactance : reactance,
            power: row.positive("sn_mva", &mistakes), high: row.positive("vn_hv_kv", &mistakes),
            low: row.positive("vn_lv_kv", &mistakes),
            ironLoss: row.number("pfe_kw", or: 0, &mistakes) / 1000,
            noLoadCurrent: row.number("i0_percent", or: 0, &mistakes),
            shift: row.number("shift_degree", or: 0, &mistakes),
            parallel: row.multiple("parallel", &mistakes))
        let nominal = transformer
        for changer in ["tap", "tap2"] {
            if let tap = tap(row, changer) { transformer.apply(tap) }
        }
        let rating = transformer.power * transformer.parallel * row.number("df", or: 1, &mistakes)
        let ends = ends(row, ["hv_bus", "lv_bus"], kind: "t")
        let sides = [(nominal.high, ends[0]), (nominal.low, ends[1])]
        if sides.contains(where: { !(0.7...1.4).contains($0 * 1000 / $1.voltage) }) {
            oddVoltages.append(row.title)
        }
        add(
            transformer.wire(
                name, from: ends[0].voltage, to: ends[1].voltage, rating: ApparentPower(rating * 1e6)),
            from: ends[0], to: ends[1], isOn: row.isTrue("in_service", or: true, &mistakes), isLine: false)
    }

    private mutating func refuseUnknown(_ row: PandapowerRow) {
        for column in ["leakage_resistance_ratio_hv", "leakage_reactance_ratio_hv"]
        where row.number(column, or: 0.5, &mistakes) != 0.5 {
            mistakes.add("\(row.title): \(column) other than 0.5 is not supported")
        }
        for column in ["tap_dependency_table", "tap_dependent_impedance"]
        where row.isTrue(column, or: false, &mistakes) {
            mistakes.add("\(row.title): \(column) is not supported")
        }
    }

    /// Nil where there is no changer, or nothing says where it stands.
    private mutating func tap(_ row: PandapowerRow, _ changer: String) -> PandapowerTap? {
        guard let position = row.optional("\(changer)_pos", &mistakes) else { return nil }
        let neutral = row.optional("\(changer)_neutral", &mistakes)
        let (side, type) = (row.text("\(changer)_side"), "\(changer)_changer_type")
        guard let neutral, let side, !row.has(type) || row.text(type) != nil else {
            if position != neutral ?? 0 {
                incompleteTaps.append("\(row.title): \(changer)_pos is \(shortest(position))")
            }
            return nil
        }
        let sides = row.table.name == "trafo" ? ["hv", "lv"] : ["hv", "mv", "lv"]
        if !sides.contains(side) {
            mistakes.add(
                "\(row.title): \(changer)_side is '\(side.prefix(20))'; allowed are \(sides.joined(separator: ", "))"
            )
        }
        let percent = row.optional("\(changer)_step_percent", &mistakes)
        let degree = row.optional("\(changer)_step_degree", &mistakes) ?? 0
        var isIdeal = false
        if let type = row.text(type) {
            isIdeal = type == "Ideal"
            if !["Ideal", "Ratio", "Symmetrical"].contains(type) {
                mistakes.add("\(row.title): \(changer)_changer_type '\(type.prefix(20))' is not supported")
            }
        } else {
            isIdeal = row.isTrue("\(changer)_phase_shifter", or: false, &mistakes)
        }
        if isIdeal, degree != 0, (percent ?? 0) != 0 {
            mistakes.add("\(row.title): an ideal tap changer has steps in percent or in degrees, not both")
        }
        if isIdeal, ((percent ?? 0) * (position - neutral)).magnitude > 200 {
            mistakes.add("\(row.title): the tap changer shifts the phase by more than 180 degrees")
        }
        return PandapowerTap(
            isAtHigh: side == "hv", isIdeal: isIdeal, steps: position - neutral, stepPercent: percent ?? 0,
            stepDegree: degree)
    }

    /// Three transformers that meet at a bus of their own.
    private mutating func readThreeWinding(_ row: PandapowerRow, _ name: String) {
        refuseUnknown(row)
        let isOn = row.isTrue("in_service", or: true, &mistakes)
        let sides = ["hv", "mv", "lv"]
        let ends = ends(row, sides.map { "\($0)_bus" }, kind: "t3")
        let parts = windings(row)
        guard isOn, ends.contains(where: { $0.place != nil && !$0.isOpen }) else { return }
        let inner = addInner("\(name) star", voltage: ends[0].voltage)
        let star = End(place: inner, voltage: ends[0].voltage, isOpen: false)
        let first = branches.count
        for (at, side) in sides.enumerated() {
            var wire = parts[at].wire(
                "\(name) \(side)", from: at == 0 ? ends[0].voltage : star.voltage,
                to: at == 0 ? star.voltage : ends[at].voltage, rating: ApparentPower(parts[at].power * 1e6))
            wire.ratedEnd = at == 0 ? .from : .to
            add(
                wire, from: at == 0 ? ends[0] : star, to: at == 0 ? star : ends[at], isOn: isOn, isLine: false
            )
        }
        origin.units.append(
            .init(name: name, branches: Array(first..<branches.count), innerBus: inner.node))
    }

    /// The hv, mv and lv windings, each between its terminal and the star point, from the short-circuit
    /// voltages of the pairs hv–mv, mv–lv and lv–hv.
    private mutating func windings(_ row: PandapowerRow) -> [PandapowerTransformer] {
        let sides = ["hv", "mv", "lv"]
        let power = sides.map { row.positive("sn_\($0)_mva", &mistakes) }
        let volts = sides.map { row.positive("vn_\($0)_kv", &mistakes) }
        let pairs = [min(power[0], power[1]), min(power[1], power[2]), min(power[0], power[2])]
        var (resistance, reactance) = ([0.0, 0, 0], [0.0, 0, 0])
        for (at, side) in sides.enumerated() {
            let r = row.number("vkr_\(side)_percent", &mistakes) * power[0] / pairs[at]
            let z = row.number("vk_\(side)_percent", &mistakes) * power[0] / pairs[at]
            if r.magnitude > z.magnitude * (1 + 1e-12) {
                mistakes.add("\(row.title): vkr_\(side)_percent is above vk_\(side)_percent")
            }
            resistance[at] = r
            reactance[at] = max(0, z * z - r * r).squareRoot()
        }
        let lossSide = row.text("loss_side") ?? "hv"
        if !sides.contains(lossSide) {
            mistakes.add("\(row.title): loss_side '\(lossSide.prefix(20))' is not supported")
        }
        let changer = tap(row, "tap")
        let changerSide = row.text("tap_side")
        return sides.indices.map { at in
            let (before, after) = ((at + 2) % 3, (at + 1) % 3)
            func winding(_ pairs: [Double]) -> Double {
                (pairs[at] + pairs[before] - pairs[after]) / 2 * power[at] / power[0]
            }
            var part = PandapowerTransformer(
                resistance: winding(resistance), reactance: winding(reactance), power: power[at],
                high: volts[0], low: volts[at])
            if at > 0 { part.shift = row.number("shift_\(sides[at])_degree", or: 0, &mistakes) }
            if lossSide == sides[at] {
                part.ironLoss = row.number("pfe_kw", or: 0, &mistakes) / 1000
                part.noLoadCurrent = row.number("i0_percent", or: 0, &mistakes)
            }
            if let changer, changerSide == sides[at] {
                let isAtStar = row.isTrue("tap_at_star_point", or: false, &mistakes)
                // What only turns does the same at either end of its winding.
                part.apply(isAtStar && !changer.isIdeal ? changer.movedToStar : changer)
            }
            return part
        }
    }
}

extension PandapowerTap {
    /// At the other end of its winding, with the opposite effect.
    fileprivate var movedToStar: PandapowerTap {
        let angle = CaseUnits.radians(stepDegree)
        let step = Complex(stepPercent * cos(angle), stepPercent * sin(angle))
        let moved =
            Complex(100 * step.real, 100 * step.imaginary)
            / Complex(100 + step.real * steps, step.imaginary * steps)
        var tap = self
        tap.isAtHigh.toggle()
        tap.stepPercent = hypot(moved.real, moved.imaginary)
        tap.stepDegree = atan2(moved.imaginary, moved.real) * 180 / .pi - 180
        return tap
    }
}

// What takes part in the fixed point, by slot of the pattern. Ports are the conductors at which loads,
// inverters, moved taps and switched shunts stand, and what controls measure. With them stay, to the end of
// the elimination, the buses at which three or more branches meet: removing those would tie all their
// neighbours to each other.

import Grid
import LinearAlgebra

/// A feeder ready for its fixed point; shared by all workers.
struct PortPlan: Sendable {
    /// One coil of a winding whose tap moves.
    struct Coil {
        let plus: Int32
        let minus: Int32
        let plusRow: Int32
        let minusRow: Int32
        /// Turns⁻¹ with the tap of the matrix, and that tap.
        let turns: Double
        let tap: Double
        /// Admittance of iron and magnetisation across it per turns⁻².
        let core: Complex
        let firstRow: Int32
        let rowCount: Int32
    }

    /// A row of its transformer in which a coil stands.
    struct CoilRow {
        let equation: Int32
        let current: Int32
        let sign: Double
    }

    /// One part of a shunt that is switched.
    struct Bank {
        let plus: Int32
        let minus: Int32
        let plusRow: Int32
        let minusRow: Int32
        /// With all steps closed.
        let admittance: Complex
        /// Fraction that is closed in the matrix.
        let closed: Double
    }

    let system: FeederSystem
    private let factors: ComplexSparseLU
    let pattern: PortPattern
    /// Equations whose right-hand sides change.
    let equations: [Int]
    /// Unknowns that are eliminated last.
    let isLate: [Bool]
    /// Ends of each terminal.
    private(set) var places: [FeederSystem.Place] = []
    private(set) var terminals: [Terminal] = []
    private(set) var details: [TerminalDetail] = []
    private(set) var coils: [Coil] = []
    private(set) var coilRows: [CoilRow] = []
    private(set) var banks: [Bank] = []
    /// Coils of each tap control, banks of each shunt control.
    private(set) var coilsOfControl: [Range<Int>] = []
    private(set) var banksOfControl: [Range<Int>] = []
    /// The solution without loads, by slot and by unknown.
    let base: [Complex]
    let solution: [Complex]
    let isVoltage: [Bool]
    /// Largest |s| of a terminal or |y| of a bank, as a fraction of the base power.
    private(set) var largest = 0.0

    init(_ feeder: Feeder) throws(FeederMistakes) {
        let mistakes = feeder.mistakes()
        guard mistakes.isEmpty else { throw FeederMistakes(all: mistakes) }
        system = FeederSystem(feeder)
        let ports = PortSet(system)
        var isLate = system.junctions
        for unknown in ports.unknowns { isLate[unknown] = true }
        let lu = try system.factors(isLate)
        factors = lu
        equations = ports.equations.sorted()
        self.isLate = isLate
        pattern = PortPattern(lu, equations: equations, unknowns: ports.unknowns.sorted())
        solution = lu.solve(system.right)
        var base = [Complex](repeating: .zero, count: pattern.count)
        var isVoltage = [Bool](repeating: false, count: pattern.count)
        for unknown in 0..<system.order where pattern.slot(ofUnknown: unknown) < pattern.count {
            base[pattern.slot(ofUnknown: unknown)] = solution[unknown]
            isVoltage[pattern.slot(ofUnknown: unknown)] = unknown < system.nodes.count
        }
        (self.base, self.isVoltage) = (base, isVoltage)
        for (index, load) in feeder.loads.enumerated() { append(load, index) }
        for (index, inverter) in feeder.inverters.enumerated() {
            append(inverter, feeder.loads.count + index)
        }
        // Neighbours in the solver are neighbours in memory.
        let order = terminals.indices.sorted {
            (terminals[$0].plus, terminals[$0].minus, $0) < (terminals[$1].plus, terminals[$1].minus, $1)
        }
        (terminals, details) = (order.map { terminals[$0] }, order.map { details[$0] })
        places = order.map { places[$0] }
        for control in feeder.tapControls { append(control) }
        for control in feeder.shuntControls { append(control) }
    }

    /// The change of all unknowns by currents drawn at nodes, p.u.
    func response(to drawn: [Int: Complex]) -> [Complex] {
        var right = [Complex](repeating: .zero, count: system.order)
        for (node, current) in drawn { right[node] = -current }
        return factors.solve(right)
    }

    /// Slot of an unknown; that of earth for nil.
    func slot(_ unknown: Int?) -> Int { unknown.map { pattern.slot(ofUnknown: $0) } ?? pattern.count }

    private func row(_ equation: Int?) -> Int32 {
        Int32(equation.map { pattern.slot(ofEquation: $0).slot } ?? pattern.count)
    }

    // MARK: Terminals

    private mutating func append(_ load: Feeder.Load, _ index: Int) {
        for (k, pair) in load.pairs.enumerated() where load.active[k] != .zero || load.reactive[k] != .zero {
            append(
                load.bus, pair, index, load.voltage.value, load.dependence, load.range,
                (load.active[k].value, load.reactive[k].value))
        }
    }

    private mutating func append(_ inverter: Feeder.Inverter, _ index: Int) {
        let part = 1 / Double(inverter.pairs.count)
        for pair in inverter.pairs {
            append(
                inverter.bus, pair, index, inverter.voltage.value, .constantPower, inverter.range,
                (-inverter.rating.value * part, -inverter.rating.value * part))
        }
    }

    private mutating func append(
        _ bus: Int, _ pair: Feeder.Pair, _ index: Int, _ voltage: Double,
        _ dependence: Feeder.VoltageDependence, _ range: Feeder.ModelRange, _ power: (Double, Double)
    ) {
        guard let place = system.place(bus, pair) else { return }
        let nominal = voltage / system.feeder.buses[bus].nominalPhaseVoltage
        let shares = dependence.shares
        let isExponential = if case .exponential = dependence { true } else { false }
        let scaled = [shares?.active ?? .power, shares?.reactive ?? .power].map {
            Terminal.Shares(
                power: $0.power, current: $0.current / nominal, impedance: $0.impedance / (nominal * nominal))
        }
        let base = FeederSystem.basePower
        terminals.append(
            Terminal(
                plus: Int32(slot(place.plus)), minus: Int32(slot(place.minus)), plusRow: row(place.plus),
                minusRow: row(place.minus), active: scaled[0], reactive: scaled[1],
                low: 1 / (range.upper * nominal), high: 1 / (range.lower * nominal),
                isIrregular: shares == nil, isIrregularAbove: isExponential))
        places.append(place)
        details.append(
            TerminalDetail(
                source: Int32(index), nominal: nominal, dependence: dependence, range: range,
                nominalActive: power.0 / base, nominalReactive: power.1 / base))
        largest = max(largest, Complex(power.0 / base, power.1 / base).magnitude)
    }

    // MARK: Taps and shunts

    private mutating func append(_ control: Feeder.TapControl) {
        let first = coils.count
        defer { coilsOfControl.append(first..<coils.count) }
        let transformer = system.feeder.transformers[control.transformer]
        guard let rows = system.transformerRows[control.transformer] else { return }
        let (winding, others) = (transformer.windings[control.winding], transformer.windings.count - 1)
        let volts = system.feeder.buses[winding.bus].nominalPhaseVoltage
        let power = transformer.rating.value / Double(winding.pairs.count)
        for (phase, pair) in winding.pairs.enumerated() {
            guard let place = system.place(winding.bus, pair) else { continue }
            let firstRow = coilRows.count
            for other in 0..<others where control.winding == 0 || other == control.winding - 1 {
                let unknown = rows + phase * others + other
                coilRows.append(
                    CoilRow(
                        equation: row(unknown), current: Int32(slot(unknown)),
                        sign: control.winding == 0 ? 1 : -1))
            }
            let core = control.winding == 1 ? transformer.core * (power / FeederSystem.basePower) : .zero
            coils.append(
                Coil(
                    plus: Int32(slot(place.plus)), minus: Int32(slot(place.minus)), plusRow: row(place.plus),
                    minusRow: row(place.minus), turns: volts / (winding.voltage.value * winding.tap),
                    tap: winding.tap, core: core, firstRow: Int32(firstRow),
                    rowCount: Int32(coilRows.count - firstRow)))
        }
    }

    private mutating func append(_ control: Feeder.ShuntControl) {
        let first = banks.count
        defer { banksOfControl.append(first..<banks.count) }
        let shunt = system.feeder.shunts[control.shunt]
        let volts = system.feeder.buses[shunt.bus].nominalPhaseVoltage
        for (pair, admittance) in zip(shunt.pairs, shunt.admittance) {
            guard let place = system.place(shunt.bus, pair) else { continue }
            let y = admittance * (volts * volts / FeederSystem.basePower)
            banks.append(
                Bank(
                    plus: Int32(slot(place.plus)), minus: Int32(slot(place.minus)), plusRow: row(place.plus),
                    minusRow: row(place.minus), admittance: y,
                    closed: Double(shunt.closed) / Double(shunt.steps)))
            largest = max(largest, y.magnitude)
        }
    }
}

import Grid
import LinearAlgebra

/// What capacitors and reactors have in common.
struct DSSShunt {
    var from: DSSFields.Field?
    var to: DSSFields.Field?
    var phases = 3
    var kilovolts = 12.47
    var isDelta = false

    /// Takes a property; false for one that it does not have.
    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields) -> Bool {
        switch field.key {
        case "bus1":
            from = field
            to = nil
        case "bus2": to = field
        case "phases": fields.read(field, &phases, in: 1...12)
        case "kv": fields.read(field, &kilovolts, in: 1e-6...1e5)
        case "conn": isDelta = fields.isDelta(field.word.value, field) ?? isDelta
        default: return false
        }
        return true
    }
}

/// A capacitor while it is read.
struct DSSCapacitor {
    var shunt = DSSShunt()
    var steps = 1
    /// kvar of each step.
    var kilovars = [1200.0]
    /// Of each step, µF; nil where kvar say it.
    var microfarads: [Double]?
    var resistance: [Double] = []
    var reactance: [Double] = []
    var states: [Bool] = []

    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields) {
        if shunt.read(field, &fields) { return }
        switch field.key {
        case "kvar":
            let values = fields.numbers(field)
            kilovars = (0..<steps).map { $0 < values.count ? values[$0] : 0 }
            microfarads = nil
        case "cuf": microfarads = nonEmpty(fields.numbers(field, in: 0...1e12), field, &fields)
        case "r": resistance = fields.numbers(field)
        case "xl": reactance = fields.numbers(field)
        case "numsteps":
            let total = kilovars.reduce(0, +)
            fields.read(field, &steps, in: 1...1000)
            kilovars = Array(repeating: total / Double(steps), count: steps)
        case "states": states = fields.numbers(field, in: 0...1).map { $0 > 0 }
        case "harm": fields.refuse("a tuned filter is not read; give R and XL", field)
        case "cmatrix": fields.refuse("a matrix is not read", field)
        default: break
        }
    }

    private func nonEmpty(
        _ values: [Double], _ field: DSSFields.Field, _ fields: inout DSSFields
    ) -> [Double]? {
        guard values.isEmpty else { return values }
        fields.refuse("a number is needed", field)
        return nil
    }
}

/// A reactor while it is read.
struct DSSReactor {
    private enum Given { case power, impedance, sequence, matrix }

    var shunt = DSSShunt()
    private(set) var isReactanceMissing = false
    private var kilovars = 100.0
    private var series = Complex(0, 0)
    private var hasResistance = false
    private var hasReactance = false
    private var parallel: Double?
    private var z1: Complex?
    private var z0: Complex?
    private var given = Given.power
    private var resistances: [[Double]]?
    private var reactances: [[Double]]?

    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields, _ frequency: Double) {
        if shunt.read(field, &fields) { return }
        switch field.key {
        case "kvar":
            fields.read(field, &kilovars)
            given = .power
        case "r":
            fields.read(field, &series.real)
            hasResistance = true
            given = .impedance
        case "x", "lmh":
            fields.read(field, &series.imaginary)
            if field.key == "lmh" { series.imaginary *= 2e-3 * .pi * frequency }
            hasReactance = true
            given = .impedance
        case "z":
            guard let value = fields.complex(field) else { return }
            series = value
            (hasResistance, hasReactance) = (true, true)
            given = .impedance
        case "rp": fields.read(field, &parallel)
        case "z1", "z0", "z2":
            given = .sequence
            let value = fields.complex(field)
            if field.key == "z1" { z1 = value }
            if field.key == "z0" { z0 = value }
            if field.key == "z2", value != z1 { fields.refuse("Z2 must equal Z1", field) }
        case "rmatrix", "xmatrix":
            given = .matrix
            let matrix = fields.matrix(field, order: shunt.phases)
            if field.key == "rmatrix" { resistances = matrix } else { reactances = matrix }
        case "parallel":
            var isParallel = false
            fields.read(field, &isParallel)
            if isParallel { fields.refuse("matrices of parallel branches are not read", field) }
        default: break
        }
        isReactanceMissing = given == .impedance && hasResistance && !hasReactance
    }

    /// Ω, of a reactor of the default power at the default voltage.
    var reactance: Double { 1555.009 }

    /// Of each phase, Ω; nil where the phases are coupled.
    var impedance: Complex? {
        var impedance: Complex
        switch given {
        case .power:
            guard kilovars != 0 else { return nil }
            let volts = DSSBuilder.voltage(shunt.kilovolts, phases: shunt.phases, isDelta: shunt.isDelta)
                .value
            impedance = Complex(0, volts * volts * Double(shunt.phases) / (kilovars * 1000))
        case .impedance: impedance = Complex(series.real, hasReactance ? series.imaginary : reactance)
        case .sequence, .matrix: return nil
        }
        guard let parallel, parallel != 0 else { return impedance }
        guard impedance != .zero else { return impedance }
        return Complex(1, 0) / (Complex(1, 0) / impedance + Complex(1 / parallel, 0))
    }

    /// Over coupled phases, Ω.
    func matrix(_ phases: Int) -> ConductorMatrix? {
        switch given {
        case .sequence:
            guard let one = z1 ?? z0 else { return nil }
            return phases == 1
                ? ConductorMatrix(order: 1) { _, _ in one }
                : ConductorMatrix(order: phases, positive: one, zero: z0 ?? one)
        case .matrix:
            func value(_ matrix: [[Double]]?, _ i: Int, _ j: Int) -> Double {
                guard let matrix, i < matrix.count, j < matrix.count else { return 0 }
                return matrix[i][j]
            }
            return ConductorMatrix(order: phases) {
                Complex(value(resistances, $0, $1), value(reactances, $0, $1))
            }
        default: return nil
        }
    }
}

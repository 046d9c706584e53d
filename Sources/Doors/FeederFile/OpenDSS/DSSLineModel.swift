import Grid
import LinearAlgebra

/// Series impedance and capacitance of a line of unit length, given by sequence or as matrices.
struct DSSLineModel {
    /// Number of conductors.
    var phases = 3
    /// Whether the sequence values hold, and not the matrices.
    var isSequence = true
    /// Positive- and zero-sequence impedance, Ω per unit of length.
    var z1 = Complex(0.058, 0.1206)
    var z0 = Complex(0.1784, 0.4047)
    /// Positive- and zero-sequence capacitance, nF per unit of length.
    var c1 = 3.4
    var c0 = 1.6
    /// Whether the capacitance is stated.
    private(set) var hasCapacitance = false
    /// Ω and nF per unit of length.
    var resistance: [[Double]] = []
    var reactance: [[Double]] = []
    var capacitance: [[Double]] = []
    /// Frequency of the reactances, Hz.
    var baseFrequency: Double
    /// Largest continuous current, A; nil where it is not stated.
    var rating: Double?
    /// Metres of the unit of length of a line code; nil is none.
    var unit: Double?

    /// Whether this is a line code: its matrix of one phase has the diagonal of three.
    private var isCode = false
    /// The sequence values at the end of the line of the script before: a matrix puts the others of its line
    /// out of force.
    private var settled: (z1: Complex, z0: Complex, c1: Double, c0: Double)

    init(frequency: Double, isCode: Bool = false) {
        baseFrequency = frequency
        self.isCode = isCode
        settled = (z1, z0, c1, c0)
    }

    /// Notes that a line of the script has ended.
    mutating func settle() {
        if isSequence { settled = (z1, z0, c1, c0) }
    }

    /// A line of matrices, Ω and nF.
    init(frequency: Double, resistance: [[Double]], reactance: [[Double]], capacitance: [[Double]]) {
        baseFrequency = frequency
        settled = (z1, z0, c1, c0)
        phases = resistance.count
        isSequence = false
        self.resistance = resistance
        self.reactance = reactance
        self.capacitance = capacitance
    }

    /// Reads what lines and line codes both have; false for any other property.
    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields) -> Bool {
        if ["c1", "c0", "b1", "b0", "cmatrix"].contains(field.key) { hasCapacitance = true }
        switch field.key {
        case "r1": sequence(field, &fields, \.z1.real)
        case "x1": sequence(field, &fields, \.z1.imaginary)
        case "r0": sequence(field, &fields, \.z0.real)
        case "x0": sequence(field, &fields, \.z0.imaginary)
        case "c1": sequence(field, &fields, \.c1)
        case "c0": sequence(field, &fields, \.c0)
        case "b1": sequence(field, &fields, \.c1, unit: 1e3 / (2 * .pi * baseFrequency))
        case "b0": sequence(field, &fields, \.c0, unit: 1e3 / (2 * .pi * baseFrequency))
        case "rmatrix": matrix(field, &fields, \.resistance)
        case "xmatrix": matrix(field, &fields, \.reactance)
        case "cmatrix": matrix(field, &fields, \.capacitance)
        case "rg", "xg": break  // of the earth's path, for other frequencies
        default: return false
        }
        return true
    }

    private mutating func sequence(
        _ field: DSSFields.Field, _ fields: inout DSSFields, _ value: WritableKeyPath<DSSLineModel, Double>,
        unit: Double = 1
    ) {
        var number = 0.0
        fields.read(field, &number)
        self[keyPath: value] = number * unit
        isSequence = true
    }

    private mutating func matrix(
        _ field: DSSFields.Field, _ fields: inout DSSFields,
        _ value: WritableKeyPath<DSSLineModel, [[Double]]>
    ) {
        guard let matrix = fields.matrix(field, order: phases) else { return }
        if isSequence { (z1, z0, c1, c0) = settled }
        spell(ownOfThree: isCode)
        self[keyPath: value] = matrix
    }

    /// Turns sequence values into matrices; one phase takes the positive sequence, or the diagonal of three.
    private mutating func spell(ownOfThree: Bool = false) {
        guard isSequence else { return }
        func matrix(_ one: Double, _ zero: Double) -> [[Double]] {
            let (own, mutual) =
                phases == 1 && !ownOfThree ? (one, 0) : ((2 * one + zero) / 3, (zero - one) / 3)
            return (0..<phases).map { i in (0..<phases).map { i == $0 ? own : mutual } }
        }
        resistance = matrix(z1.real, z0.real)
        reactance = matrix(z1.imaginary, z0.imaginary)
        capacitance = matrix(c1, c0)
        isSequence = false
    }

    /// Changes the number of phases; false where matrices of another number hold.
    mutating func setPhases(_ count: Int) -> Bool {
        guard count != phases else { return true }
        guard isSequence else { return false }
        phases = count
        return true
    }

    /// Eliminates a conductor that is grounded at both ends (Kron's reduction). Sequence values have none.
    mutating func eliminate(_ conductor: Int) {
        guard !isSequence, phases > 1, conductor < phases else { return }
        let z = impedance(1, at: baseFrequency)
        let rest = (0..<phases).filter { $0 != conductor }
        let own = z[conductor, conductor]
        func reduced(_ i: Int, _ j: Int) -> Complex {
            own == .zero ? z[i, j] : z[i, j] - z[i, conductor] * z[conductor, j] / own
        }
        resistance = rest.map { i in rest.map { reduced(i, $0).real } }
        reactance = rest.map { i in rest.map { reduced(i, $0).imaginary } }
        capacitance = rest.map { i in rest.map { capacitance[i][$0] } }
        phases -= 1
    }

    /// Series impedance of `length` units at a frequency in Hz, Ω.
    func impedance(_ length: Double, at frequency: Double) -> ConductorMatrix {
        var model = self
        model.spell()
        let scale = frequency / baseFrequency
        return ConductorMatrix(order: phases) { i, j in
            Complex(model.resistance[i][j], model.reactance[i][j] * scale) * length
        }
    }

    /// Shunt admittance of `length` units at a frequency in Hz, S.
    func admittance(_ length: Double, at frequency: Double) -> ConductorMatrix {
        var model = self
        model.spell()
        return ConductorMatrix(order: phases) { i, j in
            Complex(0, 2 * .pi * frequency * 1e-9 * model.capacitance[i][j] * length)
        }
    }
}

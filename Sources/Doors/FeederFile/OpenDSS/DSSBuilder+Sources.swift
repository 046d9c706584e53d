import Foundation
import Grid
import LinearAlgebra

extension DSSBuilder {
    /// A source behind its short-circuit impedance.
    mutating func addSource(_ object: DSSObject) {
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var source = DSSSource()
        var bus = fields.all.last { $0.key == "bus1" }
        for field in fields.all { source.read(field, &fields, &bus) }
        guard let impedance = source.impedance else {
            return fields.refuse("the single-phase fault current is too large beside the three-phase one")
        }
        let place =
            bus
            ?? DSSFields.Field(
                key: "bus1", name: "Bus1",
                word: DSSWord(name: nil, value: "sourcebus", isQuoted: false, place: object.place))
        let phases = source.phases
        guard
            let terminal = fields.terminal(place.word.value, place, phases: phases, conductors: phases)
        else { return }
        let index = self.bus(terminal.bus)
        let magnitude =
            source.kilovolts * 1000 * source.perUnit / (phases == 1 ? 1 : 2 * sin(.pi / Double(phases)))
        let turn = phases > 1 ? 2 * Double.pi / Double(phases) : 0
        feeder.sources.append(
            Feeder.Source(
                name: object.name, bus: index, pairs: terminal.nodes.map { Feeder.Pair($0) },
                magnitude: Array(repeating: Voltage(magnitude), count: phases),
                angle: (0..<phases).map { source.angle * .pi / 180 - turn * Double($0) },
                impedance: impedance))
        stated[index] = source.kilovolts * 1000 * (phases == 1 ? 3.0.squareRoot() : 1)
    }
}

/// What a script says of a source, kV, MVA, A, Ω and degrees.
private struct DSSSource {
    /// In which terms the impedance is given.
    enum Given { case power, current, impedance }

    var phases = 3
    var kilovolts = 115.0
    var perUnit = 1.0
    var angle = 0.0
    var given = Given.power
    var power3 = 2000.0
    var power1 = 2100.0
    var current3 = 10000.0
    var current1 = 10500.0
    /// X/R of the positive and of the zero sequence.
    var ratio1 = 4.0
    var ratio0 = 3.0
    var z1: Complex?
    var z0: Complex?
    var perUnitZ1: Complex?
    var perUnitZ0: Complex?
    var base = 100.0

    /// The impedances that a source has at first, from 2000 and 2100 MVA at 115 kV.
    private static let standard1 = Complex(1.6037668155207522, 6.415067262083009)
    private static let standard0 = Complex(1.7960358301233548, 5.3881074903700643)

    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields, _ bus: inout DSSFields.Field?) {
        let positive = 1e-9...1e12
        switch field.key {
        case "basekv": fields.read(field, &kilovolts, in: 1e-6...1e5)
        case "pu": fields.read(field, &perUnit, in: 0...10)
        case "angle": fields.read(field, &angle, in: -1e6...1e6)
        case "phases": fields.read(field, &phases, in: 1...12)
        case "mvasc3": set(.power, field, &fields, \.power3)
        case "mvasc1": set(.power, field, &fields, \.power1)
        case "isc3": set(.current, field, &fields, \.current3)
        case "isc1": set(.current, field, &fields, \.current1)
        case "x1r1": fields.read(field, &ratio1, in: positive)
        case "x0r0": fields.read(field, &ratio0, in: positive)
        case "r1", "x1", "r0", "x0": readPart(field, &fields)
        case "z1", "z0":
            given = .impedance
            let value = fields.complex(field)
            if field.key == "z1" { z1 = value } else { z0 = value }
            if z0 == nil { z0 = z1 }
        case "puz1": perUnitZ1 = fields.complex(field)
        case "puz0": perUnitZ0 = fields.complex(field)
        case "basemva": fields.read(field, &base, in: positive)
        default: break
        }
    }

    private mutating func set(
        _ given: Given, _ field: DSSFields.Field, _ fields: inout DSSFields,
        _ value: WritableKeyPath<DSSSource, Double>
    ) {
        self.given = given
        fields.read(field, &self[keyPath: value], in: 1e-9...1e12)
    }

    private mutating func readPart(_ field: DSSFields.Field, _ fields: inout DSSFields) {
        given = .impedance
        var value = 0.0
        fields.read(field, &value)
        var one = z1 ?? Self.standard1
        var zero = z0 ?? Self.standard0
        switch field.key {
        case "r1": one.real = value
        case "x1": one.imaginary = value
        case "r0": zero.real = value
        default: zero.imaginary = value
        }
        (z1, z0) = (one, zero)
    }

    /// Over the phases; nil where the fault currents contradict each other.
    var impedance: ConductorMatrix? {
        let square = kilovolts * kilovolts
        if let perUnitZ1 {
            let factor = square / base
            return matrix(perUnitZ1 * factor, (perUnitZ0 ?? perUnitZ1) * factor)
        }
        let factor = phases == 1 ? 1 : 3.0.squareRoot()
        var (one, fault) = (Complex.zero, 0.0)
        switch given {
        case .impedance: return matrix(z1 ?? Self.standard1, z0 ?? Self.standard0)
        case .power:
            one.imaginary = square / power3 / (1 + 1 / (ratio1 * ratio1)).squareRoot()
            fault = power1 * 1000 / (factor * kilovolts)
        case .current:
            one.imaginary =
                kilovolts * 1000 / 3.0.squareRoot() / current3
                / (1 + 1 / (ratio1 * ratio1)).squareRoot()
            fault = current1
        }
        one.real = one.imaginary / ratio1
        // |2·z1 + z0| = 3·V/I of the single-phase fault, z0 = r·(1 + j·ratio0).
        let a = 1 + ratio0 * ratio0
        let b = 4 * (one.real + one.imaginary * ratio0)
        let total = 3 * kilovolts * 1000 / factor / fault
        let c = 4 * one.squared - total * total
        let root = b * b - 4 * a * c
        guard root >= 0 else { return nil }
        let resistance = (root.squareRoot() - b) / (2 * a)
        return matrix(one, Complex(resistance, resistance * ratio0))
    }

    private func matrix(_ one: Complex, _ zero: Complex) -> ConductorMatrix {
        phases == 1
            ? ConductorMatrix(order: 1) { _, _ in one }
            : ConductorMatrix(order: phases, positive: one, zero: zero)
    }
}

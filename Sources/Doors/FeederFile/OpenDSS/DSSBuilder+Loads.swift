import Foundation
import Grid
import LinearAlgebra
import TextFile

extension DSSBuilder {
    /// The pairs between which the parts of a load, generator or shunt stand.
    static func pairs(_ nodes: [Int], phases: Int, isDelta: Bool) -> [Feeder.Pair] {
        (0..<phases).map { phase in
            let other = isDelta ? (phase + 1) % nodes.count : phases
            return Feeder.Pair(nodes[phase], nodes[other])
        }
    }

    /// Number of conductors of such an element.
    static func conductors(phases: Int, isDelta: Bool) -> Int {
        isDelta && phases >= 3 ? phases : phases + 1
    }

    /// Voltage across such a pair, V, from that in kV that the language states.
    static func voltage(_ kilovolts: Double, phases: Int, isDelta: Bool) -> Voltage {
        let isStar = !isDelta && (phases == 2 || phases == 3)
        return Voltage(kilovolts * 1000 * (isStar ? 1 / 3.0.squareRoot() : 1))
    }

    /// A load.
    mutating func addLoad(_ object: DSSObject) {
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var load = DSSLoad()
        var line: (Int, Int)?
        for field in fields.all {
            // The powers are made to agree at the end of every line.
            let here = (field.word.place.file, field.word.place.line)
            if let last = line, last != here { load.agree() }
            line = here
            load.read(field, &fields)
            if let most = largestActual(field) { load.take(most) }
        }
        load.agree()
        guard let field = load.bus else { return fields.refuse("Bus1 is missing") }
        guard let dependence = load.dependence(&fields) else { return }
        let phases = load.phases
        let count = Self.conductors(phases: phases, isDelta: load.isDelta)
        guard let terminal = fields.terminal(field.word.value, field, phases: phases, conductors: count)
        else {
            return
        }
        let factor = load.isFixed ? 1 : loadMultiplier
        let pairs = Self.pairs(terminal.nodes, phases: phases, isDelta: load.isDelta)
        let part = 1000 * factor / Double(phases)
        let index = bus(terminal.bus)
        shapes.note(load.shapes, .load(feeder.loads.count), &fields)
        feeder.loads.append(
            Feeder.Load(
                name: object.name, bus: index, pairs: pairs,
                voltage: Self.voltage(load.kilovolts, phases: phases, isDelta: load.isDelta),
                active: pairs.map { _ in Power(load.active * part) },
                reactive: pairs.map { _ in ReactivePower(load.reactive * part) }, dependence: dependence,
                range: load.range))
        addNeutral(terminal.nodes[count - 1], load, index, object)
    }

    /// An impedance between the neutral of a load and earth.
    private mutating func addNeutral(_ node: Int, _ load: DSSLoad, _ bus: Int, _ object: DSSObject) {
        guard !load.isDelta, node > 0, load.neutralResistance >= 0 else { return }
        let impedance = Complex(load.neutralResistance, load.neutralReactance)
        feeder.shunts.append(
            Feeder.Shunt(
                name: "\(object.name) neutral", bus: bus, pairs: [Feeder.Pair(node)],
                admittance: [Complex(1, 0) / (impedance == .zero ? Complex(1e-6, 0) : impedance)]))
    }
}

/// A load while it is read, kV, kW and kvar.
struct DSSLoad {
    /// Which two values say what the power is.
    private enum Given { case powerFactor, reactive, apparent, allocated, energy }

    var bus: DSSFields.Field?
    var phases = 3
    var kilovolts = 12.47
    var active = 10.0
    var reactive = 5.0
    var isDelta = false
    var isFixed = false
    var neutralResistance = -1.0
    var neutralReactance = 0.0
    var shapes: [String: DSSFields.Field] = [:]
    private var powerFactor = 0.88
    /// Whether the power factor is stated, and whether the powers are the largest of a shape.
    private var hasFactor = false
    private var isActual = false
    private var apparent = 0.0
    private var transformer = 0.0
    private var allocation = 0.5
    private var energy = 0.0
    private var days = 30.0
    private var coefficient = 4.0
    private var given = Given.powerFactor
    private var model = 1
    private var exponents = (active: 1.0, reactive: 2.0)
    private var polynomial: (values: [Double], field: DSSFields.Field)?
    private var lower = 0.95
    private var upper = 1.05
    private var lowest = 0.5

    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields) {
        switch field.key {
        case "bus1": bus = field
        case "phases": fields.read(field, &phases, in: 1...12)
        case "kv": fields.read(field, &kilovolts, in: 1e-6...1e5)
        case "conn": isDelta = fields.isDelta(field.word.value, field) ?? isDelta
        case "model": fields.read(field, &model, in: 1...8)
        case "status":
            let choices: KeyValuePairs = ["variable": false, "fixed": true, "exempt": true]
            isFixed = fields.choice(field, choices) ?? false
        case "rneut": fields.read(field, &neutralResistance)
        case "xneut": fields.read(field, &neutralReactance)
        case "vminpu": fields.read(field, &lower, in: 0...10)
        case "vmaxpu": fields.read(field, &upper, in: 0...10)
        case "vlowpu": fields.read(field, &lowest, in: 0...10)
        case "cvrwatts": fields.read(field, &exponents.active, in: -10...10)
        case "cvrvars": fields.read(field, &exponents.reactive, in: -10...10)
        case "zipv": polynomial = (fields.numbers(field), field)
        case "yearly", "daily": shapes[field.key] = field
        default: readPower(field, &fields)
        }
    }

    private mutating func readPower(_ field: DSSFields.Field, _ fields: inout DSSFields) {
        func set(_ value: WritableKeyPath<DSSLoad, Double>, _ kind: Given, _ load: inout DSSLoad) {
            fields.read(field, &load[keyPath: value])
            load.given = kind
        }
        switch field.key {
        case "kw": set(\.active, .powerFactor, &self)
        case "kvar":
            set(\.reactive, .reactive, &self)
            hasFactor = false
        case "pf":
            fields.read(field, &powerFactor, in: -1...1)
            hasFactor = true
            if isActual { given = .powerFactor }
        case "kva": set(\.apparent, .apparent, &self)
        case "xfkva":
            set(\.transformer, .allocated, &self)
            allocate()
        case "allocationfactor":
            fields.read(field, &allocation, in: 0...1e6)
            if transformer > 0 { given = .allocated }
            allocate()
        case "kwh":
            set(\.energy, .energy, &self)
            allocate()
        case "kwhdays":
            fields.read(field, &days, in: 1e-6...1e6)
            allocate()
        case "cfactor":
            fields.read(field, &coefficient, in: 0...1e6)
            if energy > 0 { given = .energy }
            allocate()
        default: break
        }
    }

    /// Takes the largest powers of a shape that holds kW and kvar, for which the load then stands.
    mutating func take(_ most: (active: Double, reactive: Double)) {
        active = most.active
        isActual = true
        given = hasFactor ? .powerFactor : .reactive
        if !hasFactor { reactive = most.reactive }
    }

    /// The active power that follows from the transformer or the energy, with the power factor known by now.
    private mutating func allocate() {
        switch given {
        case .allocated: active = transformer * allocation * abs(powerFactor)
        case .energy: active = energy / (days * 24) * coefficient
        default: break
        }
    }

    /// Makes active and reactive power agree with what is given.
    mutating func agree() {
        switch given {
        case .powerFactor: break
        case .reactive:
            let size = (active * active + reactive * reactive).squareRoot()
            guard size > 0 else { return }
            powerFactor = active / size * (reactive == 0 ? 1 : (active * reactive < 0 ? -1 : 1))
            return
        case .apparent: active = apparent * abs(powerFactor)
        case .allocated, .energy: break
        }
        guard powerFactor != 0 else { return }
        reactive = active * (1 / (powerFactor * powerFactor) - 1).squareRoot() * (powerFactor < 0 ? -1 : 1)
    }

    /// How the power depends on the voltage; nil, with a mistake, where that is not read.
    func dependence(_ fields: inout DSSFields) -> Feeder.VoltageDependence? {
        switch model {
        case 1, 6: return .constantPower
        case 2: return .constantImpedance
        case 3: return .exponential(active: 0, reactive: 2)
        case 7: return .polynomial(active: .power, reactive: .impedance)
        case 4: return .exponential(active: exponents.active, reactive: exponents.reactive)
        case 5: return .constantCurrent
        default:
            guard let (values, field) = polynomial else {
                fields.refuse("a load of model 8 needs ZIPV")
                return nil
            }
            guard values.count == 7 else {
                if fields.mistakes.isEmpty { fields.refuse("seven numbers are needed", field) }
                return nil
            }
            func shares(_ at: Int) -> Feeder.VoltageDependence.Shares {
                .init(impedance: values[at], current: values[at + 1], power: values[at + 2])
            }
            return .polynomial(active: shares(0), reactive: shares(3), cutoff: values[6])
        }
    }

    /// The voltages between which it depends so.
    var range: Feeder.ModelRange {
        model == 2 ? .unlimited : Feeder.ModelRange(lower: lower, upper: upper, lowest: lowest)
    }
}

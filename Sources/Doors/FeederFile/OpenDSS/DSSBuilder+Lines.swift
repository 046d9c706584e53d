import Grid
import LinearAlgebra
import TextFile

extension DSSBuilder {
    /// The line code `name`, and the metres of its unit of length; nil if there is none, or no unit.
    mutating func lineCode(_ name: String) -> DSSLineModel? {
        let key = name.lowercased()
        if let known = lineCodes[key] { return known }
        guard let object = script.circuit.object("linecode", name) else { return nil }
        var fields = DSSFields(object, files: script.files)
        var model = DSSLineModel(frequency: frequency, isCode: true)
        var neutral: Int?
        var line: DSSPlace?
        for field in fields.all {
            if let line, line.line != field.word.place.line || line.file != field.word.place.file {
                model.settle()
            }
            line = field.word.place
            if model.read(field, &fields) { continue }
            switch field.key {
            case "nphases":
                var count = model.phases
                fields.read(field, &count, in: 1...100)
                if !model.setPhases(count) {
                    model = DSSLineModel(frequency: model.baseFrequency, isCode: true)
                    _ = model.setPhases(count)
                }
            case "units": model.unit = fields.choice(field, DSSUnits.all) ?? nil
            case "basefreq": fields.read(field, &model.baseFrequency, in: 1...1000)
            case "normamps": fields.read(field, &model.rating, in: 0...1e9)
            case "neutral":
                var conductor = 1
                fields.read(field, &conductor, in: 1...max(1, model.phases))
                neutral = conductor - 1
            case "kron":
                var isWanted = false
                fields.read(field, &isWanted)
                if isWanted { model.eliminate(neutral ?? model.phases - 1) }
                neutral = nil
            default: break
            }
        }
        mistakes += fields.mistakes
        lineCodes[key] = model
        return model
    }

    /// A line, cable or switch.
    mutating func addLine(_ object: DSSObject) {
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var line = DSSLine(frequency: frequency)
        var place: DSSPlace?
        for field in fields.all {
            if let place, place.line != field.word.place.line || place.file != field.word.place.file {
                line.model.settle()
            }
            place = field.word.place
            read(field, &fields, &line)
        }
        guard let model = model(of: line, &fields) else { return }
        let count = model.phases
        guard let from = line.from, let to = line.to else {
            return fields.refuse("\(line.from == nil ? "Bus1" : "Bus2") is missing")
        }
        guard let one = fields.terminal(from.word.value, from, phases: count, conductors: count),
            let two = fields.terminal(to.word.value, to, phases: count, conductors: count)
        else { return }
        lines[object.name.lowercased()] = feeder.lines.count
        feeder.lines.append(
            Feeder.Line(
                name: object.name, from: Feeder.End(bus: bus(one.bus), conductors: one.nodes),
                to: Feeder.End(bus: bus(two.bus), conductors: two.nodes),
                impedance: model.impedance(line.units, at: frequency),
                admittance: model.admittance(line.units, at: frequency),
                rating: line.model.rating.flatMap { $0 > 0 ? Current($0) : nil }))
        for switching in object.switchings {
            open(feeder.lines.count - 1, switching, &fields)
        }
    }

    private mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields, _ line: inout DSSLine) {
        let wasSequence = ["r1", "x1", "r0", "x0", "c1", "c0", "b1", "b0"].contains(field.key)
        if line.model.read(field, &fields) {
            line.geometry = nil
            if wasSequence { line.resetUnits() }
            return
        }
        switch field.key {
        case "bus1": line.from = field
        case "bus2": line.to = field
        case "length": fields.read(field, &line.length, in: 0...1e9)
        case "linecode":
            guard let code = lineCode(field.word.value) else {
                return fields.refuse(unknown("LineCode", field.word.value), field)
            }
            line.take(code)
        case "phases":
            var count = line.model.phases
            fields.read(field, &count, in: 1...100)
            if !line.model.setPhases(count) {
                fields.refuse("the matrices are of \(line.model.phases) phases", field)
            }
        case "switch":
            var isSwitch = false
            fields.read(field, &isSwitch)
            if isSwitch { line.becomeSwitch() }
        case "units":
            if let unit = fields.choice(field, DSSUnits.all) { line.set(unit) }
        case "basefreq": fields.read(field, &line.model.baseFrequency, in: 1...1000)
        case "normamps": fields.read(field, &line.model.rating, in: 0...1e9)
        case "rho": fields.read(field, &line.resistivity, in: 1e-9...1e12)
        case "geometry":
            line.geometry = .named(field)
        case "spacing": line.spacing = field
        case "wires", "cncables", "tscables": line.conductors.append(field)
        case "earthmodel": line.earthModel = field
        default: break
        }
        if let spacing = line.spacing, !line.conductors.isEmpty, field.key != "length" {
            line.geometry = .spaced(spacing, line.conductors)
        }
    }

    /// Opens a line, or one conductor of it, at one end: what is open there ends at a bus of its own. Closing
    /// undoes what was opened, which then was never built.
    mutating func open(_ index: Int, _ switching: DSSObject.Switching, _ fields: inout DSSFields) {
        var line = feeder.lines[index]
        guard (1...2).contains(switching.terminal), switching.conductor <= line.from.conductors.count else {
            return fields.refuse("it has terminals 1 and 2 and \(line.from.conductors.count) conductors")
        }
        guard !switching.isClosed else { return }
        let isFrom = switching.terminal == 1
        let end = isFrom ? line.from : line.to
        guard switching.conductor == 0 else {
            return fields.refuse("a single open conductor is not read; open the whole terminal")
        }
        let name = "\(feeder.buses[end.bus].name) open \(line.name)"
        let free = Feeder.End(bus: bus(name), conductors: Array(1...end.conductors.count))
        if isFrom { line.from = free } else { line.to = free }
        feeder.lines[index] = line
    }
}

/// What a script says of a line.
struct DSSLine {
    /// How the impedance follows from wires.
    enum Geometry {
        case named(DSSFields.Field)
        case spaced(DSSFields.Field, [DSSFields.Field])
    }

    var model: DSSLineModel
    var from: DSSFields.Field?
    var to: DSSFields.Field?
    var length = 1.0
    /// Metres of the unit of length; nil is none.
    var unit: Double?
    /// Unit of length of the line code.
    private var codeUnit: Double?
    private var hasCode = false
    /// Units of length of the model in one of the line.
    private var factor = 1.0
    var geometry: Geometry?
    var spacing: DSSFields.Field?
    var conductors: [DSSFields.Field] = []
    var earthModel: DSSFields.Field?
    /// Of the earth, Ωm.
    var resistivity = 100.0

    init(frequency: Double) { model = DSSLineModel(frequency: frequency) }

    /// The length in the unit of the model.
    var units: Double { geometry == nil ? length * factor : length * (unit ?? 1) }

    /// Takes the values of a line code.
    mutating func take(_ code: DSSLineModel) {
        model = code
        codeUnit = code.unit
        hasCode = true
        geometry = nil
        factor = DSSUnits.factor(unit, to: codeUnit)
    }

    /// Takes a unit of length.
    mutating func set(_ unit: Double?) {
        factor = hasCode ? DSSUnits.factor(unit, to: codeUnit) : factor * DSSUnits.factor(unit, to: self.unit)
        self.unit = unit
    }

    /// A value by sequence belongs to the line alone.
    mutating func resetUnits() {
        hasCode = false
        factor = 1
        unit = nil
    }

    /// The short piece of conductor that stands for a switch.
    mutating func becomeSwitch() {
        model.z1 = Complex(1, 1)
        model.z0 = Complex(1, 1)
        (model.c1, model.c0) = (1.1, 1)
        model.isSequence = true
        length = 0.001
        geometry = nil
        spacing = nil
        resetUnits()
    }
}

import TextFile

extension DSSBuilder {
    /// What a line's wires make of its model; nil, with a mistake, where they are not known.
    mutating func model(of line: DSSLine, _ fields: inout DSSFields) -> DSSLineModel? {
        guard let source = line.geometry else { return line.model }
        var geometry: DSSGeometry?
        switch source {
        case .named(let field):
            geometry = self.geometry(field.word.value)
            if geometry == nil, script.circuit.object("linegeometry", field.word.value) == nil {
                fields.refuse(unknown("LineGeometry", field.word.value), field)
            }
        case .spaced(let spacing, let conductors):
            geometry = spaced(spacing, conductors, &fields)
        }
        guard var geometry else { return nil }
        geometry.frequency = frequency
        geometry.resistivity = line.resistivity
        geometry.earth = earthModel(line.earthModel, &fields)
        let constants = geometry.constants()
        return DSSLineModel(
            frequency: frequency, resistance: constants.impedance.map { $0.map(\.real) },
            reactance: constants.impedance.map { $0.map(\.imaginary) }, capacitance: constants.capacitance)
    }

    private mutating func earthModel(
        _ field: DSSFields.Field?, _ fields: inout DSSFields
    ) -> DSSGeometry.Earth {
        let word = field?.word ?? script.circuit.options["earthmodel"]
        guard let word else { return .deri }
        switch word.value.lowercased().first {
        case "d": return .deri
        case "c": return .carson
        default:
            fields.refuse(
                "the earth model \(quoted(word.value)) is not read; Carson and Deri are", at: word.place)
            return .deri
        }
    }

    /// The geometry `name`; nil if there is none, or it is incomplete, which is told.
    private mutating func geometry(_ name: String) -> DSSGeometry? {
        let key = name.lowercased()
        if let known = geometries[key] { return known }
        guard let object = script.circuit.object("linegeometry", name) else { return nil }
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var draft = DSSGeometryDraft()
        for field in fields.all { read(field, &fields, &draft) }
        guard let made = draft.geometry(frequency, &fields) else { return nil }
        geometries[key] = made
        return made
    }

    private mutating func read(
        _ field: DSSFields.Field, _ fields: inout DSSFields, _ draft: inout DSSGeometryDraft
    ) {
        switch field.key {
        case "nconds":
            var count = draft.places.count
            fields.read(field, &count, in: 1...100)
            draft.resize(count)
        case "nphases": fields.read(field, &draft.phases, in: 1...100)
        case "cond":
            var number = 1
            fields.read(field, &number, in: 1...max(1, draft.places.count))
            draft.active = number - 1
            draft.places[draft.active].unit = draft.places[draft.active].unit ?? draft.unit
        case "x": fields.read(field, &draft.places[draft.active].x, in: -1e6...1e6)
        case "h": fields.read(field, &draft.places[draft.active].height, in: -1e6...1e6)
        case "units":
            draft.unit = (fields.choice(field, DSSUnits.all) ?? nil) ?? 1
            draft.places[draft.active].unit = draft.unit
        case "reduce": fields.read(field, &draft.isReduced)
        case "wire", "cncable": draft.places[draft.active].wire = wire(field.word.value, field, &fields)
        case "wires", "cncables":
            let start = field.key == "wires" && draft.hasCables ? draft.phases : 0
            draft.hasCables = draft.hasCables || field.key == "cncables"
            for (index, name) in fields.names(field).enumerated() where start + index < draft.places.count {
                draft.places[start + index].wire = wire(name, field, &fields)
            }
        case "spacing": place(field, &fields, &draft)
        case "tscable", "tscables": fields.refuse("tape-shielded cables are not read", field)
        default: break
        }
    }

    /// Puts the wires where a spacing says.
    private mutating func place(
        _ field: DSSFields.Field, _ fields: inout DSSFields, _ draft: inout DSSGeometryDraft
    ) {
        guard let object = script.circuit.object("linespacing", field.word.value) else {
            return fields.refuse(unknown("LineSpacing", field.word.value), field)
        }
        var inner = DSSFields(object, files: script.files)
        defer { mistakes += inner.mistakes }
        var (count, unit) = (3, 0.3048)
        var (x, height): ([Double], [Double]) = ([], [])
        draft.phases = 3
        for field in inner.all {
            switch field.key {
            case "nconds": inner.read(field, &count, in: 1...100)
            case "nphases": inner.read(field, &draft.phases, in: 1...100)
            case "x": x = inner.numbers(field, in: -1e6...1e6)
            case "h": height = inner.numbers(field, in: -1e6...1e6)
            case "units": unit = (inner.choice(field, DSSUnits.all) ?? nil) ?? 1
            default: break
            }
        }
        guard x.count >= count, height.count >= count else {
            return inner.refuse("X and H need a number for each of the \(count) conductors")
        }
        draft.resize(count)
        for index in 0..<count {
            draft.places[index].x = x[index]
            draft.places[index].height = height[index]
            draft.places[index].unit = unit
        }
    }

    private mutating func spaced(
        _ spacing: DSSFields.Field, _ conductors: [DSSFields.Field], _ fields: inout DSSFields
    ) -> DSSGeometry? {
        var draft = DSSGeometryDraft()
        draft.isReduced = true
        place(spacing, &fields, &draft)
        for field in conductors { read(field, &fields, &draft) }
        return draft.geometry(frequency, &fields)
    }

    private mutating func wire(
        _ name: String, _ field: DSSFields.Field, _ fields: inout DSSFields
    ) -> DSSWire? {
        let kind = field.key.hasPrefix("cn") ? "cndata" : "wiredata"
        guard let object = script.circuit.object(kind, name) else {
            fields.refuse(unknown(kind, name), field)
            return nil
        }
        if let known = wires[kind + name.lowercased()] { return known }
        var inner = DSSFields(object, files: script.files)
        let wire = DSSWire(&inner)
        mistakes += inner.mistakes
        wires[kind + name.lowercased()] = wire
        return wire
    }
}

/// A geometry while it is read.
struct DSSGeometryDraft {
    struct Place {
        var wire: DSSWire?
        var x = 0.0
        var height = 0.0
        /// Metres; nil until one is stated.
        var unit: Double?
    }

    var places = [Place](repeating: Place(), count: 3)
    var phases = 3
    var active = 0
    /// Metres: the last unit that was stated, at first feet.
    var unit = 0.3048
    var isReduced = false
    var hasCables = false

    mutating func resize(_ count: Int) {
        places = (0..<count).map { $0 < places.count ? places[$0] : Place() }
        active = min(active, count - 1)
    }

    /// The geometry, with a mistake where a wire is missing or stands where another does.
    func geometry(_ frequency: Double, _ fields: inout DSSFields) -> DSSGeometry? {
        var complete: [DSSGeometry.Place] = []
        for (index, place) in places.enumerated() {
            guard let wire = place.wire else {
                if fields.mistakes.isEmpty { fields.refuse("conductor \(index + 1) has no wire") }
                return nil
            }
            let unit = place.unit ?? 0.3048
            complete.append(
                DSSGeometry.Place(wire: wire, x: place.x * unit, height: place.height * unit))
        }
        let geometry = DSSGeometry(
            places: complete, kept: isReduced ? min(phases, places.count) : places.count,
            frequency: frequency,
            resistivity: 100)
        guard !geometry.isDegenerate else {
            fields.refuse("two conductors stand at one place, or one at the surface of the earth")
            return nil
        }
        return geometry
    }
}

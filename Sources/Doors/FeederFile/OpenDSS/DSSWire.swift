import TextFile

/// A conductor or cable, in metres, Ω/m.
struct DSSWire {
    /// Concentric neutral of a cable.
    struct Neutral {
        var strands = 2.0
        var strandDiameter = 0.0
        var strandMeanRadius = 0.0
        var strandResistance = 0.0
        var permittivity = 2.3
        var insulation = 0.0
        var insulationDiameter = 0.0
        var cableDiameter = 0.0
    }

    /// Resistance at the circuit's frequency, and to direct current.
    private(set) var resistance: Double
    private(set) var directResistance: Double
    /// Geometric mean radius.
    private(set) var meanRadius: Double
    /// Outer radius.
    private(set) var radius: Double
    /// Radius that capacitance is computed with.
    private(set) var capacitanceRadius: Double
    /// Nil of bare wire.
    private(set) var neutral: Neutral?

    /// What is said of a `WireData` or `CNData`; nil, with a mistake, where something is missing.
    init?(_ fields: inout DSSFields) {
        var draft = DSSWireDraft()
        for field in fields.all { draft.read(field, &fields) }
        guard let r = draft.resistance ?? draft.directResistance.map({ $0 * 1.02 }) else {
            fields.refuse("Rac is missing")
            return nil
        }
        guard draft.meanRadius != nil || draft.radius != nil else {
            fields.refuse("GMRac and Diam are missing; one is needed")
            return nil
        }
        let metres = 1 / (draft.resistanceUnit ?? 1)
        resistance = r * metres
        directResistance = (draft.directResistance ?? r / 1.02) * metres
        let unit = draft.radiusUnit ?? draft.meanRadiusUnit ?? 1
        let knownMean = draft.meanRadius.map { $0 * (draft.meanRadiusUnit ?? unit) }
        let knownRadius = draft.radius.map { $0 * unit }
        meanRadius = knownMean ?? knownRadius! * 0.7788
        radius = knownRadius ?? knownMean! / 0.7788
        capacitanceRadius = draft.capacitanceRadius.map { $0 * unit } ?? radius
        guard fields.object.kind.name == "CNData" else { return }
        var cable = draft.cable
        cable.strandMeanRadius =
            draft.strandMeanRadius.map { $0 * (draft.meanRadiusUnit ?? unit) }
            ?? cable.strandDiameter * unit * 0.7788 / 2
        cable.strandDiameter *= unit
        cable.strandResistance *= metres
        cable.insulation *= unit
        cable.insulationDiameter *= unit
        cable.cableDiameter *= unit
        guard cable.strandResistance > 0, cable.strandMeanRadius > 0,
            cable.cableDiameter > cable.strandDiameter, cable.insulation > 0,
            cable.insulationDiameter > 2 * cable.insulation
        else {
            fields.refuse("DiaStrand, RStrand, InsLayer, DiaIns and DiaCable must fit into each other")
            return nil
        }
        neutral = cable
    }
}

/// A conductor while it is read, in the units of the file.
private struct DSSWireDraft {
    var resistance: Double?
    var directResistance: Double?
    var meanRadius: Double?
    var radius: Double?
    var capacitanceRadius: Double?
    var strandMeanRadius: Double?
    var cable = DSSWire.Neutral()
    /// Metres; nil is none.
    var resistanceUnit: Double?
    var meanRadiusUnit: Double?
    var radiusUnit: Double?

    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields) {
        let positive = 1e-12...1e9
        switch field.key {
        case "rac": fields.read(field, &resistance, in: positive)
        case "rdc": fields.read(field, &directResistance, in: positive)
        case "gmrac": fields.read(field, &meanRadius, in: positive)
        case "radius": fields.read(field, &radius, in: positive)
        case "diam":
            fields.read(field, &radius, in: positive)
            radius = radius.map { $0 / 2 }
        case "capradius": fields.read(field, &capacitanceRadius, in: positive)
        case "runits": resistanceUnit = fields.choice(field, DSSUnits.all) ?? nil
        case "gmrunits": meanRadiusUnit = fields.choice(field, DSSUnits.all) ?? nil
        case "radunits": radiusUnit = fields.choice(field, DSSUnits.all) ?? nil
        case "k": fields.read(field, &cable.strands, in: 2...1000)
        case "diastrand": fields.read(field, &cable.strandDiameter, in: positive)
        case "gmrstrand": fields.read(field, &strandMeanRadius, in: positive)
        case "rstrand": fields.read(field, &cable.strandResistance, in: positive)
        case "epsr": fields.read(field, &cable.permittivity, in: 1...100)
        case "inslayer": fields.read(field, &cable.insulation, in: positive)
        case "diains": fields.read(field, &cable.insulationDiameter, in: positive)
        case "diacable": fields.read(field, &cable.cableDiameter, in: positive)
        default: break
        }
    }
}

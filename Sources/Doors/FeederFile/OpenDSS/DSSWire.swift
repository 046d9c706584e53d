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
        var (rac, rdc, gmr, size, capSize): (Double?, Double?, Double?, Double?, Double?)
        var (perLength, gmrUnit, radiusUnit): (Double?, Double?, Double?)
        var cable = Neutral()
        var strandGmr: Double?
        let positive = 1e-12...1e9
        for field in fields.all {
            switch field.key {
            case "rac": fields.read(field, &rac, in: positive)
            case "rdc": fields.read(field, &rdc, in: positive)
            case "gmrac": fields.read(field, &gmr, in: positive)
            case "radius": fields.read(field, &size, in: positive)
            case "diam":
                fields.read(field, &size, in: positive)
                size = size.map { $0 / 2 }
            case "capradius": fields.read(field, &capSize, in: positive)
            case "runits": perLength = fields.choice(field, DSSUnits.all) ?? nil
            case "gmrunits": gmrUnit = fields.choice(field, DSSUnits.all) ?? nil
            case "radunits": radiusUnit = fields.choice(field, DSSUnits.all) ?? nil
            case "k": fields.read(field, &cable.strands, in: 2...1000)
            case "diastrand": fields.read(field, &cable.strandDiameter, in: positive)
            case "gmrstrand": fields.read(field, &strandGmr, in: positive)
            case "rstrand": fields.read(field, &cable.strandResistance, in: positive)
            case "epsr": fields.read(field, &cable.permittivity, in: 1...100)
            case "inslayer": fields.read(field, &cable.insulation, in: positive)
            case "diains": fields.read(field, &cable.insulationDiameter, in: positive)
            case "diacable": fields.read(field, &cable.cableDiameter, in: positive)
            default: break
            }
        }
        guard let r = rac ?? rdc.map({ $0 * 1.02 }) else {
            fields.refuse("Rac is missing")
            return nil
        }
        guard gmr != nil || size != nil else {
            fields.refuse("GMRac and Diam are missing; one is needed")
            return nil
        }
        let metres = 1 / (perLength ?? 1)
        resistance = r * metres
        directResistance = (rdc ?? r / 1.02) * metres
        let knownGmr = gmr.map { $0 * (gmrUnit ?? radiusUnit ?? 1) }
        let knownRadius = size.map { $0 * (radiusUnit ?? gmrUnit ?? 1) }
        meanRadius = knownGmr ?? knownRadius! * 0.7788
        radius = knownRadius ?? knownGmr! / 0.7788
        capacitanceRadius = capSize.map { $0 * (radiusUnit ?? gmrUnit ?? 1) } ?? radius
        guard fields.object.kind.name == "CNData" else { return }
        let unit = radiusUnit ?? gmrUnit ?? 1
        cable.strandMeanRadius =
            strandGmr.map { $0 * (gmrUnit ?? unit) } ?? cable.strandDiameter * unit * 0.7788 / 2
        cable.strandDiameter *= unit
        cable.strandResistance *= metres
        cable.insulation *= unit
        cable.insulationDiameter *= unit
        cable.cableDiameter *= unit
        guard cable.strandResistance > 0, cable.strandMeanRadius > 0,
            cable.cableDiameter > cable.strandDiameter,
            cable.insulation > 0, cable.insulationDiameter > 2 * cable.insulation
        else {
            fields.refuse("DiaStrand, RStrand, InsLayer, DiaIns and DiaCable must fit into each other")
            return nil
        }
        neutral = cable
    }
}

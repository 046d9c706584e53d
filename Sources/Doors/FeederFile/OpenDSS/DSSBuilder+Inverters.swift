import Grid
import TextFile

extension DSSBuilder {
    /// The curves of inverters.
    mutating func addInvControl(_ object: DSSObject) {
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var draft = DSSInvControl()
        for field in fields.all { draft.read(field, &fields) }
        guard hasControls else { return }
        var targets: [Int] = []
        for (name, field) in draft.plants {
            let key = name.lowercased()
            let plain = key.hasPrefix("pvsystem.") ? String(key.dropFirst(9)) : key
            guard let index = inverters[plain] else {
                if script.circuit.object("pvsystem", plain) == nil {
                    fields.refuse(unknown("PVSystem", name), field)
                }
                continue
            }
            targets.append(index)
        }
        if draft.plants.isEmpty { targets = feeder.inverters.indices.sorted() }
        let voltVar = draft.usesVoltVar ? voltageCurve(draft.voltVar, "VVC_Curve1", &fields) : nil
        let voltWatt = draft.usesVoltWatt ? voltageCurve(draft.voltWatt, "VoltWatt_Curve", &fields) : nil
        for index in targets {
            if let voltVar { feeder.inverters[index].voltVar = voltVar }
            if let voltWatt {
                feeder.inverters[index].voltWatt = voltWatt
                if draft.isOfRating {
                    feeder.inverters[index].ratedActive = Power(feeder.inverters[index].rating.value)
                }
            }
            feeder.inverters[index].monitored = draft.monitored
        }
    }

    private mutating func voltageCurve(
        _ field: DSSFields.Field?, _ name: String, _ fields: inout DSSFields
    ) -> VoltageCurve? {
        guard let field else {
            fields.refuse("\(name) is missing")
            return nil
        }
        guard let curve = curve(field, &fields) else { return nil }
        let points = curve.points
        guard zip(points, points.dropFirst()).allSatisfy({ $0.y >= $1.y }) else {
            fields.refuse("a curve that rises with the voltage has no stable answer", field)
            return nil
        }
        return VoltageCurve(points.map { VoltageCurve.Point($0.x, $0.y) })
    }
}

/// The control of inverters while it is read.
struct DSSInvControl {
    var plants: [(name: String, field: DSSFields.Field)] = []
    var voltVar: DSSFields.Field?
    var voltWatt: DSSFields.Field?
    var usesVoltVar = false
    var usesVoltWatt = false
    /// Whether the Volt-Watt curve gives fractions of the apparent power.
    var isOfRating = false
    var monitored = Feeder.Inverter.Monitored.mean

    private enum Mode { case voltVar, voltWatt, both, other }

    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields) {
        switch field.key {
        case "derlist", "pvsystemlist": plants = fields.names(field).map { ($0, field) }
        case "mode", "combimode": readMode(field, &fields)
        case "vvc_curve1": voltVar = field
        case "voltwatt_curve": voltWatt = field
        case "voltage_curvex_ref":
            if !field.word.value.lowercased().hasPrefix("r") {
                fields.refuse("only the rated voltage is read as the curves' reference", field)
            }
        case "voltwattyaxis":
            let choices: KeyValuePairs = ["pmpppu": false, "kvaratingpu": true]
            guard let isOfRating = fields.choice(field, choices) else { return }
            self.isOfRating = isOfRating
        case "refreactivepower":
            let choices: KeyValuePairs = ["varmax": true, "varaval": false]
            if fields.choice(field, choices) == false {
                fields.refuse("only VARMAX is read: the curve's fractions are of the rating", field)
            }
        case "monvoltagecalc":
            let choices: KeyValuePairs = [
                "avg": Feeder.Inverter.Monitored.mean, "max": .highest, "min": .lowest,
            ]
            monitored = fields.choice(field, choices) ?? .mean
        default: break
        }
    }

    private mutating func readMode(_ field: DSSFields.Field, _ fields: inout DSSFields) {
        let choices: KeyValuePairs = [
            "voltvar": Mode.voltVar, "voltwatt": .voltWatt, "vv_vw": .both, "dynamicreaccurr": .other,
            "wattpf": .other, "wattvar": .other, "avr": .other, "gfm": .other, "vv_drc": .other,
        ]
        switch fields.choice(field, choices) {
        case .voltVar: usesVoltVar = true
        case .voltWatt: usesVoltWatt = true
        case .both: (usesVoltVar, usesVoltWatt) = (true, true)
        case .other:
            fields.refuse(
                "the mode \(quoted(field.word.value)) is not read; VOLTVAR, VOLTWATT and VV_VW are", field)
        case nil: break
        }
    }
}

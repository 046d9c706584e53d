import Grid

/// A regulator's control while it is read.
struct DSSRegControl {
    var transformer: DSSFields.Field?
    var bus: DSSFields.Field?
    var winding = 1
    var tapWinding: Int?
    var forward = Feeder.TapControl.Setting(level: 120, bandwidth: 3)
    var potentialRatio = 60.0
    var currentRating = 300.0
    var delay = 15.0
    var tapDelay = 2.0
    var mostSteps = 16
    var limit = 0.0
    /// Phase that is measured, from 1; nil where a choice is made among all.
    var phase: Int?
    var choice: Feeder.VoltagePoint.Choice?
    /// Position that the tap starts from.
    var tap: Int?
    private var isReversible = false
    private var backward = Feeder.TapControl.Setting(level: 120, bandwidth: 3)
    private var threshold = 100.0
    private var reverseDelay = 60.0
    private var isNeutral = false

    var reverse: Feeder.TapControl.Reverse? {
        guard isReversible else { return nil }
        return Feeder.TapControl.Reverse(
            setting: backward, threshold: Power(kilowatts: threshold), delay: reverseDelay,
            isNeutral: isNeutral)
    }

    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields) {
        let volts = 0...1e6
        switch field.key {
        case "transformer": transformer = field
        case "winding": fields.read(field, &winding, in: 1...100)
        case "vreg": fields.read(field, &forward.level, in: volts)
        case "band": fields.read(field, &forward.bandwidth, in: volts)
        case "ptratio": fields.read(field, &potentialRatio, in: 1e-6...1e9)
        case "ctprim": fields.read(field, &currentRating, in: 1e-6...1e9)
        case "r": fields.read(field, &forward.resistance)
        case "x": fields.read(field, &forward.reactance)
        case "bus": bus = field
        case "delay": fields.read(field, &delay, in: 0...1e9)
        case "tapdelay": fields.read(field, &tapDelay, in: 0...1e9)
        case "maxtapchange": fields.read(field, &mostSteps, in: 0...10000)
        case "tapwinding":
            var number = 1
            fields.read(field, &number, in: 1...100)
            tapWinding = number
        case "vlimit": fields.read(field, &limit, in: volts)
        case "ptphase": readPhase(field, &fields)
        case "tapnum":
            var position = 0
            fields.read(field, &position, in: -10000...10000)
            tap = position
        default: readReverse(field, &fields)
        }
    }

    private mutating func readPhase(_ field: DSSFields.Field, _ fields: inout DSSFields) {
        switch field.word.value.lowercased() {
        case "min": choice = .lowest
        case "max": choice = .highest
        case "avg": choice = .mean
        default:
            var number = 1
            fields.read(field, &number, in: 1...100)
            phase = number
        }
    }

    private mutating func readReverse(_ field: DSSFields.Field, _ fields: inout DSSFields) {
        switch field.key {
        case "reversible": fields.read(field, &isReversible)
        case "revvreg": fields.read(field, &backward.level, in: 0...1e6)
        case "revband": fields.read(field, &backward.bandwidth, in: 0...1e6)
        case "revr": fields.read(field, &backward.resistance)
        case "revx": fields.read(field, &backward.reactance)
        case "revthreshold": fields.read(field, &threshold, in: 0...1e9)
        case "revdelay": fields.read(field, &reverseDelay, in: 0...1e9)
        case "revneutral": fields.read(field, &isNeutral)
        default: break
        }
    }
}

/// A capacitor's control while it is read.
struct DSSCapControl {
    enum Kind { case current, voltage, reactive, time, powerFactor }

    var element: DSSFields.Field?
    var capacitor: DSSFields.Field?
    var terminal = 1
    var kind = Kind.current
    var potentialRatio = 60.0
    var currentRatio = 60.0
    var on = 300.0
    var off = 200.0
    var delay = 15.0
    var delayOff = 15.0
    var deadTime = 300.0
    var isOverridden = false
    var most = 126.0
    var least = 115.0
    /// From 1; nil is the first, or all where powers are measured.
    var currentPhase: Int?
    var voltagePhase: Int?
    var averagesVoltage = false

    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields) {
        switch field.key {
        case "element": element = field
        case "capacitor": capacitor = field
        case "terminal": fields.read(field, &terminal, in: 1...100)
        case "type":
            let choices: KeyValuePairs = [
                "current": Kind.current, "voltage": .voltage, "kvar": .reactive, "time": .time,
                "pf": .powerFactor,
            ]
            kind = fields.choice(field, choices) ?? kind
        case "ptratio": fields.read(field, &potentialRatio, in: 1e-9...1e9)
        case "ctratio": fields.read(field, &currentRatio, in: 1e-9...1e9)
        case "onsetting": fields.read(field, &on)
        case "offsetting": fields.read(field, &off)
        case "delay": fields.read(field, &delay, in: 0...1e9)
        case "delayoff": fields.read(field, &delayOff, in: 0...1e9)
        case "deadtime": fields.read(field, &deadTime, in: 0...1e9)
        case "voltoverride": fields.read(field, &isOverridden)
        case "vmax": fields.read(field, &most, in: 0...1e9)
        case "vmin": fields.read(field, &least, in: 0...1e9)
        case "ctphase": readPhase(field, &fields, \.currentPhase)
        case "ptphase": readPhase(field, &fields, \.voltagePhase)
        case "pctminkvar": break  // for user models alone
        default: break
        }
    }

    private mutating func readPhase(
        _ field: DSSFields.Field, _ fields: inout DSSFields, _ path: WritableKeyPath<DSSCapControl, Int?>
    ) {
        switch field.word.value.lowercased() {
        case "avg" where field.key == "ptphase": averagesVoltage = true
        case "min", "max", "avg": fields.refuse("only the number of a phase is read", field)
        default:
            var number = 1
            fields.read(field, &number, in: 1...100)
            self[keyPath: path] = number
        }
    }
}

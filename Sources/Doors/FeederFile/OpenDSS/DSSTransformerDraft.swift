import TextFile

/// A winding while it is read: kV, kVA and %.
struct DSSWinding {
    var bus: DSSFields.Field?
    var busText: String?
    var isDelta = false
    var kilovolts = 12.47
    var power = 1000.0
    var tap = 1.0
    var resistance = 0.2
    var highest = 1.1
    var lowest = 0.9
    var steps = 32
    /// Impedance between the neutral and earth, Ω; negative where there is none.
    var neutralResistance = -1.0
    var neutralReactance = 0.0
}

/// A transformer or its code while it is read.
struct DSSTransformerDraft {
    var phases = 3
    var windings = [DSSWinding(), DSSWinding()]
    var active = 0
    /// Between windings 1–2, 1–3 …, 2–3 …, %.
    var reactances = [7.0]
    var noLoadLoss = 0.0
    var magnetizing = 0.0
    /// Parts per million.
    var tie = 1.0
    var limit: Double?
    /// Whether the high-voltage side leads.
    var isLeading = false

    private static let standard = [[], [7.0], [7.0, 35, 30]]

    mutating func resize(_ count: Int) {
        guard count != windings.count else { return }
        windings = (0..<count).map { $0 < windings.count ? windings[$0] : DSSWinding() }
        let pairs = count * (count - 1) / 2
        let standard = count <= 3 ? Self.standard[count - 1] : [Double](repeating: 30, count: pairs)
        reactances = (0..<pairs).map { $0 == 0 ? reactances.first ?? 7 : standard[$0] }
        active = min(active, count - 1)
    }

    /// Takes a property that transformers and their codes have; false for any other.
    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields) -> Bool {
        readWinding(field, &fields) || readWindings(field, &fields) || readWhole(field, &fields)
    }

    /// Of the active winding.
    private mutating func readWinding(_ field: DSSFields.Field, _ fields: inout DSSFields) -> Bool {
        switch field.key {
        case "wdg":
            var number = 1
            fields.read(field, &number, in: 1...windings.count)
            active = number - 1
        case "bus":
            windings[active].bus = field
            windings[active].busText = field.word.value
        case "conn": windings[active].isDelta = fields.isDelta(field.word.value, field) ?? false
        case "kv": fields.read(field, &windings[active].kilovolts, in: 1e-6...1e5)
        case "kva":
            var power = 0.0
            fields.read(field, &power, in: 1e-6...1e9)
            setPower(power)
        case "tap": fields.read(field, &windings[active].tap, in: 0.1...10)
        case "%r": fields.read(field, &windings[active].resistance, in: 0...1e4)
        case "rneut": fields.read(field, &windings[active].neutralResistance)
        case "xneut": fields.read(field, &windings[active].neutralReactance)
        case "maxtap": fields.read(field, &windings[active].highest, in: 0.1...10)
        case "mintap": fields.read(field, &windings[active].lowest, in: 0.1...10)
        case "numtaps": fields.read(field, &windings[active].steps, in: 1...10000)
        case "rdcohms": break  // of the direct current alone
        default: return false
        }
        return true
    }

    /// The power of winding 1 is that of all, and two windings have the same.
    private mutating func setPower(_ power: Double) {
        if active == 0 || windings.count == 2 {
            for index in windings.indices { windings[index].power = power }
        } else {
            windings[active].power = power
        }
    }

    /// Arrays over the windings.
    private mutating func readWindings(_ field: DSSFields.Field, _ fields: inout DSSFields) -> Bool {
        switch field.key {
        case "buses":
            let names = fields.names(field)
            guard fits(names.count, field, &fields) else { return true }
            for (index, name) in names.enumerated() {
                windings[index].bus = field
                windings[index].busText = name
            }
        case "conns":
            let names = fields.names(field)
            guard fits(names.count, field, &fields) else { return true }
            for (index, name) in names.enumerated() {
                windings[index].isDelta = fields.isDelta(name, field) ?? false
            }
        case "kvs": set(\.kilovolts, field, &fields, in: 1e-6...1e5)
        case "kvas": set(\.power, field, &fields, in: 1e-6...1e9)
        case "taps": set(\.tap, field, &fields, in: 0.1...10)
        case "%rs": set(\.resistance, field, &fields, in: 0...1e4)
        default: return false
        }
        return true
    }

    private func fits(_ count: Int, _ field: DSSFields.Field, _ fields: inout DSSFields) -> Bool {
        guard count > windings.count else { return true }
        fields.refuse(
            "there are \(count) values, and \(windings.count) windings up to here; write Windings (or XfmrCode) "
                + "before", field)
        return false
    }

    private mutating func set(
        _ path: WritableKeyPath<DSSWinding, Double>, _ field: DSSFields.Field, _ fields: inout DSSFields,
        in range: ClosedRange<Double>
    ) {
        let values = fields.numbers(field, in: range)
        guard fits(values.count, field, &fields) else { return }
        for (index, value) in values.enumerated() { windings[index][keyPath: path] = value }
    }

    /// Of the transformer as a whole.
    private mutating func readWhole(_ field: DSSFields.Field, _ fields: inout DSSFields) -> Bool {
        let range = 0...1e4
        switch field.key {
        case "phases": fields.read(field, &phases, in: 1...12)
        case "windings":
            var count = windings.count
            fields.read(field, &count, in: 2...20)
            resize(count)
        case "xhl", "x12": fields.read(field, &reactances[0], in: 1e-9...1e4)
        case "xht", "x13": readReactance(1, field, &fields)
        case "xlt", "x23": readReactance(2, field, &fields)
        case "xscarray":
            let values = fields.numbers(field, in: 1e-9...1e4)
            guard values.count <= reactances.count else {
                fields.refuse("\(windings.count) windings have \(reactances.count) reactances", field)
                return true
            }
            for (index, value) in values.enumerated() { reactances[index] = value }
        case "%loadloss":
            var loss = 0.0
            fields.read(field, &loss, in: range)
            windings[0].resistance = loss / 2
            windings[1].resistance = loss / 2
        case "%noloadloss": fields.read(field, &noLoadLoss, in: range)
        case "%imag": fields.read(field, &magnetizing, in: range)
        case "ppm_antifloat": fields.read(field, &tie, in: 0...1e6)
        case "normhkva": fields.read(field, &limit, in: 1e-6...1e9)
        case "leadlag":
            let choices: KeyValuePairs = ["lag": false, "ansi": false, "lead": true, "euro": true]
            isLeading = fields.choice(field, choices) ?? false
        default: return false
        }
        return true
    }

    private mutating func readReactance(
        _ index: Int, _ field: DSSFields.Field, _ fields: inout DSSFields
    ) {
        var value = 0.0
        fields.read(field, &value, in: 1e-9...1e4)
        if index < reactances.count { reactances[index] = value }
    }
}

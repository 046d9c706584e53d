/// A solar plant while it is read, kW, kvar, kVA, kW/m² and °C.
struct DSSSolar {
    var plant = DSSPlant()
    var rating = 500.0
    var rated = 500.0
    var temperature = 25.0
    var reactiveLimit: Double?
    var prefersActive = false
    var temperatureCurve: DSSFields.Field?
    var efficiencyCurve: DSSFields.Field?
    private var irradiance = 1.0
    private var share = 100.0
    private var factor = 1.0
    private var reactive: Double?
    private var cutIn = 20.0
    private var cutOut = 20.0

    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields) {
        switch field.key {
        case "irradiance": fields.read(field, &irradiance, in: 0...100)
        case "pmpp": fields.read(field, &rated, in: 0...1e9)
        case "%pmpp": fields.read(field, &share, in: 0...1000)
        case "temperature": fields.read(field, &temperature, in: -273...1000)
        case "pf":
            fields.read(field, &factor, in: -1...1)
            reactive = nil
        case "kvar": fields.read(field, &reactive)
        case "kva": fields.read(field, &rating, in: 1e-9...1e9)
        case "%cutin": fields.read(field, &cutIn, in: 0...1000)
        case "%cutout": fields.read(field, &cutOut, in: 0...1000)
        case "effcurve": efficiencyCurve = field
        case "p-tcurve": temperatureCurve = field
        case "wattpriority": fields.read(field, &prefersActive)
        case "kvarmax", "kvarmaxabs": fields.read(field, &reactiveLimit, in: 0...1e9)
        default: break
        }
    }

    /// What the inverter gives without curves, kW and kvar.
    func power(thermal: Double, efficiency: DSSCurve?) -> (active: Double, reactive: Double) {
        let panel = irradiance * rated * thermal
        // The inverter starts above a share of its rating.
        guard panel >= cutIn / 100 * rating else { return (0, 0) }
        let active = min(panel * (efficiency?.value(at: panel / rating) ?? 1), share / 100 * rated)
        guard let reactive else {
            let size = factor == 0 ? 0 : active * (1 / (factor * factor) - 1).squareRoot()
            return (active, factor < 0 ? -size : size)
        }
        return (active, reactive)
    }
}

/// Storage while it is read, kW, kvar and kVA.
struct DSSStorage {
    private enum State { case idle, charging, discharging }

    var plant = DSSPlant()
    var rated = 25.0
    var reactiveLimit: Double?
    private var apparent: Double?
    private var state = State.idle
    private var share = 100.0
    private var discharge = 100.0
    private var charge = 100.0
    private var idling = 1.0
    /// kWh, and % of that.
    private var capacity = 50.0
    private var stored = 100.0
    private var reserve = 20.0
    private var isStoredInHours = false
    private var factor = 1.0
    private var reactive: Double?

    var rating: Double { apparent ?? rated }

    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields) {
        switch field.key {
        case "kwrated": fields.read(field, &rated, in: 1e-9...1e9)
        case "%kwrated": fields.read(field, &share, in: 0...1000)
        case "kva": fields.read(field, &apparent, in: 1e-9...1e9)
        case "state":
            let choices: KeyValuePairs = [
                "idling": State.idle, "charging": .charging, "discharging": .discharging,
            ]
            state = fields.choice(field, choices) ?? .idle
        case "kw":
            var power = 0.0
            fields.read(field, &power)
            state = power == 0 ? .idle : power > 0 ? .discharging : .charging
            if power > 0 { discharge = power / rated * 100 }
            if power < 0 { charge = -power / rated * 100 }
        case "%discharge": fields.read(field, &discharge, in: 0...1000)
        case "%charge": fields.read(field, &charge, in: 0...1000)
        case "kwhrated":
            let before = capacity
            fields.read(field, &capacity, in: 1e-9...1e12)
            // What was stated in kWh stays.
            if isStoredInHours { stored *= before / capacity }
        case "kwhstored":
            var energy = 0.0
            fields.read(field, &energy, in: 0...1e12)
            stored = energy / capacity * 100
            isStoredInHours = true
        case "%stored":
            fields.read(field, &stored, in: 0...100)
            isStoredInHours = false
        case "%reserve": fields.read(field, &reserve, in: 0...100)
        case "%idlingkw": fields.read(field, &idling, in: 0...1000)
        case "pf":
            fields.read(field, &factor, in: -1...1)
            reactive = nil
        case "kvar": fields.read(field, &reactive)
        case "kvarmax", "kvarmaxabs": fields.read(field, &reactiveLimit, in: 0...1e9)
        case "effcurve": fields.refuse("an efficiency curve of storage is not read", field)
        default: break
        }
    }

    /// Positive into the network, kW and kvar. Full storage does not charge, and one at its reserve does not
    /// discharge.
    var power: (active: Double, reactive: Double) {
        var state = state
        if state == .charging, stored >= 100 { state = .idle }
        if state == .discharging, stored <= reserve { state = .idle }
        let active =
            switch state {
            case .idle: -rated * idling / 100
            case .charging: -min(rated * charge / 100, rated * share / 100)
            case .discharging: min(rated * discharge / 100, rated * share / 100)
            }
        if state == .idle { return (active, reactive ?? 0) }
        let size = factor == 0 ? 0 : active * (1 / (factor * factor) - 1).squareRoot()
        return (active, reactive ?? (factor < 0 ? -size : size))
    }
}

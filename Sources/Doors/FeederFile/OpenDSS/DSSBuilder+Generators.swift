import Foundation
import Grid
import TextFile

/// What generators, solar plants and storage have in common, kV.
struct DSSPlant {
    var bus: DSSFields.Field?
    var phases = 3
    var kilovolts = 12.47
    var isDelta = false
    var model = 1
    var lower = 0.9
    var upper = 1.1
    var shapes: [String: DSSFields.Field] = [:]

    /// Takes a property; false for one that it does not have.
    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields) -> Bool {
        switch field.key {
        case "bus1": bus = field
        case "phases": fields.read(field, &phases, in: 1...12)
        case "kv": fields.read(field, &kilovolts, in: 1e-6...1e5)
        case "conn": isDelta = fields.isDelta(field.word.value, field) ?? isDelta
        case "model": fields.read(field, &model, in: 1...7)
        case "vminpu": fields.read(field, &lower, in: 0...10)
        case "vmaxpu": fields.read(field, &upper, in: 0...10)
        case "yearly", "daily": shapes[field.key] = field
        case "balanced":
            var isBalanced = false
            fields.read(field, &isBalanced)
            if isBalanced { fields.refuse("currents forced to be balanced are not read", field) }
        default: return false
        }
        return true
    }

    /// The voltages between which it gives its power; an impedance beyond.
    var range: Feeder.ModelRange { Feeder.ModelRange(lower: lower, upper: upper, lowest: lower) }
}

extension DSSBuilder {
    /// Where a plant stands: its bus, pairs and voltage; nil, with a mistake, where it names no bus.
    mutating func stand(
        _ plant: DSSPlant, _ fields: inout DSSFields
    ) -> (bus: Int, pairs: [Feeder.Pair], voltage: Voltage)? {
        guard let field = plant.bus else {
            fields.refuse("Bus1 is missing")
            return nil
        }
        let (phases, isDelta) = (plant.phases, plant.isDelta)
        let count = Self.conductors(phases: phases, isDelta: isDelta)
        guard let terminal = fields.terminal(field.word.value, field, phases: phases, conductors: count)
        else {
            return nil
        }
        return (
            bus(terminal.bus), Self.pairs(terminal.nodes, phases: phases, isDelta: isDelta),
            Self.voltage(plant.kilovolts, phases: phases, isDelta: isDelta)
        )
    }

    /// A generator of given power, or an impedance.
    mutating func addGenerator(_ object: DSSObject) {
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var plant = DSSPlant()
        var (active, reactive, factor) = (1000.0, 60.0, 0.88)
        var isFixed = false
        for field in fields.all where !plant.read(field, &fields) {
            func follow() {
                guard factor != 0 else { return }
                reactive = active * (1 / (factor * factor) - 1).squareRoot() * (factor < 0 ? -1 : 1)
            }
            switch field.key {
            case "kw":
                fields.read(field, &active)
                follow()
            case "pf":
                fields.read(field, &factor, in: -1...1)
                follow()
            case "kvar":
                fields.read(field, &reactive)
                let size = (active * active + reactive * reactive).squareRoot()
                if size > 0 { factor = active / size * (active * reactive < 0 ? -1 : 1) }
            case "status":
                let choices: KeyValuePairs = ["variable": false, "fixed": true]
                isFixed = fields.choice(field, choices) ?? false
            default: break
            }
        }
        guard [1, 2, 4].contains(plant.model) else {
            return fields.refuse(
                "a generator of model \(plant.model) is not read; 1, 2 and 4 are (3 holds a voltage)")
        }
        guard let (bus, pairs, voltage) = stand(plant, &fields) else { return }
        let part = -1000 * (isFixed ? 1 : generatorMultiplier) / Double(plant.phases)
        shapes.note(plant.shapes, .generator(feeder.loads.count), &fields)
        feeder.loads.append(
            Feeder.Load(
                name: object.name, bus: bus, pairs: pairs, voltage: voltage,
                active: pairs.map { _ in Power(active * part) },
                reactive: pairs.map { _ in ReactivePower(reactive * part) },
                dependence: plant.model == 2 ? .constantImpedance : .constantPower,
                range: plant.model == 2 ? .unlimited : plant.range))
    }

    /// A solar plant behind its inverter.
    mutating func addSolarPlant(_ object: DSSObject) {
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var solar = DSSSolar()
        for field in fields.all where !solar.plant.read(field, &fields) { solar.read(field, &fields) }
        guard solar.plant.model == 1 else {
            return fields.refuse("a solar plant of model \(solar.plant.model) is not read; 1 is")
        }
        guard let (bus, pairs, voltage) = stand(solar.plant, &fields) else { return }
        let thermal = solar.temperatureCurve.flatMap { curve($0, &fields) }
        let efficiency = solar.efficiencyCurve.flatMap { curve($0, &fields) }
        let power = solar.power(
            thermal: thermal?.value(at: solar.temperature) ?? 1, efficiency: efficiency)
        inverters[object.name.lowercased()] = feeder.inverters.count
        shapes.note(solar.plant.shapes, .inverter(feeder.inverters.count), &fields)
        feeder.inverters.append(
            Feeder.Inverter(
                name: object.name, bus: bus, pairs: pairs, voltage: voltage,
                rating: ApparentPower(solar.rating * 1000), active: Power(power.active * 1000),
                reactive: ReactivePower(power.reactive * 1000),
                reactiveLimit: solar.reactiveLimit.map { ReactivePower($0 * 1000) },
                prefersReactive: !solar.prefersActive, ratedActive: Power(solar.rated * 1000),
                range: solar.plant.range))
    }

    /// Storage in the state that the file gives it.
    mutating func addStorage(_ object: DSSObject) {
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var storage = DSSStorage()
        for field in fields.all where !storage.plant.read(field, &fields) { storage.read(field, &fields) }
        guard storage.plant.model == 1 else {
            return fields.refuse("storage of model \(storage.plant.model) is not read; 1 is")
        }
        guard let (bus, pairs, voltage) = stand(storage.plant, &fields) else { return }
        let power = storage.power
        inverters["storage." + object.name.lowercased()] = feeder.inverters.count
        shapes.note(storage.plant.shapes, .inverter(feeder.inverters.count), &fields)
        feeder.inverters.append(
            Feeder.Inverter(
                name: object.name, bus: bus, pairs: pairs, voltage: voltage,
                rating: ApparentPower(storage.rating * 1000), active: Power(power.active * 1000),
                reactive: ReactivePower(power.reactive * 1000),
                reactiveLimit: storage.reactiveLimit.map { ReactivePower($0 * 1000) },
                ratedActive: Power(storage.rated * 1000), range: storage.plant.range))
    }
}

import Devices
import Grid
import Scheduling
import Simulator
import TextFile
import YAMLFile

/// How a device is joined to a feeder of three phases.
struct FeederJoint {
    /// Between which conductors its parts are.
    let pairs: [Feeder.Pair]
    /// Nominal voltage across a pair.
    let voltage: Voltage
    /// The load of the feeder file that it is; its powers are shared as that load's are.
    var load: Feeder.Load?
    /// The inverter whose powers follow the voltage.
    var inverter: VoltageFollower?

    /// The inverter of the feeder file that it is.
    private(set) var ofCase: Feeder.Inverter?

    init(_ inverter: Feeder.Inverter) {
        (pairs, voltage, ofCase) = (inverter.pairs, inverter.voltage, inverter)
    }

    init(pairs: [Feeder.Pair], voltage: Voltage) {
        self.pairs = pairs
        self.voltage = voltage
    }

    init(_ load: Feeder.Load) {
        (pairs, voltage, self.load) = (load.pairs, load.voltage, load)
    }

    /// A set of phases that a scenario may name.
    private static let choices: [(String, [Int])] = [
        ("a", [1]), ("b", [2]), ("c", [3]), ("ab", [1, 2]), ("bc", [2, 3]), ("ca", [3, 1]),
        ("abc", [1, 2, 3]),
    ]

    /// `phases: b` of a device at a bus of `feeder`; without it all three, or the only one that the bus has.
    init?(_ field: Field?, at bus: Int, _ feeder: FeederSection, for place: Field) {
        let name = quoted(feeder.wires.buses[bus].name)
        let present = feeder.terminals.conductors[bus].filter { (1...3).contains($0) }.sorted()
        let shown = present.map { Feeder.conductorName($0) }.joined(separator: ", ")
        guard !present.isEmpty else {
            place.mistake("bus \(name) has no phase that is joined to the source")
            return nil
        }
        let wanted: [Int]
        if let field {
            guard let chosen = field.choice("a set of phases", Self.choices) else { return nil }
            guard chosen.allSatisfy(present.contains) else {
                field.mistake("bus \(name) has only \(present.count == 1 ? "phase" : "phases") \(shown)")
                return nil
            }
            wanted = chosen
        } else if present.count == 2 {
            place.mistake("'phases' is missing: bus \(name) has only phases \(shown)")
            return nil
        } else {
            wanted = present
            if present.count == 1 {
                place.warning("bus \(name) has only phase \(shown); the device is joined to it")
            }
        }
        guard wanted.count != 1 || feeder.terminals.isEarthed[bus] else {
            (field ?? place).mistake(
                "nothing joins bus \(name) to earth or a neutral; join the device between two phases, such as ab"
            )
            return nil
        }
        let nominal = feeder.wires.buses[bus].nominalVoltage
        let phase = Voltage(feeder.wires.buses[bus].nominalPhaseVoltage)
        switch wanted.count {
        case 1: self.init(pairs: [Feeder.Pair(wanted[0], feeder.terminals.neutrals[bus])], voltage: phase)
        case 2:
            self.init(
                pairs: [Feeder.Pair(wanted[0], wanted[1])],
                voltage: feeder.terminals.isSplitPhase[bus] ? phase * 2 : nominal)
        default:
            self.init(
                pairs: feeder.terminals.isEarthed[bus]
                    ? (1...3).map { Feeder.Pair($0, feeder.terminals.neutrals[bus]) } : Feeder.Pair.delta,
                voltage: feeder.terminals.isEarthed[bus] ? phase : nominal)
        }
    }
}

/// The curves of an inverter that follows the voltage, and its ratings.
struct VoltageFollower {
    let voltVar: VoltageCurve?
    let voltWatt: VoltageCurve?
    let rating: ApparentPower
    let active: Power
    /// Whether active power gives way to reactive power; that of a battery does not, as its store has given
    /// or taken it.
    let prefersReactive: Bool

    /// What was read; `value` is nil if the device has no curves.
    struct Reading {
        let value: VoltageFollower?
    }

    /// `volt_var` and `volt_watt` of a device; nil if they are wrong. `capability` is what it could give when
    /// asked.
    static func read(
        _ section: Mapping, _ kind: DeviceKind, _ model: Device.Kind?, _ capability: ReactiveCapability?,
        isFeeder: Bool
    ) -> Reading? {
        let fields = [section.optional("volt_var"), section.optional("volt_watt")]
        guard fields.contains(where: { $0 != nil }) else { return Reading(value: nil) }
        guard isFeeder else {
            for field in fields {
                field?.mistake("only allowed where 'network.case' is a feeder of three phases")
            }
            return nil
        }
        if kind == .battery, let field = fields[1] {
            field.mistake("not allowed: what a battery gives or takes is settled before the voltage is known")
            return nil
        }
        let voltVar = fields[0].map { curve($0, presets, -1...1) }
        let voltWatt = fields[1].map { curve($0, [("ieee-1547", .voltWatt)], 0...1) }
        guard let model, let active = ReactiveCapability.rating(model), active > .zero,
            voltVar.map({ $0 != nil }) ?? true, voltWatt.map({ $0 != nil }) ?? true
        else { return nil }
        var rating = ApparentPower(active.value)
        if case .apparentPower(let size)? = capability { rating = size }
        return Reading(
            value: VoltageFollower(
                voltVar: voltVar ?? nil, voltWatt: voltWatt ?? nil, rating: rating, active: active,
                prefersReactive: kind != .battery))
    }

    private static let presets: [(String, VoltageCurve)] = [
        ("category-a", .voltVarCategoryA), ("category-b", .voltVarCategoryB),
    ]

    /// A preset, or `[[0.92, 0.44], [0.98, 0], …]`: |V| as a fraction of nominal, and output.
    private static func curve(
        _ field: Field, _ presets: [(String, VoltageCurve)], _ outputs: ClosedRange<Double>
    ) -> VoltageCurve? {
        if field.text != nil { return field.choice("a curve; or write points [voltage, output]", presets) }
        guard let items = field.list() else { return nil }
        var points: [VoltageCurve.Point] = []
        for item in items {
            guard let numbers = item.list() else { return nil }
            guard numbers.count == 2 else { return item.refuse("a voltage and an output, such as [1.06, 1]") }
            guard let voltage = numbers[0].number(in: 0...2), let output = numbers[1].number(in: outputs)
            else { return nil }
            if let last = points.last, voltage <= last.voltage || output > last.output {
                item.mistake("voltages must rise from point to point, and outputs fall or stay")
                return nil
            }
            points.append(VoltageCurve.Point(voltage, output))
        }
        return points.isEmpty ? field.refuse("at least one point") : VoltageCurve(points)
    }
}

extension ScenarioFeeder {
    /// The feeder with one load or inverter for each device but the grid connection.
    init(_ feeder: FeederSection, _ entries: [DeviceSection.Entry]) {
        var wires = feeder.wires
        let roles = entries.map { entry -> Role in
            guard let joint = entry.joint else { return .source }
            let device = entry.device
            if var inverter = joint.ofCase {
                let scale = inverter.active > .zero ? inverter.ratedActive / inverter.active : 0
                (inverter.name, inverter.active) = (device.name, inverter.ratedActive)
                inverter.reactive = inverter.reactive * scale
                wires.inverters.append(inverter)
                return .inverter(wires.inverters.count - 1)
            }
            if let own = joint.inverter {
                wires.inverters.append(
                    Feeder.Inverter(
                        name: device.name, bus: device.bus, pairs: joint.pairs, voltage: joint.voltage,
                        rating: own.rating, active: own.active, prefersReactive: own.prefersReactive,
                        voltVar: own.voltVar,
                        voltWatt: own.voltWatt, ratedActive: own.active))
                return .inverter(wires.inverters.count - 1)
            }
            let share = 1 / Double(joint.pairs.count)
            var load =
                joint.load
                ?? Feeder.Load(
                    name: device.name, bus: device.bus, pairs: joint.pairs, voltage: joint.voltage,
                    active: joint.pairs.map { _ in Power(share) },
                    reactive: joint.pairs.map { _ in ReactivePower(share) })
            load.name = device.name
            wires.loads.append(load)
            return .load(wires.loads.count - 1)
        }
        self.init(
            feeder: wires, roles: roles, equivalent: feeder.equivalent,
            unbalanceLimit: feeder.unbalanceLimit)
    }
}

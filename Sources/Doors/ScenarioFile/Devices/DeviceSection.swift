import Devices
import Grid
import Scheduling
import TextFile
import Timeline
import YAMLFile

/// The section `devices` and the table of loads: everything that is connected to the network, in the order of
/// the file; the loads of the table come last.
struct DeviceSection {
    /// One device, with what only the market uses.
    struct Entry {
        let device: Device
        /// The demand of a load with variation.
        let demand: VariableDemand?
        /// Nil if the section `market` decides who owns the device.
        let owner: String?
        let isOnGrid: Bool
        /// Tariff and feed-in price, if this is the grid connection.
        let connection: Connection?
        /// Where its name is written.
        let name: Field
        /// Nil if it states no error of its own.
        let forecastError: OwnForecastError?
        /// Whether it is there from the first step on.
        var isPresent = true
        /// How it is joined to a feeder of three phases; nil for the grid connection, and where the network
        /// is balanced.
        var joint: FeederJoint?
    }

    private(set) var entries: [Entry] = []
    /// False if a device was left out because something in it is wrong.
    private(set) var isComplete = true
    /// Possible owners of the devices that were left out: a contract that names one of them is not an error.
    private(set) var unsureOwners: Set<String> = []

    /// `ofCase` are the loads of a case file; nil if the network could not be read. `profiles` are their own
    /// where they follow these.
    init(
        _ root: Mapping, _ context: DeviceContext, _ loads: LoadsSection, ofCase: [CaseLoad]?,
        _ profiles: CaseProfileFields? = nil
    ) {
        var names: Set<String> = []
        let section = root.required("devices")?.entries()
        for (name, field) in section ?? [] {
            let text = name.name()
            let entry = field.mapping { Self.entry(name, $0, context) }
            if let text { names.insert(text) }
            add(text == nil ? nil : entry, else: [text, field.text(at: "owner")])
        }
        if section == nil { isComplete = false }
        for row in loads.rows {
            let entry = Self.entry(row, context)
            let isNew = entry.map { names.insert($0.device.name).inserted } ?? true
            if !isNew { row.name.mistake("two devices are called \(quoted(row.name.text ?? ""))") }
            add(isNew ? entry : nil, else: [row.owner?.text])
        }
        for plant in context.feeder?.solar ?? [] {
            let text = freeName(plant.inverter.name.isEmpty ? "solar" : plant.inverter.name, &names)
            add(
                Entry(
                    device: Device(name: text, bus: plant.inverter.bus, kind: .solar(plant.kind)),
                    demand: nil,
                    owner: nil, isOnGrid: false, connection: nil, name: context.feeder!.field,
                    forecastError: nil, joint: FeederJoint(plant.inverter)), else: [])
        }
        guard let shape = loads.caseShape, let ofCase else { return }
        if ofCase.isEmpty {
            shape.mistake("there are no loads of a case: 'network' names no case file, or one without loads")
        }
        if profiles == nil, shape.text == CaseProfileFields.word { isComplete = false; return }
        for (index, written) in ofCase.enumerated() where Self.isTaken(written, shape) {
            guard profiles?.isTaken(index, written) ?? true else { continue }
            var demand: VariableDemand?
            let load =
                profiles.map {
                    $0.load(
                        index, written, valueOfLostLoad: context.valueOfLostLoad, context.horizon,
                        context.zone)
                } ?? Self.load(written, shape, context, &demand)
            add(load.map { Self.entry($0, demand, written, shape, &names) }, else: [])
        }
    }

    private mutating func add(_ entry: Entry?, else owners: [String?]) {
        if let entry {
            entries.append(entry)
        } else {
            isComplete = false
            unsureOwners.formUnion(owners.compactMap(\.self))
        }
    }

    /// A device of the section `devices`: the keys of every device, then those of its kind.
    private static func entry(_ name: Field, _ section: Mapping, _ context: DeviceContext) -> Entry? {
        let kindField = section.required("kind")
        let bus = context.bus(context.isOneBus ? section.optional("bus") : section.required("bus"))
        guard let (kind, form) = kindField?.choice("a kind of device", FlexibleForm.kinds) else {
            section.allowAllKeys()
            return nil
        }
        var (owner, isOnGrid, isGood) = (nil as String?, false, true)
        if kind != .grid {
            if let field = section.optional("owner") {
                owner = field.name()
                isGood = owner != nil
            }
            if kind != .load, kind != .flexible, let field = section.optional("meter") {
                let meter = field.choice("a place of the meter", [("behind", false), ("on-grid", true)])
                isOnGrid = meter ?? false
                isGood = isGood && meter != nil
            }
        }
        var (connection, demand) = (nil as Connection?, nil as VariableDemand?)
        let model = model(kind, form, section, context, &connection, &demand)
        model?.warnOfImplausible(section)
        let capability = ReactiveCapability.read(section, kind, model)
        let forecastError = OwnForecastError.read(section, kind)
        let forming = GridForming.read(section, kind)
        let isPresent = kind == .grid ? true : isPresent(section)
        let follower = VoltageFollower.read(
            section, kind, model, capability?.value, isFeeder: context.isFeeder)
        let joined = joint(kind == .grid ? nil : section.optional("phases"), kind, at: bus, context, name)
        guard let bus, let model, let capability, let forecastError, let forming, let isPresent, isGood,
            let text = name.text, let follower, var joint = joined
        else { return nil }
        joint.value?.inverter = follower.value
        return Entry(
            device: Device(
                name: text, bus: bus, kind: model,
                capability: follower.value?.voltVar == nil ? capability.value : nil, forming: forming.value),
            demand: demand, owner: owner ?? (isOnGrid ? text : nil), isOnGrid: isOnGrid,
            connection: connection, name: name, forecastError: forecastError, isPresent: isPresent,
            joint: joint.value)
    }

    /// How a device is joined to the phases; `value` is nil where the network is balanced.
    private struct Joint {
        var value: FeederJoint?
    }

    private static func joint(
        _ phases: Field?, _ kind: DeviceKind, at bus: Int?, _ context: DeviceContext, _ name: Field
    ) -> Joint? {
        guard context.isFeeder else {
            phases?.mistake("only allowed where 'network.case' is a feeder of three phases")
            return phases == nil ? Joint(value: nil) : nil
        }
        guard kind != .grid else { return Joint(value: nil) }
        guard let feeder = context.feeder, let bus else { return nil }
        return FeederJoint(phases, at: bus, feeder, for: name).map { Joint(value: $0) }
    }

    /// The keys of a kind.
    private static func model(
        _ kind: DeviceKind, _ form: FlexibleForm?, _ section: Mapping, _ context: DeviceContext,
        _ connection: inout Connection?, _ demand: inout VariableDemand?
    ) -> Device.Kind? {
        if kind.isRenewable, let output = section.optional("output") {
            return MeasuredPlant(section, kind, output, context).map(Device.Kind.measured)
        }
        if let form { return form.read(section, context).map(Device.Kind.flexible) }
        return switch kind {
        case .flexible: nil
        case .solar: Solar(section).map(Device.Kind.solar)
        case .wind: Wind(section, context.folder).map(Device.Kind.wind)
        case .hydro: Hydro(section).map(Device.Kind.hydro)
        case .battery: Battery(section).map(Device.Kind.battery)
        case .genset: Genset(section).map(Device.Kind.genset)
        case .load: Load(section, context, &demand).map(Device.Kind.load)
        case .grid: ExternalGrid(section, context, &connection).map(Device.Kind.grid)
        }
    }

    /// `present: false`: absent until an event lets it join.
    private static func isPresent(_ section: Mapping) -> Bool? {
        section.optional("present").map { $0.choice("true or false", [("true", true), ("false", false)]) }
            ?? true
    }

    /// A load without active power is left out, and told.
    private static func isTaken(_ load: CaseLoad, _ shape: Field) -> Bool {
        let isTaken = load.active > .zero && abs(load.reactive.value) <= 100 * load.active.value
        if !isTaken, load.active != .zero || load.reactive != .zero {
            shape.warning(
                "a load of the case at bus \(load.bus + 1) gives power, or takes hardly any active power; it is left out"
            )
        }
        return isTaken
    }

    /// A load of a case file with a shape: what it takes there is its nominal power.
    private static func load(
        _ written: CaseLoad, _ shape: Field, _ context: DeviceContext,
        _ demand: inout VariableDemand?
    ) -> Load? {
        Load(
            nominal: written.active, shape: shape,
            reactiveRatio: written.reactive.value / written.active.value,
            valueOfLostLoad: context.valueOfLostLoad, priority: 0, context, &demand)
    }

    private static func entry(
        _ load: Load, _ demand: VariableDemand?, _ written: CaseLoad, _ shape: Field,
        _ names: inout Set<String>
    ) -> Entry {
        let name = freeName(written.name.isEmpty ? "load-\(written.bus + 1)" : written.name, &names)
        return Entry(
            device: Device(name: name, bus: written.bus, kind: .load(load)), demand: demand, owner: nil,
            isOnGrid: false, connection: nil, name: shape, forecastError: nil, joint: written.joint)
    }

    /// A row of the table of loads.
    private static func entry(_ row: LoadsSection.Row, _ context: DeviceContext) -> Entry? {
        let name = row.name.name()
        let owner = row.owner.map { $0.name() }
        let bus = context.bus(row.bus)
        var demand: VariableDemand?
        let load = Load(
            nominal: row.active, shape: row.shape, reactiveRatio: row.reactiveRatio,
            valueOfLostLoad: context.valueOfLostLoad, priority: row.priority, context, &demand)
        let joint = joint(row.phases, .load, at: bus, context, row.bus ?? row.name)
        guard let name, let bus, let load, owner.map({ $0 != nil }) ?? true, let joint else { return nil }
        return Entry(
            device: Device(name: name, bus: bus, kind: .load(load)), demand: demand, owner: owner ?? nil,
            isOnGrid: false, connection: nil, name: row.name, forecastError: nil, joint: joint.value)
    }
}

/// What devices refer to: buses, shapes of loads, files and time.
struct DeviceContext {
    let folder: InputFolder
    /// Reads measured series.
    let series: StepSeries
    /// Index of each bus; empty if the network could not be read.
    let buses: NameTable<Int>
    /// Whether there is no data of a network: then a device need not name the only bus.
    let isOneBus: Bool
    /// Whether the network is a feeder of three phases, also if it could not be read.
    let isFeeder: Bool
    /// The feeder of three phases; nil where the network is balanced.
    let feeder: FeederSection?
    let horizon: Horizon?
    let zone: TimeZoneTable?
    /// Mean fraction of nominal in each step, by name of the shape: nil if this shape, or the time, could not
    /// be read. Nil as a whole if the table could not be read: then no load is told that its shape is
    /// unknown.
    let shapes: NameTable<[Double]?>?
    /// Standard deviation of loads around their shape.
    let variation: Double
    let valueOfLostLoad: EnergyCost?

    /// The index of the bus that `field` names; nil also where it names none, and there are several.
    func bus(_ field: Field?) -> Int? {
        guard let field else { return isOneBus ? 0 : nil }
        return buses.isEmpty ? nil : field.reference("bus", in: buses)
    }

    /// The fractions of the shape that `field` names.
    func shape(_ field: Field) -> [Double]? {
        shapes.flatMap { field.reference("shape", in: $0) ?? nil }
    }
}

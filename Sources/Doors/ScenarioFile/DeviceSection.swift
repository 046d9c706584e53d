import Devices
import Grid
import Scheduling
import Timeline

/// The section `devices`, and the loads of the table: everything that is connected to the network, in the
/// order in which it is written, the table's last.
struct DeviceSection {
    /// One device with what only the market asks of it.
    struct Entry {
        let device: Device
        /// Nil where the market's section says who owns such devices.
        let owner: String?
        let isOnGrid: Bool
        /// Of the connection to the county grid.
        let connection: Connection?
        /// Where its name is written.
        let mistake: (String) -> Void
        let warning: (String) -> Void
    }

    private(set) var entries: [Entry] = []
    /// False when a device was left out because something in it is wrong.
    private(set) var isComplete = true
    /// Who may own what was left out: nobody is told that these are unknown.
    private(set) var unsureOwners: Set<String> = []

    init(_ root: Mapping, _ context: DeviceContext, _ loads: LoadsSection) {
        var names: Set<String> = []
        for (nameField, field) in root.required("devices")?.entries() ?? [] {
            let name = nameField.name()
            let entry = field.mapping { Self.entry(named: name ?? "", $0, context, nameField) }
            if let name { names.insert(name) }
            guard name != nil, let entry else {
                isComplete = false
                unsureOwners.formUnion([name, field.text(at: "owner")].compactMap(\.self))
                continue
            }
            entries.append(entry)
        }
        if root.optional("devices")?.entries() == nil { isComplete = false }
        for row in loads.rows {
            guard let entry = Self.load(row, context, loads), isNew(row, &names) else {
                isComplete = false
                unsureOwners.insert(row.owner)
                continue
            }
            entries.append(entry)
        }
    }

    private func isNew(_ row: LoadsSection.Row, _ names: inout Set<String>) -> Bool {
        if names.insert(row.name).inserted { return true }
        row.mistake("two devices are called \(quoted(row.name))", "name")
        return false
    }

    /// What every device has, and its kind's own.
    private static func entry(
        named name: String, _ section: Mapping, _ context: DeviceContext, _ nameField: Field
    ) -> Entry? {
        let kindField = section.required("kind")
        let bus = section.required("bus").flatMap { context.bus($0) }
        guard let kind = kindField?.choice("a kind of device", of: DeviceKind.self) else {
            section.takeAll()
            return nil
        }
        var (owner, isOnGrid, isGood) = (nil as String?, false, true)
        if kind != .grid {
            if let field = section.optional("owner") {
                owner = field.name()
                isGood = owner != nil
            }
            if kind != .load, let field = section.optional("meter") {
                let meter = field.choice("a place of the meter", [("behind", false), ("on-grid", true)])
                isOnGrid = meter ?? false
                isGood = isGood && meter != nil
            }
        }
        var connection: Connection?
        let model: Device.Kind? =
            switch kind {
            case .solar: Solar(section).map(Device.Kind.solar)
            case .wind: Wind(section, context.folder).map(Device.Kind.wind)
            case .hydro: Hydro(section).map(Device.Kind.hydro)
            case .battery: Battery(section).map(Device.Kind.battery)
            case .genset: Genset(section).map(Device.Kind.genset)
            case .load: Load(section, named: name, context).map(Device.Kind.load)
            case .grid: ExternalGrid(section, context, &connection).map(Device.Kind.grid)
            }
        let capability = ReactiveCapability.read(section, model)
        guard let bus, let model, let capability, isGood else { return nil }
        return Entry(
            device: Device(name: name, bus: bus, kind: model, capability: capability.value),
            owner: owner ?? (isOnGrid ? name : nil),
            isOnGrid: isOnGrid, connection: connection, mistake: nameField.mistake, warning: nameField.warning
        )
    }

    private static func load(
        _ row: LoadsSection.Row, _ context: DeviceContext, _ loads: LoadsSection
    ) -> Entry? {
        var isGood = true
        func refuse(_ problem: String?, _ column: String) {
            guard let problem else { return }
            row.mistake(problem, column)
            isGood = false
        }
        refuse(nameRefusal(row.name), "name")
        if !row.owner.isEmpty { refuse(nameRefusal(row.owner), "owner") }
        let bus = context.buses.first { $0.0 == row.bus }?.1
        if bus == nil, !context.buses.isEmpty {
            refuse(
                "no bus is called \(quoted(row.bus))\(hint(row.bus, among: context.buses.map(\.0)))", "bus")
        }
        let shape = context.shapes.first { $0.0 == row.shape }?.1
        if shape == nil, context.knowsShapes {
            let known = context.shapes.map(\.0)
            refuse("no shape is called \(quoted(row.shape))\(hint(row.shape, among: known))", "shape")
        }
        guard isGood, let bus, let shape, let value = context.valueOfLostLoad, let horizon = context.horizon
        else { return nil }
        let demand = LoadVariation(deviation: context.variation, seed: context.seed, load: row.name)
            .demand(nominal: row.active, fractions: shape, step: horizon.step)
        let load = Load(demand: demand, reactiveRatio: row.reactiveRatio, valueOfLostLoad: value)
        return Entry(
            device: Device(name: row.name, bus: bus, kind: .load(load)),
            owner: row.owner.isEmpty ? nil : row.owner, isOnGrid: false, connection: nil,
            mistake: { row.mistake($0, "name") }, warning: row.warning)
    }
}

/// The kinds of devices, by the names people write.
enum DeviceKind: String, CaseIterable {
    case solar, wind, hydro, battery, genset, load, grid
}

/// What devices are read against.
struct DeviceContext {
    let folder: Folder
    /// Empty where the network is too wrong to tell.
    let buses: [(String, Int)]
    let horizon: Horizon?
    let zone: TimeZoneTable?
    let seed: UInt64
    /// Mean fraction of nominal a step; empty arrays where time is too wrong to tell.
    let shapes: [(String, [Double])]
    /// False where the shapes themselves are wrong, so that no load is told that it has none.
    let knowsShapes: Bool
    let variation: Double
    let valueOfLostLoad: EnergyCost?

    func bus(_ field: Field) -> Int? {
        buses.isEmpty ? nil : field.reference("bus", in: buses)
    }
}

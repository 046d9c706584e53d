import Grid

/// Which powers the columns of a profile are.
struct ProfileColumns {
    /// One column: what a number in it adds to the injections of its bus, W and var for each unit.
    struct Column {
        var bus = 0
        var active = 0.0
        var reactive = 0.0
    }

    /// Nil for the label.
    var columns: [Column?] = []
    var labelName: String?
    /// What is injected besides.
    private(set) var rest: Injections
    private let networkCase: NetworkCase
    private var loads: [String: Int] = [:]
    private var generators: [String: Int] = [:]
    private var buses: [String: Int] = [:]
    /// Loads and generators that have a column already, each with its unit.
    private var taken: Set<Taken> = []

    private enum Device: Hashable { case load(Int), generator(Int) }
    private struct Taken: Hashable {
        let device: Device
        let isReactive: Bool
    }

    init(_ networkCase: NetworkCase) {
        self.networkCase = networkCase
        rest = networkCase.injections
        loads = Self.index(networkCase.loads.map(\.name))
        generators = Self.index(networkCase.generators.map(\.name))
        buses = Self.index(networkCase.network.buses.map(\.name))
    }

    private static func index(_ names: [String]) -> [String: Int] {
        Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    }

    /// Takes the next column by its name; nil where all is well, else what is wrong.
    mutating func add(_ name: String) -> String? {
        if columns.isEmpty, name == "time" || name == "step" {
            labelName = name
            columns.append(nil)
            return nil
        }
        guard let mark = name.lastIndex(of: "_"), let unit = Unit(rawValue: String(name[mark...].dropFirst()))
        else { return "column '\(name.prefix(60))' ends with none of _kw, _kvar and _scale" }
        let named = String(name[..<mark])
        let devices: [Device]
        if let load = loads[named] {
            devices = [.load(load)]
        } else if let generator = generators[named] {
            devices = [.generator(generator)]
        } else if let bus = buses[named] {
            devices = networkCase.loads.indices.filter { networkCase.loads[$0].bus == bus }.map { .load($0) }
            columns.append(Column(bus: bus))
        } else {
            return "column '\(name.prefix(60))': the case has no load, generator or bus '\(named.prefix(60))'"
        }
        if buses[named] == nil || loads[named] != nil || generators[named] != nil {
            columns.append(Column(bus: bus(of: devices[0])))
        }
        return take(devices, unit, name)
    }

    private enum Unit: String { case kw, kvar, scale }

    private func bus(of device: Device) -> Int {
        switch device {
        case .load(let load): networkCase.loads[load].bus
        case .generator(let generator): networkCase.generators[generator].bus
        }
    }

    /// The powers of `devices` are from now on the column's.
    private mutating func take(_ devices: [Device], _ unit: Unit, _ name: String) -> String? {
        let last = columns.count - 1
        var isGiven = false
        for device in devices {
            for isReactive in [false, true] where unit == .scale || isReactive == (unit == .kvar) {
                let isNew = taken.insert(Taken(device: device, isReactive: isReactive)).inserted
                if !isNew { return "column '\(name.prefix(60))': another column gives the same power" }
                let power = power(device, isReactive)
                if isReactive {
                    rest.reactive[columns[last]!.bus].value -= power
                    if unit == .scale { columns[last]!.reactive += power }
                } else {
                    rest.active[columns[last]!.bus].value -= power
                    if unit == .scale { columns[last]!.active += power }
                }
            }
            if case .generator = device { isGiven = true }
        }
        if unit == .kw { columns[last]!.active = isGiven ? 1000 : -1000 }
        if unit == .kvar { columns[last]!.reactive = isGiven ? 1000 : -1000 }
        return nil
    }

    /// What a device injects in the case, W or var.
    private func power(_ device: Device, _ isReactive: Bool) -> Double {
        switch device {
        case .load(let index):
            let load = networkCase.loads[index]
            return load.isConnected ? -(isReactive ? load.reactive.value : load.active.value) : 0
        case .generator(let index):
            let unit = networkCase.generators[index]
            let isFree = isReactive && unit.voltage != nil
            return unit.isConnected && !isFree ? (isReactive ? unit.reactive.value : unit.active.value) : 0
        }
    }
}

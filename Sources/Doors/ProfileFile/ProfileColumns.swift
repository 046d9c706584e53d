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
    private var loadsOfBus: [[Int]]
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
        loadsOfBus = Array(repeating: [], count: networkCase.network.buses.count)
        for (index, load) in networkCase.loads.enumerated() { loadsOfBus[load.bus].append(index) }
    }

    /// −1 where several have the name.
    private static func index(_ names: [String]) -> [String: Int] {
        Dictionary(zip(names, names.indices), uniquingKeysWith: { _, _ in -1 })
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
        let known = [loads[named], generators[named], buses[named]].compactMap { $0 }
        if known.contains(where: { $0 < 0 }) {
            return "column '\(name.prefix(60))': several in the case are called '\(named.prefix(60))'"
        }
        if let index = loads[named] {
            let load = networkCase.loads[index]
            guard load.isConnected else { return "column '\(name.prefix(60))': the load is switched off" }
            columns.append(Column(bus: load.bus))
            return take([.load(index)], unit, name)
        }
        if let index = generators[named] {
            let generator = networkCase.generators[index]
            guard generator.isConnected else {
                return "column '\(name.prefix(60))': the generator is switched off"
            }
            columns.append(Column(bus: generator.bus))
            return take([.generator(index)], unit, name)
        }
        if let bus = buses[named] {
            columns.append(Column(bus: bus))
            return take(loadsOfBus[bus].map { .load($0) }, unit, name)
        }
        return "column '\(name.prefix(60))': the case has no load, generator or bus '\(named.prefix(60))'"
    }

    private enum Unit: String { case kw, kvar, scale }

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

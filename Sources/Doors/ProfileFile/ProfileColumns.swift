import Grid
import YAMLFile

/// The power that each column of a profile sets.
struct ProfileColumns {
    /// One column: what a number in it adds to the injections of its bus, W and var per unit of the number.
    struct Column {
        var bus = 0
        var active = 0.0
        var reactive = 0.0
    }

    /// From left to right; nil for the label.
    var columns: [Column?] = []
    var labelName: String?
    /// The injections of the case that no column sets.
    private(set) var rest: Injections
    private let networkCase: NetworkCase
    private var loads: [String: Int] = [:]
    private var generators: [String: Int] = [:]
    /// Index in `places`.
    private var buses: [String: Int] = [:]
    private let places: [NetworkCase.Origin.NamedBus]
    private var loadsOfBus: [[Int]]
    /// Powers of loads and generators that a column sets already.
    private var taken: Set<Taken> = []
    private let sources: Set<Int>
    /// Unknown names that are still compared with all known ones: of more, only the number is told.
    private var hints = 10

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
        places = networkCase.namedBuses
        buses = Self.index(places.map(\.name))
        sources = Set(networkCase.network.sources.map(\.bus))
        loadsOfBus = Array(repeating: [], count: places.count)
        for index in networkCase.loads.indices {
            loadsOfBus[networkCase.place(ofLoad: index)].append(index)
        }
    }

    /// Index by name; −1 if several have the name.
    private static func index(_ names: [String]) -> [String: Int] {
        Dictionary(zip(names, names.indices), uniquingKeysWith: { _, _ in -1 })
    }

    /// Adds the column called `name`; returns what is wrong, or nil.
    mutating func add(_ name: String) -> String? {
        if columns.isEmpty, name == "time" || name == "step" {
            labelName = name
            columns.append(nil)
            return nil
        }
        guard let mark = name.lastIndex(of: "_"), let unit = Unit(rawValue: String(name[mark...].dropFirst()))
        else { return "column '\(name.prefix(60))' must end with _kw, _kvar or _scale" }
        let named = String(name[..<mark])
        let known = [loads[named], generators[named], buses[named]].compactMap { $0 }
        if known.contains(where: { $0 < 0 }) {
            return
                "column '\(name.prefix(60))': more than one element of the case is called '\(named.prefix(60))'"
        }
        if let problem = ambiguity(named) { return "column '\(name.prefix(60))': \(problem)" }
        if let index = loads[named] {
            let load = networkCase.loads[index]
            guard load.isConnected else { return "column '\(name.prefix(60))': the load is out of service" }
            columns.append(Column(bus: load.bus))
            return take([.load(index)], unit, name)
        }
        if let index = generators[named] {
            if let problem = problem(networkCase.generators[index], unit) {
                return "column '\(name.prefix(60))': \(problem)"
            }
            columns.append(Column(bus: networkCase.generators[index].bus))
            return take([.generator(index)], unit, name)
        }
        if let bus = buses[named] {
            if unit == .scale, !loadsOfBus[bus].contains(where: { networkCase.loads[$0].isConnected }) {
                return "column '\(name.prefix(60))': the bus has no load to scale"
            }
            columns.append(Column(bus: places[bus].bus))
            return take(loadsOfBus[bus].map { .load($0) }, unit, name)
        }
        hints -= 1
        let all = hints < 0 ? [] : [loads, generators, buses].flatMap(\.keys).sorted()
        let near = suggestion(named, in: all)
        return
            "column '\(name.prefix(60))': the case has no load, generator or bus '\(named.prefix(60))'\(near)"
    }

    /// What else is called so; nil where all that is means the same power.
    private func ambiguity(_ name: String) -> String? {
        let kinds = [
            loads[name].map { _ in "a load" }, generators[name].map { _ in "a generator" },
            buses[name].map { _ in "a bus" },
        ].compactMap(\.self)
        guard kinds.count > 1 else { return nil }
        if generators[name] == nil, let load = loads[name], let bus = buses[name],
            loadsOfBus[bus] == [load]
        {
            return nil
        }
        return "\(kinds.joined(separator: " and ")) of the case are called '\(name.prefix(60))'; rename one"
    }

    /// Why the column would change nothing.
    private func problem(_ generator: NetworkCase.Generator, _ unit: Unit) -> String? {
        if !generator.isConnected { return "the generator is out of service" }
        guard generator.voltage != nil else { return nil }
        if sources.contains(generator.bus) {
            return "the generator stands at a source, whose power is the remainder"
        }
        return unit == .kvar ? "the generator holds a voltage, from which its reactive power follows" : nil
    }

    private enum Unit: String { case kw, kvar, scale }

    /// Takes the powers of `devices` from `rest`: the last column sets them.
    private mutating func take(_ devices: [Device], _ unit: Unit, _ name: String) -> String? {
        let last = columns.count - 1
        var isGiven = false
        for device in devices {
            for isReactive in [false, true] where unit == .scale || isReactive == (unit == .kvar) {
                let isNew = taken.insert(Taken(device: device, isReactive: isReactive)).inserted
                if !isNew { return "column '\(name.prefix(60))': another column sets the same power" }
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

    /// The injection of a device in the case, W or var.
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

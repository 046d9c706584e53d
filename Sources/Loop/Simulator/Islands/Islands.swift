import Devices
import Events
import Grid
import Islanding
import Scheduling
import Timeline

/// Events and islands of a run, in quasi-steady state: which parts of the network are joined to the external
/// grid, live as islands, or are dead, and what devices do in the latter two.
///
/// A step is resolved here only where an event acts, or something is left of an earlier one.
struct Islands {
    /// A part of the network whose buses are joined.
    struct Part {
        /// How it has voltage.
        enum Kind: Hashable {
            case connected, island, dead
        }

        var kind: Kind
        /// Ascending.
        let buses: [Int]
        /// Devices at these buses, ascending.
        let devices: [Int]
        /// Grid connection that holds its voltage; of a connected part only.
        var reference: Int?
        /// Grid-forming devices that are up, ascending; of an island only.
        var forming: [Int] = []
        /// Whether one of its buses had voltage before.
        let wasAlive: Bool
        /// Whether it is dead because its devices could not hold it in this step.
        var hasCollapsed = false
    }

    /// What decides whether a plan is made anew.
    private struct Epoch: Hashable {
        var kinds: [Part.Kind]
        var partOfBus: [Int]
        var failed, absent: [Int]
    }

    let scenario: Scenario
    let stepSeconds: Int
    /// The present step.
    private(set) var step = 0
    var state: IslandState
    var network: IslandNetwork
    let startSteps: [Int: Int]
    /// What events change in the present step.
    private(set) var disturbance = Disturbance()
    /// The parts of the network; nil in a step without events and their consequences.
    var parts: [Part]?
    /// Index of the part of each bus.
    private(set) var partOfBus: [Int] = []
    /// |V| of each bus in the last step, as a fraction of nominal.
    var voltages: [Double]
    /// Whether all buses are joined where nothing has happened.
    private let isWhole: Bool
    /// Branches that wait for synchronism, and those that have just been synchronised.
    private(set) var waiting: [Int] = []
    private(set) var synchronised: [Int] = []
    private var epoch: Epoch

    init(_ scenario: Scenario, tolerance: Double) {
        self.scenario = scenario
        stepSeconds = scenario.horizon.step
        startSteps = scenario.startSteps
        state = IslandState(
            scenario.network, devices: scenario.devices.count, connections: scenario.connections.count)
        network = IslandNetwork(scenario.network, tolerance: tolerance)
        isWhole = scenario.network.sources.count == 1
        voltages = scenario.network.buses.map { _ in scenario.network.sourceVoltage }
        epoch = Epoch(
            kinds: scenario.network.buses.map { _ in .connected },
            partOfBus: scenario.network.buses.map { _ in 0 }, failed: [],
            absent: scenario.events.absentAtFirst)
    }

    var settings: IslandSettings { scenario.islanding }
    var devices: [Device] { scenario.devices }

    /// Seconds from the begin of step `since` to that of `step`; `Int.min` is long ago.
    func elapsed(since: Int, at step: Int) -> Double {
        since == .min ? .infinity : Double((step - since) * stepSeconds)
    }

    /// Finds the parts of the network in `step`, in which devices begin in `states`. Returns whether they, or
    /// the devices that are there, differ from those of the step before, so that a plan is due.
    mutating func begin(_ step: Int, _ states: [DeviceState]) -> Bool {
        guard !scenario.events.isEmpty || scenario.connection == nil || !isWhole else { return false }
        self.step = step
        disturbance = scenario.events.disturbance(in: step)
        let delaySteps = Int((settings.reconnectDelay / Double(stepSeconds)).rounded(.up))
        noteSoundness(at: step)
        let isQuiet =
            scenario.connection != nil && isWhole && !disturbance.touchesPower
            && state.isAtRest(scenario.network, before: step, delaySteps: delaySteps)
        parts = isQuiet ? nil : findParts(at: step, states)
        var kinds = scenario.network.buses.map { _ in Part.Kind.connected }
        for part in parts ?? [] { for bus in part.buses { kinds[bus] = part.kind } }
        let now = Epoch(
            kinds: kinds, partOfBus: isQuiet ? kinds.map { _ in 0 } : partOfBus, failed: disturbance.failed,
            absent: disturbance.absent)
        defer { epoch = now }
        return now != epoch
    }

    /// Whether there is no external grid, or none that has voltage.
    var isGridOut: Bool { scenario.connections.allSatisfy(disturbance.outages.contains) }

    /// Whether an external grid is joined to the network.
    var isConnected: Bool { parts.map { $0.contains { $0.kind == .connected } } ?? true }

    /// Grid connections that hold the voltage of their part in this step.
    var references: [Int] {
        parts?.compactMap(\.reference) ?? Array(scenario.connections.prefix(1))
    }

    /// Whether the external grid at a connection has voltage and is joined to its bus.
    func isJoined(_ connection: Int) -> Bool {
        guard parts != nil else { return true }
        let place = scenario.connections.firstIndex(of: connection)!
        return state.isClosed[scenario.network.branches.count + place]
    }

    /// The grid-forming device of the highest rank in an island: the largest rating, the first of equal ones.
    /// Without an external grid one at the source bus comes before all others.
    func slack(among forming: [Int]) -> Int {
        func isStated(_ index: Int) -> Int {
            scenario.connection == nil && devices[index].bus == scenario.network.source ? 1 : 0
        }
        return forming.max {
            (isStated($0), devices[$0].formingRating!, $1) < (isStated($1), devices[$1].formingRating!, $0)
        }!
    }

    private mutating func noteSoundness(at step: Int) {
        for index in devices.indices {
            if !isSound(index) {
                state.soundSince[index] = .max
            } else if state.soundSince[index] == .max {
                state.soundSince[index] = step
            }
        }
    }

    /// Whether device `index` is there and works.
    func isSound(_ index: Int) -> Bool {
        !disturbance.failed.contains(index) && !disturbance.absent.contains(index)
    }
}

// The parts of the network.
extension Islands {
    private mutating func findParts(at step: Int, _ states: [DeviceState]) -> [Part] {
        let ends = scenario.network.branches.map { ($0.from, $0.to) }
        let (connections, grid) = (scenario.connections, scenario.network.buses.count)
        let lost = Set(disturbance.cut + disturbance.opened)
        let ties = (ends + connections.map { (devices[$0].bus, grid) }).enumerated().map { index, end in
            let isAvailable =
                index < ends.count
                ? scenario.network.branches[index].isClosed && !lost.contains(index)
                : !disturbance.outages.contains(connections[index - ends.count])
            if !isAvailable {
                state.availableSince[index] = .max
            } else if state.availableSince[index] == .max {
                state.availableSince[index] = step
            }
            let isLong =
                isAvailable
                && elapsed(since: state.availableSince[index], at: step) >= settings.reconnectDelay
            return Zones.Tie(
                from: end.0, to: end.1, isAvailable: isAvailable, wasClosed: state.isClosed[index],
                isSynchronous: isLong && voltageDifference(over: index) <= Self.mostVoltageDifference)
        }
        let before = state.zones.dropLast() + [isGridOut ? nil : 0]
        let zones = Zones(ties, before: Array(before))
        waiting = ties.indices.filter { ties[$0].isAvailable && !zones.isClosed[$0] }
        synchronised = ties.indices.filter { index in
            guard zones.isClosed[index], !ties[index].wasClosed,
                let a = before[ties[index].from], let b = before[ties[index].to]
            else { return false }
            return a != b
        }
        state.isClosed = zones.isClosed
        return parts(Array(before), at: step, states)
    }

    /// The buses that closed branches join. Several parts may be joined to the external grid, each by a
    /// connection of its own.
    private mutating func parts(_ before: [Int?], at step: Int, _ states: [DeviceState]) -> [Part] {
        let branches = scenario.network.branches
        let joined = Zones(
            branches.indices.map {
                Zones.Tie(
                    from: branches[$0].from, to: branches[$0].to, isAvailable: state.isClosed[$0],
                    wasClosed: true, isSynchronous: true)
            }, before: scenario.network.buses.map { _ in nil })
        partOfBus = joined.ofNodes
        var members = Array(repeating: [Int](), count: joined.count)
        for (bus, number) in partOfBus.enumerated() { members[number].append(bus) }
        var own = Array(repeating: [Int](), count: joined.count)
        for (index, device) in devices.enumerated() { own[partOfBus[device.bus]].append(index) }
        let live = scenario.connections.enumerated().filter { state.isClosed[branches.count + $0.offset] }
            .map(\.element)
        return members.indices.map { number in
            let buses = members[number]
            let wasAlive = buses.contains { before[$0] != nil }
            var part = Part(kind: .dead, buses: buses, devices: own[number], wasAlive: wasAlive)
            if let reference = live.first(where: { partOfBus[devices[$0].bus] == number }) {
                (part.kind, part.reference) = (.connected, reference)
                return part
            }
            part.forming = own[number].filter { isUp($0, wasAlive, at: step, states[$0]) }
            if !part.forming.isEmpty { part.kind = .island }
            return part
        }
    }

    /// Largest difference of voltage at which two parts are joined, as a fraction of nominal (IEEE
    /// 1547-2018, assumed).
    static let mostVoltageDifference = 0.03

    /// Difference of the voltages at the two ends of a branch in the last step, as a fraction of nominal; at
    /// a grid connection between the external grid and its bus.
    func voltageDifference(over tie: Int) -> Double { abs(voltageRise(over: tie)) }

    /// Bus of the grid connection that a tie after the branches stands for.
    func bus(ofTie tie: Int) -> Int {
        devices[scenario.connections[tie - scenario.network.branches.count]].bus
    }

    /// By how much the voltage at the end is above that at the begin.
    func voltageRise(over tie: Int) -> Double {
        guard tie < scenario.network.branches.count else {
            return scenario.network.sourceVoltage - voltages[bus(ofTie: tie)]
        }
        let branch = scenario.network.branches[tie]
        return voltages[branch.to] - voltages[branch.from]
    }

    /// Whether device `index` can form an island in this step: a battery as long as it can discharge, a
    /// genset while it is on; in a part without voltage only after a black start.
    private func isUp(_ index: Int, _ wasAlive: Bool, at step: Int, _ before: DeviceState) -> Bool {
        let device = devices[index]
        guard let forming = device.forming, let rating = device.formingRating, rating > .zero, isSound(index)
        else { return false }
        if let battery = device.battery {
            let left = battery.kept(before.stored, hours: 0) - battery.bounds.lowerBound
            guard left > battery.capacity * 1e-6 else { return false }
        }
        let rest = device.genset?.starting?.minimumDown ?? 0
        guard before.power > .zero || before.hours >= rest - 1e-9 else { return false }
        guard wasAlive else {
            guard let time = forming.startTime else { return false }
            let dead = state.zones[device.bus] == nil ? state.deadSince[device.bus] : step
            return elapsed(since: max(dead, state.soundSince[index]), at: step) >= time
        }
        guard device.genset != nil, before.power <= .zero || state.resting.contains(index) else {
            return true
        }
        guard let since = state.starting[index] else { return false }
        return elapsed(since: since, at: step) >= forming.startTime ?? GridForming.usualStartTime
    }
}

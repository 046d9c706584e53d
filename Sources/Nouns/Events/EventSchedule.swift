/// All events of a scenario, and what they add up to in each step.
///
/// ```swift
/// let schedule = EventSchedule(
///     [Event(.outage, in: 40..<52), Event(.cut(branch: 3), in: 48..<60)], devices: 5)
/// print(schedule.disturbance(in: 50).isGridOut, schedule.disturbance(in: 50).cut)  // true [3]
/// print(schedule.disturbance(in: 55).isGridOut)  // false: the cut branch alone is still open.
/// ```
public struct EventSchedule: Hashable, Sendable {
    /// The events, in the order of the file.
    public let events: [Event]
    /// Fibre route of each device to the controller: the branches along which it is laid. Empty: no fibre
    /// lies beside a branch.
    public let fibreRoutes: [[Int]]
    /// Devices that are absent before the first step, ascending.
    public let absentAtFirst: [Int]
    private let devices: Int
    /// First steps of the stretches in which nothing changes, ascending from 0, and what is so in each.
    private let starts: [Int]
    private let stretches: [Disturbance]

    /// Adds up `events` among so many `devices`.
    public init(
        _ events: [Event] = [], devices: Int = 0, absentAtFirst: [Int] = [], fibreRoutes: [[Int]] = []
    ) {
        self.events = events
        self.devices = devices
        self.absentAtFirst = absentAtFirst.sorted()
        self.fibreRoutes = fibreRoutes
        let bounds = events.flatMap { [$0.steps.lowerBound, $0.steps.upperBound] }
        let starts = Set([0] + bounds).sorted()
        self.starts = starts
        let events = events.enumerated().sorted {
            ($0.element.steps.lowerBound, $0.offset) < ($1.element.steps.lowerBound, $1.offset)
        }.map(\.element)
        stretches = starts.map { start in
            Self.sum(events, at: start, devices, Set(absentAtFirst), fibreRoutes)
        }
    }

    /// Whether nothing ever happens.
    public var isEmpty: Bool { events.isEmpty && absentAtFirst.isEmpty }

    /// Number of each device's fate: devices with the same number are always in the same group, with agents
    /// in the same state and links changed alike.
    public var fates: [Int] {
        struct Moment: Hashable {
            let state: Disturbance.AgentState?
            let group: Int?
            let link: Disturbance.LinkChange?
        }
        var numbers: [[Moment]: Int] = [:]
        return (0..<devices).map { device in
            let fate = stretches.map {
                Moment(
                    state: $0.agents[device], group: $0.groups.isEmpty ? nil : $0.groups[device],
                    link: $0.links[device])
            }
            let number = numbers[fate] ?? numbers.count
            numbers[fate] = number
            return number
        }
    }

    /// The step after the end of the last event; 0 without events.
    public var end: Int { events.map(\.steps.upperBound).max() ?? 0 }

    /// Attacks among the events, in their order.
    public var attacks: [(device: Int, attack: Attack, steps: Range<Int>)] {
        events.compactMap { event in
            guard case .attack(let device, let attack) = event.action else { return nil }
            return (device, attack, event.steps)
        }
    }

    /// The same events with only those attacks, counted from 0, that are kept.
    public func keeping(attacks keeps: (Int) -> Bool) -> EventSchedule {
        var number = -1
        let kept = events.filter { event in
            guard case .attack = event.action else { return true }
            number += 1
            return keeps(number)
        }
        return EventSchedule(
            kept, devices: devices, absentAtFirst: absentAtFirst, fibreRoutes: fibreRoutes)
    }

    /// What is different in a step.
    public func disturbance(in step: Int) -> Disturbance {
        precondition(step >= 0)
        // The last stretch that has begun.
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= step { low = middle } else { high = middle }
        }
        return stretches[low]
    }

    private static func sum(
        _ events: [Event], at step: Int, _ devices: Int, _ absentAtFirst: Set<Int>, _ routes: [[Int]]
    ) -> Disturbance {
        var sum = Disturbance()
        var (cut, opened, failed): (Set<Int>, Set<Int>, Set<Int>) = ([], [], [])
        var absent = absentAtFirst
        var partitions: [[[Int]]] = []
        for event in events where event.steps.contains(step) {
            switch event.action {
            case .cut(let branch): cut.insert(branch)
            case .open(let branch): opened.insert(branch)
            case .outage: sum.isGridOut = true
            case .partition(let groups): partitions.append(groups)
            case .crash(let device, let keepsState): sum.crash(device, keepsState)
            case .fail(let device): failed.insert(device)
            case .join(let device): absent.remove(device)
            case .leave(let device): absent.insert(device)
            case .link(let device, let loss, let latency): sum.change(device, loss, latency)
            case .attack(let device, let attack): sum.attacks[device, default: []].append(attack)
            }
        }
        sum.cut = cut.sorted()
        sum.opened = opened.sorted()
        sum.failed = failed.subtracting(absent).sorted()
        sum.absent = absent.sorted()
        for device in sum.absent { sum.agents[device] = .absent }
        let severed = routes.indices.filter { device in routes[device].contains { cut.contains($0) } }
        sum.groups = groups(partitions, severed, cut, routes, nodes: devices + 1)
        return sum
    }

    /// Two nodes belong together where every partition leaves them together and no cut fibre parts them.
    private static func groups(
        _ partitions: [[[Int]]], _ severed: [Int], _ cut: Set<Int>, _ routes: [[Int]], nodes: Int
    ) -> [Int] {
        guard !partitions.isEmpty || !severed.isEmpty else { return [] }
        var keys = Array(repeating: [Int](), count: nodes)
        for groups in partitions {
            var of = Array(repeating: 0, count: nodes)
            for (number, group) in groups.enumerated() { for node in group { of[node] = number + 1 } }
            for node in keys.indices { keys[node].append(of[node]) }
        }
        // Behind the same last cut branch the fibre still joins the devices.
        for node in severed { keys[node] += [-1, routes[node].last { cut.contains($0) }!] }
        var numbers: [[Int]: Int] = [:]
        return keys.map { key in
            if let number = numbers[key] { return number }
            numbers[key] = numbers.count
            return numbers.count - 1
        }
    }
}

extension Disturbance {
    /// Of several crashes one that loses the state counts.
    fileprivate mutating func crash(_ device: Int, _ keepsState: Bool) {
        if case .crashed(let kept)? = agents[device] {
            agents[device] = .crashed(keepsState: kept && keepsState)
        } else {
            agents[device] = .crashed(keepsState: keepsState)
        }
    }

    /// Losses of several causes multiply, latencies add.
    fileprivate mutating func change(_ device: Int, _ loss: Double?, _ latency: Double?) {
        let old = links[device]
        func sum(_ a: Double?, _ b: Double?, _ add: (Double, Double) -> Double) -> Double? {
            guard let a, let b else { return a ?? b }
            return add(a, b)
        }
        links[device] = LinkChange(
            loss: sum(old?.loss, loss) { 1 - (1 - $0) * (1 - $1) }, latency: sum(old?.latency, latency, +))
    }
}

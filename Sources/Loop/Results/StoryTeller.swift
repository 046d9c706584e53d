import Devices
import Events
import Grid
import Scheduling
import Simulator
import Timeline

/// Finds what changes from one record to the next, and states it.
struct StoryTeller: Hashable {
    private let names: [String]
    private let branches: [String]
    private let connection: String
    private let events: EventSchedule
    private let stepSeconds: Int
    private var last: Islanding?
    /// Devices, and −1 for all meters, that a check has just named.
    private var noticed: Set<Int> = []

    init(_ scenario: Scenario) {
        names = scenario.devices.map(\.name)
        branches = scenario.network.branches.map(\.name)
        connection = scenario.connection.map { scenario.devices[$0].name } ?? "the external grid"
        events = scenario.events
        stepSeconds = scenario.horizon.step
    }

    mutating func statements(of record: Record) -> [String] {
        let ended = events.events.filter { $0.steps.upperBound == record.step }
        let begun = events.events.filter { $0.steps.lowerBound == record.step }
        defer { last = record.islanding }
        return ended.map(end) + begun.map(begin) + joined(record.islanding) + lost(record.islanding)
            + (record.islanding?.islands ?? []).flatMap(told) + formers(record.islanding)
            + contradicted(record.contradictions)
    }

    private func begin(_ event: Event) -> String {
        switch event.action {
        case .join(let device): "\(names[device]) joins"
        case .leave(let device): "\(names[device]) leaves"
        default: "\(told(event.action)) begins"
        }
    }

    private func end(_ event: Event) -> String {
        switch event.action {
        case .join(let device): "\(names[device]) leaves again"
        case .leave(let device): "\(names[device]) is back"
        default: "\(told(event.action)) ends"
        }
    }

    private func told(_ action: Event.Action) -> String {
        switch action {
        case .cut(let branch): "cut of \(branches[branch])"
        case .open(let branch): "open breaker of \(branches[branch])"
        case .outage: "outage of \(connection)"
        case .partition(let groups):
            "partition of the communication (\(groups.map { list($0) }.joined(separator: " | ")))"
        case .crash(let device, let keepsState):
            "crash of the agent of \(names[device]), state \(keepsState ? "kept" : "lost")"
        case .fail(let device): "failure of \(names[device])"
        case .join(let device), .leave(let device), .link(let device, _, _):
            "changed link of \(names[device])"
        case .attack(let device, let attack):
            "attack on \(names[device]) (\(attack.name)\(sized(attack)))"
        }
    }

    private func sized(_ attack: Attack) -> String {
        let size = attack.size(step: stepSeconds)
        return size.isEmpty ? "" : " \(size)"
    }

    /// What local checks notice that they did not in the step before.
    private mutating func contradicted(_ contradictions: [Contradiction]) -> [String] {
        defer { noticed = Set(contradictions.map { $0.device?.index ?? -1 }) }
        return contradictions.filter { !noticed.contains($0.device?.index ?? -1) }.map { found in
            let (metered, expected) = (kilowatts(found.metered), kilowatts(found.expected))
            guard let device = found.device else {
                return "noticed: all meters together count \(metered), and losses are \(expected)"
            }
            return "noticed: the meter of \(names[device.index]) counts \(metered), not \(expected)"
        }
    }

    private func joined(_ islanding: Islanding?) -> [String] {
        let ties = (islanding?.synchronised ?? []).map {
            "\($0 < branches.count ? "branch \(branches[$0])" : connection) is synchronised and closed"
        }
        guard let last, !last.isConnected, islanding?.isConnected ?? true,
            !(islanding?.synchronised.contains(branches.count) ?? false)
        else { return ties }
        return ties + ["\(connection) gives voltage again"]
    }

    private func lost(_ islanding: Islanding?) -> [String] {
        let (before, now) = (Set(last?.deadBuses ?? []), Set(islanding?.deadBuses ?? []))
        let (gone, back) = (now.subtracting(before).count, before.subtracting(now).count)
        return (gone > 0 ? ["\(buses(gone)) without voltage"] : [])
            + (back > 0 ? ["\(buses(back)) with voltage again"] : [])
    }

    private func told(_ island: Islanding.Island) -> [String] {
        let slack = names[island.slack.index]
        var told: [String] = []
        if island.isBlackStart {
            told.append("\(slack) starts \(buses(island.buses.count)) black")
        } else if island.isNew {
            told.append(
                "island of \(buses(island.buses.count)), held by \(slack); its devices give "
                    + "\(kilowatts(island.reserveUsed)) more")
        }
        if !island.shed.isEmpty {
            told.append("shed: \(list(island.shed.map(\.index))) (\(kilowatts(island.shedPower)))")
        }
        if !island.pickedUp.isEmpty {
            told.append("picked up: \(list(island.pickedUp.map(\.index)))")
        }
        return told
    }

    /// Devices that begin or cease to form an island that goes on.
    private func formers(_ islanding: Islanding?) -> [String] {
        (islanding?.islands ?? []).flatMap { island -> [String] in
            guard let before = last?.islands.first(where: { $0.buses == island.buses }) else { return [] }
            let new = Set(island.forming).subtracting(before.forming).map(\.index).sorted()
            let old = Set(before.forming).subtracting(island.forming).map(\.index).sorted()
            return (new.isEmpty ? [] : ["\(list(new)) runs beside the others"])
                + (old.isEmpty ? [] : ["\(list(old)) stops"])
        }
    }

    private func buses(_ count: Int) -> String { count == 1 ? "1 bus" : "\(count) buses" }

    private func kilowatts(_ power: Power) -> String { "\(Int(power.kilowatts.rounded())) kW" }

    private func list(_ devices: [Int]) -> String {
        let shown = devices.prefix(6).map { names[$0] }.joined(separator: ", ")
        return devices.count > 6 ? "\(shown) and \(devices.count - 6) others" : shown
    }
}

import Devices
import Events
import Grid
import TextFile
import Timeline
import YAMLFile

/// The section `events`: what happens in the run, in any order.
struct EventSection {
    private(set) var schedule = EventSchedule()
    /// Whether everything in it could be read.
    private(set) var isComplete = true

    init(
        _ root: Mapping, _ devices: DeviceSection, _ section: NetworkSection, _ horizon: Horizon?,
        _ zone: TimeZoneTable?
    ) {
        let network = section.network
        let absent = devices.entries.indices.filter { !devices.entries[$0].isPresent }
        let field = root.optional("events")
        guard field != nil || !absent.isEmpty else { return }
        let names = EventNames(devices, network)
        var (events, places): ([Event], [Field]) = ([], [])
        let items = field.map { $0.list() } ?? []
        if items == nil { isComplete = false }
        if let items, items.count > Self.most {
            field!.mistake("\(items.count) events; at most \(Self.most) are allowed")
            isComplete = false
            return
        }
        for item in items ?? [] {
            let event = item.mapping { section -> Event? in
                let steps = EventTime.steps(section, horizon, zone)
                let action = Self.action(section, names, horizon?.step)
                guard let steps, let action else { return nil }
                return Event(action, in: steps)
            }
            guard let event else {
                isComplete = false
                continue
            }
            events.append(event)
            places.append(item)
        }
        guard isComplete else { return }
        if section.feeder != nil, !Self.touchOnlyMessages(events, places, absent, devices) {
            isComplete = false
            return
        }
        if !Self.checkPresence(events, places, absent, devices) { isComplete = false }
        schedule = EventSchedule(
            events, devices: devices.entries.count, absentAtFirst: absent,
            fibreRoutes: network.map { $0.routes(to: devices.entries.map(\.device.bus)) } ?? [])
    }

    /// Whether no event changes what is joined to a feeder of three phases, whose islands are not simulated.
    private static func touchOnlyMessages(
        _ events: [Event], _ places: [Field], _ absent: [Int], _ devices: DeviceSection
    ) -> Bool {
        for (event, place) in zip(events, places) where event.action.touchesPower {
            place.mistake(
                "\(quoted(event.action.name)) is not simulated on a feeder of three phases; only events of "
                    + "communication are: partition, crash, link, attack")
        }
        for index in absent {
            devices.entries[index].name.mistake(
                "'present: false' is not simulated on a feeder of three phases")
        }
        return absent.isEmpty && !events.contains { $0.action.touchesPower }
    }

    private static let most = 1000
    private static let kinds = [
        "cut", "open", "outage", "partition", "crash", "fail", "join", "leave", "link",
        "attack",
    ]

    /// What happens: exactly one of the keys.
    private static func action(
        _ section: Mapping, _ names: EventNames, _ stepSeconds: Int?
    ) -> Event.Action? {
        let written = kinds.compactMap { kind in section.optional(kind).map { (kind, $0) } }
        let state = section.optional("state")
        guard let (kind, field) = written.first else {
            section.field.mistake("what happens is missing; write one of \(kinds.joined(separator: ", "))")
            return nil
        }
        for (other, extra) in written.dropFirst() {
            extra.mistake("\(quoted(other)) not allowed beside \(quoted(kind)); write one event for each")
        }
        if kind != "crash" { state?.mistake("only allowed beside 'crash'") }
        guard written.count == 1, kind == "crash" || state == nil else { return nil }
        switch kind {
        case "cut": return names.branch(field).map { .cut(branch: $0) }
        case "open": return names.branch(field).map { .open(branch: $0) }
        case "outage": return names.connection(field).map { .outage(connection: $0) }
        case "partition": return partition(field, names)
        case "crash":
            let kept =
                state.map { $0.choice("a state after a crash", [("kept", true), ("lost", false)]) } ?? true
            guard let device = names.device(field), let kept else { return nil }
            return .crash(device: device, keepsState: kept)
        case "fail": return names.device(field).map { .fail(device: $0) }
        case "join": return names.device(field).map { .join(device: $0) }
        case "leave": return names.device(field).map { .leave(device: $0) }
        case "attack": return names.attack(field, stepSeconds: stepSeconds)
        default: return link(field, names)
        }
    }

    /// `[[school-battery, clinic-roof], rest]`: groups of devices; `rest` may be left out.
    private static func partition(_ field: Field, _ names: EventNames) -> Event.Action? {
        guard let items = field.list() else { return nil }
        var (groups, seen, isGood) = ([[Int]](), Set<Int>(), true)
        for item in items where item.text != "rest" {
            guard let members = item.list() else { return nil }
            var group: [Int] = []
            for member in members {
                guard let device = names.device(member) else {
                    isGood = false
                    continue
                }
                if !seen.insert(device).inserted {
                    member.mistake("\(quoted(member.text ?? "")) is in a group already")
                    isGood = false
                }
                group.append(device)
            }
            if members.isEmpty {
                item.mistake("a group without devices")
                isGood = false
            }
            groups.append(group)
        }
        guard !groups.isEmpty else {
            field.mistake("no group of devices; write such as [[school-battery], rest]")
            return nil
        }
        return isGood ? .partition(groups: groups) : nil
    }

    /// `{of: gorge-hydro, loss: 60 %, latency: 2 s}`
    private static func link(_ field: Field, _ names: EventNames) -> Event.Action? {
        field.mapping { section in
            let device = section.required("of").flatMap { names.device($0) }
            let loss = section.optional("loss").map { $0.quantity(.fraction, in: Bounds(0...1)) }
            let latency = section.optional("latency").map { $0.quantity(.duration, in: Bounds(0...86_400)) }
            if loss == nil, latency == nil {
                section.field.mistake("nothing changes; write 'loss', 'latency' or both")
                return nil
            }
            guard let device, loss.map({ $0 != nil }) ?? true, latency.map({ $0 != nil }) ?? true else {
                return nil
            }
            return .link(device: device, loss: loss ?? nil, latency: latency ?? nil)
        }
    }

    /// Whether only absent devices join and only present ones leave, in order of time.
    private static func checkPresence(
        _ events: [Event], _ places: [Field], _ absent: [Int], _ devices: DeviceSection
    ) -> Bool {
        var isGood = true
        let order = events.indices.sorted {
            (events[$0].steps.lowerBound, $0) < (events[$1].steps.lowerBound, $1)
        }
        for index in order {
            let (step, name) = (events[index].steps.lowerBound, { devices.entries[$0].device.name })
            /// Presence from this event's begin on, as far as earlier events decide it.
            func isAway(_ device: Int) -> Bool {
                var isAway = absent.contains(device)
                for earlier in order.prefix(while: { $0 != index })
                where events[earlier].steps.contains(step) {
                    if events[earlier].action == .join(device: device) { isAway = false }
                    if events[earlier].action == .leave(device: device) { isAway = true }
                }
                return isAway
            }
            switch events[index].action {
            case .join(let device) where !isAway(device):
                places[index].mistake(
                    "\(quoted(name(device))) is present already"
                        + (absent.contains(device) ? "" : "; write 'present: false' at the device"))
                isGood = false
            case .leave(let device) where isAway(device):
                places[index].mistake("\(quoted(name(device))) is absent already")
                isGood = false
            default: break
            }
        }
        return isGood
    }
}

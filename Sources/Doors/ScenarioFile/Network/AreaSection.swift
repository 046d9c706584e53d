import Grid
import Planning
import Simulator
import TextFile
import YAMLFile

/// `areas: {upper-village: [farm, school], valley: rest}` and `ties: {law: kirchhoff, limits: {…}}` of the
/// section `dispatch`: every bus is in one area, and every branch between two areas is a tie.
enum AreaSection {
    static func read(_ areas: Field, _ ties: Field?, _ network: NetworkSection) -> PlanAreas? {
        guard let wires = network.network else { return nil }
        guard let (names, ofBuses) = buses(areas, network.buses) else { return nil }
        guard isWhole(areas, names, ofBuses, wires) else { return nil }
        let crossing = wires.branches.indices.filter {
            ofBuses[wires.branches[$0].from] != ofBuses[wires.branches[$0].to]
        }
        guard let (followsReactance, limits) = law(ties, wires, crossing) else { return nil }
        return PlanAreas(
            names: names, ofBuses: ofBuses,
            crossings: crossing.map { place in
                PlanAreas.Crossing(
                    branch: place,
                    limit: limits[place]
                        ?? wires.thermalLimit(of: wires.branches[place]).map { Power($0.value) })
            }, followsReactance: followsReactance)
    }

    /// The areas' names, and the area of each bus.
    private static func buses(_ field: Field, _ known: [(String, Int)]) -> ([String], [Int])? {
        guard let entries = field.entries() else { return nil }
        guard entries.count > 1 else { return field.refuse("at least two areas") }
        let names = entries.map { $0.name.name() }
        var area = [Int?](repeating: nil, count: known.count)
        var rest: Int?
        var isGood = !names.contains { $0 == nil }
        for (place, entry) in entries.enumerated() {
            if entry.value.text == "rest" {
                if let rest {
                    entry.value.mistake(
                        "only one area may be 'rest'; \(quoted(names[rest] ?? "")) is already")
                    isGood = false
                }
                rest = rest ?? place
                continue
            }
            guard let items = entry.value.list() else {
                isGood = false
                continue
            }
            if items.isEmpty { entry.value.mistake("the list is empty; an area has at least one bus") }
            isGood = isGood && !items.isEmpty
            for item in items {
                guard let bus = item.reference("bus", in: known) else {
                    isGood = false
                    continue
                }
                if let other = area[bus] {
                    item.mistake(
                        "bus \(quoted(known[bus].0)) is already in area \(quoted(names[other] ?? ""))")
                    isGood = false
                }
                area[bus] = place
            }
        }
        guard isGood else { return nil }
        let left = known.indices.filter { area[$0] == nil }
        if let rest {
            guard !left.isEmpty else {
                return entries[rest].value.leftOver("no bus is left for the area 'rest'")
            }
            for bus in left { area[bus] = rest }
        } else if !left.isEmpty {
            let shown = left.prefix(10).map { quoted(known[$0].0) }.joined(separator: ", ")
            return field.leftOver(
                (left.count == 1
                    ? "bus \(shown) is" : "buses \(shown)\(left.count > 10 ? " and others" : "") are")
                    + " in no area; write 'rest' instead of a list for one area")
        }
        return (names.compactMap { $0 }, area.compactMap { $0 })
    }

    /// Whether the branches inside each area connect all of its buses: within an area, flows have no limits.
    private static func isWhole(_ field: Field, _ names: [String], _ area: [Int], _ network: Network) -> Bool
    {
        var mark = Array(network.buses.indices)
        func root(_ bus: Int) -> Int {
            var bus = bus
            while mark[bus] != bus { bus = mark[bus] }
            return bus
        }
        for branch in network.branches where area[branch.from] == area[branch.to] {
            mark[root(branch.to)] = root(branch.from)
        }
        var isWhole = true
        for (place, name) in names.enumerated() {
            let buses = network.buses.indices.filter { area[$0] == place }
            guard let stray = buses.first(where: { root($0) != root(buses[0]) }) else { continue }
            field.mistake(
                "no branch inside \(quoted(name)) joins its buses \(quoted(network.buses[buses[0]].name)) and "
                    + "\(quoted(network.buses[stray].name)); put them in two areas")
            isWhole = false
        }
        return isWhole
    }

    /// Whether flows follow the reactances, and the limits in the file by branch, W.
    private static func law(
        _ field: Field?, _ network: Network, _ crossing: [Int]
    ) -> (Bool, [Int: Power])? {
        guard let field else { return (false, [:]) }
        return field.mapping { section in
            var limits: [Int: Power] = [:]
            var isGood = true
            let law = section.optional("law")
            let follows =
                law.map { $0.choice("a flow law", [("transport", false), ("kirchhoff", true)]) } ?? false
            if follows == true,
                let bare = crossing.first(where: { network.branches[$0].reactance.value <= 0 })
            {
                law?.mistake(
                    "law 'kirchhoff' needs a reactance above zero in each tie; "
                        + "that of \(quoted(network.branches[bare].name)) is not")
                isGood = false
            }
            if let stated = section.optional("limits") {
                let known = crossing.map { (network.branches[$0].name, $0) }
                guard let entries = stated.entries() else { return nil }
                for entry in entries {
                    let branch = entry.name.reference("branch between areas", in: known)
                    let limit = entry.value.quantity(.power, in: .notNegative)
                    guard let branch, let limit else {
                        isGood = false
                        continue
                    }
                    limits[branch] = Power(limit)
                }
            }
            guard let follows, isGood else { return nil }
            return (follows, limits)
        }
    }
}

extension Field {
    fileprivate func leftOver<Value>(_ message: String) -> Value? {
        mistake(message)
        return nil
    }
}

import Devices
import EconomicDispatch
import Grid
import Planning
import Simulator
import TextFile
import Timeline
import Weather
import YAMLFile

/// What a scenario file says.
struct ScenarioReading {
    let template: ScenarioTemplate
    let dispatchers: [DispatcherMaker]
}

/// Reads all sections, also those after a section with errors, and puts them together.
enum ScenarioReader {
    static func read(
        _ root: Mapping, _ folder: InputFolder, overrides: [String], dispatch: [DispatchChoice]
    ) -> ScenarioReading? {
        defer { _ = root.optional("overrides") }  // Taken out before; named among the keys that are allowed.
        let name = root.required("name")?.title(atMost: 200)
        let description = root.optional("description").map { $0.title(atMost: 2000) } ?? ""
        let seed = root.optional("seed").map { $0.integer(in: 0...UInt64.max) } ?? 0
        let when = PlaceAndTime(root)
        let series = StepSeries(when.horizon, when.zone)
        // Hourly weather takes long to spread over a horizon of years, which the rules may then refuse.
        let isSettled = MarketSection.settles(root, when.horizon, when.zone)
        let weather = WeatherSection.read(root, folder, when, isSettled ? when.horizon : nil, series)
        let network = NetworkSection(root, folder)
        let loads = LoadsSection(
            root, folder, when.horizon, when.zone, isOneBus: network.isNone)
        let context = DeviceContext(
            folder: folder, series: series, buses: NameTable(network.buses), isOneBus: network.isNone,
            isFeeder: network.isFeeder, feeder: network.feeder, horizon: when.horizon, zone: when.zone,
            shapes: loads.shapes.map { NameTable($0) },
            variation: loads.variation,
            valueOfLostLoad: loads.valueOfLostLoad)
        let devices = DeviceSection(
            root, context, loads, ofCase: network.network == nil ? nil : network.loads,
            ownProfiles(loads, network))
        checkConnection(devices, network, root)
        PowerSum.check(devices, network.network)
        let communication = CommunicationSection.read(root, devices, network, seed: seed ?? 0)
        let events = EventSection(root, devices, network, when.horizon, when.zone)
        let islanding = IslandSection.read(root)
        let planning = PlanningSection.read(root, when.horizon, folder, devices, network, dispatch)
        let terms = MarketSection.read(
            root, devices, when.horizon, when.zone, plansCountAll: planning?.planning.rules.demand == .full)
        guard let name, let description, let seed, let zone = when.zone, let weather,
            case let (lossShare, feeder) = (network.lossShare, network.feeder),
            let network = held(network.network, devices), let communication,
            let planning, let terms, let islanding,
            devices.isComplete, events.isComplete,
            !root.field.collector.hasErrors
        else { return nil }
        guard planning.peers == nil || haveOneConnection(devices, root) else { return nil }
        warnOfCheapLostLoad(devices)
        warnOfDryRiver(devices, weather)
        let demands = devices.entries.enumerated().compactMap { index, entry in
            entry.demand.map { (index, $0) }
        }
        var template = ScenarioTemplate(
            name: name, description: description, overrides: overrides, seed: seed, zone: zone,
            weather: weather, network: network,
            devices: devices.entries.indices.map {
                devices.entries[$0].device.grown(terms, at: $0, over: weather.horizon)
            },
            variableDemands: Dictionary(uniqueKeysWithValues: demands), communication: communication,
            planning: planning.planning, peers: planning.peers, terms: terms)
        template.lossShare = lossShare
        template.feeder = feeder?.scenarioFeeder(devices.entries)
        guard feeder == nil || template.feeder != nil else { return nil }
        (template.events, template.islanding) = (events.schedule, islanding)
        template.holidays = loads.holidays
        return ScenarioReading(template: template, dispatchers: planning.dispatchers)
    }

    /// Whether agents without a centre have the one grid connection around which they agree.
    private static func haveOneConnection(_ devices: DeviceSection, _ root: Mapping) -> Bool {
        let connections = devices.entries.count { $0.device.externalGrid != nil }
        guard connections != 1 else { return true }
        root.optional("dispatch")?.mistake(
            "dispatch.coordination: agents agree around one grid connection, and there "
                + "\(connections == 0 ? "is none" : "are \(connections)"); leave it out, and the centre plans"
        )
        return false
    }

    /// The network with a source in each part that closed branches join: the bus of its first grid
    /// connection.
    private static func held(_ network: Network?, _ devices: DeviceSection) -> Network? {
        guard var network else { return nil }
        for entry in devices.entries where entry.device.externalGrid != nil {
            let bus = entry.device.bus
            guard network.busesWithoutPath(overOpen: false).contains(bus) else { continue }
            network.sources.append(Network.Source(bus: bus, voltage: network.sourceVoltage))
        }
        return network
    }

    /// Checks that the first grid connection is on the source bus, that each part of the network has one, and
    /// that without one a device holds the voltage.
    private static func checkConnection(_ devices: DeviceSection, _ network: NetworkSection, _ root: Mapping)
    {
        let connections = devices.entries.filter { $0.device.externalGrid != nil }
        if connections.isEmpty, devices.isComplete, network.feeder != nil,
            let field = root.optional("devices")
        {
            field.mistake(
                "no device of kind 'grid'; a feeder of three phases is fed by a grid connection, and islands of "
                    + "three phases are not simulated")
        } else if connections.isEmpty, devices.isComplete, let field = root.optional("devices") {
            checkForming(devices, network, field)
        }
        if network.feeder != nil, connections.count > 1 {
            return connections[1].name.mistake(
                "a second grid connection; a feeder of three phases is fed by one")
        }
        for entry in connections where connections.count > 1 {
            let grid = entry.device.externalGrid!
            if grid.importLimit == .zero, grid.exportLimit == .zero {
                entry.name.mistake(
                    "a grid connection that may neither import nor export; leave it out, or write its limits")
            }
        }
        if let wires = held(network.network, devices), let field = network.source {
            let dark = wires.busesWithoutPath(overOpen: false).map { quoted(wires.buses[$0].name) }
            if let first = dark.first, devices.isComplete {
                field.mistake(
                    "no closed branch joins \(first)\(dark.count > 1 ? " and \(dark.count - 1) others" : "") "
                        + "to the source bus or to another grid connection")
            }
        }
        if let first = connections.first, let wires = network.network, first.device.bus != wires.source {
            first.name.mistake(
                connections.count == 1
                    ? "a device of kind 'grid' must be on the source bus \(quoted(wires.buses[wires.source].name))"
                    : "the first device of kind 'grid' must be on the source bus "
                        + "\(quoted(wires.buses[wires.source].name)); it holds the voltage first")
        }
    }

    /// Without a grid connection a battery, or a genset that can start by itself, holds the voltage of the
    /// source bus.
    private static func checkForming(_ devices: DeviceSection, _ network: NetworkSection, _ field: Field) {
        let forming = devices.entries.filter {
            $0.device.battery != nil && $0.device.forming != nil || $0.device.forming?.startTime != nil
        }
        if forming.isEmpty {
            field.mistake(
                "nothing holds the voltage: neither a device of kind 'grid', the connection to an external grid, "
                    + "nor a battery with 'grid_forming: true' or a genset with 'black_start' beside it")
        } else if let wires = network.network, !forming.contains(where: { $0.device.bus == wires.source }) {
            let place = network.source ?? field
            let buses = Set(forming.map(\.device.bus)).compactMap { bus in
                network.buses.first { $0.1 == bus }.map { quoted($0.0) }
            }
            place.mistake(
                "without a grid connection the source bus is one where a grid-forming device holds the voltage: "
                    + buses.sorted().joined(separator: ", "))
        }
    }

    /// The profiles of the case's own, where its loads follow them.
    private static func ownProfiles(_ loads: LoadsSection, _ network: NetworkSection) -> CaseProfileFields? {
        guard let field = loads.caseShape, field.text == CaseProfileFields.word, let read = network.caseFile
        else { return nil }
        return CaseProfileFields(field, folder: read.tables, read.networkCase, read.loads)
    }

    private static func warnOfDryRiver(_ devices: DeviceSection, _ weather: WeatherSource) {
        guard !weather.hasRiver else { return }
        for entry in devices.entries {
            guard case .hydro = entry.device.kind else { continue }
            entry.name.warning(
                "the river is dry in this weather, so the plant gives no power; name a table in 'weather.river'"
            )
        }
    }

    /// A load whose value of lost load is below the price of the most expensive energy is shed instead of
    /// served.
    private static func warnOfCheapLostLoad(_ devices: DeviceSection) {
        var dearest = 0.0
        for entry in devices.entries {
            switch entry.device.kind {
            case .genset(let genset):
                dearest = max(dearest, (genset.fuelSlope + genset.fuelIntercept) * genset.fuelPrice)
            case .grid(let grid): dearest = max(dearest, grid.importPrice.max()?.value ?? 0)
            default: break
            }
        }
        for entry in devices.entries {
            guard case .load(let load) = entry.device.kind, load.valueOfLostLoad.value < dearest else {
                continue
            }
            entry.name.warning(
                "its value_of_lost_load is below \(QuantityKind.energyPrice.shown(dearest)), the highest price of "
                    + "energy; the load is shed at that price")
        }
    }
}

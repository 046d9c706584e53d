import Devices
import Grid
import Simulator
import Timeline
import Weather

/// Reads the sections one after another, whatever is wrong in those before, and puts them together.
enum ScenarioReader {
    static func read(
        _ root: Mapping, _ folder: Folder, overrides: [String], dispatch: DispatchChoice?, seed: UInt64?
    ) -> Scenario? {
        let name = root.required("name")?.title(atMost: 200)
        let description = root.optional("description").map { $0.title(atMost: 2000) } ?? ""
        let written = root.optional("seed").map { $0.integer(in: 0...UInt64.max) } ?? 0
        let when = PlaceAndTime(root)
        let used = seed ?? written ?? 0
        let weather = WeatherSection.read(root, folder, when, seed: used)
        let network = NetworkSection(root, folder)
        let loads = LoadsSection(root, folder, when.horizon, when.zone)
        let context = DeviceContext(
            folder: folder, buses: network.buses, horizon: when.horizon, zone: when.zone, seed: used,
            shapes: loads.shapes, knowsShapes: !loads.hasShapes || !loads.shapes.isEmpty,
            variation: loads.variation,
            valueOfLostLoad: loads.valueOfLostLoad)
        let devices = DeviceSection(root, context, loads)
        checkConnection(devices, network, root)
        let communication = CommunicationSection.read(root)
        let planning = PlanningSection.read(
            root, when.horizon, folder, devices, network, chosen: dispatch)
        let terms = MarketSection.read(root, devices, when.horizon, when.zone)
        guard let name, let description, let zone = when.zone, let weather, let network = network.network,
            let communication, let planning, let terms, devices.isComplete, !root.field.report.hasErrors
        else { return nil }
        warn(devices)
        warnOfDryRiver(devices, weather)
        return Scenario(
            name: name, description: description, overrides: overrides, seed: used, zone: zone,
            weather: weather, network: network,
            devices: devices.entries.map(\.device), communication: communication, planning: planning,
            terms: terms)
    }

    /// Exactly one connection, on the source bus.
    private static func checkConnection(_ devices: DeviceSection, _ network: NetworkSection, _ root: Mapping)
    {
        let connections = devices.entries.filter { $0.device.externalGrid != nil }
        if connections.isEmpty, devices.isComplete, let field = root.optional("devices") {
            field.mistake("one device must be of kind 'grid', the connection to the county grid")
        }
        for extra in connections.dropFirst() {
            extra.mistake(
                "a second device of kind 'grid'; there is one, \(quoted(connections[0].device.name))")
        }
        if let first = connections.first, first.device.bus != 0, let source = network.source?.text {
            first.mistake("a device of kind 'grid' must be on the source bus \(quoted(source))")
        }
    }

    private static func warnOfDryRiver(_ devices: DeviceSection, _ weather: WeatherSeries) {
        guard !weather.conditions.contains(where: { $0.riverFlow > 0 }) else { return }
        for entry in devices.entries {
            guard case .hydro = entry.device.kind else { continue }
            entry.warning("the weather brings no river, so this plant stands still; give 'weather.river'")
        }
    }

    /// Lost load that is cheaper than the dearest energy would be shed rather than served.
    private static func warn(_ devices: DeviceSection) {
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
            entry.warning(
                "its value_of_lost_load is below the \(Dimension.energyPrice.shown(dearest)) that energy may cost; "
                    + "it will be shed then")
        }
    }
}

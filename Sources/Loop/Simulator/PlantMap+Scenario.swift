import Devices
import Forecasting
import Grid
public import Planning
import Scheduling
import Settlement
import Timeline

extension PlantMap {
    /// The map of a scenario's plant. It leaves out the weather, the demand of the loads, and everything else
    /// that only the plant itself knows.
    public init(_ scenario: Scenario) {
        let carbon = scenario.terms.rules.carbon
        self.init(
            devices: scenario.devices.map { Device($0, carbon) },
            connections: scenario.connections.map { index in
                let terms = scenario.terms.connection(at: index)
                return Connection(
                    DeviceID(index), demandCharge: terms.purchase.demand, peakSoFar: terms.peakSoFar)
            },
            network: scenario.network, zone: scenario.terms.zone, horizon: scenario.horizon)
        lossShare = scenario.lossShare
        partialMonths = scenario.terms.partialMonths
        growth = scenario.terms.growth
    }
}

extension PlantMap.Device {
    init(_ device: Device, _ carbon: CarbonFactors) {
        self.init(name: device.name, bus: device.bus, forecastSource: .init(device.kind))
        holdsReserve = forecastSource == nil && device.flexible == nil
        switch device.kind {
        case .load(let load): reactiveRatio = load.reactiveRatio
        case .battery(let battery): capacity = battery.capacity
        case .genset(let genset): emissionFactor = carbon.diesel * genset.fuelSlope
        case .grid: emissionFactor = carbon.imported / 1000
        case .measured(let plant): reactiveRatio = plant.reactiveRatio
        case .flexible(let demand): capacity = demand.capacity
        case .solar, .wind, .hydro: break
        }
    }
}

extension Scenario {
    /// Area of the source bus in its plans, where the first grid connection is.
    public var connectionArea: Int { planning.rules.areas?.ofBuses[network.source] ?? 0 }
}

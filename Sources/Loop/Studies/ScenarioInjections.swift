public import Devices
import Grid
import LinearAlgebra
public import PowerFlow
public import Simulator
import Weather

/// Gathers what the devices of a scenario give to the network, from the records of its simulation: the base
/// of studies of its wires. The connection takes the remainder and is left out.
public struct ScenarioInjections {
    public private(set) var series: InjectionSeries
    private let devices: [Device]
    private let connection: Int

    public init(_ scenario: Scenario) {
        series = InjectionSeries(buses: scenario.network.buses.count, steps: scenario.horizon.count)
        devices = scenario.devices
        connection = scenario.connection
    }

    public mutating func take(_ record: Record) {
        for (index, device) in devices.enumerated() where index != connection {
            let power = record.power[index]
            series.active[device.bus, record.step] += power.value
            series.reactive[device.bus, record.step] += device.reactive(power).value
        }
    }
}

extension Scenario {
    /// A solar plant as more of them would be built: like the largest there is; where there is none, facing
    /// the equator at the tilt of the latitude.
    public var typicalSolar: Solar {
        let plants = devices.compactMap { device -> Solar? in
            guard case .solar(let solar) = device.kind else { return nil }
            return solar
        }
        let latitude = weather.place.latitude
        return plants.max { $0.capacity < $1.capacity }
            ?? Solar(
                capacity: Power(1), inverterCapacity: Power(1), tilt: latitude.magnitude,
                azimuth: latitude < 0 ? 0 : 180)
    }

    /// What `solar` gives in each step under the scenario's sky, W per W of its capacity.
    public func sunshine(on solar: Solar) -> [Double] {
        weather.conditions.map { solar.potential(under: $0) / solar.capacity }
    }
}

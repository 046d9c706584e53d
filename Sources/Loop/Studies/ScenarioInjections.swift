public import Devices
import Grid
import Lanes
import LinearAlgebra
public import PowerFlow
public import Simulator
import Weather

/// Gathers the injections that the power flow of a simulation solved, step by step from its records: the base
/// case of studies of the network. The grid connection takes the remainder and is left out.
public struct ScenarioInjections {
    /// Injections by bus and step, W and var; zero in steps whose record was not taken.
    public private(set) var series: InjectionSeries

    /// Creates a series of zeros over the horizon of `scenario`.
    public init(_ scenario: Scenario) {
        series = InjectionSeries(buses: scenario.network.buses.count, steps: scenario.horizon.count)
    }

    /// Adds the injections of one step.
    public mutating func take(_ record: Record) {
        for bus in 0..<series.buses {
            series.active[bus, record.step] = record.injections.active[bus].value
            series.reactive[bus, record.step] = record.injections.reactive[bus].value
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

import Devices
public import Grid
public import Scheduling
public import Timeline
import Weather

/// A forecast of what devices could do: sun, wind and water their power, loads their demand.
///
/// One model serves one run. It learns of a device only what is passed to `measure`, and everything measured
/// before a forecast has been passed when the forecast is asked for. A forecast of the step `j` that is made
/// at the beginning of the step `k` can therefore depend on the steps before `k` only.
///
/// `docs/own-dispatcher.md` shows one.
public protocol ForecastModel: Sendable {
    /// Takes the potential of `device`, measured in the next steps of the scenario, W, never negative: one
    /// value a step, from the scenario's first step on. A plant knows what it could have given, curtailed or
    /// not, and a load what it wanted.
    mutating func measure(_ device: DeviceID, _ measured: ArraySlice<Power>)

    /// Returns the forecast made at the beginning of `steps`, one value a step, finite and never negative.
    /// Only devices with a `source` are asked for.
    mutating func forecast(of device: DeviceID, over steps: Range<Int>) -> [Power]
}

/// What a forecast model is told when a run begins. It contains no weather and no demand, except the first
/// readings.
public struct ForecastSite: Sendable {
    /// A device as a forecast sees it.
    public struct Device: Sendable {
        /// Name in the scenario.
        public let name: String
        /// What it depends on; nil for a device that needs no forecast.
        public let source: ForecastErrors.Source?
        /// Greatest power of a solar, wind or hydro plant.
        public let rating: Power?
        /// Its reading when the run begins: the potential of the first step.
        public let first: Power
        /// Demand that is expected of a load in the first steps, from its shape; empty where no shape is
        /// known.
        public let expected: [Power]
    }

    /// All devices, by `DeviceID`.
    public let devices: [Device]
    /// All steps of the scenario.
    public let horizon: Horizon
    /// Time zone of day types.
    public let zone: TimeZoneTable
    /// Days on which demand is as on a Sunday.
    public let holidays: Set<CivilDate>
    /// Random seed of the scenario.
    public let seed: UInt64
    private let models: [Devices.Device]
    private let weather: WeatherSeries?

    init(
        _ devices: [Devices.Device], _ horizon: Horizon, _ truth: [[Power]], _ weather: WeatherSeries?,
        _ zone: TimeZoneTable, _ holidays: Set<CivilDate>, seed: UInt64
    ) {
        models = devices
        self.devices = zip(devices, truth).map { Device($0, first: $1.first ?? .zero) }
        self.horizon = horizon
        self.weather = weather
        self.zone = zone
        self.holidays = holidays
        self.seed = seed
    }

    /// Number of steps in a day, rounded up.
    public var stepsPerDay: Int { (86_400 + horizon.step - 1) / horizon.step }

    /// Returns the power of a solar plant in every step under a sky without clouds, by
    /// `WeatherSeries.clearSky`; empty for other devices.
    public func clearSky(of device: DeviceID) -> [Power] {
        guard let solar = models[device.index].modules, let weather else { return [] }
        let years = horizon.stepHours / hoursPerYear
        return weather.conditions.indices.map {
            solar.potential(under: weather.clearSky(at: $0), years: Double($0) * years)
        }
    }
}

extension Device {
    /// Modules of a solar plant, also of a measured one; nil for every other kind.
    fileprivate var modules: Solar? {
        switch kind {
        case .solar(let solar): return solar
        case .measured(let plant): if case .sun(let solar) = plant.source { return solar } else { return nil }
        default: return nil
        }
    }
}

extension ForecastSite.Device {
    fileprivate init(_ device: Device, first: Power) {
        name = device.name
        source = ForecastErrors.Source(device.kind)
        self.first = source == nil ? .zero : first
        switch device.kind {
        case .solar(let solar): (rating, expected) = (solar.inverterCapacity, [])
        case .wind, .hydro: (rating, expected) = (device.ratedPower, [])
        case .measured(let plant): (rating, expected) = (plant.rating, [])
        case .load(let load): (rating, expected) = (nil, load.expected)
        case .battery, .genset, .flexible, .grid: (rating, expected) = (nil, [])
        }
    }
}

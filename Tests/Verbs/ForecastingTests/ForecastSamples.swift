import Devices
import Forecasting
import Grid
import Timeline
import Weather

extension Solar {
    static let example = Solar(capacity: Power(100), inverterCapacity: Power(95), tilt: 20, azimuth: 180)
}

extension Wind {
    static let example = Wind(
        turbines: 1, rated: Power(150),
        curve: [CurvePoint(speed: 3, power: .zero), CurvePoint(speed: 12, power: Power(150))], hubHeight: 40,
        roughness: 0.1)
}

extension Hydro {
    static let example = Hydro(
        capacity: Power(90), head: 42, designFlow: 1, residualFlow: 0, turbine: .kaplan)
}

/// A forecaster of devices called 0, 1, …; by default smart, in hourly steps from Thursday, 1 January 1970.
func forecaster(
    _ kinds: [Device.Kind], _ truth: [[Power]], horizon: Horizon? = nil, weather: WeatherSeries? = nil,
    zone: TimeZoneTable = .utc, method: ForecastMethod = .smart, seed: UInt64 = 1
) -> Forecaster {
    Forecaster(
        method: method, devices: kinds.enumerated().map { Device(name: "\($0)", bus: 0, kind: $1) },
        horizon: horizon ?? weather?.horizon
            ?? Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: truth[0].count),
        truth: truth, weather: weather, zone: zone, seed: seed)
}

/// The sun stands at 30° from the vertical all the time.
func fixedSun(hours: Int) -> WeatherSeries {
    let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: hours)
    let sun = SolarPosition(zenith: 30, apparentZenith: 30, azimuth: 180)
    return WeatherSeries(
        place: Place(latitude: 27, longitude: 107, elevation: 1000), horizon: horizon, windHeight: 10,
        conditions: Array(repeating: conditions(sun), count: hours))
}

/// Quarter hours of June under a sky that dims the sun by a quarter.
func realSun(at place: Place, days: Int) -> WeatherSeries {
    let start = CivilTime(iso8601: "2026-06-01")!.instant(offset: 0)
    let horizon = Horizon(start: start, step: 900, count: 96 * days)
    return WeatherSeries(
        place: place, horizon: horizon, windHeight: 10,
        conditions: horizon.map { conditions(place.sun(at: $0.start + 450)) })
}

/// A bright sky where the sun is up.
func conditions(_ sun: SolarPosition) -> Conditions {
    let isUp = sun.apparentZenith < 90
    return Conditions(
        globalHorizontal: isUp ? 500 : 0, directNormal: isUp ? 300 : 0, diffuseHorizontal: isUp ? 200 : 0,
        extraterrestrial: 1330, airTemperature: 24, windSpeed: 3, pressure: 89_000, riverFlow: 1, sun: sun)
}

import Grid
import TestSupport
import Weather

extension Conditions {
    /// A windless, dry night.
    static let calm = Conditions(
        globalHorizontal: 0, directNormal: 0, diffuseHorizontal: 0, extraterrestrial: 1361,
        airTemperature: 15,
        windSpeed: 0, pressure: 101_325, riverFlow: 0,
        sun: SolarPosition(zenith: 120, apparentZenith: 120, azimuth: 0))
}

extension Power {
    static func random(_ range: ClosedRange<Double>, _ generator: inout SplitMix64) -> Power {
        Power(Double.random(in: range, using: &generator))
    }
}

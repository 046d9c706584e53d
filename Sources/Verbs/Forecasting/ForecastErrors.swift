public import Devices
import Glibc
public import Grid
import Randomness
public import Scheduling
import Timeline

/// What a forecast may get wrong: other worlds for a plan that hedges.
///
/// In a world the sun, the wind, the water and the demand of all devices of a kind are the forecast times
/// 1 + σ·g, with g a first-order autoregressive normal process along the horizon (correlation e^(−Δt/6 h)).
/// Wind and water are known now and drift away, g = 0 before the first step; sun and loads repeat another
/// day, and may be wrong from the first step on. Worlds come in pairs of opposite g, so that together they
/// are not brighter than the forecast where nothing is cut off. The σ are assumptions: about what persistence
/// misses from one day to the next.
public struct ForecastErrors: Hashable, Sendable {
    /// Standard deviations, as fractions of the forecast.
    public var sun = 0.4
    public var wind = 0.6
    public var water = 0.1
    public var demand = 0.08
    public let seed: UInt64

    private static let purpose: UInt32 = 0x7761_6773
    private static let memory = 6 * 3600.0

    public init(seed: UInt64) { self.seed = seed }

    /// `count` other worlds of the same `offers`, drawn for the plan made in `step` of the scenario.
    public func worlds(of offers: [Offer], _ devices: [Device], at step: Int, count: Int) -> [[Offer]] {
        (0..<count).map { world in
            let streams = (0..<4).map {
                RandomStream(
                    seed: seed, entity: UInt32(truncatingIfNeeded: step), purpose: Self.purpose &+ UInt32($0))
            }
            return offers.map { offer in
                guard let (kind, deviation, isKnownNow) = error(devices[offer.device.index]) else {
                    return offer
                }
                let factors = path(streams[kind], pair: world / 2, isKnownNow, offer.horizon).map {
                    max(0, 1 + (world % 2 == 0 ? deviation : -deviation) * $0)
                }
                return offer.scaled(by: factors)
            }
        }
    }

    /// Which stream, how large, and whether the error begins at zero; nil for devices that know themselves.
    private func error(_ device: Device) -> (Int, Double, Bool)? {
        switch device.kind {
        case .solar: (0, sun, false)
        case .wind: (1, wind, true)
        case .hydro: (2, water, true)
        case .load: (3, demand, false)
        default: nil
        }
    }

    private func path(_ stream: RandomStream, pair: Int, _ isKnownNow: Bool, _ horizon: Horizon) -> [Double] {
        let kept = exp(-Double(horizon.step) / Self.memory)
        let fresh = (1 - kept * kept).squareRoot()
        var state = isKnownNow ? 0 : stream.normal(step: 0, draw: pair)
        return horizon.indices.map { step in
            state = kept * state + fresh * stream.normal(step: step + 1, draw: pair)
            return state
        }
    }
}

extension Offer {
    /// Bounds times `factors`, one a step, within its rating.
    fileprivate func scaled(by factors: [Double]) -> Offer {
        func scaled(_ powers: [Power]) -> [Power] {
            zip(powers, factors).map { power, factor in
                let value = power * factor
                guard let rating, abs(value.value) > abs(rating.value) else { return value }
                return rating * (power.value * rating.value < 0 ? -1 : 1)
            }
        }
        var offer = self
        (offer.lower, offer.upper) = (scaled(lower), scaled(upper))
        return offer
    }
}

public import Devices
import Glibc
import Grid
import Randomness
public import Scheduling
import Timeline

/// Forecast errors: other forecasts ("worlds") for a plan that hedges.
///
/// In a world the power of all devices with one source of error is the forecast times 1 + σ·g. Along the
/// horizon g is a first-order autoregressive normal process (correlation e^(−Δt/6 h)). Wind and water are
/// known at the beginning, g = 0 before the first step. Sun and loads repeat another day and may be wrong
/// from the first step on. Worlds come in pairs of opposite g, so that their mean is the forecast where
/// nothing is clipped. The σ are assumptions: about the error of persistence from one day to the next.
public struct ForecastErrors: Hashable, Sendable {
    /// Standard deviation of solar power, as a fraction of the forecast.
    public var sun = 0.4
    /// Standard deviation of wind power, as a fraction of the forecast.
    public var wind = 0.6
    /// Standard deviation of hydro power, as a fraction of the forecast.
    public var water = 0.1
    /// Standard deviation of demand, as a fraction of the forecast.
    public var demand = 0.08
    /// Random seed.
    public let seed: UInt64

    private static let purpose: UInt32 = 0x7761_6773
    private static let memory = 6 * 3600.0

    /// Creates the errors of one seed with the usual deviations.
    public init(seed: UInt64) { self.seed = seed }

    /// What makes a forecast wrong. All devices with one source err together.
    public enum Source: Int, Hashable, Sendable, CaseIterable {
        /// Irradiance, wind speed, river flow, and the demand of loads.
        case sun, wind, water, demand

        /// The source of a device's errors; nil for a device that knows what it can do.
        public init?(_ kind: Device.Kind) {
            switch kind {
            case .solar: self = .sun
            case .measured(let plant):
                switch plant.source {
                case .sun: self = .sun
                case .wind: self = .wind
                case .water: self = .water
                }
            case .wind: self = .wind
            case .hydro: self = .water
            case .load: self = .demand
            case .battery, .genset, .flexible, .grid: return nil
            }
        }
    }

    /// Returns `count` other forecasts of the same `offers`, drawn for the plan made in `step` of the
    /// scenario. `sources` are those of all devices, by `DeviceID`.
    public func worlds(
        of offers: [Offer], by sources: [Source?], at step: Int, count: Int
    ) -> [[Offer]] {
        (0..<count).map { world in
            let streams = Source.allCases.map {
                RandomStream(
                    seed: seed, entity: UInt32(truncatingIfNeeded: step),
                    purpose: Self.purpose &+ UInt32($0.rawValue))
            }
            return offers.map { offer in
                guard let source = sources[offer.device.index] else { return offer }
                let (deviation, isKnownNow) = error(of: source)
                let factors = path(
                    streams[source.rawValue], pair: world / 2, isKnownNow, offer.horizon
                ).map {
                    max(0, 1 + (world % 2 == 0 ? deviation : -deviation) * $0)
                }
                return offer.scaled(by: factors)
            }
        }
    }

    /// Standard deviation, and whether the error is zero before the first step.
    private func error(of source: Source) -> (deviation: Double, isKnownNow: Bool) {
        switch source {
        case .sun: (sun, false)
        case .wind: (wind, true)
        case .water: (water, true)
        case .demand: (demand, false)
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
    /// Returns the offer with its bounds times `factors`, one a step, within its rating.
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

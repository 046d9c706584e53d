import Glibc
import Grid
import Randomness
import Scheduling
import Timeline

/// Sizes of the errors of a forecast that knows the truth: standard deviations one day ahead, as fractions of
/// the truth.
public struct StatedErrors: Hashable, Sendable {
    /// Error of sun, wind, water and demand. The usual values are assumptions.
    public var solar = 0.15, wind = 0.25, water = 0.10, load = 0.04
    /// Errors of single devices, by name, instead of that of their kind.
    public var own: [String: Double] = [:]
    /// Time in which the correlation of errors along the horizon falls to 1/e, s.
    public var within = 6 * 3600.0
    /// Correlation between the errors of two devices of one kind, 0 … 1.
    public var between = 0.6

    /// Creates errors of the usual size.
    public init() {}

    func error(of device: ForecastSite.Device) -> Double {
        if let own = own[device.name] { return own }
        return switch device.source {
        case .sun: solar
        case .wind: wind
        case .water: water
        case .demand: load
        case nil: 0
        }
    }
}

// The forecast of step j, made at the beginning of step k, with h = j − k steps in hours and the stated error
// σ of one day ahead, is
//
//     P̂ = min(P · exp(s x(j) − s²/2), rating),   s² = ln(1 + σ(h)²),
//     σ(h)² = σ² (1 − e^(−2h/12 h)) / (1 − e^(−48 h/12 h)),
//
// unbiased where the rating does not limit it, and exact at lead 0. x(j) = √c X(j) + √(1 − c) Y(j) has mean 0
// and variance 1; X belongs to the kind, Y to the device, and c is `between`. Both are autoregressions of
// order one along the target, with correlation e^(−Δ/within), drawn by (seed, kind or device, j). So an error
// keeps its sign from one issue to the next and shrinks as the target comes nearer.

struct NoisyForecast: ForecastModel {
    private let truth: [[Power]]
    private let ratings: [Power]
    /// x by device and step; empty where no error was stated.
    private let errors: [[Double]]
    /// s by device and lead in steps, and s²/2.
    private var spreads: [[(spread: Double, half: Double)]]
    private let stated: [Double]
    private let stepHours: Double

    private static let kindPurpose: UInt32 = 0x6e6f_6973
    private static let devicePurpose: UInt32 = 0x6e6f_6964

    init(_ settings: StatedErrors, _ site: ForecastSite, truth: [[Power]]) {
        precondition((0...1).contains(settings.between) && settings.within >= 0)
        self.truth = truth
        stepHours = site.horizon.stepHours
        ratings = site.devices.map { $0.rating ?? Power(.infinity) }
        stated = site.devices.map { settings.error(of: $0) }
        spreads = site.devices.map { _ in [] }
        let kept = settings.within > 0 ? exp(-Double(site.horizon.step) / settings.within) : 0
        let count = site.horizon.count
        let kinds = ForecastErrors.Source.allCases.map { source in
            let stream = RandomStream(
                seed: site.seed, entity: UInt32(source.rawValue), purpose: Self.kindPurpose)
            return Self.path(stream, kept: kept, count: count)
        }
        let (common, own) = (settings.between.squareRoot(), (1 - settings.between).squareRoot())
        errors = zip(site.devices, stated).map { device, error in
            guard let source = device.source, error > 0 else { return [] }
            let stream = RandomStream(
                seed: site.seed, entity: device.name.fingerprint, purpose: Self.devicePurpose)
            return zip(kinds[source.rawValue], Self.path(stream, kept: kept, count: count))
                .map { common * $0 + own * $1 }
        }
    }

    private static func path(_ stream: RandomStream, kept: Double, count: Int) -> [Double] {
        let fresh = (1 - kept * kept).squareRoot()
        var state = stream.normal(step: 0)
        return (0..<count).map { step in
            if step > 0 { state = kept * state + fresh * stream.normal(step: step) }
            return state
        }
    }

    func measure(_ device: DeviceID, _ measured: ArraySlice<Power>) {}

    mutating func forecast(of device: DeviceID, over steps: Range<Int>) -> [Power] {
        let index = device.index
        guard !errors[index].isEmpty else { return Array(truth[index][steps]) }
        while spreads[index].count < steps.count { spreads[index].append(nextSpread(index)) }
        let (truth, errors, spreads) = (truth[index], errors[index], spreads[index])
        let rating = ratings[index]
        return steps.map { step in
            let (spread, half) = spreads[step - steps.lowerBound]
            return min(truth[step] * exp(spread * errors[step] - half), rating)
        }
    }

    private func nextSpread(_ index: Int) -> (spread: Double, half: Double) {
        let hours = Double(spreads[index].count) * stepHours
        let grown = (1 - exp(-hours / 6)) / (1 - exp(-4))
        let variance = log(1 + stated[index] * stated[index] * grown)
        return (variance.squareRoot(), variance / 2)
    }
}

extension String {
    /// FNV-1a: another device that comes or goes changes nothing.
    fileprivate var fingerprint: UInt32 {
        utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}

public import Market
public import Timeline

/// Dated constants of settlement (规则集): what they are, when they hold, where they come from, and what in
/// them is not settled.
public struct RuleSet: Hashable, Sendable {
    public let name: String
    /// First and last day on which it holds.
    public let validity: ClosedRange<CivilDate>
    /// True when it is for study only: it contains assumptions, listed in `unsettled`.
    public let isSample: Bool
    public let tariff: Tariff
    /// What one green certificate stands for.
    public let certificateEnergy: WattHours
    public let carbon: CarbonFactors
    public let sources: [String]
    public let unsettled: [String]

    public init(
        name: String, validity: ClosedRange<CivilDate>, isSample: Bool, tariff: Tariff,
        certificateEnergy: WattHours = WattHours(megawattHours: 1), carbon: CarbonFactors, sources: [String],
        unsettled: [String]
    ) {
        precondition(certificateEnergy > .zero && certificateEnergy.count % 1000 == 0)
        self.name = name
        self.validity = validity
        self.isSample = isSample
        self.tariff = tariff
        self.certificateEnergy = certificateEnergy
        self.carbon = carbon
        self.sources = sources
        self.unsettled = unsettled
    }

    /// Why `horizon` cannot be settled by these rules; nil when it can.
    public func refusal(of horizon: Horizon, in zone: TimeZoneTable) -> String? {
        guard horizon.count > 0 else { return nil }
        let first = zone.civil(horizon.start).date
        let last = zone.civil(horizon.end - 1).date
        if !validity.contains(first) || !validity.contains(last) {
            return "the rules '\(name)' hold from \(validity.lowerBound) to \(validity.upperBound), "
                + "not from \(first) to \(last)"
        }
        if tariff.isStraddled(by: horizon, in: zone) {
            return
                "a step of \(horizon.step) s crosses from one segment of the tariff of '\(name)' into another"
        }
        return nil
    }

    public static let all = [guizhouSample2026]

    public static func named(_ name: String) -> RuleSet? {
        all.first { $0.name == name }
    }
}

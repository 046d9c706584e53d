public import Market
public import Timeline

/// Dated settlement rules (规则集): the constants, their validity, their sources, and what in them is not yet
/// decided.
public struct RuleSet: Hashable, Sendable {
    /// Name, such as `guizhou-sample-2026`.
    public let name: String
    /// First and last day of validity.
    public let validity: ClosedRange<CivilDate>
    /// True when the rules are for study only: they contain assumptions, listed in `unsettled`.
    public let isSample: Bool
    /// Time-of-use tariff and demand charge.
    public let tariff: Tariff
    /// Energy of one green certificate: whole kWh, above zero.
    public let certificateEnergy: WattHours
    /// Emission factors.
    public let carbon: CarbonFactors
    /// Sources of the constants, one a line.
    public let sources: [String]
    /// Assumptions and open questions, one a line.
    public let unsettled: [String]

    /// Creates rules. `certificateEnergy` must be whole kWh above zero.
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

    /// Returns why `horizon` cannot be settled by these rules; nil when it can.
    public func refusal(of horizon: Horizon, in zone: TimeZoneTable) -> String? {
        guard horizon.count > 0 else { return nil }
        let first = zone.civil(horizon.start).date
        let last = zone.civil(horizon.end - 1).date
        if !validity.contains(first) || !validity.contains(last) {
            return "the rules '\(name)' hold from \(validity.lowerBound) to \(validity.upperBound), "
                + "not from \(first) to \(last); a study of other years takes "
                + "'\(RuleSet.guizhouSampleAnyYear.name)'"
        }
        if tariff.isStraddled(by: horizon, in: zone) {
            return
                "a step of \(horizon.step) s crosses from one segment of the tariff of '\(name)' into another"
        }
        return nil
    }

    /// All rule sets known by name.
    public static let all = [guizhouSample2026, guizhouSampleAnyYear]

    /// Returns the rule set called `name`; nil when there is none.
    public static func named(_ name: String) -> RuleSet? {
        all.first { $0.name == name }
    }
}

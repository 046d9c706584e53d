import Export
public import Foundation
public import Studies

extension ComparisonTable {
    private static let columns: [(name: String, text: @Sendable (Row) -> String)] = [
        (
            "dispatch",
            {
                $0.dispatcher.contains(where: { ",\"".contains($0) })
                    ? "\"\($0.dispatcher.replacing("\"", with: "\"\""))\"" : $0.dispatcher
            }
        ),
        ("seed", { "\($0.seed)" }),
        ("cost_yuan", { money($0.cost) }), ("bound_yuan", { money($0.bound) }),
        ("regret_yuan", { money($0.regret) }),
        (
            "regret_percent",
            { $0.regretPercent.map { FixedDecimal(decimals: 4).text($0) } ?? "" }
        ),
        ("connection_yuan", { money($0.connection) }), ("fuel_yuan", { money($0.gensets) }),
        ("wear_yuan", { money($0.wear) }), ("unserved_yuan", { money($0.unserved) }),
        ("beyond_limits_yuan", { money($0.beyondLimits) }), ("peaks_yuan", { money($0.peaks) }),
        ("stored_yuan", { money($0.stored) }),
        ("emissions_kg", { FixedDecimal(decimals: 1).text($0.emissions) }),
        ("unserved_kwh", { FixedDecimal(decimals: 3).text($0.unservedEnergy) }),
        ("unserved_h", { FixedDecimal(decimals: 2).text($0.unservedHours) }),
        ("islanded_h", { FixedDecimal(decimals: 2).text($0.islandedHours) }),
        ("curtailed_kwh", { FixedDecimal(decimals: 3).text($0.curtailedEnergy) }),
        ("voltage_violations", { "\($0.voltageViolations)" }), ("messages", { "\($0.messages)" }),
        ("plans", { "\($0.plans.values.reduce(0, +))" }), ("fallback_plans", { "\($0.fallbacks)" }),
    ]

    /// `comparison.csv`: one line a dispatcher and seed, in UTF-8.
    public var csv: Data {
        let head = Self.columns.map(\.name).joined(separator: ",")
        let lines = rows.map { row in Self.columns.map { $0.text(row) }.joined(separator: ",") }
        return Data(([head] + lines).map { $0 + "\n" }.joined().utf8)
    }

    private static func money(_ value: Double?) -> String {
        value.map { FixedDecimal(decimals: 2).text($0) } ?? ""
    }
}

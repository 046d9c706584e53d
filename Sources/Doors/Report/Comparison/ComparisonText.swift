public import Studies

/// The comparison for a terminal; `seconds`: CPU time that planning took, by dispatcher.
public struct ComparisonText: CustomStringConvertible {
    private let table: ComparisonTable
    private let seconds: [String: Double]

    /// Creates the text.
    public init(_ table: ComparisonTable, seconds: [String: Double]) {
        self.table = table
        self.seconds = seconds
    }

    private static let head = [
        "dispatch", "cost yuan", "regret yuan", "%", "CO₂ kg", "unserved kWh", "unserved h", "islanded h",
        "curtailed kWh", "volt. viol.", "messages", "plans", "CPU s",
    ]

    /// A table of the dispatchers, the cheapest first.
    public var description: String {
        let lines = [Self.head] + table.standings.map(cells)
        return (TextColumns.aligned(lines, left: 1) + notes).joined(separator: "\n")
    }

    private func cells(_ standing: ComparisonTable.Standing) -> [String] {
        func mean(_ value: (ComparisonTable.Row) -> Double) -> String { Markup.number(standing.mean(value)) }
        let plans = standing.rows[0].plans.sorted { $0.key < $1.key }
        return [
            standing.dispatcher, mean(\.cost), standing.meanRegret.map { Markup.number($0) } ?? "–",
            standing.regretPercent.map { Markup.number($0, 2) } ?? "–", mean(\.emissions),
            mean(\.unservedEnergy), Markup.number(standing.mean(\.unservedHours), 2),
            Markup.number(standing.mean(\.islandedHours), 2), mean(\.curtailedEnergy),
            mean { Double($0.voltageViolations) },
            mean { Double($0.messages) }, plans.map { "\($0.value) \($0.key)" }.joined(separator: ", "),
            seconds[standing.dispatcher].map { Markup.number($0, 2) } ?? "",
        ]
    }

    private var notes: [String] {
        let seeds = table.seeds
        var notes = [""]
        if let bound = table.rows.first?.bound, seeds.count == 1 {
            notes.append(
                "  perfect foresight, without losses of the wires: \(Markup.number(bound)) yuan or more")
        }
        if seeds.count > 1 {
            notes.append(
                "  means over \(seeds.count) seeds, \(seeds.first!) to \(seeds.last!); regret by seed:")
            notes += table.standings.map { standing in
                let low = standing.regrets.min().map { Markup.number($0) } ?? "?"
                let high = standing.regrets.max().map { Markup.number($0) } ?? "?"
                return "    \(standing.dispatcher): \(low) to \(high) yuan"
            }
        }
        if table.standings.contains(where: { $0.dispatcher.contains(", sees ") }) {
            notes.append(
                "  sees last: steps cleared on the means of the step before; the other row of the same name: "
                    + "on those of the step itself")
        }
        notes += table.contradicted.map {
            "  WARNING: with seed \($0) a dispatcher cost less than the bound, so there is no bound and no regret"
        }
        let failed = table.standings.filter { $0.rows.contains { $0.fallbacks > 0 } }
        for standing in failed {
            let count = standing.rows.reduce(0) { $0 + $1.fallbacks }
            notes.append(
                "  WARNING: \(count) plans of \(standing.dispatcher) were made by merit-order instead")
        }
        return notes
    }
}

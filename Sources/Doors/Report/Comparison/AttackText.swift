import Export
import Grid
import Market
import Results
public import Studies

/// What attacks do, for a terminal and as CSV.
public struct AttackText: CustomStringConvertible {
    private let participants: [String]
    private let rows: [AttackStudy.Row]

    /// Creates the text of a study's rows; the first is the run without attacks.
    public init(_ rows: [AttackStudy.Row], participants: [String]) {
        precondition(rows.first?.attacks.isEmpty == true)
        (self.rows, self.participants) = (rows, participants)
    }

    /// Two tables: costs and when each attack was noticed, and who receives more or less by it.
    public var description: String {
        let head = ["attack", "cost yuan", "damage yuan", "unserved kWh", "alarms", "noticed"]
        let costs = rows.map { row in
            [
                row.name, Markup.number(row.cost, 2),
                row.attacks.isEmpty ? "" : Markup.number(row.cost - rows[0].cost, 2),
                Markup.number(row.unserved.kilowattHours, 1), Markup.number(row.alarms), noticed(row),
            ]
        }
        let payers = rows.dropFirst().map { row in
            [row.name] + row.net.indices.map { Markup.number((row.net[$0] - rows[0].net[$0]).yuan, 2) }
        }
        return
            (TextColumns.aligned([head] + costs, left: 1) + [""]
            + TextColumns.aligned([["receives more, yuan"] + participants] + payers, left: 1))
            .joined(separator: "\n")
    }

    private func noticed(_ row: AttackStudy.Row) -> String {
        guard !row.attacks.isEmpty else { return "" }
        let times = row.outcomes.compactMap(\.secondsUnnoticed)
        guard row.outcomes.count == 1 else { return "\(times.count) of \(row.outcomes.count)" }
        return times.first.map { "after \(Markup.number(Double($0) / 60)) min" } ?? "never"
    }

    /// One line for each run, with what each participant receives more.
    public var csv: String {
        let head =
            ["attack", "cost_yuan", "damage_yuan", "unserved_kwh", "alarms", "noticed_after_s"]
            + participants.map { CSVText.cell("receives_more_yuan \($0)") }
        func fixed(_ value: Double) -> String { FixedDecimal(decimals: 2).text(value) }
        let lines = rows.map { row in
            [
                CSVText.cell(row.name), fixed(row.cost), fixed(row.cost - rows[0].cost),
                fixed(row.unserved.kilowattHours), "\(row.alarms)",
                row.outcomes.count == 1 ? row.outcomes[0].secondsUnnoticed.map { "\($0)" } ?? "" : "",
            ] + row.net.indices.map { fixed((row.net[$0] - rows[0].net[$0]).yuan) }
        }
        return ([head] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
    }
}

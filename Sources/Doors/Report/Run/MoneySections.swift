import Market
import Results
import Settlement
import Simulator
import Timeline

extension Sections {
    var money: String {
        let rules = scenario.terms.rules
        let flag =
            rules.isSample
            ? "<p class=\"notice\">The rules <b>\(Markup.escaped(rules.name))</b> are a sample for study: they contain "
                + "assumptions, listed at the end of this page.</p>" : ""
        return Self.section(
            "money", "Settlement",
            "Net of every participant by month, in whole yuan; positive is received. The lines below are exact.",
            flag + partialMonths + netTable + connectionTable + "<h3>Lines by clause</h3>" + clauseTable
                + "<h3>Statements</h3>"
                + statementFolds + certificates)
    }

    /// Says whose days the demand charge and the contract volumes are, where not of whole months.
    private var partialMonths: String {
        let parts = summary.partialMonths.map { "\($0) of \($0.month)" }
        let full = summary.fullPartialMonths.map(\.description)
        let lines =
            (parts.isEmpty
                ? [] : ["Demand charge and contract volumes are those of \(parts.joined(separator: ", "))."])
            + (full.isEmpty
                ? []
                : [
                    "Only a part of \(full.joined(separator: ", ")) is simulated; demand charge and contract "
                        + "volumes are those of the whole month."
                ])
        return lines.map { "<p class=\"notice\">\($0)</p>" }.joined()
    }

    func owner(of device: Int) -> String {
        let points = scenario.terms.meteringPoints
        return points.indices.contains(device) ? points[device].owner.name : ""
    }

    private var netTable: String {
        let periods = summary.settlements.map(\.period)
        let rows = scenario.terms.participants.map { participant in
            let nets = summary.settlements.map { month in
                month.statements.first { $0.participant == participant }?.net ?? .zero
            }
            return [Markup.Cell.text(participant.name)] + nets.map { .figure($0.yuan) }
                + [.figure(nets.reduce(.zero, +).yuan)]
        }
        return Markup.table(["Participant"] + periods.map(\.description) + ["Total"], rows)
    }

    /// Where there are several grid connections.
    private var connectionTable: String {
        let bills = summary.connectionBills
        guard bills.count > 1 else { return "" }
        let rows = bills.map { bill -> [Markup.Cell] in
            [
                .text(bill.name), .figure(Double(bill.imported.count) / 1e6, 3), .figure(bill.paid.yuan, 2),
                .figure(bill.demand.yuan, 2), .figure(Double(bill.exported.count) / 1e6, 3),
                .figure(bill.received.yuan, 2), .figure(bill.net.yuan, 2),
            ]
        }
        let columns = [
            "Connection", "Imported|MWh", "Paid for it|yuan", "Demand charge|yuan", "Exported|MWh",
            "Received for it|yuan", "Net|yuan",
        ]
        return "<h3>Bill of each grid connection</h3>" + Markup.table(columns, rows)
    }

    private var clauseTable: String {
        let rows = Entry.Clause.allCases.compactMap { clause -> [Markup.Cell]? in
            let total = summary.total(of: clause)
            guard total.count > 0 else { return nil }
            return [
                .text(Self.words(clause)), .figure(Double(total.count)),
                total.energy == .zero ? .none : .figure(Double(total.energy.count) / 1e6, 3),
                total.payments > 0 ? .figure(total.money.yuan, 2) : .none,
            ]
        }
        return Markup.table(["Clause", "Lines", "Energy|MWh", "Money|yuan"], rows)
    }

    private var statementFolds: String {
        scenario.terms.participants.map { participant in
            let account = Account.participant(participant)
            let entries = summary.ledger.entries.filter { $0.payer == account || $0.payee == account }
            let rows = entries.map { line($0, for: account) }
            let columns = [
                "Month", "Clause", "With", "Segment", "Contract or connection", "Energy|kWh",
                "Price|yuan/kWh",
                "Amount|yuan",
            ]
            return Self.fold("\(participant.name): \(entries.count) lines", Markup.table(columns, rows))
        }.joined(separator: "\n")
    }

    private func line(_ entry: Entry, for account: Account) -> [Markup.Cell] {
        let isPayee = entry.payee == account
        var (energy, price) = (Markup.Cell.none, Markup.Cell.none)
        if case .energy(let amount, let at) = entry.basis {
            energy = .figure(Double(amount.count) / 1000, 0)
            price = .figure(at.yuanPerKilowattHour, 6)
        }
        var days = ""
        if case .demand(_, _, let part?) = entry.basis { days = ", \(part)" }
        let quantity = Double(isPayee ? entry.quantity : -entry.quantity)
        let amount: Markup.Cell =
            entry.asset == .money
            ? .figure(quantity / 100, 2) : .number("\(Markup.number(quantity)) certificates")
        return [
            .text(entry.period.description), .text(Self.words(entry.clause) + days),
            .text((isPayee ? entry.payer : entry.payee).name), .text(entry.segment?.rawValue ?? ""),
            .text(entry.contract ?? entry.connection ?? ""), energy, price, amount,
        ]
    }

    private var certificates: String {
        let holdings = summary.balances.filter { $0.asset == .certificate && $0.quantity != 0 }
        guard !holdings.isEmpty else { return "" }
        let rows = holdings.map { [Markup.Cell.text($0.account.name), .figure(Double($0.quantity))] }
        return "<h3>Green certificates held at the end</h3>"
            + "<p class=\"lead\">One certificate stands for 1 MWh. The negative balance of the registry is what it has issued.</p>"
            + Markup.table(["Account", "Certificates"], rows)
    }

    /// `greenEnergy` → `green energy`.
    private static func words(_ clause: Entry.Clause) -> String {
        clause.rawValue.reduce(into: "") { $0 += $1.isUppercase ? " \($1.lowercased())" : String($1) }
    }
}

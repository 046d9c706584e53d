import Devices
public import Market
public import Settlement
import Simulator
public import Timeline

// Statements and sums made of the ledger's entries.

extension Summary {
    /// The settlement's ledger after the last month that was settled; empty before the first.
    public var ledger: Ledger { settlements.last?.ledger ?? Ledger() }

    /// Balances in order of account, then asset; accounts without a posting are left out.
    public var balances: [Balance] {
        let ledger = ledger
        return ledger.accounts.flatMap { account in
            Asset.allCases.map {
                Balance(account: account, asset: $0, quantity: ledger.balance(of: account, $0))
            }
        }
    }

    /// What one account holds of one asset.
    public struct Balance: Hashable, Sendable {
        /// The account.
        public let account: Account
        /// Money or certificates.
        public let asset: Asset
        /// Fen or certificates; negative where more went out than came in.
        public let quantity: Int64
    }

    /// Settlement statements with lines: one a participant and month, by participant.
    public var statements: [Statement] {
        scenario.terms.participants.flatMap { participant in
            settlements.flatMap(\.statements).filter { $0.participant == participant && !$0.entries.isEmpty }
        }
    }

    /// Largest |sum of all balances| of an asset, fen or certificates: zero when the ledger balances.
    public var ledgerImbalance: Int64 {
        let ledger = ledger
        return Asset.allCases.map { abs(ledger.sum(of: $0)) }.max() ?? 0
    }

    /// What the operator paid the grid company less what it received from it.
    public var bill: Money {
        total(of: .imported).money + demandCharge - total(of: .exported).money
    }

    /// What the operator and the grid company paid each other for one grid connection.
    public struct ConnectionBill: Hashable, Sendable {
        /// Name of the connection.
        public let name: String
        /// Energy billed.
        public fileprivate(set) var imported = WattHours.zero, exported = WattHours.zero
        /// What the operator paid for energy.
        public fileprivate(set) var paid = Money.zero
        /// What the operator paid for the months' peaks.
        public fileprivate(set) var demand = Money.zero
        /// What the operator received for energy.
        public fileprivate(set) var received = Money.zero

        /// What the operator paid less what it received.
        public var net: Money { paid + demand - received }
    }

    /// The bill of each grid connection, in the order of the scenario; their nets sum to `bill`.
    public var connectionBills: [ConnectionBill] {
        let names = scenario.connections.map { scenario.devices[$0].name }
        var bills = names.map { ConnectionBill(name: $0) }
        for entry in ledger.entries {
            guard let place = names.firstIndex(of: entry.connection ?? names.first ?? ""),
                let money = entry.money
            else { continue }
            switch entry.clause {
            case .imported:
                bills[place].imported += entry.energy ?? .zero
                bills[place].paid = bills[place].paid + money
            case .demand: bills[place].demand = bills[place].demand + money
            case .exported:
                bills[place].exported += entry.energy ?? .zero
                bills[place].received = bills[place].received + money
            default: break
            }
        }
        return bills
    }

    /// Demand charge: what the operator paid for the months' peaks.
    public var demandCharge: Money { total(of: .demand).money }

    /// The billed parts of the months whose demand charge and contract volumes are not those of the whole
    /// month.
    public var partialMonths: [MonthPart] { settlements.map(\.part).filter { !$0.isWhole } }

    /// Months that are billed whole although only a part of them was simulated.
    public var fullPartialMonths: [CivilMonth] {
        settlements.filter { month in
            let start = min(month.start, scenario.horizon.start)
            let simulated = MonthPart(of: month.period, from: start, to: month.end, in: scenario.terms.zone)
            return month.part.isWhole && !simulated.isWhole
        }.map(\.period)
    }

    /// What buyers paid sellers for green power: energy and environmental value together.
    public var greenIncome: Money {
        total(of: .greenEnergy).money + total(of: .environmentalValue).money
    }

    /// Green certificates issued.
    public var certificatesIssued: Int64 {
        ledger.entries.reduce(0) { $1.clause == .certificateIssue ? $0 + $1.quantity : $0 }
    }

    /// All entries of one clause together.
    public struct ClauseTotal: Hashable, Sendable {
        /// The clause.
        public let clause: Entry.Clause
        /// How many entries it has.
        public fileprivate(set) var count = 0
        /// How many of them move money.
        public fileprivate(set) var payments = 0
        /// Money moved, whoever paid it.
        public fileprivate(set) var money = Money.zero
        /// Energy billed.
        public fileprivate(set) var energy = WattHours.zero
    }

    /// Sums up the entries of `clause`.
    public func total(of clause: Entry.Clause) -> ClauseTotal {
        ledger.entries.reduce(into: ClauseTotal(clause: clause)) { total, entry in
            guard entry.clause == clause else { return }
            total.count += 1
            total.energy += entry.energy ?? .zero
            guard let money = entry.money else { return }
            total.payments += 1
            total.money = total.money + money
        }
    }
}

extension Money {
    /// The amount in yuan.
    public var yuan: Double { Double(fen) / 100 }
}

public import Market
public import Settlement
import Simulator

// Statements and sums made of the ledger's entries.

extension Summary {
    /// What each account holds of each asset, in order of account; accounts without a posting are left out.
    public var balances: [Balance] {
        ledger.accounts.flatMap { account in
            Asset.allCases.map {
                Balance(account: account, asset: $0, quantity: ledger.balance(of: account, $0))
            }
        }
    }

    public struct Balance: Hashable, Sendable {
        public let account: Account
        public let asset: Asset
        /// Fen or certificates.
        public let quantity: Int64
    }

    /// One a participant and month with lines, by participant.
    public var statements: [Statement] {
        scenario.terms.participants.flatMap { participant in
            settlements.flatMap(\.statements).filter { $0.participant == participant && !$0.entries.isEmpty }
        }
    }

    /// Largest |sum of all balances| of an asset: zero.
    public var ledgerImbalance: Int64 {
        Asset.allCases.map { abs(ledger.sum(of: $0)) }.max() ?? 0
    }

    /// What the operator paid the grid company, less what it got from it.
    public var bill: Money {
        sum(.imported) + sum(.demand) - sum(.exported)
    }

    /// What buyers paid sellers for green power, energy and environmental value together.
    public var greenIncome: Money {
        sum(.greenEnergy) + sum(.environmentalValue)
    }

    public var certificatesIssued: Int64 {
        ledger.entries.reduce(0) { $1.clause == .certificateIssue ? $0 + $1.quantity : $0 }
    }

    private func sum(_ clause: Entry.Clause) -> Money {
        ledger.entries.reduce(.zero) { $1.clause == clause ? $0 + ($1.money ?? .zero) : $0 }
    }
}

extension Money {
    public var yuan: Double { Double(fen) / 100 }
}

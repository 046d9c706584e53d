public import Market

/// The book of all transfers (账本): entries are added and never changed, and what leaves one account reaches
/// another, so the balances of every asset sum to zero after every posting.
public struct Ledger: Hashable, Sendable {
    /// What became of an entry.
    public enum Posting: String, Hashable, Sendable {
        case posted
        /// The same entry is on the ledger already; nothing changed.
        case exists
        /// Another entry has this id; nothing changed.
        case conflict
        /// A reversal that does not mirror an entry on the ledger, or takes one back twice; nothing changed.
        case badReversal
    }

    private struct Holding: Hashable {
        let account: Account
        let asset: Asset
    }

    /// In order of posting.
    public private(set) var entries: [Entry] = []
    private var places: [String: Int] = [:]
    private var balances: [Holding: Int64] = [:]

    public init() {}

    public mutating func post(_ entry: Entry) -> Posting {
        if let known = self.entry(entry.id) { return known == entry ? .exists : .conflict }
        if entry.clause == .reversal {
            guard case .entry(let id) = entry.basis, let original = self.entry(id),
                original.clause != .reversal, entry == original.reversal(in: entry.period)
            else { return .badReversal }
        }
        places[entry.id] = entries.count
        entries.append(entry)
        balances[Holding(account: entry.payer, asset: entry.asset), default: 0] -= entry.quantity
        balances[Holding(account: entry.payee, asset: entry.asset), default: 0] += entry.quantity
        return .posted
    }

    public func entry(_ id: String) -> Entry? {
        places[id].map { entries[$0] }
    }

    /// Units of `asset`: fen or certificates.
    public func balance(of account: Account, _ asset: Asset) -> Int64 {
        balances[Holding(account: account, asset: asset)] ?? 0
    }

    /// Every account with a posting, in order.
    public var accounts: [Account] {
        Set(entries.flatMap { [$0.payer, $0.payee] }).sorted()
    }

    /// The sum of all balances of `asset`: zero, always.
    public func sum(of asset: Asset) -> Int64 {
        accounts.reduce(0) { $0 + balance(of: $1, asset) }
    }
}

public import Market

/// The ledger of all transfers (账本). Entries are added and never changed. What leaves one account reaches
/// another, so the balances of every asset sum to zero after every posting.
public struct Ledger: Hashable, Sendable {
    /// Result of posting an entry.
    public enum Posting: String, Hashable, Sendable {
        /// The entry was added.
        case posted
        /// The same entry is already on the ledger; nothing changed.
        case exists
        /// Another entry has this id; nothing changed.
        case conflict
        /// The reversal does not mirror an entry on the ledger, or reverses a reversal; nothing changed.
        case badReversal
    }

    private struct Holding: Hashable {
        let account: Account
        let asset: Asset
    }

    /// Entries in order of posting.
    public private(set) var entries: [Entry] = []
    private var places: [String: Int] = [:]
    private var balances: [Holding: Int64] = [:]

    /// Creates an empty ledger.
    public init() {}

    /// Adds `entry` and updates the balances of its two accounts; returns whether it was added.
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

    /// Returns the entry with the identifier `id`; nil when there is none.
    public func entry(_ id: String) -> Entry? {
        places[id].map { entries[$0] }
    }

    /// Returns the balance of `account` in units of `asset`, fen or certificates; negative where it paid more
    /// than it received.
    public func balance(of account: Account, _ asset: Asset) -> Int64 {
        balances[Holding(account: account, asset: asset)] ?? 0
    }

    /// Every account with an entry, in order.
    public var accounts: [Account] {
        Set(entries.flatMap { [$0.payer, $0.payee] }).sorted()
    }

    /// Returns the sum of all balances of `asset`: always zero.
    public func sum(of asset: Asset) -> Int64 {
        accounts.reduce(0) { $0 + balance(of: $1, asset) }
    }
}

/// A market participant (经营主体): a grid company, an operator, a generator or a consumer. Its name identifies
/// it.
public struct Participant: Hashable, Comparable, Sendable {
    /// Name; two participants with the same name are the same.
    public let name: String

    /// Creates the participant called `name`.
    public init(_ name: String) { self.name = name }

    /// Compares by name.
    public static func < (a: Participant, b: Participant) -> Bool { a.name < b.name }
}

/// A holder of assets on the ledger.
public enum Account: Hashable, Comparable, Sendable {
    /// The issuer of certificates: its balance is minus the number issued.
    case registry
    /// A market participant.
    case participant(Participant)

    /// Name of the participant; `registry` for the issuer of certificates.
    public var name: String {
        switch self {
        case .registry: "registry"
        case .participant(let participant): participant.name
        }
    }
}

/// A kind of asset that accounts hold and transfer, in whole units.
public enum Asset: String, Hashable, Sendable, CaseIterable {
    /// Money, in fen.
    case money
    /// Green electricity certificates (绿证), each of one MWh.
    case certificate
}

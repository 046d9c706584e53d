/// One who takes part in the market (经营主体): a grid company, an operator, a generator, a consumer. Its
/// name is its identity.
public struct Participant: Hashable, Comparable, Sendable {
    public let name: String

    public init(_ name: String) { self.name = name }

    public static func < (a: Participant, b: Participant) -> Bool { a.name < b.name }
}

/// Who holds assets on the ledger.
public enum Account: Hashable, Comparable, Sendable {
    /// Where certificates come from: its balance is minus what was issued.
    case registry
    case participant(Participant)

    public var name: String {
        switch self {
        case .registry: "registry"
        case .participant(let participant): participant.name
        }
    }
}

/// What is held and transferred, in whole units.
public enum Asset: String, Hashable, Sendable, CaseIterable {
    /// In fen.
    case money
    /// Green certificates (绿证), in pieces.
    case certificate
}

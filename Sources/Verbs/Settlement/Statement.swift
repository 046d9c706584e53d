public import Market
public import Timeline

/// All lines of one participant in one month (结算单).
public struct Statement: Hashable, Sendable {
    public let participant: Participant
    public let period: CivilMonth
    public let entries: [Entry]

    public init(participant: Participant, period: CivilMonth, entries: [Entry]) {
        let account = Account.participant(participant)
        self.participant = participant
        self.period = period
        self.entries = entries.filter { $0.payer == account || $0.payee == account }
    }

    public var received: Money { Money(fen: sum(.money) { $0.payee }) }
    public var paid: Money { Money(fen: sum(.money) { $0.payer }) }
    /// Positive when the participant receives.
    public var net: Money { received - paid }
    /// Certificates gained.
    public var certificates: Int64 { sum(.certificate) { $0.payee } - sum(.certificate) { $0.payer } }

    private func sum(_ asset: Asset, _ side: (Entry) -> Account) -> Int64 {
        entries.filter { $0.asset == asset && side($0) == .participant(participant) }
            .reduce(0) { $0 + $1.quantity }
    }
}

/// Where the metered energy of a month went. `given` = `settled` + `ownUse` + `losses` + `unaccounted`.
public struct Reconciliation: Hashable, Sendable {
    /// Into the network through all meters: import, generation, discharge.
    public var given: WattHours
    /// Consumption and export, as billed.
    public var settled: WattHours
    /// Taken by the operator's own meters, billed to nobody: storage that charges.
    public var ownUse: WattHours
    /// Of the wires, as the network was solved.
    public var losses: WattHours

    /// What rounding to whole Wh and kWh left, and whatever no meter saw.
    public var unaccounted: WattHours { given - settled - ownUse - losses }
}

/// One settled month.
public struct MonthlySettlement: Hashable, Sendable {
    public let period: CivilMonth
    /// First and last instant that was metered; less than the month at the ends of a run.
    public let start: Instant
    public let end: Instant
    /// As posted, in order.
    public let entries: [Entry]
    /// One a contract, in the order of the terms.
    public let outcomes: [GreenPowerContract.Outcome]
    public let reconciliation: Reconciliation
    /// One a participant, in order of name.
    public let statements: [Statement]
    /// The ledger after these entries, with those of all months before.
    public let ledger: Ledger
}

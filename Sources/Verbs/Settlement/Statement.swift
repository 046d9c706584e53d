public import Market
public import Timeline

/// Settlement statement (结算单): all lines of one participant in one month.
public struct Statement: Hashable, Sendable {
    /// Participant who pays or receives.
    public let participant: Participant
    /// Month.
    public let period: CivilMonth
    /// Lines in which the participant pays or receives, in order of posting.
    public let entries: [Entry]

    /// Creates the statement of `participant` from the lines of all participants in `entries`.
    public init(participant: Participant, period: CivilMonth, entries: [Entry]) {
        let account = Account.participant(participant)
        self.participant = participant
        self.period = period
        self.entries = entries.filter { $0.payer == account || $0.payee == account }
    }

    /// Money received in the month.
    public var received: Money { Money(fen: sum(.money) { $0.payee }) }
    /// Money paid in the month.
    public var paid: Money { Money(fen: sum(.money) { $0.payer }) }
    /// Money received less money paid; positive when the participant receives.
    public var net: Money { received - paid }
    /// Certificates received less certificates handed over.
    public var certificates: Int64 { sum(.certificate) { $0.payee } - sum(.certificate) { $0.payer } }

    private func sum(_ asset: Asset, _ side: (Entry) -> Account) -> Int64 {
        entries.filter { $0.asset == asset && side($0) == .participant(participant) }
            .reduce(0) { $0 + $1.quantity }
    }
}

/// Balance of the metered energy of a month: `given` = `settled` + `ownUse` + `losses` + `unaccounted`.
public struct Reconciliation: Hashable, Sendable {
    /// Energy into the network through all meters: import, generation, discharge.
    public var given: WattHours
    /// Consumption and export, as billed.
    public var settled: WattHours
    /// Energy taken by the operator's own meters and not billed: storage charge.
    public var ownUse: WattHours
    /// Network losses, as the power flow computed them.
    public var losses: WattHours

    /// Remainder: rounding to whole Wh and kWh, and energy that no meter measured.
    public var unaccounted: WattHours { given - settled - ownUse - losses }
}

/// The settlement of one month.
public struct MonthlySettlement: Hashable, Sendable {
    /// Month.
    public let period: CivilMonth
    /// First instant that was metered; after the begin of the month where the run begins within it.
    public let start: Instant
    /// Last instant that was metered; before the end of the month where the run ends within it.
    public let end: Instant
    /// Part of the month whose demand charge and contract volumes are billed.
    public let part: MonthPart
    /// Lines in order of posting.
    public let entries: [Entry]
    /// Outcomes of the green power contracts, in the order of the terms.
    public let outcomes: [GreenPowerContract.Outcome]
    /// Balance of the metered energy.
    public let reconciliation: Reconciliation
    /// One statement a participant, in order of name.
    public let statements: [Statement]
    /// The ledger after these entries, with those of all months before.
    public var ledger: Ledger
}

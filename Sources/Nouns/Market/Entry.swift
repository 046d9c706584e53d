public import Timeline

/// One settlement line (结算科目明细), which is also one transfer on the ledger: the same whole number
/// leaves the payer and reaches the payee.
public struct Entry: Hashable, Sendable {
    /// Why it is paid.
    public enum Clause: String, Hashable, Sendable, CaseIterable {
        /// The operator pays the grid company for energy imported in one segment.
        case imported
        /// The operator pays the grid company for the month's highest mean import.
        case demand
        /// The grid company pays the operator for energy exported.
        case exported
        /// The buyer of green power pays the seller for the energy.
        case greenEnergy
        /// The buyer of green power pays the seller for the environmental value.
        case environmentalValue
        /// The seller of green power made less than the buyer could use.
        case sellerDeviation
        /// The buyer of green power used less than the seller could give.
        case buyerDeviation
        /// The operator buys on-grid energy that was not sold green.
        case onGrid
        /// A consumer pays the operator the whole delivered price.
        case consumption
        /// A consumer pays the operator the delivered price without energy, for what it bought green.
        case greenConsumption
        /// The registry issues certificates to a producer.
        case certificateIssue
        /// The seller of green power hands certificates to the buyer.
        case certificateDelivery
        /// Takes back an earlier entry, which it names.
        case reversal
    }

    /// What was counted, and at what price.
    public enum Basis: Hashable, Sendable {
        case energy(WattHours, at: Price)
        case demand(watts: Int64, perKilowatt: Money)
        /// Serial numbers, in ranges.
        case certificates([Range<Int64>])
        /// Of another entry.
        case entry(String)
    }

    /// Unique on the ledger, and the same whenever the same month is settled again.
    public let id: String
    public let period: CivilMonth
    public let clause: Clause
    public let payer: Account
    public let payee: Account
    public let asset: Asset
    /// Units of `asset` from payer to payee: fen or certificates. Below zero where a carry takes back what an
    /// earlier month billed.
    public let quantity: Int64
    public let basis: Basis
    public let segment: TimeOfUse?
    /// Name of the contract it follows from.
    public let contract: String?

    public init(
        id: String, period: CivilMonth, clause: Clause, payer: Account, payee: Account, asset: Asset,
        quantity: Int64, basis: Basis, segment: TimeOfUse? = nil, contract: String? = nil
    ) {
        self.id = id
        self.period = period
        self.clause = clause
        self.payer = payer
        self.payee = payee
        self.asset = asset
        self.quantity = quantity
        self.basis = basis
        self.segment = segment
        self.contract = contract
    }

    /// The amount where the asset is money.
    public var money: Money? { asset == .money ? Money(fen: quantity) : nil }

    /// The energy it bills, where it bills energy.
    public var energy: WattHours? {
        if case .energy(let energy, _) = basis { energy } else { nil }
    }

    /// The entry that takes this one back.
    public func reversal(in period: CivilMonth) -> Entry {
        Entry(
            id: "\(id)/reversal", period: period, clause: .reversal, payer: payee, payee: payer, asset: asset,
            quantity: quantity, basis: .entry(id), segment: segment, contract: contract)
    }
}

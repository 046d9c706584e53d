public import Timeline

/// One settlement line (结算科目明细), which is also one transfer on the ledger: the same whole number
/// leaves the payer and reaches the payee.
public struct Entry: Hashable, Sendable {
    /// The reason for the payment or transfer.
    public enum Clause: String, Hashable, Sendable, CaseIterable {
        /// The operator pays the grid company for energy imported in one time-of-use segment.
        case imported
        /// The operator pays the grid company the demand charge on the month's highest mean import.
        case demand
        /// The grid company pays the operator for energy exported.
        case exported
        /// The buyer of green power pays the seller for the energy.
        case greenEnergy
        /// The buyer of green power pays the seller for the environmental value.
        case environmentalValue
        /// The seller pays the buyer: it generated less than the buyer could use.
        case sellerDeviation
        /// The buyer pays the seller: it used less than the seller could deliver.
        case buyerDeviation
        /// The operator buys on-grid energy that was not sold green.
        case onGrid
        /// A consumer pays the operator the full delivered price.
        case consumption
        /// A consumer pays the operator the delivered price without its energy component, for energy bought
        /// green.
        case greenConsumption
        /// The registry issues certificates to a producer.
        case certificateIssue
        /// The seller of green power delivers certificates to the buyer.
        case certificateDelivery
        /// The entry takes back an earlier entry, which its basis names.
        case reversal
    }

    /// The metered quantity and the price from which the amount follows.
    public enum Basis: Hashable, Sendable {
        /// Energy, at a price per kWh.
        case energy(WattHours, at: Price)
        /// Mean power in W, at a price per kW and month; for a part of the month where one is given.
        case demand(watts: Int64, perKilowatt: Money, part: MonthPart? = nil)
        /// Certificates with these serial numbers.
        case certificates([Range<Int64>])
        /// The reversed entry, by its id.
        case entry(String)
    }

    /// Identifier, unique on the ledger; the same whenever the same month is settled again.
    public let id: String
    /// Month that is settled.
    public let period: CivilMonth
    /// Reason for the payment or transfer.
    public let clause: Clause
    /// Account that pays or hands over.
    public let payer: Account
    /// Account that receives.
    public let payee: Account
    /// What is transferred: money or certificates.
    public let asset: Asset
    /// Units of `asset` from payer to payee: fen or certificates. Negative where a carry takes back what an
    /// earlier month billed.
    public let quantity: Int64
    /// Metered quantity and price from which the amount follows.
    public let basis: Basis
    /// Time-of-use segment; nil where the price does not depend on the time of day.
    public let segment: TimeOfUse?
    /// Name of the green power contract; nil where the entry follows from none.
    public let contract: String?
    /// Name of the grid connection's meter; nil where there is only one, or where the entry follows from
    /// none.
    public let connection: String?

    /// Creates a settlement line: `quantity` units of `asset` from `payer` to `payee`.
    public init(
        id: String, period: CivilMonth, clause: Clause, payer: Account, payee: Account, asset: Asset,
        quantity: Int64, basis: Basis, segment: TimeOfUse? = nil, contract: String? = nil,
        connection: String? = nil
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
        self.connection = connection
    }

    /// The amount, where the asset is money; nil for certificates.
    public var money: Money? { asset == .money ? Money(fen: quantity) : nil }

    /// The billed energy; nil where the basis is not energy.
    public var energy: WattHours? {
        if case .energy(let energy, _) = basis { energy } else { nil }
    }

    /// Returns the entry that takes this one back in `period`: payer and payee change places.
    public func reversal(in period: CivilMonth) -> Entry {
        Entry(
            id: "\(id)/reversal", period: period, clause: .reversal, payer: payee, payee: payer, asset: asset,
            quantity: quantity, basis: .entry(id), segment: segment, contract: contract,
            connection: connection)
    }
}

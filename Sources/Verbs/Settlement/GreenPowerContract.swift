// Green power trading (绿色电力交易), one month, contracts k = (seller g, buyer u, volume Q_k):
//     V_k = Q_k·min(d, X_g/ΣQ_g)        X_g on-grid energy of the seller
//     U_k = Q_k·min(d, L_u/ΣQ_u)        L_u consumption of the buyer
//     R_k = min(V_k, U_k)               (both are at most Q_k)
//     S_k = whole MWh of R_k + c_k,     c_k' = R_k + c_k − S_k
// d is the part of the month that is billed: 1, or its simulated days over all its days. V, U, R and c are
// exact fractions: nothing is rounded before S but Q_k·d, to the nearest Wh. Counted from the start, the S of
// a seller sum to at most its on-grid energy, and those of a buyer to at most its consumption. One month
// alone may exceed them by the carry from the month before. The rule is to reduce contracts in proportion to
// their volumes, though another reduction could settle more.

public import Market
public import Timeline

/// A monthly green power contract: energy and environmental value, priced separately.
public struct GreenPowerContract: Hashable, Sendable {
    /// Name, unique among the contracts.
    public let name: String
    /// Owner of the wind or solar plant.
    public let seller: Participant
    /// Consumer of the green power.
    public let buyer: Participant
    /// Q: contracted energy of one month.
    public let volume: WattHours
    /// Price of the energy, paid by the buyer.
    public let energyPrice: Price
    /// Price of the environmental value (the certificates), paid by the buyer.
    public let environmentalPrice: Price
    /// Price of the deviation, paid by the side that fell short of the other.
    public let deviationPrice: Price

    /// Creates a contract for `volume` a month.
    public init(
        name: String, seller: Participant, buyer: Participant, volume: WattHours, energyPrice: Price,
        environmentalPrice: Price, deviationPrice: Price
    ) {
        self.name = name
        self.seller = seller
        self.buyer = buyer
        self.volume = volume
        self.energyPrice = energyPrice
        self.environmentalPrice = environmentalPrice
        self.deviationPrice = deviationPrice
    }

    /// Outcome of a contract in one month.
    public struct Outcome: Hashable, Sendable {
        /// V: energy the seller can deliver.
        public let available: ExactEnergy
        /// U: energy the buyer can use.
        public let usable: ExactEnergy
        /// R: the lesser of the two.
        public let matched: ExactEnergy
        /// S: energy of whole certificates, paid and delivered.
        public let settled: WattHours
        /// c': carried to the next month, less than the energy of one certificate.
        public let carry: ExactEnergy

        /// Energy the buyer could use beyond what the seller can deliver. At most one of the two shortfalls
        /// is not zero.
        public var sellerShortfall: ExactEnergy { usable - matched }
        /// Energy the seller could deliver beyond what the buyer can use.
        public var buyerShortfall: ExactEnergy { available - matched }
    }

    /// Settles the quantities of all `contracts` for one month; returns outcomes in the order of the
    /// contracts.
    ///
    /// - Parameters:
    ///   - contracts: all contracts of all sellers and buyers.
    ///   - generation: X, on-grid energy by seller.
    ///   - consumption: L, by buyer.
    ///   - carries: c, what the month before left of each contract; as many as there are contracts.
    ///   - unit: energy of one certificate.
    ///   - part: part of the month that is billed; nil: the whole month.
    public static func outcomes(
        of contracts: [GreenPowerContract], generation: [Participant: WattHours],
        consumption: [Participant: WattHours], carries: [ExactEnergy], unit: WattHours,
        in part: MonthPart? = nil
    ) -> [Outcome] {
        precondition(carries.count == contracts.count)
        return zip(contracts, carries).map { contract, carry in
            let sold = contracts.filter { $0.seller == contract.seller }.map(\.volume).reduce(.zero, +)
            let bought = contracts.filter { $0.buyer == contract.buyer }.map(\.volume).reduce(.zero, +)
            let available = contract.share(of: generation[contract.seller] ?? .zero, total: sold, part)
            let usable = contract.share(of: consumption[contract.buyer] ?? .zero, total: bought, part)
            let matched = min(available, usable)
            let settled = (matched + carry).floored(to: unit)
            return Outcome(
                available: available, usable: usable, matched: matched, settled: settled,
                carry: matched + carry - ExactEnergy(settled))
        }
    }

    private func share(of energy: WattHours, total: WattHours, _ part: MonthPart?) -> ExactEnergy {
        let most = ExactEnergy(part.map { volume.prorated(to: $0) } ?? volume)
        return energy < total ? min(ExactEnergy(volume, times: energy, over: total), most) : most
    }
}

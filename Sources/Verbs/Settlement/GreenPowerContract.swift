// Green power (绿色电力交易), one month, contracts k = (seller g, buyer u, volume Q_k):
//     V_k = Q_k·min(1, X_g/ΣQ_g)        X_g on-grid energy of the seller
//     U_k = Q_k·min(1, L_u/ΣQ_u)        L_u consumption of the buyer
//     R_k = min(V_k, U_k)               (both are at most Q_k)
//     S_k = whole MWh of R_k + c_k,     c_k' = R_k + c_k − S_k
// V, U, R and c are kept as exact fractions: nothing is rounded before S. A seller's S never add up to more
// than its on-grid energy, nor a buyer's to more than its consumption, both counted from the start; one
// month alone may exceed them by what it carried in. Cuts in proportion to volume are the rule, though
// other cuts would settle more.

public import Market

/// A contract for green power: energy and environmental value, priced apart.
public struct GreenPowerContract: Hashable, Sendable {
    public let name: String
    public let seller: Participant
    public let buyer: Participant
    /// A month.
    public let volume: WattHours
    public let energyPrice: Price
    public let environmentalPrice: Price
    /// Due on the difference of the two sides, from the one that fell short of the other.
    public let deviationPrice: Price

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

    /// What came of a contract in one month.
    public struct Outcome: Hashable, Sendable {
        /// V: what the seller could give.
        public let available: ExactEnergy
        /// U: what the buyer could use.
        public let usable: ExactEnergy
        /// R: the lesser of the two.
        public let matched: ExactEnergy
        /// S: whole certificates' worth, paid and handed over.
        public let settled: WattHours
        /// c': left for the next month, less than one certificate's worth.
        public let carry: ExactEnergy

        /// What the buyer could have used beyond what the seller could give; at most one of the two is not
        /// zero.
        public var sellerShortfall: ExactEnergy { usable - matched }
        public var buyerShortfall: ExactEnergy { available - matched }
    }

    /// One month of all `contracts`, in their order. `generation` is X by seller, `consumption` L by buyer,
    /// `carries` what the month before left of each contract, `unit` what one certificate stands for.
    public static func outcomes(
        of contracts: [GreenPowerContract], generation: [Participant: WattHours],
        consumption: [Participant: WattHours], carries: [ExactEnergy], unit: WattHours
    ) -> [Outcome] {
        precondition(carries.count == contracts.count)
        return zip(contracts, carries).map { contract, carry in
            let sold = contracts.filter { $0.seller == contract.seller }.map(\.volume).reduce(.zero, +)
            let bought = contracts.filter { $0.buyer == contract.buyer }.map(\.volume).reduce(.zero, +)
            let available = contract.share(of: generation[contract.seller] ?? .zero, total: sold)
            let usable = contract.share(of: consumption[contract.buyer] ?? .zero, total: bought)
            let matched = min(available, usable)
            let settled = (matched + carry).floored(to: unit)
            return Outcome(
                available: available, usable: usable, matched: matched, settled: settled,
                carry: matched + carry - ExactEnergy(settled))
        }
    }

    private func share(of energy: WattHours, total: WattHours) -> ExactEnergy {
        energy < total ? ExactEnergy(volume, times: energy, over: total) : ExactEnergy(volume)
    }
}

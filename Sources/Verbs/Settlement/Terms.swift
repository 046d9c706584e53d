public import Market
public import Timeline

/// Where energy is metered (计量点), and for whom.
public struct MeteringPoint: Hashable, Sendable {
    public let name: String
    /// The grid company owns the connection.
    public let owner: Participant
    /// The on-grid meter of a wind or solar plant: what it gives earns certificates. Storage never does.
    public let isGreenPlant: Bool

    public init(name: String, owner: Participant, isGreenPlant: Bool = false) {
        self.name = name
        self.owner = owner
        self.isGreenPlant = isGreenPlant
    }
}

/// All that a microgrid's parties agreed on before the first reading.
public struct Terms: Hashable, Sendable {
    public let rules: RuleSet
    /// Whose months and hours count.
    public let zone: TimeZoneTable
    public let gridCompany: Participant
    public let microgridOperator: Participant
    /// In the order of the readings. What the grid company's meter gives is import, what it takes is
    /// export; what any other meter takes is consumption of its owner, and what it gives is on-grid energy.
    public let meteringPoints: [MeteringPoint]
    /// Between operator and grid company.
    public let purchase: Tariff
    /// Between consumers and operator; its demand charge is not used.
    public let retail: Tariff
    /// For export, and for on-grid energy that was not sold green.
    public let feedIn: Price
    public let contracts: [GreenPowerContract]

    public init(
        rules: RuleSet, zone: TimeZoneTable, gridCompany: Participant, microgridOperator: Participant,
        meteringPoints: [MeteringPoint], purchase: Tariff? = nil, retail: Tariff? = nil, feedIn: Price,
        contracts: [GreenPowerContract] = []
    ) {
        self.rules = rules
        self.zone = zone
        self.gridCompany = gridCompany
        self.microgridOperator = microgridOperator
        self.meteringPoints = meteringPoints
        self.purchase = purchase ?? rules.tariff
        self.retail = retail ?? rules.tariff
        self.feedIn = feedIn
        self.contracts = contracts
    }

    /// Everyone who can appear on a line, in order of name.
    public var participants: [Participant] {
        Set(
            [gridCompany, microgridOperator] + meteringPoints.map(\.owner)
                + contracts.flatMap { [$0.seller, $0.buyer] }
        ).sorted()
    }

    /// Why terms cannot be settled.
    public enum Defect: Hashable, Sendable {
        case operatorIsGridCompany
        /// The grid company's meters earn no certificates.
        case greenConnection(meter: String)
        case repeatedContract(name: String)
        /// No green plant's meter belongs to the seller, or it is the grid company.
        case sellerWithoutPlant(contract: String)
        /// No meter belongs to the buyer, or it is the operator, the grid company or the seller.
        case buyerIsNoConsumer(contract: String)
        /// Not above zero, or all contracts together above 10¹⁵ Wh.
        case volumeOutOfRange(contract: String)
        /// Of feed-in, or of a contract (`name.energy` …): not billable.
        case priceOutOfRange(name: String)
    }

    /// Everything wrong at once; empty when the terms can be settled.
    public var defects: [Defect] {
        var found: [Defect] = gridCompany == microgridOperator ? [.operatorIsGridCompany] : []
        for point in meteringPoints where point.owner == gridCompany && point.isGreenPlant {
            found.append(.greenConnection(meter: point.name))
        }
        var names: Set<String> = []
        var volume = Int128(0)
        for contract in contracts {
            if !names.insert(contract.name).inserted { found.append(.repeatedContract(name: contract.name)) }
            if contract.seller == gridCompany
                || !meteringPoints.contains(where: { $0.owner == contract.seller && $0.isGreenPlant })
            {
                found.append(.sellerWithoutPlant(contract: contract.name))
            }
            if [gridCompany, microgridOperator, contract.seller].contains(contract.buyer)
                || !meteringPoints.contains(where: { $0.owner == contract.buyer })
            {
                found.append(.buyerIsNoConsumer(contract: contract.name))
            }
            volume += Int128(contract.volume.count)
            if contract.volume <= .zero || volume > 1_000_000_000_000_000 {
                found.append(.volumeOutOfRange(contract: contract.name))
            }
        }
        return found + priceDefects
    }

    private var priceDefects: [Defect] {
        let contracted = contracts.flatMap {
            [
                ("\($0.name).energy", $0.energyPrice), ("\($0.name).environmental", $0.environmentalPrice),
                ("\($0.name).deviation", $0.deviationPrice),
            ]
        }
        return ([("feed-in", feedIn)] + contracted).filter { !Price.billable.contains($0.1) }
            .map { .priceOutOfRange(name: $0.0) }
    }
}

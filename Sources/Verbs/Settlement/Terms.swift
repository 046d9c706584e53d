public import Market
public import Timeline

/// A metering point (计量点) and its owner.
public struct MeteringPoint: Hashable, Sendable {
    /// Name of the meter.
    public let name: String
    /// Owner of the meter; the grid company owns that of the grid connection.
    public let owner: Participant
    /// True for the on-grid meter of a wind or solar plant: its generation earns certificates. Storage never
    /// does.
    public let isGreenPlant: Bool

    /// Creates a metering point.
    public init(name: String, owner: Participant, isGreenPlant: Bool = false) {
        self.name = name
        self.owner = owner
        self.isGreenPlant = isGreenPlant
    }
}

/// All agreements of a microgrid's parties that settlement needs.
public struct Terms: Hashable, Sendable {
    /// Dated rules.
    public let rules: RuleSet
    /// Time zone whose months and hours count.
    public let zone: TimeZoneTable
    /// Grid company that sells at the grid connection.
    public let gridCompany: Participant
    /// Operator of the microgrid, who buys from the grid company and sells to the consumers.
    public let microgridOperator: Participant
    /// Metering points in the order of the readings.
    ///
    /// Energy delivered through the grid company's meter is import, energy taken through it is export.
    /// Through any other meter, energy taken is its owner's consumption, and energy delivered is on-grid
    /// energy.
    public let meteringPoints: [MeteringPoint]
    /// Tariff between operator and grid company, at connections that have none of their own.
    public let purchase: Tariff
    /// Tariff between consumers and operator; its demand charge is not used.
    public let retail: Tariff
    /// Feed-in price for export, and for on-grid energy that was not sold green.
    public let feedIn: Price
    /// Green power contracts.
    public let contracts: [GreenPowerContract]
    /// What a month of which only a part is simulated is billed.
    public let partialMonths: PartialMonths
    /// Highest mean import of the first month that was metered before the first step, W; of connections that
    /// have none of their own.
    public var peakSoFar: Int64 = 0
    /// Growth of the prices of tariffs, of feed-in and of demand charges; contracts keep theirs. Nil: none.
    public var growth: PriceGrowth?
    /// Terms of grid connections that have terms of their own, by their metering points. All other meters of
    /// the grid company count as one connection.
    public var connections: [Connection] = []

    /// Terms of one grid connection.
    public struct Connection: Hashable, Sendable {
        /// Index of its metering point, which the grid company owns.
        public let meteringPoint: Int
        /// Tariff between operator and grid company.
        public let purchase: Tariff
        /// Feed-in price for export.
        public let feedIn: Price
        /// Highest mean import of the first month that was metered before the first step, W.
        public let peakSoFar: Int64

        /// Creates the terms of a connection.
        public init(meteringPoint: Int, purchase: Tariff, feedIn: Price, peakSoFar: Int64 = 0) {
            (self.meteringPoint, self.purchase) = (meteringPoint, purchase)
            (self.feedIn, self.peakSoFar) = (feedIn, peakSoFar)
        }
    }

    /// Returns the terms of the grid connection at a metering point.
    public func connection(at meteringPoint: Int) -> Connection {
        connections.first { $0.meteringPoint == meteringPoint }
            ?? Connection(
                meteringPoint: meteringPoint, purchase: purchase, feedIn: feedIn, peakSoFar: peakSoFar)
    }

    /// How the demand charge and the contract volumes, which are for a month, count in a part of it.
    public enum PartialMonths: String, Hashable, Sendable, CaseIterable {
        /// In proportion to the simulated days of the month.
        case prorated
        /// In full, as for the whole month.
        case full
    }

    /// Creates terms. `purchase` and `retail` are the tariff of the rules where they are nil.
    public init(
        rules: RuleSet, zone: TimeZoneTable, gridCompany: Participant, microgridOperator: Participant,
        meteringPoints: [MeteringPoint], purchase: Tariff? = nil, retail: Tariff? = nil, feedIn: Price,
        contracts: [GreenPowerContract] = [], partialMonths: PartialMonths = .prorated
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
        self.partialMonths = partialMonths
    }

    /// Returns the part of `month` that is billed when the time from `start` to `end` is simulated.
    public func billedPart(of month: CivilMonth, from start: Instant, to end: Instant) -> MonthPart {
        partialMonths.billed(month, from: start, to: end, in: zone)
    }

    /// Everyone who can appear on a settlement line, in order of name.
    public var participants: [Participant] {
        Set(
            [gridCompany, microgridOperator] + meteringPoints.map(\.owner)
                + contracts.flatMap { [$0.seller, $0.buyer] }
        ).sorted()
    }

    /// Why terms cannot be settled.
    public enum Defect: Hashable, Sendable {
        /// Operator and grid company are the same participant.
        case operatorIsGridCompany
        /// A connection with terms of its own is no meter of the grid company, or is named twice.
        case notAConnection(meteringPoint: Int)
        /// The grid company owns a meter that is marked as a green plant; its meters earn no certificates.
        case greenConnection(meter: String)
        /// Two contracts have this name.
        case repeatedContract(name: String)
        /// The seller owns no meter of a green plant, or is the grid company.
        case sellerWithoutPlant(contract: String)
        /// The buyer owns no meter, or is the operator, the grid company or the seller.
        case buyerIsNoConsumer(contract: String)
        /// The volume is not above zero, or the contracts up to this one sum to more than 10¹⁵ Wh.
        case volumeOutOfRange(contract: String)
        /// The feed-in price or a price of a contract (`name.energy` …) is outside `Price.billable`.
        case priceOutOfRange(name: String)
    }

    /// All defects at once; empty when the terms can be settled.
    public var defects: [Defect] {
        var found: [Defect] = gridCompany == microgridOperator ? [.operatorIsGridCompany] : []
        for point in meteringPoints where point.owner == gridCompany && point.isGreenPlant {
            found.append(.greenConnection(meter: point.name))
        }
        for (place, connection) in connections.enumerated() {
            let point = connection.meteringPoint
            let isFirst = connections.firstIndex { $0.meteringPoint == point } == place
            let isMeter = meteringPoints.indices.contains(point)
            if !isFirst || !isMeter || meteringPoints[point].owner != gridCompany {
                found.append(.notAConnection(meteringPoint: point))
            }
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
        let own = connections.map { ("feed-in", $0.feedIn) }
        return ([("feed-in", feedIn)] + own + contracted).filter { !Price.billable.contains($0.1) }
            .map { .priceOutOfRange(name: $0.0) }
    }
}

extension Terms.PartialMonths {
    /// Returns the part of `month` that is billed when the time from `start` to `end` is simulated.
    public func billed(
        _ month: CivilMonth, from start: Instant, to end: Instant, in zone: TimeZoneTable
    ) -> MonthPart {
        switch self {
        case .prorated: MonthPart(of: month, from: start, to: end, in: zone)
        case .full: MonthPart(whole: month)
        }
    }
}

import Devices
import Market
import Settlement
import TextFile
import Timeline
import YAMLFile

/// The section `market`: rule set, participants and contracts.
enum MarketSection {
    /// The terms of the market; nil if something in the section or in the devices is wrong. `plansCountAll`:
    /// plans count the demand charge of the whole month, so that the bill does too.
    static func read(
        _ root: Mapping, _ section: DeviceSection, _ horizon: Horizon?, _ zone: TimeZoneTable?,
        plansCountAll: Bool
    ) -> Terms? {
        root.required("market")?.mapping { market in
            let rulesField = market.required("rules")
            let rules = rulesField?.reference("rule set", in: RuleSet.all.map { ($0.name, $0) })
            let operatorName = Self.name(market.optional("operator"), default: "microgrid")
            let consumers = Self.name(market.optional("consumers"), default: "consumers")
            let company = Self.name(market.optional("grid_company"), default: "grid-company")
            if let rulesField, let rules, let horizon, let zone,
                let refusal = rules.refusal(of: horizon, in: zone)
            {
                rulesField.mistake(refusal)
            }
            guard let operatorName, let consumers, let company else {
                market.allowAllKeys()
                return nil
            }
            let points = section.entries.map { entry in
                MeteringPoint(
                    name: entry.device.name,
                    owner: Participant(owner(of: entry, operatorName, consumers, company)),
                    isGreenPlant: entry.isOnGrid && entry.device.isSunOrWind)
            }
            if operatorName == company {
                market.optional("operator")?.mistake(
                    "\(quoted(company)) is already the grid company; the operator must be another participant"
                )
            }
            let known = Set(points.map(\.owner.name)).union(section.unsureOwners)
            let contracts = Self.contracts(market.optional("contracts"), known)
            let growth = market.quantity("growth", .growth, in: Bounds(-0.5...0.5), default: 0)
            guard let rules, let zone, let contracts, let growth, section.isComplete else { return nil }
            let connections = section.entries.enumerated().compactMap { index, entry in
                entry.connection.map { (index, $0, entry.name) }
            }
            let connection = connections.first?.1
            for (_, other, name) in connections where other.partialMonths != connection?.partialMonths {
                name.mistake("'demand_charge' must be the same at all grid connections")
            }
            var terms = Terms(
                rules: rules, zone: zone, gridCompany: Participant(company),
                microgridOperator: Participant(operatorName), meteringPoints: points,
                purchase: connection?.tariff,
                feedIn: connection?.feedIn ?? Price(microyuanPerKilowattHour: 0),
                contracts: contracts.map(\.contract),
                partialMonths: plansCountAll ? .full : connection?.partialMonths ?? .prorated)
            terms.peakSoFar = connection?.peakSoFar ?? 0
            if growth != 0, let horizon {
                terms.growth = PriceGrowth(rate: growth, first: zone.civil(horizon.start))
            }
            terms.connections = connections.dropFirst().map { index, own, _ in
                .init(
                    meteringPoint: index, purchase: own.tariff, feedIn: own.feedIn, peakSoFar: own.peakSoFar)
            }
            return terms.checked(contracts)
        }
    }

    /// Whether the rule set settles the horizon, judged before anything else is read: `read` says why not.
    static func settles(_ root: Mapping, _ horizon: Horizon?, _ zone: TimeZoneTable?) -> Bool {
        guard let horizon, let zone, let name = root.text(at: ["market", "rules"]),
            let rules = RuleSet.all.first(where: { $0.name == name })
        else { return true }
        return rules.refusal(of: horizon, in: zone) == nil
    }

    private static func name(_ field: Field?, default name: String) -> String? {
        guard let field else { return name }
        return field.name()
    }

    private static func owner(
        of entry: DeviceSection.Entry, _ operatorName: String, _ consumers: String, _ company: String
    ) -> String {
        switch entry.device.kind {
        case .grid: company
        case .load, .flexible: entry.owner ?? consumers
        default: entry.owner ?? operatorName
        }
    }

    /// A contract, with the fields in which it is written.
    struct Written {
        let contract: GreenPowerContract
        let name: Field
        let seller: Field
        let buyer: Field
        let volume: Field
    }

    private static func contracts(_ field: Field?, _ known: Set<String>) -> [Written]? {
        guard let field else { return [] }
        guard let items = field.list() else { return nil }
        let written = items.map { $0.mapping { contract($0, known) } }
        return written.allSatisfy { $0 != nil } ? written.compactMap(\.self) : nil
    }

    private static func contract(_ section: Mapping, _ known: Set<String>) -> Written? {
        let name = section.required("name")
        let kind = section.required("kind")?.choice("a kind of contract", [("green-power", true)])
        let seller = section.required("seller")
        let buyer = section.required("buyer")
        let volume = section.required("volume")
        let watthours = volume?.quantity(.monthlyEnergy, in: Bounds(1e3...1e12))
        let energy = section.required("energy_price")?.price()
        let environmental = section.required("environmental_price")?.price()
        let deviation = section.required("deviation_price")?.price()
        let nameText = name?.name()
        let parties = [seller, buyer].map { party in
            party?.reference("participant", in: known.sorted().map { ($0, $0) })
        }
        guard let name, let nameText, kind != nil, let seller, let buyer, let volume, let watthours,
            let energy,
            let environmental, let deviation, let from = parties[0], let to = parties[1]
        else { return nil }
        let contract = GreenPowerContract(
            name: nameText, seller: Participant(from), buyer: Participant(to),
            volume: WattHours(Int64(watthours.rounded())), energyPrice: energy,
            environmentalPrice: environmental,
            deviationPrice: deviation)
        return Written(contract: contract, name: name, seller: seller, buyer: buyer, volume: volume)
    }
}

extension Device {
    fileprivate var isSunOrWind: Bool {
        deviceKind == .solar || deviceKind == .wind
    }
}

extension Terms {
    /// These terms; nil, with the reasons reported, if they cannot be settled.
    fileprivate func checked(_ written: [MarketSection.Written]) -> Terms? {
        for defect in defects {
            switch defect {
            case .repeatedContract(let name):
                written.last { $0.contract.name == name }?.name
                    .mistake("two contracts are called \(quoted(name))")
            case .sellerWithoutPlant(let name):
                written.first { $0.contract.name == name }?.seller
                    .mistake("the seller must own a solar or wind plant with 'meter: on-grid'")
            case .buyerIsNoConsumer(let name):
                written.first { $0.contract.name == name }?.buyer
                    .mistake(
                        "the buyer must own a load and must not be the seller, the operator or the grid company"
                    )
            case .volumeOutOfRange(let name):
                written.first { $0.contract.name == name }?.volume.mistake(
                    "the volume is too large to be settled")
            case .operatorIsGridCompany, .greenConnection, .priceOutOfRange, .notAConnection: break
            }
        }
        return defects.isEmpty ? self : nil
    }
}

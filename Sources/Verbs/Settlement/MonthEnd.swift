// From the totals of a month to its settlement lines. Each line bills whole kWh from its own register of
// rounded totals, at one price, with one rounding to the fen. A line below zero takes back what an earlier
// month billed: the carry of a green contract can settle up to one MWh more than the energy of this month,
// never more than all energy since the start.

import Market
import Timeline

extension Settler {
    /// Returns the month's lines in a fixed order; certificates are issued before they are sold.
    mutating func settle(
        _ totals: MonthTotals, _ part: MonthPart
    ) -> (entries: [Entry], outcomes: [GreenPowerContract.Outcome], reconciliation: Reconciliation) {
        var lines = Lines(period: totals.period)
        for place in connections.indices { settleConnection(place, totals, part, into: &lines) }
        issueCertificates(totals, into: &lines)
        let outcomes = greenOutcomes(totals, part)
        carries = outcomes.map(\.carry)
        for (index, outcome) in outcomes.enumerated() { settleContract(index, outcome, into: &lines) }
        settleOnGrid(totals, outcomes, into: &lines)
        let consumed = settleConsumption(totals, outcomes, into: &lines)

        let ownUse = index(of: terms.microgridOperator)
        let reconciliation = Reconciliation(
            given: totals.given.reduce(.zero, +), settled: lines.exported + consumed,
            ownUse: totals.consumption[ownUse].reduce(.zero, +), losses: totals.losses)
        return (lines.entries, outcomes, reconciliation)
    }

    private func index(of participant: Participant) -> Int {
        participants.firstIndex(of: participant)!
    }

    /// A connection's lines name it where there are several.
    private mutating func settleConnection(
        _ place: Int, _ totals: MonthTotals, _ part: MonthPart, into lines: inout Lines
    ) {
        let own = connections[place]
        let factor = terms.factor(in: totals.period)
        let (purchase, feedIn) = (own.purchase.grown(by: factor), own.feedIn.grown(by: factor))
        let name = connections.count > 1 ? terms.meteringPoints[own.meteringPoint].name : nil
        for segment in TimeOfUse.allCases {
            lines.bill(
                .imported, imported[place][segment.index].bill(totals.imported[place][segment.index]),
                at: purchase.price(of: segment), from: terms.microgridOperator, to: terms.gridCompany,
                segment: segment, connection: name)
        }
        if let demand = purchase.demand {
            lines.bill(
                demand: totals.demand[place].watts, at: demand.price, in: part,
                from: terms.microgridOperator, to: terms.gridCompany, connection: name)
        }
        let sold = exported[place].bill(totals.exported[place])
        lines.exported += sold
        lines.bill(
            .exported, sold, at: feedIn, from: terms.gridCompany, to: terms.microgridOperator,
            connection: name)
    }

    private mutating func issueCertificates(_ totals: MonthTotals, into lines: inout Lines) {
        let unit = terms.rules.certificateEnergy.count
        for (index, producer) in participants.enumerated() {
            let eligible = uncertified[index] + totals.green[index]
            let count = eligible.count / unit
            uncertified[index] = WattHours(eligible.count - count * unit)
            guard count > 0 else { continue }
            let ids = register.issue(count, to: producer, month: totals.period)
            lines.hand(.certificateIssue, [ids], from: .registry, to: producer, of: producer.name)
        }
    }

    private func greenOutcomes(
        _ totals: MonthTotals, _ part: MonthPart
    ) -> [GreenPowerContract.Outcome] {
        var generation: [Participant: WattHours] = [:]
        var use: [Participant: WattHours] = [:]
        for (index, participant) in participants.enumerated() {
            generation[participant] = totals.green[index]
            use[participant] = totals.consumption[index].reduce(.zero, +)
        }
        return GreenPowerContract.outcomes(
            of: terms.contracts, generation: generation, consumption: use, carries: carries,
            unit: terms.rules.certificateEnergy, in: part)
    }

    private mutating func settleContract(
        _ index: Int, _ outcome: GreenPowerContract.Outcome, into lines: inout Lines
    ) {
        let contract = terms.contracts[index]
        let (seller, buyer) = (contract.seller, contract.buyer)
        lines.bill(
            .greenEnergy, outcome.settled, at: contract.energyPrice, from: buyer, to: seller,
            contract: contract.name)
        lines.bill(
            .environmentalValue, outcome.settled, at: contract.environmentalPrice, from: buyer, to: seller,
            contract: contract.name)
        lines.bill(
            .sellerDeviation, sellerDeviation[index].bill(outcome.sellerShortfall),
            at: contract.deviationPrice,
            from: seller, to: buyer, contract: contract.name)
        lines.bill(
            .buyerDeviation, buyerDeviation[index].bill(outcome.buyerShortfall), at: contract.deviationPrice,
            from: buyer, to: seller, contract: contract.name)
        let count = outcome.settled.count / terms.rules.certificateEnergy.count
        guard count > 0 else { return }
        // S of a seller and its certificates both count whole MWh of what its plants generated since the
        // start, so it always has enough certificates.
        let ids = register.sell(count, of: seller, to: buyer)!
        lines.hand(
            .certificateDelivery, ids, from: .participant(seller), to: buyer, of: contract.name,
            contract: contract.name)
    }

    /// The operator buys on-grid energy of others that was not sold green.
    private mutating func settleOnGrid(
        _ totals: MonthTotals, _ outcomes: [GreenPowerContract.Outcome], into lines: inout Lines
    ) {
        let feedIn = terms.feedIn.grown(by: terms.factor(in: totals.period))
        for (index, owner) in participants.enumerated()
        where owner != terms.gridCompany && owner != terms.microgridOperator {
            let green = zip(terms.contracts, outcomes).filter { $0.0.seller == owner }
                .reduce(WattHours.zero) { $0 + $1.1.settled }
            lines.bill(
                .onGrid, onGrid[index].bill(totals.given[index]) - green, at: feedIn,
                from: terms.microgridOperator, to: owner)
        }
    }

    /// Bills consumption; returns the energy billed. Energy that a consumer bought green is allocated to the
    /// segments in proportion to its consumption there, and pays the delivered price without its energy
    /// component; the rest pays the full delivered price.
    private mutating func settleConsumption(
        _ totals: MonthTotals, _ outcomes: [GreenPowerContract.Outcome], into lines: inout Lines
    ) -> WattHours {
        var billed = WattHours.zero
        let retail = terms.retail.grown(by: terms.factor(in: totals.period))
        for (index, consumer) in participants.enumerated()
        where consumer != terms.gridCompany && consumer != terms.microgridOperator {
            let green = zip(terms.contracts, outcomes).filter { $0.0.buyer == consumer }
                .reduce(WattHours.zero) { $0 + $1.1.settled }
            let used = TimeOfUse.allCases.map {
                consumption[index][$0.index].bill(totals.consumption[index][$0.index])
            }
            billed = used.reduce(billed, +)
            let parts = Allocation.split(green.count / 1000, by: used.map { $0.count / 1000 })
                .map { WattHours(kilowattHours: $0) }
            for segment in TimeOfUse.allCases {
                let (all, bought) = (used[segment.index], parts[segment.index])
                lines.bill(
                    .consumption, all - bought, at: retail.price(of: segment), from: consumer,
                    to: terms.microgridOperator, segment: segment)
                lines.bill(
                    .greenConsumption, bought, at: retail.priceWithoutEnergy(of: segment),
                    from: consumer, to: terms.microgridOperator, segment: segment)
            }
        }
        return billed
    }
}

/// The settlement lines of a month in order of creation. A line without energy or demand is left out.
private struct Lines {
    let period: CivilMonth
    var entries: [Entry] = []
    var exported = WattHours.zero

    init(period: CivilMonth) { self.period = period }

    mutating func bill(
        _ clause: Entry.Clause, _ energy: WattHours, at price: Price, from payer: Participant,
        to payee: Participant, segment: TimeOfUse? = nil, contract: String? = nil, connection: String? = nil
    ) {
        guard energy != .zero else { return }
        let id = [contract ?? "\(payer.name)>\(payee.name)", connection, segment?.rawValue].compactMap { $0 }
        entries.append(
            Entry(
                id: "\(period)/\(clause.rawValue)/\(id.joined(separator: "/"))", period: period,
                clause: clause,
                payer: .participant(payer), payee: .participant(payee), asset: .money,
                quantity: Money(energy, at: price).fen, basis: .energy(energy, at: price), segment: segment,
                contract: contract, connection: connection))
    }

    mutating func bill(
        demand watts: Int64, at price: Money, in part: MonthPart, from payer: Participant,
        to payee: Participant, connection: String?
    ) {
        guard watts != 0 else { return }
        entries.append(
            Entry(
                id: "\(period)/demand/\(payer.name)>\(payee.name)\(connection.map { "/\($0)" } ?? "")",
                period: period, clause: .demand,
                payer: .participant(payer), payee: .participant(payee), asset: .money,
                quantity: Money(watts: watts, perKilowatt: price, in: part).fen,
                basis: .demand(watts: watts, perKilowatt: price, part: part.isWhole ? nil : part),
                connection: connection))
    }

    mutating func hand(
        _ clause: Entry.Clause, _ ids: [Range<Int64>], from giver: Account, to taker: Participant,
        of name: String, contract: String? = nil
    ) {
        entries.append(
            Entry(
                id: "\(period)/\(clause.rawValue)/\(name)", period: period, clause: clause, payer: giver,
                payee: .participant(taker), asset: .certificate,
                quantity: ids.reduce(0) { $0 + Int64($1.count) }, basis: .certificates(ids),
                contract: contract))
    }
}

import Market
import Settlement
import Testing
import Timeline

@Suite struct SettlerTests {
    /// February 2026, worked out by hand: 28 days of `Microgrid.plainDay`.
    @Test func aMonthToTheFen() {
        let run = Microgrid.settle(
            Microgrid.terms(volumes: [6]), from: "2026-02-01", hours: 28 * 24, Microgrid.plainDay)
        #expect(run.months.count == 1)
        let month = run.months[0]
        let expected: [(Entry.Clause, TimeOfUse?, Int64)] = [
            (.imported, .peak, 415_834), (.imported, .flat, 226_598), (.imported, .valley, 161_280),
            (.demand, nil, 105_000), (.certificateIssue, nil, 4), (.greenEnergy, nil, 152_000),
            (.environmentalValue, nil, 12_000), (.sellerDeviation, nil, 3888), (.certificateDelivery, nil, 4),
            (.onGrid, nil, 16_192), (.consumption, .peak, 198_016), (.consumption, .flat, 125_888),
            (.consumption, .valley, 53_760), (.consumption, .peak, 278_106),
            (.greenConsumption, .peak, 35_395),
            (.consumption, .flat, 176_861), (.greenConsumption, .flat, 23_372),
            (.consumption, .valley, 75_528),
            (.greenConsumption, .valley, 11_375),
        ]
        #expect(month.entries.map(\.clause) == expected.map(\.0))
        #expect(month.entries.map(\.segment) == expected.map(\.1))
        #expect(month.entries.map(\.quantity) == expected.map(\.2))
        #expect(month.outcomes[0].carry == ExactEnergy(WattHours(kilowattHours: 704)))
        #expect(month.reconciliation.given == WattHours(kilowattHours: 20_160))
        #expect(month.reconciliation.unaccounted == .zero)

        let works = month.statements.first { $0.participant == Microgrid.works }!
        #expect(works.paid == Money(fen: 764_637) && works.received == Money(fen: 3888))
        #expect(works.certificates == 4)
        // Four issued, four handed over.
        #expect(month.statements.first { $0.participant == Microgrid.sun }?.certificates == 0)
        #expect(run.settler.ledger.balance(of: .participant(Microgrid.works), .money) == works.net.fen)
        #expect(run.settler.ledger.balance(of: .registry, .certificate) == -4)
    }

    /// One day that exports at noon while the battery charges; 5 kWh are lost on the wires each hour.
    @Test func exportIsPaidAndStorageIsBilledToNobody() {
        var settler = Settler(Microgrid.terms(volumes: []))
        let horizon = Horizon(start: Microgrid.instant("2026-03-31T12:00"), step: 3600, count: 12)
        var months: [MonthlySettlement] = []
        for interval in horizon {
            let readings = Microgrid.readings([-50, -10, -20, 100, -15])
            let month = settler.add(readings, losses: WattHours(kilowattHours: 5), over: interval)
            months += [month].compactMap { $0 }
        }
        #expect(months.count == 1)
        let month = months[0]
        let exported = month.entries.first { $0.clause == .exported }!
        #expect(exported.money == Money(WattHours(kilowattHours: 600), at: Microgrid.yuan(0.23)))
        #expect(exported.payer == .participant(Microgrid.county))
        #expect(!month.entries.contains { $0.clause == .imported || $0.clause == .demand })
        let books = month.reconciliation
        #expect(books.settled == WattHours(kilowattHours: 960))
        #expect(books.ownUse == WattHours(kilowattHours: 180) && books.losses == WattHours(kilowattHours: 60))
        #expect(books.unaccounted == .zero)
        // 1.2 MWh on the grid: one certificate, unsold.
        #expect(settler.register.held(by: Microgrid.sun) == 1)
    }

    /// 0.9 MWh carried out of March lets April settle 1 MWh though only 0.3 were made and used: what March
    /// billed too much is taken back.
    @Test func aCarryTakesBackWhatAnEarlierMonthBilled() {
        let run = Microgrid.settle(Microgrid.terms(volumes: [5]), from: "2026-03-31", hours: 48) {
            $0 < 24
                ? [0, 0, $0 == 0 ? -2900 : 0, $0 == 0 ? 2900 : 0, 0]
                : [0, 0, $0 == 24 ? -300 : 0, $0 == 24 ? 300 : 0, 0]
        }
        #expect(run.months.map { $0.outcomes[0].settled } == [2, 1].map { WattHours(megawattHours: $0) })
        let april = run.months[1].entries
        let onGrid = april.first { $0.clause == .onGrid }
        #expect(onGrid?.energy == WattHours(kilowattHours: -700) && onGrid?.money == Money(fen: -16_100))
        let used = april.first { $0.clause == .consumption }
        #expect(used?.energy == WattHours(kilowattHours: -700) && used?.segment == .valley)
        let bought = run.settler.ledger.entries.filter { $0.clause == .onGrid }.map { $0.energy!.count }
        #expect(bought.reduce(0, +) == 200_000)
    }

    @Test func monthsEndAtLocalMidnight() {
        let run = Microgrid.settle(
            Microgrid.terms(), from: "2026-01-30", hours: 24 * 31, Microgrid.plainDay)
        #expect(run.months.map(\.period.description) == ["2026-01", "2026-02", "2026-03"])
        #expect(
            run.months.map(\.end.description).prefix(2) == ["2026-01-31T16:00:00Z", "2026-02-28T16:00:00Z"])
        #expect(run.months.map(\.start.description)[1] == "2026-01-31T16:00:00Z")
        let hours = run.months.map { $0.end.seconds(since: $0.start) / 3600 }
        #expect(hours == [48, 28 * 24, 24])
    }

    @Test func demandIsTheHighestMeanOverItsInterval() {
        func demand(step: Int, watts: [Int64]) -> Int64? {
            var settler = Settler(Microgrid.terms(volumes: []))
            let horizon = Horizon(start: Microgrid.instant("2026-03-01"), step: step, count: watts.count)
            for (interval, power) in zip(horizon, watts) {
                let energy = WattHours(power * Int64(step) / 3600)
                let readings = [Reading(given: energy, taken: .zero)] + Array(repeating: .zero, count: 4)
                #expect(settler.add(readings, losses: .zero, over: interval) == nil)
            }
            let entry = settler.close()!.entries.first { $0.clause == .demand }
            guard case .demand(let watts, _, _)? = entry?.basis else { return nil }
            return watts
        }
        // Three steps of 5 min make one mean; the peak straddles two means and counts in neither alone.
        #expect(demand(step: 300, watts: [0, 0, 9000, 9000, 0, 0]) == 3000)
        #expect(demand(step: 300, watts: [1200, 1200, 1200, 0, 3600, 3600]) == 2400)
        #expect(demand(step: 900, watts: [1000, 8000, 2000, 500]) == 8000)
        #expect(demand(step: 3600, watts: [1000, 8000, 2000, 500]) == 8000)
    }

    /// 333 Wh an hour by each meter, over the ends of two months: no line has a part of a kWh, and none is
    /// ever more than half a one away from its meter.
    @Test func linesAreWholeKilowattHoursThatFollowTheMeter() {
        var settler = Settler(Microgrid.terms(volumes: []))
        let third = WattHours(333)
        let readings = [
            Reading(given: third, taken: third), Reading(given: .zero, taken: third),
            Reading(given: .zero, taken: third), Reading(given: third, taken: .zero), .zero,
        ]
        var billed: [String: Int64] = [:]
        var hours: Int64 = 0
        for interval in Horizon(start: Microgrid.instant("2026-03-30"), step: 3600, count: 24 * 40) {
            hours += 1
            guard let month = settler.add(readings, losses: .zero, over: interval) else { continue }
            for entry in month.entries {
                guard let energy = entry.energy else { continue }
                #expect(energy.count % 1000 == 0)
                billed["\(entry.clause)/\(entry.payer)/\(entry.payee)", default: 0] += energy.count
            }
            // Of consumption and import there are three lines each, one a segment.
            for (_, energy) in billed { #expect(abs(energy - 333 * hours) <= 1500) }
            #expect(billed.count == 5)
        }
    }

    /// The connection is billed by the operator's tariff with the grid company, consumers by theirs with the
    /// operator: each by its own windows.
    @Test func eachSideOfTheOperatorHasItsOwnHours() {
        func tariff(_ windows: [Tariff.Window], _ price: Double, demand: Tariff.Demand? = nil) -> Tariff {
            Tariff(
                charges: [.init(.energy, Microgrid.yuan(price), floats: false)], windows: windows,
                factors: [.peak: 1000, .flat: 1000, .valley: 1000], demand: demand)!
        }
        let terms = Microgrid.terms(
            volumes: [], retail: tariff([.init(hour: 0, .valley), .init(hour: 6, .flat)], 0.7),
            purchase: tariff(
                [.init(hour: 0, .flat), .init(hour: 3, .peak)], 0.4, demand: .init(price: Money(fen: 3500))))
        let run = Microgrid.settle(terms, from: "2026-03-01", hours: 12) { _ in [30, -10, -20, 0, 0] }
        func billed(_ clause: Entry.Clause) -> [TimeOfUse?: Int64] {
            run.months[0].entries.filter { $0.clause == clause }
                .reduce(into: [:]) { $0[$1.segment, default: 0] += $1.energy!.count / 1000 }
        }
        #expect(billed(.imported) == [.flat: 90, .peak: 270])
        #expect(billed(.consumption) == [.valley: 180, .flat: 180])
        let demand = run.months[0].entries.filter { $0.clause == .demand }
        #expect(demand.map(\.money) == [Money(fen: 30 * 3500)])
    }

    /// 3 MWh made, 1 MWh used of a contract for 5: the buyer fell 2 MWh short of what the seller could give.
    @Test func theSideThatFellShortPaysTheDeviation() {
        func deviations(made: Int64, used: Int64) -> [Entry] {
            let run = Microgrid.settle(Microgrid.terms(volumes: [5]), from: "2026-03-01", hours: 1) { _ in
                [0, 0, -used, made, 0]
            }
            return run.months[0].entries.filter {
                $0.clause == .buyerDeviation || $0.clause == .sellerDeviation
            }
        }
        for (made, used, payer) in [(3000, 1000, Microgrid.works), (1000, 3000, Microgrid.sun)]
            as [(Int64, Int64, Participant)]
        {
            let lines = deviations(made: made, used: used)
            #expect(lines.map(\.payer) == [.participant(payer)])
            #expect(lines.map(\.money) == [Money(fen: 6000)])
        }
        #expect(deviations(made: 2000, used: 2000).isEmpty)
    }

    /// Central Europe, 25 October 2026: the hour from 2 to 3 comes twice, the demand only in the first.
    @Test(arguments: [900, 3600]) func demandIsNotThinnedWhenClocksAreSetBack(step: Int) {
        let change = Instant(secondsSinceEpoch: 1_792_890_000)
        let zone = TimeZoneTable(
            name: "Europe/Berlin", initialOffset: 7200, transitions: [.init(at: change, offset: 3600)])
        #expect(zone.civil(change - 1).hour == 2 && zone.civil(change).hour == 2)
        var settler = Settler(Microgrid.terms(volumes: [], zone: zone))
        for interval in Horizon(start: change - 7200, step: step, count: 4 * 3600 / step) {
            let isHigh = interval.start < change && change - 3600 <= interval.start
            let energy = WattHours((isHigh ? 1_000_000 : 100_000) * Int64(step) / 3600)
            let readings = [Reading(given: energy, taken: .zero)] + Array(repeating: .zero, count: 4)
            #expect(settler.add(readings, losses: .zero, over: interval) == nil)
        }
        let entry = settler.close()!.entries.first { $0.clause == .demand }
        #expect(entry?.quantity == 3_500_000)
    }

    @Test func defectsAreFoundAllAtOnce() {
        let good = Microgrid.terms()
        #expect(good.defects.isEmpty)
        let bad = Terms(
            rules: .guizhouSample2026, zone: Microgrid.zone, gridCompany: Microgrid.county,
            microgridOperator: Microgrid.valley, meteringPoints: good.meteringPoints,
            feedIn: Price(microyuanPerKilowattHour: 2_000_000_000),
            contracts: [
                Microgrid.contract("a", seller: Microgrid.village, buyer: Microgrid.works, megawattHours: 1),
                Microgrid.contract("a", seller: Microgrid.sun, buyer: Microgrid.valley, megawattHours: 0),
                Microgrid.contract("c", seller: Microgrid.sun, buyer: Microgrid.sun, megawattHours: 1),
            ])
        #expect(
            bad.defects == [
                .sellerWithoutPlant(contract: "a"), .repeatedContract(name: "a"),
                .buyerIsNoConsumer(contract: "a"), .volumeOutOfRange(contract: "a"),
                .buyerIsNoConsumer(contract: "c"), .priceOutOfRange(name: "feed-in"),
            ])
    }
}

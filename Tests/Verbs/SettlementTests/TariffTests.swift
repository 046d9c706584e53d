import Market
import Settlement
import Testing
import Timeline

@Suite struct TariffTests {
    let tariff = RuleSet.guizhouSample2026.tariff

    private func time(_ hour: Int, _ minute: Int = 0) -> CivilTime {
        CivilTime(date: CivilDate(year: 2026, month: 7, day: 3)!, secondOfDay: hour * 3600 + minute * 60)
    }

    /// Worked example of the sample's source: floating 0.536667, fixed 0.025333, factors 1.6 / 1 / 0.4.
    @Test func guizhouPrices() {
        #expect(tariff.price(of: .peak).description == "0.884000")
        #expect(tariff.price(of: .flat).description == "0.562000")
        #expect(tariff.price(of: .valley).description == "0.240000")
        #expect(tariff.demand?.price == Money(fen: 3500))
    }

    @Test func withoutEnergyTheOtherComponentsKeepTheirFactor() {
        #expect(tariff.priceWithoutEnergy(of: .peak).description == "0.265333")
        #expect(tariff.priceWithoutEnergy(of: .flat).description == "0.175333")
        #expect(tariff.priceWithoutEnergy(of: .valley).description == "0.085333")
    }

    @Test func guizhouWindows() {
        let expected: [TimeOfUse] = (0..<24).map { hour in
            switch hour {
            case 0..<8: .valley
            case 10..<13, 17..<22: .peak
            default: .flat
            }
        }
        #expect((0..<24).map { tariff.segment(at: time($0)) } == expected)
        #expect(tariff.segment(at: time(7, 59)) == .valley)
        #expect(tariff.segment(at: time(23, 59)) == .flat)
    }

    @Test func windowsPartitionTheDay() {
        var minutes: [TimeOfUse: Int] = [:]
        for minute in 0..<1440 {
            minutes[tariff.segment(at: time(minute / 60, minute % 60)), default: 0] += 1
        }
        #expect(minutes == [.peak: 480, .flat: 480, .valley: 480])
    }

    @Test func windowsThatDoNotPartitionTheDayAreRefused() {
        func made(_ windows: [Tariff.Window]) -> Tariff? {
            Tariff(charges: tariff.charges, windows: windows, factors: tariff.factors, demand: nil)
        }
        #expect(made([]) == nil)
        #expect(made([.init(hour: 1, .flat)]) == nil)
        #expect(made([.init(hour: 0, .flat), .init(hour: 9, .peak), .init(hour: 8, .flat)]) == nil)
        #expect(made([.init(hour: 0, .flat), .init(hour: 24, .peak)]) == nil)
        #expect(made([.init(hour: 0, .sharp)]) == nil)
        #expect(made([.init(hour: 0, .flat)]) != nil)
    }

    @Test func pricesAndIntervalsNobodyCouldBillAreRefused() {
        func made(_ microyuan: Int64, _ demand: Tariff.Demand?) -> Tariff? {
            Tariff(
                charges: [.init(.energy, Price(microyuanPerKilowattHour: microyuan), floats: true)],
                windows: [.init(hour: 0, .flat)], factors: [.flat: 1000], demand: demand)
        }
        #expect(made(.max, nil) == nil && made(.min, nil) == nil && made(-1, nil) != nil)
        #expect(made(1, .init(price: Money(fen: 1), interval: 0)) == nil)
        #expect(made(1, .init(price: Money(fen: 1), interval: 1000)) == nil)
        #expect(made(1, .init(price: Money(fen: .max))) == nil)
        #expect(made(1, .init(price: Money(fen: 1), interval: 1800)) != nil)
    }

    @Test func factorsOfOneMakeAFlatBill() {
        let level = Tariff(
            charges: tariff.charges, windows: tariff.windows,
            factors: [.peak: 1000, .flat: 1000, .valley: 1000], demand: nil)!
        #expect(TimeOfUse.allCases.allSatisfy { level.price(of: $0) == tariff.price(of: .flat) })
        let terms = Microgrid.terms(volumes: [], retail: level, purchase: level)
        let month = Microgrid.settle(terms, from: "2026-02-01", hours: 28 * 24, Microgrid.plainDay).months[0]
        let village = month.statements.first { $0.participant == Microgrid.village }!
        #expect(village.paid == Money(WattHours(kilowattHours: 6720), at: tariff.price(of: .flat)))
    }

    @Test func datesOutsideTheRulesAreRefused() {
        let rules = RuleSet.guizhouSample2026
        func refusal(_ start: String, days: Int, step: Int = 900) -> String? {
            let horizon = Horizon(
                start: Microgrid.instant(start), step: step, count: days * 86_400 / step)
            return rules.refusal(of: horizon, in: Microgrid.zone)
        }
        #expect(refusal("2026-01-01", days: 365) == nil)
        #expect(refusal("2026-01-01", days: 366)?.contains("2027-01-01") == true)
        #expect(refusal("2025-12-31", days: 2)?.contains("2025-12-31") == true)
        #expect(refusal("2026-03-01", days: 7, step: 7200)?.contains("7200 s") == true)
        #expect(refusal("2026-03-01", days: 7, step: 3600) == nil)
        #expect(refusal("2026-03-01T00:30", days: 7, step: 3600) != nil)
        #expect(rules.isSample && !rules.unsettled.isEmpty && RuleSet.named(rules.name) == rules)
    }
}

import Market
import Settlement
import Testing
import Timeline

/// Months that are simulated in part, and steps that do not fit the demand interval.
@Suite struct PartialMonthTests {
    private func terms(_ partial: Terms.PartialMonths = .prorated) -> Terms {
        Microgrid.terms(volumes: [62], partialMonths: partial)
    }

    private func demand(_ month: MonthlySettlement) -> Entry? {
        month.entries.first { $0.clause == .demand }
    }

    /// Imports kW for every step from `start` on.
    private func meter(_ kilowatts: [Int64], step: Int, from start: String) -> Int64? {
        var settler = Settler(Microgrid.terms(volumes: []))
        let horizon = Horizon(start: Microgrid.instant(start), step: step, count: kilowatts.count)
        for (interval, power) in zip(horizon, kilowatts) {
            let energy = WattHours(power * 1000 * Int64(step) / 3600)
            let readings = [Reading(given: energy, taken: .zero)] + Array(repeating: .zero, count: 4)
            _ = settler.add(readings, losses: .zero, over: interval)
        }
        guard case .demand(let watts, _, _)? = demand(settler.close()!)?.basis else { return nil }
        return watts
    }

    @Test("a spike of 60 kW within a quarter-hour counts in it by its time, wherever it stands")
    func sharedSteps() {
        func spike(_ place: Int, of count: Int) -> [Int64] { (0..<count).map { $0 == place ? 120 : 60 } }
        // 10 of 15 min, at the begin and at the end of a quarter-hour, and half in each of two.
        #expect(meter(spike(0, of: 9), step: 600, from: "2026-07-15") == 100_000)
        #expect(meter(spike(2, of: 9), step: 600, from: "2026-07-15") == 100_000)
        #expect(meter(spike(1, of: 9), step: 600, from: "2026-07-15") == 80_000)
        // 6 of 15 min, and 3 of 15 min in each of two.
        #expect(meter(spike(1, of: 15), step: 360, from: "2026-07-15") == 84_000)
        #expect(meter(spike(2, of: 15), step: 360, from: "2026-07-15") == 72_000)
        // Steps longer than the interval fill one.
        #expect(meter(spike(1, of: 6), step: 1200, from: "2026-07-15") == 100_000)
        #expect(meter(spike(0, of: 6), step: 1200, from: "2026-07-15") == 120_000)
        // A run that begins 10 min into a quarter-hour: its first mean is that of 5 min.
        #expect(meter([120, 60, 60, 60], step: 300, from: "2026-07-15T00:10") == 120_000)
    }

    @Test("one day of July bears 1/31 of the demand charge, rounded once to the fen")
    func oneDay() throws {
        let run = Microgrid.settle(terms(), from: "2026-07-15", hours: 24) { _ in [30, -10, -20, 0, 0] }
        let entry = try #require(demand(run.months[0]))
        // 30 kW at 35 yuan/kW: 1050/31 = 33.8709… yuan.
        #expect(entry.money == Money(fen: 3387))
        #expect(run.months[0].part.description == "1 of 31 days")
        guard case .demand(30_000, Money(fen: 3500), let part?) = entry.basis else {
            Issue.record("\(entry.basis)")
            return
        }
        #expect(part == run.months[0].part)
        let full = Microgrid.settle(terms(.full), from: "2026-07-15", hours: 24) { _ in
            [30, -10, -20, 0, 0]
        }
        #expect(demand(full.months[0])?.money == Money(fen: 105_000))
    }

    @Test("months at both ends of a run are parts, and those between are whole")
    func bothEnds() {
        let run = Microgrid.settle(terms(), from: "2026-01-30T06:00", hours: 24 * 30) {
            _ in [30, -10, -20, 0, 0]
        }
        let parts = ["1.75 of 31 days", "28 of 28 days", "0.25 of 31 days"]
        #expect(run.months.map(\.part.description) == parts)
        #expect(run.months.map { demand($0)?.quantity } == [5927, 105_000, 847])
        #expect(run.months.map(\.part.isWhole) == [false, true, false])
    }

    @Test("a month of 31 parts, each settled alone, bears the whole charge to the fen")
    func partsSum() {
        let days = (1...31).map { day in
            Microgrid.settle(terms(), from: "2026-07-\(day < 10 ? "0" : "")\(day)", hours: 24) { _ in
                [31, -11, -20, 0, 0]
            }
        }
        #expect(days.reduce(0) { $0 + demand($1.months[0])!.quantity } == 31 * 3500)
    }

    /// A contract for 62 MWh in July, two of them a day; the plant gives 3 MWh, the works takes 2.5 MWh.
    @Test("contract volumes are those of the days")
    func volumes() {
        func outcome(_ partial: Terms.PartialMonths) -> GreenPowerContract.Outcome {
            Microgrid.settle(terms(partial), from: "2026-07-15", hours: 24) { hour in
                [0, 0, hour < 10 ? -250 : 0, hour < 10 ? 300 : 0, 0]
            }.months[0].outcomes[0]
        }
        let day = outcome(.prorated)
        #expect(day.available == ExactEnergy(WattHours(megawattHours: 2)) && day.usable == day.available)
        #expect(day.settled == WattHours(megawattHours: 2) && day.sellerShortfall == .zero)
        let whole = outcome(.full)
        #expect(whole.available == ExactEnergy(WattHours(megawattHours: 3)))
        #expect(whole.buyerShortfall == ExactEnergy(WattHours(kilowattHours: 500)))
    }

    /// Central Europe, October 2026: the 25th has 25 hours, and is one of 31 days.
    @Test func aDayWithAClockChangeIsOneDay() {
        let change = Instant(secondsSinceEpoch: 1_792_890_000)
        let zone = TimeZoneTable(
            name: "Europe/Berlin", initialOffset: 7200, transitions: [.init(at: change, offset: 3600)])
        let month = CivilMonth(of: CivilDate(year: 2026, month: 10, day: 25)!)
        let begin = zone.instant(CivilTime(iso8601: "2026-10-25")!)!
        let day = MonthPart(of: month, from: begin, to: begin + 25 * 3600, in: zone)
        #expect(day.description == "1 of 31 days" && day.fraction == 1 / 31.0)
        let half = MonthPart(of: month, from: begin, to: begin + 25 * 1800, in: zone)
        #expect(half.description == "0.5 of 31 days")
        #expect(MonthPart(of: month, from: begin + 90_000, to: begin + 90_000, in: zone).numerator == 0)
    }
}

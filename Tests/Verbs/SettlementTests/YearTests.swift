import Market
import Settlement
import TestSupport
import Testing
import Timeline

/// A random year of whole-Wh readings: what must hold whatever the meters show.
@Suite struct YearTests {
    private struct Year {
        var settler: Settler
        var months: [MonthlySettlement] = []
        var metered: [Reading] = Array(repeating: .zero, count: 5)
    }

    private static func random(seed: UInt64) -> Year {
        var random = SplitMix64(seed: seed)
        var year = Year(settler: Settler(Microgrid.terms(volumes: [7, 3, 11])))
        let start = Microgrid.instant("2026-01-01")
        for interval in Horizon(start: start, step: 3600, count: 365 * 24) {
            let scale = Int64.random(in: 1...40_000, using: &random)
            let village = Int64.random(in: 0...scale, using: &random)
            let works = Int64.random(in: 0...scale, using: &random)
            let sun = Int64.random(in: 0...scale, using: &random)
            let battery = Int64.random(in: -scale...scale, using: &random)
            let losses = Int64.random(in: 0...50, using: &random)
            let grid = village + works - sun - battery + losses
            let readings = [grid, -village, -works, sun, battery].map {
                Reading(given: WattHours(max(0, $0)), taken: WattHours(max(0, -$0)))
            }
            let month = year.settler.add(readings, losses: WattHours(losses), over: interval)
            year.months += [month].compactMap { $0 }
            for (index, reading) in readings.enumerated() {
                year.metered[index] = Reading(
                    given: year.metered[index].given + reading.given,
                    taken: year.metered[index].taken + reading.taken)
            }
        }
        return year
    }

    private static func energy(_ entries: [Entry], _ clauses: Entry.Clause..., of owner: Participant) -> Int64
    {
        entries.filter {
            clauses.contains($0.clause)
                && ($0.payer == .participant(owner) || $0.payee == .participant(owner))
        }.reduce(0) { $0 + $1.energy!.count }
    }

    @Test(arguments: [UInt64(21), 22, 23]) func theBooksClose(seed: UInt64) {
        let year = Self.random(seed: seed)
        let ledger = year.settler.ledger
        #expect(year.months.count == 12)
        #expect(ledger.entries == year.months.flatMap(\.entries))
        #expect(Asset.allCases.allSatisfy { ledger.sum(of: $0) == 0 })
        for month in year.months {
            // Each of the registers a month bills rounds to half a kWh at either end.
            #expect(abs(month.reconciliation.unaccounted.count) <= 7 * 1000)
            #expect(month.statements.map(\.net).reduce(.zero, +) == .zero)
            #expect(month.outcomes.allSatisfy { $0.carry < ExactEnergy(WattHours(megawattHours: 1)) })
        }
        for participant in year.settler.terms.participants {
            let net = year.months.flatMap(\.statements).filter { $0.participant == participant }.map(\.net)
            #expect(
                net.reduce(.zero, +).fen == ledger.balance(of: .participant(participant), .money))
            #expect(
                year.settler.register.held(by: participant)
                    == ledger.balance(of: .participant(participant), .certificate))
        }
    }

    /// Over a year each register is within half a kWh of its meter, and green energy is paid once.
    @Test(arguments: [UInt64(31), 32, 33]) func billsDoNotDrift(seed: UInt64) {
        let year = Self.random(seed: seed)
        let entries = year.settler.ledger.entries
        let (works, sun) = (Microgrid.works, Microgrid.sun)
        let consumed = Self.energy(entries, .consumption, .greenConsumption, of: works)
        #expect(abs(consumed - year.metered[2].taken.count) <= 3 * 500)
        let sold = Self.energy(entries, .onGrid, .greenEnergy, of: sun)
        #expect(abs(sold - year.metered[3].given.count) <= 500)
        let imported = Self.energy(entries, .imported, of: Microgrid.valley)
        #expect(abs(imported - year.metered[0].given.count) <= 3 * 500)
        let exported = Self.energy(entries, .exported, of: Microgrid.valley)
        #expect(abs(exported - year.metered[0].taken.count) <= 500)
        let green = Self.energy(entries, .greenConsumption, of: works)
        #expect(green == Self.energy(entries, .greenEnergy, of: works) && green > 0)
    }

    @Test(arguments: [UInt64(41), 42, 43]) func certificatesStandForMeteredEnergy(seed: UInt64) {
        let year = Self.random(seed: seed)
        let register = year.settler.register
        // One for each whole MWh of the plant; the battery's discharge earns none.
        #expect(register.issued == year.metered[3].given.count / 1_000_000)
        var issued: Int64 = 0
        for entry in year.settler.ledger.entries where entry.asset == .certificate {
            issued += entry.clause == .certificateIssue ? entry.quantity : 0
        }
        #expect(issued == register.issued)
        let ids = register.certificates.map(\.ids)
        #expect(ids.first?.lowerBound == 0 && ids.last?.upperBound == issued)
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        let settled = year.months.flatMap(\.outcomes).map(\.settled).reduce(.zero, +)
        #expect(register.held(by: Microgrid.works) == settled.count / 1_000_000)
        #expect(register.certificates.allSatisfy { ($0.state == .sold) == ($0.holder == Microgrid.works) })
    }

    @Test func theSameReadingsGiveTheSameBooks() {
        let (a, b) = (Self.random(seed: 9), Self.random(seed: 9))
        #expect(a.months == b.months && a.settler.ledger == b.settler.ledger)
    }
}

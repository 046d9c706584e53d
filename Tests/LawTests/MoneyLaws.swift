import Agents
import Grid
import Market
import Messaging
import RunSamples
import Settlement
import Simulator
import Testing
import Timeline

@Suite("Laws of money")
struct MoneyLaws {
    private func records() -> [Record] {
        var world = SmallWorld()
        world.days = 40
        world.link = Link(latency: .zero, jitter: .zero, loss: 0.1)
        return Array(Simulation(world.scenario))
    }

    @Test("each asset sums to zero after every posting, and certificates never exceed metered green energy")
    func sums() {
        var ledger = Ledger()
        var green = Int64(0)
        var issued = Int64(0)
        var months = 0
        for record in records() {
            green += record.readings[SmallWorld.solar].given.count
            guard let month = record.settlement else { continue }
            months += 1
            for entry in month.entries {
                #expect(ledger.post(entry) == .posted)
                for asset in Asset.allCases { #expect(ledger.sum(of: asset) == 0) }
                if entry.clause == .certificateIssue { issued += entry.quantity }
            }
            #expect(issued * 1_000_000 <= green)
            let delivered = ledger.balance(of: .participant(Participant("works")), .certificate)
            #expect(delivered <= issued)
            #expect(month.statements.reduce(0) { $0 + $1.net.fen } == 0)
        }
        #expect(months == 3, "July's end, August, September's begin")
        #expect(issued > 10)
    }

    @Test(
        "each month is settled once: in its own last step, or in the last of the run",
        arguments: [(1, [95]), (2, [191]), (3, [191, 287])])
    func monthEnds(days: Int, steps: [Int]) {
        var world = SmallWorld()
        world.days = days
        let settled = Simulation(world.scenario).filter { $0.settlement != nil }
        #expect(settled.map(\.step) == steps)
        let periods = settled.compactMap { $0.settlement?.period.description }
        #expect(periods == Array(["2026-07", "2026-08"].prefix(steps.count)))
        let metered = settled.compactMap(\.settlement).reduce(0) { $0 + $1.end.seconds(since: $1.start) }
        #expect(metered == days * 86_400)
    }

    @Test("meters count the energy that flowed to within a watt-hour")
    func meters() {
        var energy = [Double](repeating: 0, count: 6)
        var counted = [Int64](repeating: 0, count: 6)
        for record in records() {
            for device in energy.indices {
                energy[device] += max(0, record.power[device].value) * 0.25
                counted[device] += record.readings[device].given.count
            }
        }
        for device in energy.indices { #expect(abs(energy[device] - Double(counted[device])) < 1.001) }
    }

    @Test("where metered energy went is accounted for to the rounding of the lines")
    func reconciliation() {
        for month in records().compactMap(\.settlement) {
            let books = month.reconciliation
            #expect(books.given.count > 0)
            // Each line is in whole kWh; there are fewer than twenty of them.
            #expect(abs(books.unaccounted.count) < 20_000, "\(month.period)")
        }
    }
}

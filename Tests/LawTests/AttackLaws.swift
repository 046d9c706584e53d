import Agents
import DistributedDispatch
import Events
import Forecasting
import Grid
import Market
import Messaging
import Results
import RunSamples
import Scheduling
import Settlement
import Simulator
import Studies
import Testing

/// The hamlet under attack.
@Suite("Laws of attacks")
struct AttackLaws {
    private func world(_ attacks: [(Int, Attack)], in steps: Range<Int> = 40..<56) -> SmallWorld {
        var world = SmallWorld()
        world.days = 1
        world.importLimit = Power(kilowatts: 600)
        world.events = attacks.map { Event(.attack(device: $0.0, $0.1), in: steps) }
        return world
    }

    private func records(_ world: SmallWorld) -> [Record] { Array(Simulation(world.scenario)) }

    @Test("attacks of no size change nothing, and nothing is noticed, over links that lose messages")
    func nothing() {
        var quiet = world([])
        (quiet.link, quiet.forecast) = (Link(latency: .zero, jitter: .zero, loss: 0.3), .persistence)
        var attacked = quiet
        attacked.events = [
            .falsePower(0), .falsePrice(0), .shiftedMeter(0),
        ].map { Event(.attack(device: 0, $0), in: 20..<80) }
        for (a, b) in zip(records(quiet), records(attacked)) {
            #expect(a.power == b.power && a.sent == b.sent && Array(a.readings) == Array(b.readings))
            #expect(b.contradictions.isEmpty)
        }
    }

    @Test("a hijacked battery does the opposite of what it is asked, as far as its content reaches")
    func hijack() {
        let battery = SmallWorld.battery
        let all = records(world([(battery, .hijack)]))
        var moved = 0
        for record in all[40..<56] {
            guard let asked = record.inForce[battery]?.power else { continue }
            let power = record.power[battery]
            #expect(power.value * asked.value <= 0 && abs(power.value) <= abs(asked.value) + 1e-6)
            let isNoticed = record.contradictions.contains { $0.device == DeviceID(battery) }
            #expect(isNoticed == (abs((power - asked).value) > 50 + 0.005 * abs(asked.value)))
            #expect(record.contradictions.allSatisfy { $0.device == DeviceID(battery) })
            if isNoticed { moved += 1 }
        }
        #expect(moved > 4)
        #expect((all[..<40] + all[56...]).allSatisfy { $0.contradictions.isEmpty })
    }

    @Test("a load that says it wants more is believed, and its meter tells; what it really takes is the same")
    func falsePower() throws {
        let (all, quiet) = (records(world([(0, .falsePower(50_000))])), records(world([])))
        for step in all.indices {
            #expect(all[step].power[0] == quiet[step].power[0])
            #expect(all[step].contradictions.isEmpty == !(40..<56).contains(step))
        }
        let told = try #require(all[44].contradictions.first)
        #expect(told.device == DeviceID(0) && told.metered == all[44].power[0])
        #expect(abs((told.metered - told.expected).value - 50_000) < 1e-6)
        let change = (40..<56).contains { step in
            zip(all[step].sent, quiet[step].sent).contains { $0?.power != $1?.power }
        }
        #expect(change, "others were asked for something else")
        let cost = [all, quiet].map { records in
            var (summary, conduct) = (Summary(world([]).scenario), Conduct(world([]).scenario))
            for record in records {
                summary.add(record)
                conduct.take(record)
            }
            return conduct.costs(in: Hindsight(world([]).scenario)).total
        }
        #expect(cost[0] > cost[1])
    }

    @Test("what is replayed is what was said; a sun of the morning is not that of noon")
    func replay() {
        let sun = SmallWorld.solar
        let all = records(world([(sun, .replay(steps: 16))], in: 48..<52))
        for record in all[48..<52] {
            let said = all[record.step - 16].potential[sun]
            let expected = record.contradictions.first { $0.device == DeviceID(sun) }?.expected
            #expect(expected == said && said < record.potential[sun])
        }
    }

    @Test("a price that is a lie contradicts no meter, and the plans believe it")
    func falsePrice() {
        let all = records(world([(SmallWorld.battery, .falsePrice(5))], in: 0..<96))
        let quiet = records(world([]))
        #expect(all.allSatisfy { $0.contradictions.isEmpty })
        func throughput(_ records: [Record]) -> Double {
            records.reduce(0) { $0 + abs($1.power[SmallWorld.battery].value) }
        }
        #expect(throughput(all) < 0.8 * throughput(quiet))
    }

    @Test("a shifted meter moves money and nothing else; the sum of all meters tells")
    func shiftedMeter() throws {
        let (all, quiet) = (
            records(world([(1, .shiftedMeter(-0.2))], in: 0..<96)), records(world([]))
        )
        var counted = (0.0, 0.0)
        for (a, b) in zip(all, quiet) {
            #expect(a.power == b.power)
            counted.0 += Double(a.readings[a.readings.startIndex + 1].taken.count)
            counted.1 += Double(b.readings[b.readings.startIndex + 1].taken.count)
        }
        #expect(abs(counted.0 - 0.8 * counted.1) < 2)
        let found = all.flatMap(\.contradictions)
        #expect(found.contains { $0.device == nil } && found.contains { $0.device == DeviceID(1) })
        let own = try #require(all.last?.settlement)
        let usual = try #require(quiet.last?.settlement)
        let lost = own.reconciliation.unaccounted.count - usual.reconciliation.unaccounted.count
        #expect(abs(Double(lost) - 0.2 * counted.1) < 2000, "rounding of the lines apart")
    }

    @Test("the study sets each attack beside the run without; what some receive, others pay")
    func study() {
        let battery = SmallWorld.battery
        let study = AttackStudy(
            world([(battery, .hijack), (1, .shiftedMeter(-0.2)), (battery, .falsePrice(0.5))]).scenario)
        let rows = study.rows()
        #expect(rows.map(\.attacks) == [[], [0], [1], [2], [0, 1, 2]])
        #expect(rows.allSatisfy { $0.net.reduce(0) { $0 + $1.fen } == 0 })
        #expect(rows[1].cost > rows[0].cost)
        #expect(rows[2].cost == rows[0].cost && rows[2].net != rows[0].net)
        #expect(rows[1].outcomes[0].secondsUnnoticed == 900 && rows[3].outcomes[0].noticed == nil)
        #expect(rows[4].outcomes.map { $0.noticed != nil } == [true, true, false])
    }
}

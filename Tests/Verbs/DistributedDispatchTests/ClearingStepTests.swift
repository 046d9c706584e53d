import Agents
import DistributedDispatch
import Grid
import Scheduling
import Testing
import Timeline

/// What a root takes from its child in one step: only what is said in this step, and nothing before it.
@Suite("Bids of one step")
struct ClearingStepTests {
    /// The root of a tree with one neighbour, and what it has been told so far.
    private struct Root {
        var agent = ClearingAgent(
            node: NodeID(0), device: DeviceID(0), rank: 0,
            settings: ClearingAgent.Settings(tick: VirtualTime(seconds: 1)))
        private var outbox = Outbox<ClearingMessage>()
        private var told: UInt32 = 0

        init() {
            // Gives between −10 and 10 W, nothing at a price of 2.
            agent.bid = BidCurve(points: [
                .init(price: EnergyCost(1), power: Power(-10)), .init(price: EnergyCost(3), power: Power(10)),
            ])
        }

        /// Whether its device gives so much, W.
        func gives(_ watts: Double) -> Bool { agent.power.map { abs($0.value - watts) < 1e-9 } ?? false }

        mutating func begin(step: Int64) {
            let interval = Interval(start: Instant(secondsSinceEpoch: step), seconds: 900)
            agent.begin(
                Observation(interval: interval, deadline: VirtualTime(seconds: 60), neighbours: [NodeID(1)]),
                at: .zero, &outbox)
        }

        /// The neighbour says that it is a child, and bids `power` where it is given.
        mutating func hear(step: Int64, power: Double?) {
            told += 1
            let place = TreePlace(
                root: .init(rank: 0, node: NodeID(0), beat: 0), distance: 1, parent: NodeID(0))
            let bid = power.map {
                ClearingMessage.Bid(
                    version: told, pass: 0, isExact: true, curve: BidCurve(from: Power($0)))
            }
            let body = ClearingMessage(place: place, step: step, heard: 0, bid: bid)
            agent.receive(
                Message(sender: NodeID(1), receiver: NodeID(0), sequence: told, body: body), at: .zero,
                &outbox)
        }
    }

    @Test("a root waits for the bid of a child that it knows, and then settles")
    func waits() {
        var root = Root()
        root.begin(step: 900)
        root.hear(step: 900, power: 3)
        #expect(root.gives(-3))
        root.begin(step: 1800)
        #expect(root.agent.power == nil, "the child has not bid yet")
        root.hear(step: 1800, power: nil)
        #expect(root.agent.power == nil, "nor now")
        root.hear(step: 1800, power: 4)
        #expect(root.gives(-4))
    }

    @Test("a bid of the step before that comes late does not count", arguments: [900, 2700] as [Int64])
    func otherStep(step: Int64) {
        var root = Root()
        root.begin(step: 900)
        root.hear(step: 900, power: 3)
        root.begin(step: 1800)
        root.hear(step: step, power: 5)
        #expect(root.agent.power == nil)
        root.hear(step: 1800, power: 4)
        #expect(root.gives(-4))
    }
}

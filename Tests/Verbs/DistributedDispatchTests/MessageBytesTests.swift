import Agents
import DistributedDispatch
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

/// The messages of agents in bytes: as long as `byteCount` says, which is what links are busy with.
@Suite struct MessageBytesTests {
    private func check<Body: CodedPayload & Equatable>(_ body: Body) {
        let message = Message(sender: NodeID(1), receiver: NodeID(2), epoch: 3, sequence: 4, body: body)
        #expect(message.bytes.count == body.byteCount)
        #expect(Message<Body>(bytes: message.bytes) == message)
    }

    @Test("messages of the tree with and without root, bid and assignment")
    func clearing() {
        let root = TreePlace.Root(rank: 2, node: NodeID(0), beat: 1 << 40)
        let bid = ClearingMessage.Bid(
            version: 5, pass: 1, isExact: false,
            curve: BidCurve(from: Power(-3)).adding(Power(5), at: EnergyCost(-0.4)))
        let assignment = ClearingMessage.Assignment(
            version: 6, pass: 1, clearing: .init(price: EnergyCost(0.5), share: 0.25), power: Power(-2),
            window: EnergyCost(0.4)...EnergyCost(0.6))
        for place in [
            TreePlace(root: root, distance: 3, parent: NodeID(8)), TreePlace(root: root, distance: 0),
            TreePlace(distance: 0),
        ] {
            for bid in [bid, nil] {
                for assignment in [assignment, nil] {
                    check(
                        ClearingMessage(
                            place: place, step: -900, heard: 7, bid: bid, assignment: assignment))
                }
            }
        }
    }

    @Test("messages of R-ADMM; what is not finite is refused")
    func consensus() {
        check(ConsensusMessage(horizon: 1_784_044_800, beat: 7, values: [1, -0.5, 1e300]))
        check(ConsensusMessage(horizon: 0, beat: 0, values: []))
        for value in [Double.nan, .infinity] {
            let message = Message(
                sender: NodeID(1), receiver: NodeID(2), sequence: 0,
                body: ConsensusMessage(horizon: 0, beat: 0, values: [value]))
            #expect(Message<ConsensusMessage>(bytes: message.bytes) == nil)
        }
    }

    @Test("shared offers")
    func offers() {
        let day = Horizon(start: Instant(secondsSinceEpoch: 0), step: 900, count: 2)
        let load = Offer(
            device: DeviceID(3), horizon: day, lower: [Power(-3), Power(-4)], upper: [.zero, .zero],
            cost: Cost(constant: EnergyCost(0.02)), rating: Power(-5))
        let news = OfferMessage.News(agent: NodeID(1), offers: [load, load])
        check(OfferMessage(versions: [OfferMessage.never, 900], news: [news, news]))
        check(OfferMessage(versions: [], news: []))
    }

    @Test("a message of one kind is never read as one of another")
    func kinds() {
        let message = Message(
            sender: NodeID(1), receiver: NodeID(2), sequence: 0,
            body: ConsensusMessage(horizon: 0, beat: 0, values: [0, 0, 0, 0]))
        #expect(Message<ClearingMessage>(bytes: message.bytes) == nil)
    }

    @Test("what has the right checksum but contradicts itself is refused, and nothing traps")
    func contradictions() {
        var random = SplitMix64(seed: 3)
        var (refused, read) = (0, 0)
        for _ in 0..<2000 {
            var writer = ByteWriter()
            let bid = ClearingMessage.Bid(
                version: 5, pass: 1, isExact: false,
                curve: BidCurve(from: Power(-3)).adding(Power(5), at: EnergyCost(0.4)))
            ClearingMessage(place: TreePlace(distance: 0), step: 0, heard: 0, bid: bid).write(to: &writer)
            var bytes = writer.bytes
            for _ in 0..<3 { bytes[random.whole(20..<bytes.count)] = UInt8(random.whole(0..<256)) }
            var reader = ByteReader(bytes)
            if ClearingMessage(from: &reader) == nil { refused += 1 } else { read += 1 }
        }
        #expect(refused > 200 && read > 200)
    }
}

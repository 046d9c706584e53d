import Agents
import Messaging
import Testing

/// A text whose bytes are counted.
private struct Text: Payload {
    var byteCount: Int { 32 }
}

@Suite("The channel")
struct ChannelTests {
    private func message(_ sequence: Int, from sender: Int = 0, to receiver: Int = 1) -> Message<Text> {
        Message(
            sender: NodeID(sender), receiver: NodeID(receiver), sequence: UInt32(sequence), body: Text())
    }

    private func link(latency: Double = 0, jitter: Double = 0, loss: Double = 0) -> Link {
        Link(latency: VirtualTime(seconds: latency), jitter: VirtualTime(seconds: jitter), loss: loss)
    }

    private func drain(_ channel: inout Channel<Text>, by seconds: Double) -> [(VirtualTime, Message<Text>)] {
        var arrivals: [(VirtualTime, Message<Text>)] = []
        while let arrival = channel.receive(by: VirtualTime(seconds: seconds)) {
            arrivals.append((arrival.time, arrival.message))
        }
        return arrivals
    }

    @Test("a perfect link delivers everything at once, in the order sent")
    func perfect() {
        var channel = Channel<Text>(link: .perfect, seed: 1)
        for sequence in 0..<100 { channel.send(message(sequence), at: .zero) }
        #expect(drain(&channel, by: 0).map(\.1.sequence) == Array(0..<100))
        #expect(channel.count.sent == 100 && channel.count.delivered == 100 && channel.count.lost == 0)
    }

    @Test("latency delays to the nanosecond; nothing arrives before its time")
    func latency() {
        var channel = Channel<Text>(link: link(latency: 0.040), seed: 1)
        channel.send(message(0), at: VirtualTime(seconds: 1))
        #expect(channel.receive(by: VirtualTime(nanoseconds: 1_039_999_999)) == nil)
        #expect(
            channel.receive(by: VirtualTime(nanoseconds: 1_040_000_000))?.time.nanoseconds == 1_040_000_000)
    }

    @Test("jitter is uniform above the latency, lets messages overtake, and time never runs backwards")
    func jitter() {
        var channel = Channel<Text>(link: link(latency: 0.1, jitter: 0.2), seed: 7)
        for sequence in 0..<10_000 { channel.send(message(sequence), at: .zero) }
        let arrivals = drain(&channel, by: 1)
        let delays = arrivals.map { Double($0.0.nanoseconds) * 1e-9 }
        #expect(delays == delays.sorted())
        #expect(delays[0] >= 0.1 && delays[9999] <= 0.3)
        #expect(abs(delays.reduce(0, +) / 10_000 - 0.2) < 0.002)
        #expect(arrivals.map(\.1.sequence) != Array(0..<10_000))
    }

    @Test("a share of messages is lost, as the link says", arguments: [0.0, 0.02, 0.3, 1.0])
    func loss(share: Double) {
        var channel = Channel<Text>(link: link(loss: share), seed: 3)
        for sequence in 0..<20_000 { channel.send(message(sequence), at: .zero) }
        #expect(abs(Double(channel.count.lost) / 20_000 - share) < 0.01)
        #expect(channel.count.lost + drain(&channel, by: 0).count == 20_000)
    }

    @Test("what is lost on the way to one receiver says nothing of another, nor of how late the rest is")
    func chance() {
        func survivors(to receiver: Int, from sender: Int) -> Set<UInt32> {
            var channel = Channel<Text>(link: link(jitter: 1, loss: 0.5), seed: 5)
            for sequence in 0..<10_000 {
                channel.send(message(sequence, from: sender, to: receiver), at: .zero)
            }
            let arrivals = drain(&channel, by: 2)
            let delays = arrivals.reduce(0) { $0 + Double($1.0.nanoseconds) * 1e-9 }
            #expect(abs(delays / Double(arrivals.count) - 0.5) < 0.02)
            return Set(arrivals.map(\.1.sequence))
        }
        let one = survivors(to: 1, from: 0)
        for other in [survivors(to: 2, from: 0), survivors(to: 1, from: 3), survivors(to: 0, from: 1)] {
            #expect(abs(Double(one.intersection(other).count) / 10_000 - 0.25) < 0.02)
        }
    }

    @Test("the fate of a message does not depend on any other")
    func independence() {
        func survivors(_ others: Bool) -> [UInt32] {
            var channel = Channel<Text>(link: link(latency: 0.01, jitter: 0.5, loss: 0.3), seed: 11)
            for sequence in 0..<200 {
                if others { channel.send(message(sequence, from: 5, to: 6), at: .zero) }
                channel.send(message(sequence), at: .zero)
            }
            return drain(&channel, by: 9).map(\.1).filter { $0.sender.index == 0 }.map(\.sequence)
        }
        #expect(survivors(true) == survivors(false))
    }
}

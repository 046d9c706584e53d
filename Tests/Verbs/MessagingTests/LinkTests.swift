import Agents
import Glibc
import Messaging
import Testing

@Suite("A link")
struct LinkTests {
    private func heard(_ conversation: Conversation<Listener>) -> [Listener.Arrival] {
        conversation[NodeID(1)].heard
    }

    /// Delays of messages that were sent `gap` seconds apart, s.
    private func delays(_ arrivals: [Listener.Arrival], gap: Double) -> [Double] {
        arrivals.map { Double($0.time) * 1e-9 - Double($0.value) * gap }
    }

    @Test("perfect: everything arrives at once, in the order sent")
    func perfect() {
        let conversation = sent(100, every: 0, over: .perfect)
        #expect(heard(conversation).map(\.value) == Array(0..<100))
        #expect(heard(conversation).allSatisfy { $0.time == 0 })
    }

    @Test("latency delays to the nanosecond; nothing arrives before its time")
    func latency() {
        let link = Link(latency: seconds(0.040))
        #expect(heard(sent(1, every: 0, over: link, until: 0.039_999_999)).isEmpty)
        #expect(heard(sent(1, every: 0, over: link, until: 0.040)).map(\.time) == [40_000_000])
    }

    @Test("uniform jitter has its mean and bounds, and lets messages overtake")
    func uniform() {
        let arrivals = heard(
            sent(10_000, every: 1e-3, over: Link(latency: seconds(0.1), jitter: seconds(0.2), loss: 0)))
        let delays = delays(arrivals, gap: 1e-3)
        #expect(delays.min()! >= 0.1 - 1e-9 && delays.max()! <= 0.3)
        #expect(abs(delays.reduce(0, +) / 10_000 - 0.2) < 0.002)
        #expect(arrivals.map(\.value) != Array(0..<10_000))
        #expect(arrivals.map(\.time) == arrivals.map(\.time).sorted())
    }

    @Test("log-normal jitter has its median and its spread of logarithms")
    func logNormal() {
        let link = Link(latency: seconds(0.1), jitter: .logNormal(median: seconds(0.05), sigma: 0.8))
        let logs = delays(heard(sent(20_000, every: 1, over: link)), gap: 1).map { log($0 - 0.1) }
        let mean = logs.reduce(0, +) / 20_000
        let variance = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
        #expect(abs(mean - log(0.05)) < 0.02)
        #expect(abs(variance.squareRoot() - 0.8) < 0.02)
    }

    @Test("independent losses have their share", arguments: [0.0, 0.02, 0.3, 1.0])
    func loss(share: Double) {
        let conversation = sent(
            20_000, every: 0.01, over: Link(latency: seconds(1), jitter: seconds(1), loss: share))
        let traffic = conversation.traffic
        #expect(abs(Double(traffic.lost.messages) / 20_000 - share) < 0.01)
        #expect(traffic.lost.messages + traffic.delivered.messages == 20_000)
        #expect(traffic.lost.bytes == 250 * traffic.lost.messages)
    }

    /// With m = 10 % and runs of 8: the state changes with toBad = m/(1 − m)/8 and toGood = 1/8.
    @Test(
        "Gilbert–Elliott: share and mean length of runs of losses are those asked for",
        arguments: [(0.1, 8.0), (0.3, 3.0), (0.02, 20.0)])
    func bursts(mean: Double, length: Double) {
        let count = 200_000
        var link = Link(latency: .zero)
        link.loss = .bursts(mean: mean, length: length)
        #expect(abs(link.loss.mean - mean) < 1e-12)
        let arrived = heard(sent(count, every: 1e-3, over: link)).map(\.value)
        var runs: [Int] = []
        for (before, next) in zip([-1] + arrived, arrived + [count]) where next > before + 1 {
            runs.append(next - before - 1)
        }
        let lost = count - arrived.count
        // Standard errors: of the share about √(2 m (1 − m) · length/n), of the mean run length/√runs.
        #expect(
            abs(Double(lost) / Double(count) - mean) < 4 * (2 * mean * length / Double(count)).squareRoot())
        let error = length / Double(runs.count).squareRoot()
        #expect(abs(Double(lost) / Double(runs.count) - length) < 4 * error)
    }

    @Test("Gilbert–Elliott with losses in both states has the mean of theory")
    func twoStates() {
        var link = Link(latency: .zero)
        link.loss = .bursts(toBad: 0.05, toGood: 0.2, good: 0.01, bad: 0.6)
        #expect(abs(link.loss.mean - (0.2 * 0.01 + 0.05 * 0.6) / 0.25) < 1e-12)
        let lost = sent(100_000, every: 1e-3, over: link).traffic.lost.messages
        #expect(abs(Double(lost) / 100_000 - link.loss.mean) < 0.006)
    }

    @Test("a share of messages arrives twice, with the same number, and counts as duplicated")
    func duplication() {
        var link = Link(latency: seconds(0.1), jitter: seconds(0.1), loss: 0.1)
        link.duplication = 0.2
        let conversation = sent(10_000, every: 0.01, over: link)
        let traffic = conversation.traffic
        #expect(abs(Double(traffic.duplicated.messages) - 0.9 * 0.2 * 10_000) < 200)
        #expect(
            traffic.sent.messages + traffic.duplicated.messages
                == traffic.delivered.messages + traffic.lost.messages)
        let numbers = heard(conversation).map(\.sequence)
        #expect(numbers.count - Set(numbers).count == traffic.duplicated.messages)
    }

    @Test("a link that keeps order delivers in the order sent, duplicates included, never before its time")
    func order() {
        var link = Link(latency: seconds(0.1), jitter: seconds(1), loss: 0.1)
        link.keepsOrder = true
        link.duplication = 0.1
        let arrivals = heard(sent(5_000, every: 0.01, over: link))
        #expect(arrivals.map(\.value) == arrivals.map(\.value).sorted())
        #expect(delays(arrivals, gap: 0.01).allSatisfy { $0 >= 0.1 - 1e-9 })
    }

    /// 250 bytes each 100 ms are 20 kbit/s; the link sends 9.6 kbit/s of them.
    @Test("over a slow link the queue grows by the difference of the rates, until it drops")
    func queue() {
        var link = Link(latency: seconds(0.3))
        link.rate = 9600
        link.queue = seconds(1e6)
        let conversation = sent(1000, every: 0.1, over: link, until: 99.95)
        let edge = conversation.network.link(from: NodeID(0), to: NodeID(1))!
        let waiting = Double(conversation.wait(on: edge, at: seconds(100)).nanoseconds) * 1e-9
        #expect(abs(waiting * 9600 / 100 - 10_400) < 1)

        link.queue = seconds(2)
        let full = sent(1000, every: 0.1, over: link)
        let arrivals = heard(full)
        #expect(delays(arrivals, gap: 0.1).max()! <= 0.3 + 2 + 2000.0 / 9600 + 1e-6)
        // 100 s and the last queue at 4.8 messages a second.
        #expect(abs(Double(arrivals.count) - 102.3 * 4.8) < 2)
        #expect(full.traffic.dropped.messages == 1000 - arrivals.count)
        #expect(zip(arrivals, arrivals.dropFirst()).allSatisfy { $1.time - $0.time >= 208_333_000 })
    }
}

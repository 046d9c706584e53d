import Agents
import Foundation
import Messaging

extension Job {
    static let messaging: [Job] = [messages, messageMemory] + clearings + [agreement]

    /// Millions of messages per second of CPU time, sent, carried and received, on one core: order, bursts of
    /// losses, jitter, rates and queues on.
    private static let messages = Job(name: "messages") { () -> JobResult in
        print("messages: millions per second of CPU time")
        let peers = try Peers.run(
            "messaging", packages: ["mango-agents", "mesa", "mosaik"], arguments: [])
        for peer in peers { print("  \(peer.tool): \((1 / peer.cpu).short) M/s, a simpler link") }
        let simple = Link(latency: Averager.fullLink.latency)
        let ours = rate(3000, over: Averager.fullLink)
        print("  karst: \(ours.short) M/s; latency alone \(rate(3000, over: simple).short) M/s")
        for agents in [100, 10_000] {
            print("  karst, \(agents) agents: \(rate(agents, over: Averager.fullLink).short) M/s")
        }
        let best = peers.min { $0.cpu < $1.cpu }
        return JobResult(
            ours: ours, unit: "M/s", peer: best.map { .init(tool: $0.tool, value: 1 / $0.cpu) },
            target: .atLeast(10))
    }

    /// Bytes for each agent or link of a conversation under way, numbers of one value: 160 + 8·T.
    private static let messageMemory = Job(name: "message_memory") { () -> JobResult in
        let agents = 200_000
        let before = Stopwatch.residentMemory
        var conversation = Averager.conversation(agents, over: Averager.fullLink)
        conversation.run(until: VirtualTime(seconds: 1))
        let bytes = Double(Stopwatch.residentMemory - before)
        let links = conversation.network.edges.count
        print(
            "message_memory: \(agents) agents on \(links) directed links take \(Int(bytes) >> 20) MiB, "
                + "\((bytes / Double(links)).short) B a link")
        return JobResult(
            ours: bytes / Double(agents + links), unit: "B", target: .bound(168))
    }

    private static func rate(_ agents: Int, over link: Link) -> Double {
        var conversation = Averager.conversation(agents, over: link)
        var time = 1.0
        conversation.run(until: VirtualTime(seconds: time))
        var best = 0.0
        for _ in 0..<9 {
            let before = conversation.traffic.sent.messages
            let timing = Stopwatch.measure(runs: 1, warmUp: 0) {
                time += 1e5 / Double(agents)
                conversation.run(until: VirtualTime(seconds: time))
            }
            best = max(best, Double(conversation.traffic.sent.messages - before) / timing.cpu / 1e6)
        }
        return best
    }
}

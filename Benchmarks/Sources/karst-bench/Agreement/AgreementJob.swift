import Agents
import DispatchSamples
import DistributedDispatch
import Foundation
import Grid
import Messaging
import Scheduling
import Timeline

extension Job {
    /// Ticks until 100 agents of quadratic costs agree on their powers, by the methods of Karst and by
    /// those of
    /// the literature. Powers are right to 1e-3 and to 1e-6 when ‖p − p*‖ ≤ 1e-3·‖p*‖, 1e-6·‖p*‖ from
    /// then on.
    static let agreement = Job(name: "agreement") { () -> [JobResult] in
        print("agreement: ticks to 1e-3, to 1e-6, and messages of an agent to 1e-6; medians of 3 markets")
        let conditions = [AgreementRun.Condition(loss: 0, delay: 1), .init(loss: 0.3, delay: 5)]
        for condition in conditions { print("  \(condition): 1e-3 / 1e-6 / messages") }
        var results: [JobResult] = []
        let methods = AgreementRun.methods.map { method in
            let outcomes = conditions.map { condition in
                AgreementRun.median((1...3).map { method.run(AgreementRun(seed: $0, condition: condition)) })
            }
            print("  \(method.name): " + outcomes.map(\.description).joined(separator: "   "))
            return (method, outcomes)
        }
        for (place, condition) in conditions.enumerated() {
            let old = methods.filter { $0.0.bounds == nil }
            let best = old.filter { $0.1[place].fine != nil }.min { $0.1[place].fine! < $1.1[place].fine! }
            for (method, outcomes) in methods {
                guard let bounds = method.bounds else { continue }
                results.append(
                    JobResult(
                        part: "\(method.name), \(condition)",
                        ours: outcomes[place].fine.map { Double($0) } ?? .infinity,
                        unit: "ticks",
                        peer: best.map { .init(tool: $0.0.name, value: Double($0.1[place].fine!)) },
                        target: .bound(bounds[place]), isRight: outcomes[place].fine != nil))
            }
        }
        return results
    }
}

/// One market over one kind of links.
private struct AgreementRun {
    struct Condition: CustomStringConvertible {
        let loss: Double
        /// Greatest delay in ticks; the least is one. A message counts in the tick after it has arrived, so a
        /// delay of one to five ticks is a time between zero and five.
        let delay: Double

        var link: Link {
            Link(
                latency: VirtualTime(seconds: delay > 1 ? 0 : 1),
                jitter: VirtualTime(seconds: delay > 1 ? delay : 0), loss: loss)
        }
        var description: String {
            loss == 0 ? "lossless, delay 1" : "\(Int(100 * loss)) % lost, delay 1 to \(Int(delay))"
        }
    }

    /// Ticks to either accuracy, nil where it was not reached; what is left at the end; messages of an agent.
    struct Outcome: CustomStringConvertible {
        var coarse, fine: Int?
        var left: Double
        var messages: Double

        var description: String {
            guard let fine else {
                let first = coarse.map { "\($0)" } ?? "–"
                return "\(first) / – (\(String(format: "%.0e", left)) left) / –"
            }
            return "\(coarse ?? fine) / \(fine) / \(Int(messages.rounded()))"
        }
    }

    struct Method: Sendable {
        let name: String
        /// Most ticks to 1e-6 by condition that are asked of a method of Karst; nil: history.
        var bounds: [Double]?
        let run: @Sendable (AgreementRun) -> Outcome
    }

    static let methods = [
        // Ticks of the design, and a fifth more.
        Method(name: "tree of bids", bounds: [12, 50]) { $0.tree(steps: 2) },
        Method(name: "tree of bids, from nothing", bounds: [22, 70]) { $0.tree(steps: 1) },
        Method(name: "R-ADMM", bounds: [176, 427]) { $0.relaxedADMM() },
        Method(name: "ra-NRC") { $0.history(RatioConsensus.self) },
        Method(name: "exchange ADMM, star") { $0.history(ExchangeADMM.self, isStar: true) },
        Method(name: "push-pull, running sums") { $0.history(PushPull<WithSums>.self) },
        Method(name: "push-pull, as published") { $0.history(PushPull<AsPublished>.self) },
        Method(name: "consensus and innovations") { $0.history(ConsensusInnovations.self) },
    ]

    static let nodes = 100
    private static let mostTicks = 8000
    private let market: QuadraticMarket
    private let condition: Condition
    private let seed: UInt64

    init(seed: UInt64, condition: Condition) {
        market = QuadraticMarket(nodes: Self.nodes, seed: seed)
        self.condition = condition
        self.seed = seed
    }

    static func median(_ outcomes: [Outcome]) -> Outcome {
        func middle(_ ticks: [Int?]) -> Int? {
            let sorted = ticks.map { $0 ?? .max }.sorted()
            return sorted[sorted.count / 2] == .max ? nil : sorted[sorted.count / 2]
        }
        return Outcome(
            coarse: middle(outcomes.map(\.coarse)), fine: middle(outcomes.map(\.fine)),
            left: Stopwatch.median(outcomes.map(\.left)),
            messages: Stopwatch.median(outcomes.map(\.messages)))
    }

    private var overlay: CommunicationNetwork {
        .regular(nodes: Self.nodes, degree: 4, seed: seed, link: condition.link)
    }

    /// Lets agents talk from `start` on, tick by tick, and measures their powers.
    private func follow<A: Agent>(
        _ conversation: inout Conversation<A>, from start: VirtualTime,
        _ power: (A, QuadraticMarket.Member) -> Double?
    ) -> Outcome {
        let best = market.powers
        let size = best.reduce(0) { $0 + $1 * $1 }.squareRoot()
        var outcome = Outcome(left: .infinity, messages: 0)
        let before = conversation.traffic.sent.messages
        for tick in 0...Self.mostTicks {
            conversation.run(until: start + VirtualTime(seconds: Double(tick)))
            let error =
                best.indices.reduce(0) { sum, node in
                    let difference =
                        (power(conversation[NodeID(node)], market.members[node]) ?? 0) - best[node]
                    return sum + difference * difference
                }.squareRoot() / size
            outcome.left = error
            if error > 1e-3 { outcome.coarse = nil } else if outcome.coarse == nil { outcome.coarse = tick }
            if error > 1e-6 {
                outcome.fine = nil
            } else if outcome.fine == nil {
                outcome.fine = tick
                outcome.messages =
                    Double(conversation.traffic.sent.messages - before) / Double(Self.nodes)
            }
            if error <= 1e-8 { break }
        }
        return outcome
    }

    private func observation(_ neighbours: [NodeID], begin: VirtualTime, offer: Offer? = nil, step: Int = 0)
        -> Observation
    {
        let hour = QuadraticMarket.hour[0]
        return Observation(
            interval: .init(start: hour.start + step * hour.seconds, seconds: hour.seconds),
            deadline: begin + VirtualTime(seconds: 1e6), ahead: offer, neighbours: neighbours)
    }

    func history<M: PriceMethod>(_ method: M.Type, isStar: Bool = false) -> Outcome {
        // The aggregator of a star is one node more, without a unit.
        let network =
            isStar
            ? CommunicationNetwork.star(
                nodes: Self.nodes + 1, centre: NodeID(Self.nodes), link: condition.link) : overlay
        let aggregator = QuadraticMarket.Member(b: 0, a: 1, most: 0, demand: 0)
        let members = market.members + (isStar ? [aggregator] : [])
        let agents = members.enumerated().map { node, member in
            PriceAgent<M>(
                member, node: NodeID(node), neighbours: network.neighbours(of: NodeID(node)),
                nodes: Self.nodes)
        }
        var conversation = Conversation(agents: agents, network: network, seed: seed)
        conversation.begin(members.map { _ in observation([], begin: .zero) }, at: .zero)
        return follow(&conversation, from: .zero) { agent, _ in agent.method.power }
    }

    /// ρ = h/(n·√λ), h the mean slope, n the neighbours, λ the second eigenvalue of the normalised Laplacian;
    /// of random networks of four neighbours 1 − √3/2.
    func relaxedADMM() -> Outcome {
        let penalty = market.meanSlope / (4 * (1 - 3.0.squareRoot() / 2).squareRoot())
        let settings = RelaxedADMM.Settings(
            tick: VirtualTime(seconds: 1), ticks: Self.mostTicks, penalty: penalty)
        let network = overlay
        let agents = market.members.enumerated().map { node, member in
            var agent = RelaxedADMM(node: NodeID(node), device: DeviceID(node), settings: settings)
            agent.demand = [Power(member.demand)]
            return agent
        }
        var conversation = Conversation(agents: agents, network: network, seed: seed)
        let seen = agents.indices.map {
            observation(network.neighbours(of: NodeID($0)), begin: .zero, offer: market.offer($0))
        }
        conversation.begin(seen, at: .zero)
        return follow(&conversation, from: .zero) { agent, member in
            agent.prices.first.map { member.power(at: $0.value) }
        }
    }

    /// The last of `steps` steps; the tree forms itself in the first.
    func tree(steps: Int) -> Outcome {
        let network = overlay
        let settings = ClearingAgent.Settings(
            tick: VirtualTime(seconds: 1), timeout: condition.delay > 1 ? 40 : 12)
        let agents = market.members.indices.map { node in
            var agent = ClearingAgent(
                node: NodeID(node), device: DeviceID(node), rank: node == 0 ? 0 : nil, settings: settings)
            agent.bid = market.bid(node)
            return agent
        }
        var conversation = Conversation(agents: agents, network: network, seed: seed)
        var outcome = Outcome(left: .infinity, messages: 0)
        for step in 0..<steps {
            let begin = VirtualTime(seconds: 100_000 * Double(step))
            conversation.begin(
                agents.indices.map {
                    observation(network.neighbours(of: NodeID($0)), begin: begin, step: step)
                }, at: begin)
            outcome = follow(&conversation, from: begin) { agent, member in
                agent.power.map { $0.value + member.demand }
            }
            for node in agents.indices {
                conversation.act(NodeID(node), at: begin + VirtualTime(seconds: 20_000)) { agent, _ in
                    agent.rest(at: begin)
                }
            }
        }
        return outcome
    }
}

import Agents
import Clearing
import Grid
import Messaging
import Scheduling

/// Which offers have an agent together: loads of one value, which do no more than take, and which no event
/// treats differently; every other offer has an agent of its own.
///
/// The agents of an area talk among themselves; one of each, its head, also talks to the head of the area
/// above (`AreaTree`), so that what flows over a tie is agreed on over one link.
struct AgentGroups: Hashable {
    /// Places of the offers of each agent.
    private(set) var agents: [[Int]] = []
    /// Area of each agent.
    private(set) var areas: [Int] = []
    /// The agent of each area that talks to those of other areas: that of the connection, or the first.
    private(set) var heads: [Int] = []
    /// The tie to the area above, by area.
    private var tieAbove: [Int?] = []
    private var ties: [Tie] = []

    /// No agents.
    init() {}

    /// Groups the offers of a problem. `fates` has the number of each device's fate (`EventSchedule.fates`);
    /// empty: all the same. Each area must have an offer.
    init(of problem: DispatchProblem, fates: [Int]) {
        let offers = problem.offers
        func fate(_ offer: Int) -> Int { fates.isEmpty ? 0 : fates[offers[offer].device.index] }
        for index in offers.indices {
            let area = problem.areas.area(of: index)
            if let agent = agents.indices.first(where: {
                let first = agents[$0][0]
                return areas[$0] == area && fate(first) == fate(index)
                    && Self.areAlike(offers[first], offers[index])
            }) {
                agents[agent].append(index)
            } else {
                agents.append([index])
                areas.append(area)
            }
        }
        guard problem.areas.count > 1 else { return }
        ties = problem.areas.ties
        tieAbove = AreaTree(problem).tieAbove
        heads = (0..<problem.areas.count).map { area in
            let own = agents.indices.filter { areas[$0] == area }
            precondition(!own.isEmpty, "an area without an agent")
            return own.first { offers[agents[$0][0]].role == .connection } ?? own[0]
        }
    }

    /// The area whose losses an agent knows: that of which it is the head, or the only one, where it is that
    /// of the connection; nil for others.
    func areaOfHead(_ agent: Int, _ offers: [Offer]) -> Int? {
        guard !heads.isEmpty else { return offers[agents[agent][0]].role == .connection ? 0 : nil }
        return heads.firstIndex(of: agent)
    }

    /// Power that the tie between two heads carries toward the head above in a step, by head below.
    func limits(at step: Int) -> [(head: Int, above: Int, range: ClosedRange<Power>)] {
        heads.indices.compactMap { area in
            guard let tie = tieAbove[area].map({ ties[$0] }) else { return nil }
            let (forward, backward) = (Power(tie.forward(at: step)), Power(tie.backward(at: step)))
            return (
                heads[area], heads[tie.end(beside: area)],
                tie.from == area ? -backward...forward : -forward...backward
            )
        }
    }

    private static func areAlike(_ a: Offer, _ b: Offer) -> Bool {
        a.isLoad && b.isLoad && a.cost == b.cost && a.cost.quadratic == 0 && a.ramp == nil && b.ramp == nil
    }

    /// The network over which the agents talk, that of offer `centre` at its centre or top.
    func network(
        _ topology: Communication.Topology, centre: Int?, link: Link, seed: UInt64
    ) -> CommunicationNetwork {
        let root = agents.firstIndex { $0[0] == centre } ?? 0
        guard !heads.isEmpty else {
            return Self.network(topology, nodes: agents.count, centre: root, link, seed)
        }
        var pairs: [(Int, Int)] = []
        for area in heads.indices {
            let own = agents.indices.filter { areas[$0] == area }
            let part = Self.network(
                topology, nodes: own.count, centre: own.firstIndex(of: heads[area])!, link, seed)
            pairs += part.edges.map { (own[$0.from.index], own[$0.to.index]) }
            if let tie = tieAbove[area] { pairs.append((heads[area], heads[ties[tie].end(beside: area)])) }
        }
        return CommunicationNetwork(nodes: agents.count, pairs: pairs, link: link)
    }

    private static func network(
        _ topology: Communication.Topology, nodes: Int, centre: Int, _ link: Link, _ seed: UInt64
    ) -> CommunicationNetwork {
        guard
            let network = topology.network(nodes: nodes, centre: NodeID(centre), seed: seed, link: link)
        else { preconditionFailure("agents without a controller over \(topology.rawValue)") }
        return network
    }
}

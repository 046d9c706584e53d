import Agents
import Messaging
import Scheduling

/// Which offers have an agent together: loads of one value, which do no more than take; every other offer has
/// an agent of its own.
struct AgentGroups: Hashable {
    /// Places of the offers of each agent.
    private(set) var agents: [[Int]] = []

    init(of offers: [Offer]) {
        for index in offers.indices {
            if let agent = agents.firstIndex(where: { Self.areAlike(offers[$0[0]], offers[index]) }) {
                agents[agent].append(index)
            } else {
                agents.append([index])
            }
        }
    }

    private static func areAlike(_ a: Offer, _ b: Offer) -> Bool {
        a.isLoad && b.isLoad && a.cost == b.cost && a.cost.quadratic == 0 && a.ramp == nil && b.ramp == nil
    }

    /// A random network in which each agent has four neighbours, or all others where there are few.
    func network(link: Link, seed: UInt64) -> CommunicationNetwork {
        agents.count > 5
            ? .regular(nodes: agents.count, degree: 4, seed: seed, link: link)
            : .mesh(nodes: agents.count, link: link)
    }
}

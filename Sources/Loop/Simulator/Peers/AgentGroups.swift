import Agents
import Messaging
import Scheduling

/// Which offers have an agent together: loads of one value, which do no more than take, and which no event
/// treats differently; every other offer has an agent of its own.
struct AgentGroups: Hashable {
    /// Places of the offers of each agent.
    private(set) var agents: [[Int]] = []

    /// Groups offers. `fates` has the number of each device's fate (`EventSchedule.fates`); empty: all the
    /// same.
    init(of offers: [Offer], fates: [Int]) {
        func fate(_ offer: Int) -> Int { fates.isEmpty ? 0 : fates[offers[offer].device.index] }
        for index in offers.indices {
            if let agent = agents.firstIndex(where: {
                fate($0[0]) == fate(index) && Self.areAlike(offers[$0[0]], offers[index])
            }) {
                agents[agent].append(index)
            } else {
                agents.append([index])
            }
        }
    }

    private static func areAlike(_ a: Offer, _ b: Offer) -> Bool {
        a.isLoad && b.isLoad && a.cost == b.cost && a.cost.quadratic == 0 && a.ramp == nil && b.ramp == nil
    }

    /// The network over which the agents talk, that of offer `centre` at its centre or top.
    func network(
        _ topology: Communication.Topology, centre: Int?, link: Link, seed: UInt64
    ) -> CommunicationNetwork {
        let root = NodeID(agents.firstIndex { $0[0] == centre } ?? 0)
        guard let network = topology.network(nodes: agents.count, centre: root, seed: seed, link: link) else {
            preconditionFailure("agents without a controller over \(topology.rawValue)")
        }
        return network
    }
}

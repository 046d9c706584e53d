import Devices
public import Grid
public import Scheduling
import Timeline

/// Parts of the network that plans balance one by one, and the branches between them: what `Areas` says of
/// one problem, by bus and branch. The physics knows nothing of it.
public struct PlanAreas: Hashable, Sendable {
    /// A branch whose ends lie in different areas.
    public struct Crossing: Hashable, Sendable {
        /// Its place in the network.
        public let branch: Int
        /// The most it may carry either way; nil: without limit.
        public let limit: Power?

        public init(branch: Int, limit: Power?) {
            self.branch = branch
            self.limit = limit
        }
    }

    public let names: [String]
    /// The area of each bus.
    public let ofBuses: [Int]
    /// In the order of the network; their places are those of the ties of a problem.
    public let crossings: [Crossing]
    /// Flows follow the branches' reactances; otherwise they are chosen.
    public let followsReactance: Bool

    public init(names: [String], ofBuses: [Int], crossings: [Crossing], followsReactance: Bool) {
        self.names = names
        self.ofBuses = ofBuses
        self.crossings = crossings
        self.followsReactance = followsReactance
    }

    /// The areas of a problem of these offers.
    func areas(of offers: [Offer], _ scenario: Scenario) -> Areas {
        let branches = scenario.network.branches
        return Areas(
            count: names.count, ofOffers: offers.map { ofBuses[scenario.devices[$0.device.index].bus] },
            ties: crossings.map { crossing in
                let branch = branches[crossing.branch]
                return Tie(
                    from: ofBuses[branch.from], to: ofBuses[branch.to],
                    forward: [crossing.limit ?? Power(.infinity)],
                    reactance: followsReactance ? branch.reactance.value : nil)
            })
    }
}

extension Scenario {
    /// The area of the connection's bus in its plans.
    public var connectionArea: Int { planning.rules.areas?.ofBuses[network.source] ?? 0 }
}

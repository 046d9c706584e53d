public import Grid
import Scheduling
import Timeline

/// Parts of the network that plans balance one by one, and the branches between them. It is `Areas` by bus
/// and branch; the power flow does not know of it.
public struct PlanAreas: Hashable, Sendable {
    /// A branch whose ends lie in different areas.
    public struct Crossing: Hashable, Sendable {
        /// Index of the branch in the network.
        public let branch: Int
        /// Greatest power in either direction; nil: no limit.
        public let limit: Power?

        /// Creates a crossing.
        public init(branch: Int, limit: Power?) {
            self.branch = branch
            self.limit = limit
        }
    }

    /// Names of the areas.
    public let names: [String]
    /// Area of each bus.
    public let ofBuses: [Int]
    /// Branches between areas in the order of the network, which is the order of the ties of a problem.
    public let crossings: [Crossing]
    /// Whether flows follow the branches' reactances; otherwise plans choose them freely.
    public let followsReactance: Bool

    /// Creates areas from the area of each bus.
    public init(names: [String], ofBuses: [Int], crossings: [Crossing], followsReactance: Bool) {
        self.names = names
        self.ofBuses = ofBuses
        self.crossings = crossings
        self.followsReactance = followsReactance
    }

    /// Returns the areas of a problem of these offers.
    func areas(of offers: [Offer], _ map: PlantMap) -> Areas {
        let branches = map.network.branches
        return Areas(
            count: names.count, ofOffers: offers.map { ofBuses[map.device(of: $0).bus] },
            ties: crossings.map { crossing in
                let branch = branches[crossing.branch]
                return Tie(
                    from: ofBuses[branch.from], to: ofBuses[branch.to],
                    forward: [crossing.limit ?? Power(.infinity)],
                    reactance: followsReactance ? branch.reactance.value : nil)
            })
    }
}

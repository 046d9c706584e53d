import DistributedDispatch
import EconomicDispatch
import Grid
import Scheduling
import Timeline

// What each agent offers in one problem.
extension AgentGroups {
    /// The offer of each agent, the first of its offers, and what its store wants at the end.
    func offers(of problem: DispatchProblem) -> [(offer: Offer, first: Int, end: StoreResponse.End)] {
        agents.map { members in
            var offer = Self.sum(of: members.map { problem.offers[$0] })
            if problem.requirements.emissions != nil {
                offer.cost.deliver = problem.horizon.indices.map {
                    problem.deliverPrice(of: members[0], at: $0)
                }
            }
            return (offer, members[0], Self.end(of: members[0], problem))
        }
    }

    private static func sum(of offers: [Offer]) -> Offer {
        var sum = offers[0]
        for offer in offers.dropFirst() {
            for step in sum.lower.indices {
                sum.lower[step] += offer.lower[step]
                sum.upper[step] += offer.upper[step]
            }
        }
        return sum
    }

    private static func end(of offer: Int, _ problem: DispatchProblem) -> StoreResponse.End {
        guard let reservoir = problem.offers[offer].reservoir else { return .valued(.zero) }
        let value = problem.storedValue(of: offer)
        guard reservoir.required.isEmpty else { return .valued(value) }
        let wanted: Energy?
        switch problem.requirements.end {
        case .valued: wanted = nil
        case .asNow: wanted = reservoir.stored
        case .contents(let contents): wanted = contents[offer]
        }
        guard let wanted else { return .valued(value) }
        return .content(wanted, value + problem.endPrice(of: offer))
    }
}

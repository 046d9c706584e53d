import Agents
public import DistributedDispatch
import EconomicDispatch
import Grid
public import Messaging
public import Scheduling
import Timeline

/// Plans that the devices' agents agree on by relaxed ADMM over a network of their own (`RelaxedADMM`).
///
/// Each offer has an agent; loads of one value are one agent together, since each does no more than take.
/// The agent of the connection answers for the losses and pays the demand charge, and its import is what the
/// others leave. A plan starts from what the agents know of the plan before.
public final class ConsensusDispatcher: Dispatcher {
    private let settings: RelaxedADMM.Settings
    private let link: Link
    private let seed: UInt64
    private var conversation: Conversation<RelaxedADMM>?
    private var groups = AgentGroups(of: [])
    /// Message counts of all plans so far.
    public private(set) var traffic = Traffic()

    /// Creates a dispatcher whose agents talk over a random network of four neighbours each, and `link`
    /// between any two of them.
    public init(settings: RelaxedADMM.Settings, link: Link, seed: UInt64) {
        self.settings = settings
        self.link = link
        self.seed = seed
    }

    /// Why a plan cannot be agreed on by one price a step; nil where it can.
    public static func obstacle(to problem: DispatchProblem) -> String? {
        let asked = problem.requirements
        if problem.areas.count > 1 { return "areas with ties between them" }
        if !asked.limits.isEmpty { return "limits of the network" }
        if asked.spinning != nil || asked.island != nil { return "reserves" }
        if asked.emissions?.cap != nil { return "an emission cap" }
        if problem.offers.count(where: { $0.role == .connection }) != 1 { return "no grid connection" }
        return nil
    }

    /// Returns the plan that the agents agree on within their ticks; that of the centre where their one price
    /// a step cannot express the problem (`obstacle`).
    public func plan(_ problem: DispatchProblem) -> Plan {
        guard Self.obstacle(to: problem) == nil, !problem.horizon.isEmpty else {
            return RollingOptimum().plan(problem)
        }
        let groups = AgentGroups(of: problem.offers)
        if conversation == nil || groups != self.groups {
            self.groups = groups
            conversation = Conversation(
                agents: groups.agents.indices.map {
                    RelaxedADMM(node: NodeID($0), device: DeviceID($0), settings: settings)
                }, network: groups.network(link: link, seed: seed), seed: seed)
        }
        negotiate(problem)
        traffic = conversation!.traffic
        return result(problem)
    }

    private func negotiate(_ problem: DispatchProblem) {
        let tariff = problem.replacedPrices
        let begin = VirtualTime(nanoseconds: problem.horizon.start.secondsSinceEpoch * 1_000_000_000)
        let round = VirtualTime(nanoseconds: settings.tick.nanoseconds * Int64(settings.ticks))
        let seen = groups.agents.indices.map { agent -> Observation? in
            let offer = sum(of: groups.agents[agent].map { problem.offers[$0] })
            let node = NodeID(agent)
            conversation![node].expected = tariff
            conversation![node].end = end(of: groups.agents[agent][0], problem)
            let isConnection = offer.role == .connection
            conversation![node].demandCharge = isConnection ? problem.requirements.demandCharge : nil
            conversation![node].demand = isConnection ? problem.losses : []
            return Observation(
                interval: problem.horizon[0], deadline: begin + round, ahead: offer,
                neighbours: conversation!.network.neighbours(of: node))
        }
        conversation!.run(until: begin)
        conversation!.begin(seen, at: begin)
        conversation!.run(until: begin + round)
    }

    private func sum(of offers: [Offer]) -> Offer {
        var sum = offers[0]
        for offer in offers.dropFirst() {
            for step in sum.lower.indices {
                sum.lower[step] += offer.lower[step]
                sum.upper[step] += offer.upper[step]
            }
        }
        return sum
    }

    private func end(of offer: Int, _ problem: DispatchProblem) -> StoreResponse.End {
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

// The plan of all agents together.
extension ConsensusDispatcher {
    private func result(_ problem: DispatchProblem) -> Plan {
        let steps = problem.horizon.count
        var powers = Array(repeating: Power.zero, count: problem.offers.count * steps)
        var contents = Array(repeating: Energy.zero, count: powers.count)
        var worth = Array(repeating: EnergyCost.zero, count: powers.count)
        for (agent, group) in groups.agents.enumerated() {
            let own = conversation![NodeID(agent)]
            let (agreed, stored, values) = (own.powers, own.contents, own.worth)
            for step in 0..<steps {
                let asked = group.reduce(0) { $0 + problem.offers[$1].lower[step].value }
                for index in group {
                    let at = step + index * steps
                    let share = asked == 0 ? 0 : problem.offers[index].lower[step].value / asked
                    powers[at] = group.count == 1 ? agreed[step] : agreed[step] * share
                    if let least = problem.offers[index].minimumWhenOn {
                        // Of a unit with a least power: off below half of it, as in the centre's plans.
                        powers[at] = agreed[step] < least / 2 ? .zero : max(agreed[step], least)
                    }
                    guard !stored.isEmpty else { continue }
                    (contents[at], worth[at]) = (stored[step], values[step])
                }
            }
        }
        let connection = problem.offers.firstIndex { $0.role == .connection }!
        let (shortage, surplus) = balance(&powers, of: problem, on: connection)
        let agent = conversation![NodeID(groups.agents.firstIndex { $0[0] == connection }!)]
        var plan = Plan(
            problem, Schedule(powers: powers, contents: contents), status: .approximate,
            price: agent.prices, objective: 0)
        (plan.shortage, plan.surplus) = (shortage, surplus)
        plan.storedWorth = worth
        plan.peaks = agent.peaks
        plan.iterations = settings.ticks
        plan.objective = problem.objective(of: plan)
        return plan
    }

    /// Gives the remainder to the connection, and what it cannot carry to shortage or surplus.
    private func balance(
        _ powers: inout [Power], of problem: DispatchProblem, on connection: Int
    ) -> (shortage: [Power], surplus: [Power]) {
        let steps = problem.horizon.count
        var (shortage, surplus) = (problem.losses, problem.losses)
        let offer = problem.offers[connection]
        for step in 0..<steps {
            let others = stride(from: step, to: powers.count, by: steps).reduce(Power.zero) {
                $1 == step + connection * steps ? $0 : $0 + powers[$1]
            }
            let left = problem.losses[step] - others
            let carried = min(max(left, offer.lower[step]), offer.upper[step])
            powers[step + connection * steps] = carried
            shortage[step] = max(left - carried, .zero)
            surplus[step] = max(carried - left, .zero)
        }
        return (shortage, surplus)
    }
}

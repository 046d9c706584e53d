import Agents
public import DistributedDispatch
import EconomicDispatch
import Events
public import Grid
public import Messaging
public import Scheduling
import Timeline

/// Plans that the devices' agents agree on by relaxed ADMM over a network of their own (`RelaxedADMM`).
///
/// Each offer has an agent; loads of one value are one agent together, since each does no more than take.
/// The agent of the connection answers for the losses and pays the demand charge, and its import is what the
/// others leave. A plan starts from what the agents know of the plan before. An agent that does not work when
/// a plan is due has no part in it: its device is expected to do what it does by itself.
public final class ConsensusDispatcher: PeerDispatcher {
    let settings: PeerSettings
    private let tick: VirtualTime
    private let link: Link
    private let fates: [Int]
    private let seed: UInt64
    private(set) var conversation = PlanConversation<RelaxedADMM>()
    /// Message counts of all plans so far.
    public private(set) var traffic = Traffic()
    /// How far the last plan may be above the least cost; nil where the centre's dispatcher made it.
    public internal(set) var gap: DispatchGap?

    /// Creates a dispatcher whose agents talk over a network of a shape (`PeerSettings.topology`), with
    /// `link` between any two neighbours, every `tick` seconds. `fates`: see `EventSchedule.fates`.
    public init(settings: PeerSettings, tick: Double, link: Link, fates: [Int] = [], seed: UInt64) {
        self.settings = settings
        self.tick = VirtualTime(seconds: tick)
        self.link = link
        self.fates = fates
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
        gap = nil
        guard Self.obstacle(to: problem) == nil, !problem.horizon.isEmpty else {
            return RollingOptimum().plan(problem)
        }
        if !conversation.hasBegun { gather(problem) }
        negotiate(problem)
        traffic = conversation.talk.traffic
        return result(problem)
    }

    /// Takes what events change from the begin of `interval` on.
    func meet(_ disturbance: Disturbance, from interval: Interval) {
        conversation.meet(disturbance, from: interval)
    }

    private func gather(_ problem: DispatchProblem) {
        conversation.begin(problem, fates: fates, over: settings.topology, link: link, seed: seed) {
            groups, network in
            let own = RelaxedADMM.Settings(
                tick: tick, ticks: settings.ticks,
                penalty: settings.penalty ?? Self.penalty(of: problem, groups, in: network),
                smoothing: Self.smoothing, slackTimeout: settings.slackTimeout)
            return groups.agents.enumerated().map { agent, members in
                RelaxedADMM(
                    node: NodeID(agent), device: DeviceID(agent),
                    isSlack: problem.offers[members[0]].role == .connection, settings: own)
            }
        }
    }

    /// Share of the mean price that a store's usual power pays besides.
    public static let smoothing = 0.01

    private static func penalty(
        of problem: DispatchProblem, _ groups: AgentGroups, in network: CommunicationNetwork
    ) -> Double {
        penalty(
            ratings: groups.offers(of: problem).map(\.offer.largestPower), prices: problem.replacedPrices,
            degree: Double(network.edges.count) / Double(max(network.nodes, 1)))
    }

    /// Returns the penalty at which a change of the price by all of the mean tariff moves an agent by two
    /// thirds of the mean rating; `degree` is the mean number of neighbours. In the valley year penalties
    /// from 0.7 times to twice as much do about as well.
    public static func penalty(ratings: [Power], prices: [EnergyCost], degree: Double) -> Double {
        let price = prices.reduce(0) { $0 + abs($1.value) } / Double(max(prices.count, 1))
        let rating = ratings.reduce(0) { $0 + $1.value } / Double(max(ratings.count, 1))
        // Where nothing costs or gives, any penalty will do.
        guard rating > 0, price > 0, degree > 0 else { return 1e8 }
        return 2 * rating / (3 * price * degree)
    }

    private func negotiate(_ problem: DispatchProblem) {
        let tariff = problem.replacedPrices
        let round = VirtualTime(nanoseconds: tick.nanoseconds * Int64(settings.ticks))
        let offers = conversation.groups.offers(of: problem)
        conversation.talk(about: problem.horizon, for: round) { index, end, agent in
            let own = offers[index]
            agent.expected = tariff
            agent.end = own.end
            let isConnection = own.offer.role == .connection
            agent.demandCharge = isConnection ? problem.requirements.demandCharge : nil
            agent.demand = isConnection ? problem.losses : []
            return Observation(interval: problem.horizon[0], deadline: end, ahead: own.offer)
        }
    }
}

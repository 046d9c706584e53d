/// How agents agree on dispatch without a centre. They talk over links with the properties of
/// `Communication.link`, every `Communication.tick`.
public struct PeerSettings: Hashable, Sendable {
    /// How they come to a plan.
    public enum Plan: String, Hashable, Sendable, CaseIterable {
        /// Each tells all others its offer, and plans by itself by the scenario's method.
        case sharedOffers = "shared-offers"
        /// They agree on prices by relaxed ADMM.
        case relaxedADMM = "r-admm"
    }

    /// How they come to a plan.
    public var plan: Plan
    /// Messages of an agent to each neighbour in one plan.
    public var ticks: Int
    /// ρ of relaxed ADMM, W²·h/yuan: see `RelaxedADMM.Settings.penalty`; nil: `ConsensusDispatcher` finds one
    /// from ratings and tariff.
    public var penalty: Double?
    /// Ticks after which a neighbour that was not heard no longer counts when a step is cleared.
    public var timeout: Int
    /// Ticks for which the count of the slack may stand before agents act without it: see
    /// `RelaxedADMM.Settings.slackTimeout` and `ClearingAgent.Settings.slackTimeout`.
    public var slackTimeout: Int

    /// Shape of the network over which they talk: any but `list` and `cable`. In a star or a tree the agent
    /// of the connection is at the centre or top.
    public var topology = Communication.Topology.overlay

    /// Creates settings; `slackTimeout` is by default the timeout.
    public init(
        plan: Plan = .relaxedADMM, ticks: Int = 60, penalty: Double? = nil, timeout: Int = 40,
        slackTimeout: Int? = nil
    ) {
        self.plan = plan
        precondition(ticks > 0 && penalty ?? 1 > 0 && timeout > 0 && slackTimeout ?? 1 > 0)
        self.ticks = ticks
        self.penalty = penalty
        self.timeout = timeout
        self.slackTimeout = slackTimeout ?? timeout
    }

    /// Time between two messages of an agent to the same neighbour where the communication states none, s.
    public static let tick = 0.2
}

public import Agents
public import Grid
public import Scheduling

/// How far what agents agreed on may be above the least cost of the same offers.
///
/// The powers of an agreement need not sum to what is asked for: some agents may not have been heard. What
/// they leave is the slack's, which pays for it like for any other power.
public struct DispatchGap: Hashable, Sendable {
    /// Cost of the powers, the remainder on the slack, yuan.
    public let cost: Double
    /// Cost that no dispatch of the same offers can be below, yuan: that of a centre's optimum, or Lagrange's
    /// bound at the prices agreed on.
    public let bound: Double
    /// The model of the network in that bound.
    public let model: OptimalityCertificate.Optimum
    /// Greatest remainder in a step, by magnitude.
    public let imbalance: Power
    /// Greatest difference between the prices of two agents in a step, of those that agree on one price.
    public let priceSpread: EnergyCost
    /// Agents that had no part in the agreement.
    public let missing: [NodeID]
    /// Number of different sets of offers that the agents have planned on; nil where they agree on one plan.
    public var views: Int?

    /// Creates the certificate of an agreement.
    ///
    /// `remainders` has one value a step: see `remainders(of:losses:)`. `prices` has one list an agent, of
    /// one value a step; nil for those that are missing.
    public init(
        cost: Double, bound: Double, model: OptimalityCertificate.Optimum, remainders: [Power],
        prices: [[EnergyCost]?]
    ) {
        precondition(cost.isFinite && bound.isFinite, "a cost that is no number")
        self.cost = cost
        self.bound = bound
        self.model = model
        imbalance = remainders.max { abs($0.value) < abs($1.value) } ?? .zero
        missing = prices.indices.filter { prices[$0] == nil }.map { NodeID($0) }
        let heard = prices.compactMap(\.self)
        priceSpread = (heard.first ?? []).indices.reduce(.zero) { widest, step in
            let values = heard.map { $0[step] }
            return max(widest, values.max()! - values.min()!)
        }
    }

    /// Cost above the bound, divided by the bound's magnitude.
    public var gap: Double { (cost - bound) / max(abs(bound), 1e-9) }

    /// Returns what is missing, and has to come from the slack, in each step: the losses less the sum of all
    /// powers, one list an agent.
    public static func remainders(of powers: [[Power]], losses: [Power]) -> [Power] {
        losses.indices.map { step in powers.reduce(losses[step]) { $0 - $1[step] } }
    }
}

public import Grid
public import Timeline

/// A dispatch problem: offers over one horizon, and the losses that they must cover.
public struct DispatchProblem: Hashable, Sendable {
    /// Steps of the problem.
    public let horizon: Horizon
    /// What the devices offer, all over `horizon`. Other parts of the problem name an offer by its place
    /// here.
    ///
    /// An offer either gives or takes in a step. Where taking earns more than giving costs, the program is
    /// not convex, and a dispatcher decides which of the two an offer without a store does.
    public var offers: [Offer]
    /// The areas of the offers, and the ties between them.
    public let areas: Areas
    /// Expected losses of the network, which the offers' powers must sum to. One value a step; that of area a
    /// in step t is at t + a·steps.
    public var losses: [Power]
    /// How the losses depend on the powers; nil: the losses are as expected whatever is planned, and no
    /// reactive power is planned.
    public var marginalLosses: MarginalLosses? = nil
    /// Value of a Wh still stored at the end; nil: see `storedValue(of:)`.
    public var storedValue: EnergyCost?
    /// What a plan must keep to besides.
    public var requirements: Requirements
    /// The same offers by other forecasts, each as likely as `offers`. Only the stochastic optimum reads
    /// them.
    public var alternatives: [[Offer]] = []
    /// Number of first steps in which all forecasts must share one decision.
    public var sharedSteps = 1

    /// Creates a problem; without `losses` there are none. All offers must cover `horizon`.
    public init(
        horizon: Horizon, offers: [Offer], losses: [Power]? = nil, storedValue: EnergyCost? = nil,
        requirements: Requirements = Requirements(), areas: Areas = .one
    ) {
        precondition(offers.allSatisfy { $0.horizon == horizon })
        precondition(losses == nil || losses!.count == horizon.count * areas.count)
        precondition(areas.ofOffers.isEmpty || areas.ofOffers.count == offers.count)
        precondition(
            areas.ties.allSatisfy {
                [1, horizon.count].contains($0.forward.count)
                    && [1, horizon.count].contains($0.backward.count)
            })
        self.horizon = horizon
        self.offers = offers
        self.losses = losses ?? Array(repeating: .zero, count: horizon.count * areas.count)
        self.areas = areas
        self.storedValue = storedValue
        self.requirements = requirements
    }

    /// The connection that takes what others leave over or lack: the first that can carry any power; nil
    /// without a connection. Looks at offers in place: a copy of one would count some ten references.
    public var reference: Int? {
        var first: Int?
        for place in offers.indices where offers[place].role == .connection {
            first = first ?? place
            if offers[place].upper.contains(where: { $0 != .zero })
                || offers[place].lower.contains(where: { $0 != .zero })
            {
                return place
            }
        }
        return first
    }

    /// Returns the sum over all areas of powers laid out as `losses`, in one step.
    public func sum(_ powers: [Power], at step: Int) -> Power {
        stride(from: step, to: powers.count, by: horizon.count).reduce(.zero) { $0 + powers[$1] }
    }
}

public import Grid
public import Timeline

/// What a dispatcher is asked: offers over one horizon, and the losses they must cover.
public struct DispatchProblem: Hashable, Sendable {
    public let horizon: Horizon
    /// All over `horizon`.
    ///
    /// Where an offer may give and take in the same step, its price of taking counts no higher than its price
    /// of giving: energy bought may not be sold at a profit at once (the program would not be convex).
    public internal(set) var offers: [Offer]
    /// Where the offers are, and what may flow between.
    public let areas: Areas
    /// Power the network itself is expected to take; the offers' powers must sum to it. One a step; of area a
    /// at step t at t + a·steps.
    public var losses: [Power]
    /// How the losses answer to the powers; nil: they are as expected whatever is planned, and no reactive
    /// power is planned.
    public var marginalLosses: MarginalLosses? = nil
    /// What a Wh still stored at the end is worth; nil: see `storedValue(of:)`.
    public let storedValue: EnergyCost?
    /// Its places of offers are those of `offers`.
    public var requirements: Requirements
    /// The same offers as other forecasts would have them, each as likely as `offers`: read by
    /// `StochasticOptimum` only.
    public var alternatives: [[Offer]] = []
    /// First steps in which all forecasts must share one decision.
    public var sharedSteps = 1

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

    /// Of powers laid out as `losses`, those of a step in all areas together.
    public func sum(_ powers: [Power], at step: Int) -> Power {
        stride(from: step, to: powers.count, by: horizon.count).reduce(.zero) { $0 + powers[$1] }
    }

    /// What a Wh left in an offer's reservoir at the end is worth.
    ///
    /// Unless the problem states it: what it will replace later, delivered at its own cost and efficiency.
    /// The price replaced is the mean over the horizon of the cheapest connection's (an offer without
    /// reservoir that may give and take); where there is none, of the cheapest offer without reservoir that
    /// has a price above zero; where there is none either, zero.
    public func storedValue(of offer: Int) -> EnergyCost { EnergyCost(Sheet(self).storedValue(of: offer)) }

    /// The price of a Wh of shortage or surplus that no offer can meet: four times the highest price offered,
    /// so that it is paid only where nothing else is left.
    public var slackPrice: EnergyCost { EnergyCost(Sheet(self).slackPrice) }
}

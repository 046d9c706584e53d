public import Grid

/// One island in one step: what its devices could do, and what its loads want.
public struct IslandStep: Hashable, Sendable {
    /// Devices that form the island; at least one.
    public var forming: [FormingUnit] = []
    /// Other stores and machines.
    public var following: [FollowingUnit] = []
    /// What sun, wind and water could give, one value a source, not negative.
    public var sources: [Power] = []
    /// Part of what they could give that the sources gave before the step, 0 … 1: what was curtailed does not
    /// come back at once.
    public var sourceShare = 1.0
    /// The loads.
    public var loads: [LoadBlock] = []
    /// Network losses, as far as they are known.
    public var losses = Power.zero
    /// Whether the island has just come about: only the forming units act at once. The others keep what they
    /// give, and stop charging where power is short.
    public var isNew = false
    /// Blocks, or parts of blocks, that may be picked up in the step.
    public var mostBlocks = Int.max

    /// Creates a step without devices.
    public init() {}

    /// What the devices do.
    public struct Outcome: Hashable, Sendable {
        /// Power of each forming unit.
        public internal(set) var forming: [Power] = []
        /// Power of each following unit.
        public internal(set) var following: [Power] = []
        /// Power of each source.
        public internal(set) var sources: [Power] = []
        /// Whether each load is served.
        public internal(set) var isServed: [Bool] = []
        /// Places of the loads that are shed in this step.
        public internal(set) var shed: [Int] = []
        /// Places of the loads that are picked up in it.
        public internal(set) var pickedUp: [Int] = []
        /// Change of frequency by primary response alone, Hz, where what setpoints leave over comes at once,
        /// and without setpoints the whole change of the step; the secondary response takes it back.
        public internal(set) var deviation = 0.0
        /// How much more the forming units give than before the step; negative where they give less.
        public internal(set) var reserveUsed = Power.zero
        /// How much more all units could give for the step.
        public internal(set) var headroom = Power.zero
    }

    /// Balances the island: shedding where power is short, else pick-up; sources give way where it is in
    /// excess; then primary response from the powers before, and secondary response from those that setpoints
    /// ask for. Powers sum to the demand of the served loads and the
    /// losses, and each stays within its range. Only where even all of them at their least give more than
    /// is wanted do machines go below the lower end of their range, as far as zero.
    public func resolve(_ settings: IslandSettings) -> Outcome {
        precondition(!forming.isEmpty && losses.value.isFinite)
        var outcome = Outcome()
        outcome.isServed = loads.map(\.isOn)
        let before = forming.map { $0.power.clamped(to: $0.range) }
        let kept = following.map { $0.power.clamped(to: $0.range) }
        let fixed = isNew ? kept.map { $0...max($0, .zero) } : following.map(\.range)
        var ranges = forming.map(\.range) + fixed
        let most = ranges.reduce(Power.zero) { $0 + $1.upperBound }
        let free = sources.reduce(.zero, +)
        serve(from: most + free - losses, keeping: most * IslandSettings.pickUpMargin, settings, &outcome)

        let served = zip(loads, outcome.isServed).reduce(Power.zero) { $1.1 ? $0 + $1.0.demand : $0 }
        var needed = served + losses - free
        outcome.headroom = most - needed
        let least = ranges.reduce(Power.zero) { $0 + $1.lowerBound }
        let excess = least - needed
        let surplus = min(max(.zero, excess), free)
        let share = free > .zero ? surplus / free : 0
        outcome.sources = sources.map { $0 - $0 * share }
        needed = served + losses - outcome.sources.reduce(.zero, +)
        if excess > free { ranges = ranges.map { min($0.lowerBound, .zero)...$0.upperBound } }
        let start =
            zip(forming, before).map { $0.asked?.clamped(to: $0.range) ?? $1 }
            + zip(following, kept).map { $0.asked?.clamped(to: $0.range) ?? $1 }
        if isNew || forming.allSatisfy({ $0.asked == nil }) {
            // What was curtailed does not come back at once.
            let given = free * sourceShare
            let lost = served + losses - given - (before + kept).reduce(.zero, +)
            outcome.deviation = deviation(of: lost, from: before, given, settings)
        } else {
            let lost = needed - start.reduce(.zero, +)
            outcome.deviation = deviation(of: lost, from: start, outcome.sources.reduce(.zero, +), settings)
        }
        let powers = Participation.share(needed, from: start, ranges)
        outcome.forming = Array(powers.prefix(forming.count))
        outcome.following = Array(powers.dropFirst(forming.count))
        outcome.reserveUsed = outcome.forming.reduce(.zero, +) - before.reduce(.zero, +)
        return outcome
    }

    /// Change of frequency where `lost` comes at once, beginning at these powers of the forming units.
    private func deviation(
        of lost: Power, from powers: [Power], _ given: Power, _ settings: IslandSettings
    ) -> Double {
        let units = zip(forming, powers).map { unit, power in
            FormingUnit(rating: unit.rating, droop: unit.droop, power: power, range: unit.range)
        }
        return FrequencyResponse(units, sources: given, frequency: settings.frequency).deviation(for: lost)
    }

    /// Sheds what `available` does not serve; where nothing is shed, picks up what it still serves beside a
    /// `margin`.
    private func serve(
        from available: Power, keeping margin: Power, _ settings: IslandSettings, _ outcome: inout Outcome
    ) {
        let wanted = loads.reduce(Power.zero) { $1.isOn ? $0 + $1.demand : $0 }
        if wanted > available {
            outcome.shed = loads.shed(toSave: wanted - available)
            for place in outcome.shed { outcome.isServed[place] = false }
        } else {
            let rating = forming.reduce(Power.zero) { $0 + $1.rating }
            outcome.pickedUp = loads.pickUp(
                headroom: available - wanted - margin, largest: rating * settings.stepLoad, atMost: mostBlocks
            )
            for place in outcome.pickedUp { outcome.isServed[place] = true }
        }
    }
}

/// Secondary response: who gives how much of what is needed.
public enum Participation {
    /// Powers that sum to `needed`: each begins at its own of `powers`, clipped to its range, and takes its
    /// part of the change in proportion to its headroom in that direction. Where the ranges do not reach
    /// `needed`, all are at their ends.
    public static func share(
        _ needed: Power, from powers: [Power], _ ranges: [ClosedRange<Power>]
    ) -> [Power] {
        precondition(powers.count == ranges.count)
        let start = zip(powers, ranges).map { $0.clamped(to: $1) }
        let change = needed - start.reduce(.zero, +)
        let room = zip(start, ranges).map {
            change > .zero ? $1.upperBound - $0 : $1.lowerBound - $0
        }
        let sum = room.reduce(Power.zero, +)
        guard sum != .zero else { return start }
        let part = min(1, change / sum)
        let powers = zip(start, room).map { $0 + $1 * part }
        precondition(powers.allSatisfy { $0.value.isFinite })
        return zip(powers, ranges).map { $0.clamped(to: $1) }
    }
}

extension Power {
    fileprivate func clamped(to range: ClosedRange<Power>) -> Power {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}

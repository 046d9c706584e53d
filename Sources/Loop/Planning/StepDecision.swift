public import Clearing
public import Grid
public import Scheduling
public import Timeline

/// What the controller decides for one step with what was measured, between two plans.
public struct StepDecision: Hashable, Sendable {
    /// Active power of each offer of the plan; that of the connection is what the others and the losses are
    /// expected to leave.
    public var powers: [Power]
    /// Price of each area; empty where no price was found.
    public var price: [EnergyCost]
    /// Exchange within which the connection takes what is left over or lacking: see `StepClearing.exchange`.
    public var exchange: ClosedRange<Power>?
}

extension Planner {
    /// Decides the powers of a step within the last plan. `measured` has the last measurement of each device,
    /// by `DeviceID`; nil where none was heard. Returns nil where the plan's own powers are to be followed:
    /// without a plan for the step, or where nothing is cleared. `agreement`: see `StepClearing`.
    public func decide(
        _ interval: Interval, measured: [Measurement?], agreement: StepClearing.Agreement? = nil
    ) -> StepDecision? {
        guard settings.clearing.method != .none, let plan = last, plan.horizon.count > 0 else { return nil }
        let step = interval.start.seconds(since: plan.horizon.start) / plan.horizon.step
        guard plan.horizon.indices.contains(step) else { return nil }
        guard settings.clearing.method == .tree else { return held(plan, at: step) }
        let heard = plan.problem.offers.map { measured[$0.device.index] }
        let now = Horizon(start: interval.start, step: interval.seconds, count: 1)
        if let rule = reacting(to: heard, within: plan, over: now) {
            return StepDecision(
                powers: plan.problem.offers.indices.map { rule.power(of: $0, at: 0) }, price: rule.price,
                exchange: nil)
        }
        let clearing = StepClearing(
            of: plan, at: step, over: interval, measured: heard,
            ceiling: ceiling(of: plan, at: step, over: now),
            deviation: settings.clearing.deviation, agreement: agreement)
        // What is not seen within the step cannot be answered within it.
        let exchange = settings.clearing.sees == .step ? clearing.exchange : nil
        return StepDecision(powers: clearing.powers, price: clearing.price, exchange: exchange)
    }

    /// The plan's powers, and its exchange to be held.
    private func held(_ plan: Plan, at step: Int) -> StepDecision {
        let powers = plan.problem.offers.indices.map { plan.power(of: $0, at: step) }
        let connection = plan.problem.offers.firstIndex { $0.device == map.connection }
        return StepDecision(powers: powers, price: [], exchange: connection.map { powers[$0]...powers[$0] })
    }

    /// Import up to which the month's peak stays what it is or is planned to become.
    private func ceiling(of plan: Plan, at step: Int, over now: Horizon) -> ImportCeiling? {
        guard let charge = plan.problem.requirements.demandCharge,
            let live = peak.standing(before: now[0])
        else { return nil }
        let month = charge.months.lastIndex { $0.first <= step } ?? 0
        let metered = live.soFar.value
        let planned = plan.peaks.indices.contains(month) ? plan.peaks[month].value : 0
        let highest = max(metered, planned)
        // Of an interval of the meter that the step shares, it may fill what is left.
        var (power, share) = (highest, 1.0)
        for (k, part) in live.parts.enumerated() {
            let begun = k == 0 ? live.begun.value : 0
            let room = max(highest - begun, 0) / part.share
            if k == 0 || room < power { (power, share) = (room, part.share) }
        }
        return ImportCeiling(
            power: Power(power), price: EnergyCost(charge.months[month].price * share / now.stepHours))
    }

    /// The answer of a dispatcher by rule to the step; nil for others.
    private func reacting(to heard: [Measurement?], within plan: Plan, over now: Horizon) -> Plan? {
        guard plan.status == .ruleBased else { return nil }
        var offers = plan.problem.offers
        let step = now.start.seconds(since: plan.horizon.start) / plan.horizon.step
        for i in offers.indices {
            let before = offers[i].reservoir?.stored ?? .zero
            if now.step < plan.horizon.step {
                let whole = plan.horizon[step]
                offers[i].reservoir = offers[i].reservoir?.part(
                    of: step, endingAt: Double(now.end.seconds(since: whole.start)) / Double(whole.seconds),
                    taking: Double(now.step) / Double(whole.seconds), before: before)
            }
            offers[i] = offers[i].aligned(to: now)
            guard let measured = heard[i] else { continue }
            (offers[i].lower, offers[i].upper) = ([measured.lower], [measured.upper])
            offers[i].power = measured.power
            offers[i].reservoir?.stored = measured.stored
        }
        let losses = (0..<plan.problem.areas.count).map {
            plan.problem.losses[step + $0 * plan.horizon.count]
        }
        var problem = DispatchProblem(
            horizon: now, offers: offers, losses: losses, requirements: Requirements(),
            areas: plan.problem.areas)
        problem.requirements.emissions = plan.problem.requirements.emissions?.at(step)
        if let charge = plan.problem.requirements.demandCharge {
            problem.requirements.demandCharge = peak.charge(on: charge.offer, over: now, shared: false)
        }
        problem.storedValue = plan.problem.offers.indices.first {
            plan.problem.offers[$0].reservoir != nil
        }.map { plan.problem.storedValue(of: $0) }
        return dispatcher.react(to: problem, within: plan)
    }
}

extension Emissions {
    /// The emissions of one step.
    fileprivate func at(_ step: Int) -> Emissions {
        Emissions(
            factors: factors.map { $0.count > 1 ? [$0[step]] : $0 }, price: price, cap: nil)
    }
}

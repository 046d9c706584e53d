import Grid
import Scheduling
import Timeline

// Bid curves of one step, from a plan and from what is measured.
//
// A store knows from the plan what a Wh is worth to it at the end of the step and which content it should
// then have. The power that reaches this content is its planned power p*; with μ the worth of a Wh, η its
// efficiencies and w its wear
//
//     it charges below     η_charge·μ,
//     it discharges above  μ/η_discharge + w,
//
// and it leaves p* only for a price that is beyond these by more than a small deviation. Below its planned
// content a Wh is worth what the next step would pay for it where that is more, and above it what the next
// step would pay where that is less: at a bound of the content the two differ.

/// One step of a plan, for which devices bid.
struct PlannedStep {
    let plan: Plan
    let step: Int
    /// Length of what is cleared, h, its part of the step, and the part that has passed at its end.
    let hours, fraction, share: Double
    /// By how much a price must differ before a store leaves its planned power.
    let deviation: EnergyCost
    let ceiling: ImportCeiling?
    /// Worth of a Wh that the plan holds as reserve: what missing reserve costs; zero without a reserve.
    let reserved: Double
    /// Nil where the plan keeps no limits.
    private let room: LimitRoom?

    init(
        _ plan: Plan, at step: Int, of interval: Interval?, deviation: EnergyCost, ceiling: ImportCeiling?
    ) {
        let whole = plan.horizon[step]
        hours = (interval ?? whole).hours
        fraction = hours / whole.hours
        share = interval.map { Double($0.end.seconds(since: whole.start)) / Double(whole.seconds) } ?? 1
        (self.plan, self.step, self.deviation, self.ceiling) = (plan, step, deviation, ceiling)
        let holdsReserve =
            plan.problem.requirements.island != nil || plan.problem.requirements.spinning != nil
        reserved = holdsReserve ? plan.problem.slackPrice.value / 8 : 0
        room = plan.problem.requirements.limits.isEmpty ? nil : LimitRoom(plan, at: step)
    }

    /// An offer, looked at in place: a copy would count some ten references.
    private subscript(offer: Int) -> Offer { _read { yield plan.problem.offers[offer] } }

    /// The curve of an offer in this step. Without a measurement the device can do what its offer says.
    func curve(of offer: Int, _ measured: Measurement?, isOn: Bool) -> BidCurve {
        let role = self[offer].role
        var lower = measured?.lower ?? self[offer].lower[step]
        var upper = measured?.upper ?? self[offer].upper[step]
        if let room, role == .store || role == .source {
            let planned = plan.power(of: offer, at: step)
            lower = min(max(lower, planned - Power(room.fall[offer])), upper)
            upper = max(min(upper, planned + Power(room.rise[offer])), lower)
        }
        switch role {
        case .store: return store(offer, lower, upper, stored: measured?.stored)
        case .connection: return connection(offer, lower, upper)
        case .load:
            return BidCurve(from: lower).adding(upper - lower, at: self[offer].cost.absorb(at: step))
        case .source:
            let power = measured?.power ?? planned(offer, before: step)
            return source(offer, lower, upper, after: power, isOn: isOn)
        }
    }

    private func planned(_ offer: Int, before step: Int) -> Power {
        step > 0 ? plan.power(of: offer, at: step - 1) : plan.problem.offers[offer].power
    }

    /// Whether the plan has a unit that can be off on.
    func isOn(_ offer: Int) -> Bool { plan.power(of: offer, at: step).value > 0 }

    /// Gives from its least power on at its price. A unit that can be off does so only while it is on, and
    /// within its ramp.
    private func source(
        _ offer: Int, _ lower: Power, _ upper: Power, after before: Power, isOn: Bool
    ) -> BidCurve {
        var (least, most) = (lower, upper)
        if let minimum = self[offer].minimumWhenOn {
            guard isOn else { return BidCurve(from: .zero) }
            least = min(max(minimum, lower), upper)
        }
        if self[offer].ramp != nil, self[offer].minimumWhenOn == nil || before.value > 0 {
            let reach = Power(self[offer].rampPerStep * fraction)
            least = min(max(least, before - reach), most)
            most = max(min(most, before + reach), least)
        }
        let price = plan.problem.deliverPrice(of: offer, at: step)
        let quadratic = self[offer].cost.quadratic
        guard quadratic > 0, most > least else {
            return BidCurve(from: least).adding(most - least, at: price)
        }
        let slope = 2 * quadratic
        return BidCurve(points: [
            .init(price: EnergyCost(price.value + slope * least.value), power: least),
            .init(price: EnergyCost(price.value + slope * most.value), power: most),
        ])
    }

    private func connection(_ offer: Int, _ lower: Power, _ upper: Power) -> BidCurve {
        let buying = plan.problem.deliverPrice(of: offer, at: step)
        var selling = self[offer].cost.absorb(at: step)
        // Of one net flow that would earn more than it pays, the plan has decided the direction.
        if selling > buying { selling = plan.power(of: offer, at: step) > .zero ? buying : selling }
        var curve = BidCurve(from: lower)
        curve.add(min(upper, .zero) - lower, at: selling)
        let from = max(lower, .zero)
        let importing = max(buying, selling)
        guard let ceiling, ceiling.power < upper else {
            curve.add(upper - from, at: importing)
            return curve
        }
        let free = max(ceiling.power, from)
        curve.add(free - from, at: importing)
        curve.add(upper - free, at: importing + max(ceiling.price, .zero))
        return curve
    }

    private func store(_ offer: Int, _ lower: Power, _ upper: Power, stored: Energy?) -> BidCurve {
        var reservoir = self[offer].reservoir!
        let before = step > 0 ? plan.stored(in: offer, at: step - 1) : reservoir.stored
        var content = plan.stored(in: offer, at: step)
        if fraction < 1 {
            reservoir = reservoir.part(of: step, endingAt: share, taking: fraction, before: before)
            content = before + (content - before) * share
        }
        let remaining = reservoir.kept(hours: hours)
        let kept = reservoir.idle((stored ?? before).value, at: step, kept: remaining)
        let possible = reservoir.powers(from: kept, at: step, hours: hours, taking: -lower.value)
        let low = min(max(lower.value, possible.lowerBound), min(possible.upperBound, 0))
        let high = max(min(upper.value, possible.upperBound), low)
        let wanted = reservoir.power(from: kept, to: content.value, hours: hours)
        let planned = min(max(wanted, low), high)
        let (above, below) = worths(of: offer, kept: reservoir.kept(hours: plan.horizon.stepHours))
        let wear = plan.problem.deliverPrice(of: offer, at: step).value
        var curve = BidCurve(from: Power(low))
        var last = -Double.infinity
        let breaks = [low, min(planned, 0), min(max(planned, 0), high), high]
        for (from, to) in zip(breaks, breaks.dropFirst()) where to > from {
            let isKept = to <= planned
            let worth = isKept ? above : below
            let price =
                to <= 0
                ? reservoir.chargeEfficiency * worth : worth / reservoir.dischargeEfficiency + wear
            last = max(last, price + (isKept ? -deviation.value : deviation.value))
            curve.add(Power(to - from), at: EnergyCost(last))
        }
        return curve
    }

    /// Worth of a Wh above and below the planned content. A plan that knows none keeps its powers unless
    /// energy is free or a load would be shed.
    private func worths(of offer: Int, kept: Double) -> (above: Double, below: Double) {
        guard !plan.storedWorth.isEmpty else { return (0, plan.problem.lostLoadPrice.value) }
        let now = plan.storedWorth[step + offer * plan.horizon.count].value
        let isLast = step + 1 == plan.horizon.count
        let next = isLast ? now : kept * plan.storedWorth[step + 1 + offer * plan.horizon.count].value
        return (min(now, next), max(now, next, reserved))
    }
}

extension Reservoir {
    /// The power, W, that brings the content from `kept`, which idling would leave, to `wanted`, both Wh.
    func power(from kept: Double, to wanted: Double, hours: Double) -> Double {
        let drawn = kept - wanted
        return drawn > 0 ? drawn * dischargeEfficiency / hours : drawn / (chargeEfficiency * hours)
    }
}

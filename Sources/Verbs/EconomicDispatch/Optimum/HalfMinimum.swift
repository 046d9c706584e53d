import Grid
import Scheduling

/// Which units with a minimum load or a ramp limit run when: the rule of `RollingOptimum`.
struct HalfMinimum {
    let commitment: Commitment
    /// Some unit runs below its minimum in the relaxed plan, or changes faster than its ramp.
    let isNeeded: Bool

    init(_ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ relaxed: Outcome) {
        var needed = false
        commitment = aggregates.map { aggregate in
            let i = aggregate.offers[0]
            let offer = layout.problem.offers[i]
            guard let minimum = offer.minimumWhenOn else { return nil }
            guard minimum.value > 0 || offer.rampPerStep < layout.largest[i] else { return nil }
            var before = offer.power.value
            return (0..<layout.steps).map { step in
                let power = relaxed.draft.power(i, step)
                let least = min(minimum.value, offer.upper[step].value)
                if power > relaxed.tolerance, power < least - relaxed.tolerance { needed = true }
                let staysOn = min(power, before) > relaxed.tolerance
                if staysOn, abs(power - before) > offer.rampPerStep + relaxed.tolerance { needed = true }
                before = power
                return offer.lower[step].value > 0 || power >= max(least / 2, relaxed.tolerance)
            }
        }
        let missing = relaxed.draft.reserveMissing(layout)
        isNeeded = needed || missing.contains { $0 > relaxed.tolerance }
    }

    /// The same, and on as well where switching off left load unserved (units that run in the relaxed plan)
    /// or reserve missing. Nil where it did not.
    func widened(
        _ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ relaxed: Outcome, _ committed: Outcome
    ) -> Commitment? {
        var wider = commitment
        var changed = false
        let (now, before) = (committed.draft.unserved(layout), relaxed.draft.unserved(layout))
        let runs = aggregates.map { aggregate in
            (0..<layout.steps).contains { relaxed.draft.power(aggregate.offers[0], $0) > relaxed.tolerance }
        }
        for step in 0..<layout.steps {
            guard now[step] - before[step] > relaxed.tolerance else { continue }
            for k in aggregates.indices where runs[k] && commitment[k]?[step] == false {
                wider[k]![step] = true
                changed = true
            }
        }
        for (step, missing) in committed.draft.reserveMissing(layout).enumerated() {
            var missing = missing
            for (k, aggregate) in aggregates.enumerated() where wider[k]?[step] == false {
                let i = aggregate.offers[0]
                guard missing > relaxed.tolerance, counts(i, layout) else { continue }
                wider[k]![step] = true
                changed = true
                missing -= layout.upper[step + i * layout.steps]
            }
        }
        return changed ? wider : nil
    }

    private func counts(_ offer: Int, _ layout: ProblemLayout) -> Bool {
        layout.problem.requirements.spinning?.providers.contains(offer) ?? false
    }
}

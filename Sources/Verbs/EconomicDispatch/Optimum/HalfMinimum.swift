import Grid

/// Which units with a minimum load run when: the rule of `RollingOptimum`.
struct HalfMinimum {
    let commitment: Commitment
    /// Some unit runs below its minimum in the relaxed plan.
    let isNeeded: Bool

    init(_ sheet: Sheet, _ bundles: [Bundle], _ relaxed: Outcome) {
        var needed = false
        commitment = bundles.map { bundle in
            let i = bundle.offers[0]
            let offer = sheet.problem.offers[i]
            guard let minimum = offer.minimumWhenOn, minimum.value > 0 else { return nil }
            return (0..<sheet.steps).map { step in
                let power = relaxed.draft.power(i, step)
                let least = min(minimum.value, offer.upper[step].value)
                if power > relaxed.tolerance, power < least - relaxed.tolerance { needed = true }
                return offer.lower[step].value > 0 || power >= max(least / 2, relaxed.tolerance)
            }
        }
        let missing = relaxed.draft.reserveMissing(sheet)
        isNeeded = needed || missing.contains { $0 > relaxed.tolerance }
    }

    /// The same, and on as well where switching off left load unserved or reserve missing. Nil where it
    /// did not.
    func widened(
        _ sheet: Sheet, _ bundles: [Bundle], _ relaxed: Outcome, _ committed: Outcome
    ) -> Commitment? {
        var wider = commitment
        var changed = false
        let (now, before) = (committed.draft.unserved(sheet), relaxed.draft.unserved(sheet))
        for step in 0..<sheet.steps {
            guard now[step] - before[step] > relaxed.tolerance else { continue }
            for (k, bundle) in bundles.enumerated() where commitment[k]?[step] == false {
                guard relaxed.draft.power(bundle.offers[0], step) > relaxed.tolerance else { continue }
                wider[k]![step] = true
                changed = true
            }
        }
        for (step, missing) in committed.draft.reserveMissing(sheet).enumerated() {
            var missing = missing
            for (k, bundle) in bundles.enumerated() where wider[k]?[step] == false {
                let i = bundle.offers[0]
                guard missing > relaxed.tolerance, counts(i, sheet) else { continue }
                wider[k]![step] = true
                changed = true
                missing -= sheet.upper[step + i * sheet.steps]
            }
        }
        return changed ? wider : nil
    }

    private func counts(_ offer: Int, _ sheet: Sheet) -> Bool {
        sheet.problem.requirements.spinning?.providers.contains(offer) ?? false
    }
}

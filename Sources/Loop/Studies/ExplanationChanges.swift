import Grid
import Scheduling
import Timeline

// The changed problems of an explanation.

extension DispatchProblem {
    /// Returns the problem with `power` W more to cover in an area in a step.
    func adding(_ power: Double, at step: Int, in area: Int) -> DispatchProblem {
        var changed = self
        changed.losses[step + area * horizon.count] += Power(power)
        return changed
    }

    /// Returns the problem in which units are as in `plan`: off, or on between their minimum and their
    /// greatest power.
    func committed(as plan: Plan) -> DispatchProblem {
        let tolerance = 1e-6 * largestPower.value
        var changed = self
        (changed.alternatives, changed.sharedSteps) = ([], 1)
        for i in offers.indices {
            guard let minimum = offers[i].minimumWhenOn else { continue }
            let isOn = horizon.indices.map { plan.power(of: i, at: $0).value > tolerance }
            let upper = zip(isOn, offers[i].upper).map { $0 ? $1 : .zero }
            changed.offers[i].upper = upper
            changed.offers[i].lower = zip(isOn, upper).map { $0 ? min(minimum, $1) : .zero }
            changed.offers[i].minimumWhenOn = nil
            (changed.offers[i].ramp, changed.offers[i].cycling) = (nil, nil)
        }
        return changed
    }

    /// Returns the problem in which offer `i` has that much more power, W: in proportion to its rating where
    /// it has one.
    func widened(_ i: Int, by power: Double) -> DispatchProblem {
        let offer = offers[i]
        let factor = offer.rating.map { $0.value > 0 ? power / $0.value : 0 }
        var changed = self
        changed.offers[i].upper = offer.upper.map { most in
            most + (factor.map { most * $0 } ?? Power(most.value > 0 ? power : 0))
        }
        if offer.reservoir != nil { changed.offers[i].lower = offer.lower.map { $0 - Power(power) } }
        return changed
    }

    /// Returns the problem in which the store of offer `i` holds that much more, Wh; nil without a store.
    func enlarged(_ i: Int, by energy: Double) -> DispatchProblem? {
        guard let store = offers[i].reservoir else { return nil }
        var changed = self
        changed.offers[i].reservoir?.maximum = store.maximum + Energy(energy)
        return changed
    }
}

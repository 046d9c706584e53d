import Grid
import Scheduling
import Timeline

/// What every offer is expected to give, by place and step: W and var.
struct ExpectedPowers {
    var active: [[Double]]
    /// Beyond what a device takes in a fixed ratio.
    var reactive: [[Double]]
}

extension ExpectedPowers {
    /// What a plan says.
    init(_ plan: Plan) {
        active = plan.problem.offers.indices.map { place in plan.power(of: place).map(\.value) }
        reactive = plan.problem.offers.indices.map { place in
            let planned = plan.reactive(of: place).map(\.value)
            return planned.isEmpty ? Array(repeating: 0, count: plan.horizon.count) : planned
        }
    }

    /// What the plan before, `last`, says of `offers` over `horizon`. Steps it did not reach are taken with
    /// every load served, sun, wind and water giving all they offer, and the rest idle.
    init(of offers: [Offer], over horizon: Horizon, after last: Plan?) {
        let shift = last.map { horizon.start.seconds(since: $0.horizon.start) / horizon.step } ?? 0
        let known = last.map { max(0, min($0.horizon.count - shift, horizon.count)) } ?? 0
        (active, reactive) = ([], [])
        for offer in offers {
            var (powers, reactives) = ([Double](), [Double]())
            if let last, known > 0,
                let place = last.problem.offers.firstIndex(where: { $0.device == offer.device })
            {
                powers = last.power(of: place).dropFirst(shift).prefix(known).map(\.value)
                reactives = last.reactive(of: place).dropFirst(shift).prefix(known).map(\.value)
            }
            for step in powers.count..<horizon.count { powers.append(offer.unmanaged(at: step).value) }
            reactives += repeatElement(0, count: horizon.count - reactives.count)
            active.append(powers)
            reactive.append(reactives)
        }
    }
}

extension Offer {
    /// What to expect of it before anything is planned: what has a rating follows need or nature.
    fileprivate func unmanaged(at step: Int) -> Power {
        guard rating != nil else { return .zero }
        return upper[step] > .zero ? upper[step] : lower[step]
    }
}

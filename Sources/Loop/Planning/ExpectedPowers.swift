import Grid
import Scheduling
import Timeline

/// Expected powers of every offer, by its place and by step: W and var.
struct ExpectedPowers {
    var active: [[Double]]
    /// Without the reactive power that a load takes in a fixed ratio.
    var reactive: [[Double]]
}

extension ExpectedPowers {
    /// The powers of a plan.
    init(_ plan: Plan) {
        active = plan.problem.offers.indices.map { place in plan.power(of: place).map(\.value) }
        reactive = plan.problem.offers.indices.map { place in
            let planned = plan.reactive(of: place).map(\.value)
            return planned.isEmpty ? Array(repeating: 0, count: plan.horizon.count) : planned
        }
    }

    /// The powers of `offers` over `horizon` by the plan before, `last`. In steps that it did not reach,
    /// every load is served, solar, wind and hydro plants give all that they offer, and the rest is idle.
    init(of offers: [Offer], over horizon: Horizon, after last: Plan?) {
        let shift = last.map { horizon.start.seconds(since: $0.horizon.start) / horizon.step } ?? 0
        let known = last.map { max(0, min($0.horizon.count - shift, horizon.count)) } ?? 0
        (active, reactive) = ([], [])
        for (at, offer) in offers.enumerated() {
            var (powers, reactives) = ([Double](), [Double]())
            powers.reserveCapacity(horizon.count)
            if let last, known > 0, let place = last.place(of: offer.device, near: at) {
                for step in shift..<shift + known { powers.append(last.power(of: place, at: step).value) }
                reactives = last.reactive(of: place).dropFirst(shift).prefix(known).map(\.value)
            }
            for step in powers.count..<horizon.count { powers.append(offer.unmanaged(at: step).value) }
            reactives += repeatElement(0, count: horizon.count - reactives.count)
            active.append(powers)
            reactive.append(reactives)
        }
    }
}

extension Plan {
    /// Place of the offer of a device, probably `near`; nil where the plan has none.
    fileprivate func place(of device: DeviceID, near: Int) -> Int? {
        if problem.offers.indices.contains(near), problem.offers[near].device == device { return near }
        return problem.offers.firstIndex { $0.device == device }
    }
}

extension Offer {
    /// Power without a plan: a device with a rating takes its demand or gives all that it can.
    fileprivate func unmanaged(at step: Int) -> Power {
        guard rating != nil else { return .zero }
        return upper[step] > .zero ? upper[step] : lower[step]
    }
}

public import Grid
public import Timeline

extension Offer {
    /// Returns the offer in the longer steps of `coarse`, which hold those of its own: means of powers and
    /// prices, sums of what a use takes from a store, and contents that are required at the end. A long step
    /// of which only a part is offered has the means of this part.
    public func coarsened(to coarse: Horizon) -> Offer {
        guard coarse.step != horizon.step else { return self }
        let short = horizon.step
        let parts = coarse.indices.map { index -> Range<Int> in
            let first = coarse[index].start.seconds(since: horizon.start) / short
            let end = coarse[index].end.seconds(since: horizon.start) / short
            return max(first, 0)..<min(end, horizon.count)
        }
        func mean<Unit>(_ values: [Quantity<Unit>]) -> [Quantity<Unit>] {
            parts.map { part in
                Quantity(part.reduce(0) { $0 + values[$1].value } / Double(part.count))
            }
        }
        var offer = self
        offer.horizon = coarse
        (offer.lower, offer.upper) = (mean(lower), mean(upper))
        if cost.deliver.count > 1 { offer.cost.deliver = mean(cost.deliver) }
        if cost.absorb.count > 1 { offer.cost.absorb = mean(cost.absorb) }
        offer.reservoir?.drain =
            reservoir!.drain.isEmpty
            ? [] : parts.map { part in part.reduce(.zero) { $0 + reservoir!.drain[$1] } }
        offer.reservoir?.required =
            reservoir!.required.isEmpty ? [] : parts.map { reservoir!.required[$0.upperBound - 1] }
        return offer
    }
}

extension Reservoir {
    /// Returns the store as it is in a part of step `step` of its plan, which ends after `share` of the step
    /// and takes `fraction` of it: what its use takes, and what it must have at the end, grow evenly
    /// from the content `before` the step. In the part the step is again number `step`.
    public func part(of step: Int, endingAt share: Double, taking fraction: Double, before: Energy)
        -> Reservoir
    {
        var part = self
        if !drain.isEmpty { part.drain[step] = drain[step] * fraction }
        if !required.isEmpty {
            let last = min(before, required[step])
            part.required[step] = last + (required[step] - last) * share
        }
        return part
    }
}

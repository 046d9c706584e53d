public import Grid
public import Scheduling

/// One step in which the stores hold the planned exchange of the connection: what the measured powers of all
/// others leave over or lack, they take in proportion to the room that each has.
///
/// It needs no price, and so knows no better use of the stores' energy: see `StepClearing`.
public struct HeldExchange: Hashable, Sendable {
    /// Power of each offer of the plan.
    public let powers: [Power]

    /// Shares the deviation of one step of a plan among its stores; `measured` has one place an offer, nil
    /// where nothing was heard of it.
    public init(of plan: Plan, at step: Int, measured: [Measurement?]) {
        let offers = plan.problem.offers
        precondition(measured.count == offers.count && plan.horizon.indices.contains(step))
        var powers = offers.indices.map { plan.power(of: $0, at: step) }
        var lacking = plan.problem.sum(plan.problem.losses, at: step)
        for offer in offers.indices {
            if offers[offer].role != .store, offers[offer].role != .connection, let now = measured[offer] {
                let wasAll = powers[offer] >= offers[offer].upper[step]
                let wasServed = offers[offer].isLoad && powers[offer] <= offers[offer].lower[step]
                powers[offer] =
                    wasServed
                    ? now.lower : wasAll ? now.upper : min(max(powers[offer], now.lower), now.upper)
            }
            lacking = lacking - powers[offer]
        }
        let stores = offers.indices.filter { offers[$0].role == .store }
        let rooms = stores.map { offer -> Power in
            let reservoir = offers[offer].reservoir!
            let hours = plan.horizon.stepHours
            let planned = step > 0 ? plan.stored(in: offer, at: step - 1) : reservoir.stored
            let kept = (measured[offer]?.stored ?? planned).value * reservoir.kept(hours: hours)
            let possible = reservoir.powers(from: kept, hours: hours)
            let lower = max((measured[offer]?.lower ?? offers[offer].lower[step]).value, possible.lowerBound)
            let upper = min((measured[offer]?.upper ?? offers[offer].upper[step]).value, possible.upperBound)
            let power = powers[offer].value
            return Power(max(lacking > .zero ? upper - power : power - lower, 0))
        }
        let room = rooms.reduce(Power.zero, +)
        let share = room > .zero ? min(abs(lacking.value) / room.value, 1) : 0
        for (offer, room) in zip(stores, rooms) {
            powers[offer] += room * (lacking > .zero ? share : -share)
        }
        self.powers = powers
    }
}

import Scheduling

/// What a store draws from its content in one step, over the worth of content: two ramps, that of giving and
/// that of charging, each from a price of content to another. Wh, yuan/Wh.
///
/// The store pays `deliver` for giving and earns `absorb` for taking, both less the price of the step, and
/// ½·curvature·p² besides. Giving p is worth while (price − deliver − curvature·p)·η_d exceeds the worth of
/// content, taking while (price − absorb − curvature·p)/η_c is below it.
///
/// Below a price of zero, content may have a worth at which the store would gain by giving and taking at
/// once. It then does what gains more of the two.
struct StoreDraw: Sendable {
    /// A part of the draw that falls by `amount` between two prices.
    struct Ramp: Sendable {
        var begin, end, amount: Double

        /// The part of the amount that is drawn at a price, after and before a jump there.
        func drawn(at price: Double) -> (least: Double, most: Double) {
            if begin == end {
                return (price < begin ? amount : 0, price <= begin ? amount : 0)
            }
            let part = amount * min(max((end - price) / (end - begin), 0), 1)
            return (part, part)
        }
    }

    let giving, charging: Ramp
    /// Draw where a Wh is worth more than any price.
    let least: Double

    /// The draw at a worth of content, after and before a jump there.
    func drawn(at price: Double) -> ClosedRange<Double> {
        let (give, charge) = (giving.drawn(at: price), charging.drawn(at: price))
        return least + give.least + charge.least...least + give.most + charge.most
    }
}

/// What of a store's draw in a step does not depend on prices: bounds, prices of its own, energies.
struct StoreStep: Sendable {
    /// Bounds of the power, W, and of its parts given and taken.
    let lower, upper, leastGiven, mostGiven, leastTaken, mostTaken: Double
    /// Prices of giving and taking, yuan/Wh.
    let deliver, absorb: Double
    /// Energy that a use takes from the store, Wh.
    let drain: Double
    /// Draw where a Wh is worth more than any price, with the drain, and what giving and not charging add to it, Wh.
    let least, giving, charging: Double
    /// From a price of power given to one of content, and likewise of power taken; both with the scale of the
    /// step's prices.
    let perGiven, perTaken: Double

    init(_ offer: Offer, at step: Int, _ store: Reservoir, hours: Double, scale: Double) {
        (lower, upper) = (offer.lower[step].value, offer.upper[step].value)
        deliver = offer.cost.deliver(at: step).value
        let earned = offer.cost.absorb(at: step).value
        absorb = lower < 0 && upper > 0 ? min(deliver, earned) : earned
        (leastGiven, mostGiven) = (max(lower, 0), max(upper, 0))
        (leastTaken, mostTaken) = (min(upper, 0), min(lower, 0))
        giving = hours * (mostGiven - leastGiven) / store.dischargeEfficiency
        charging = hours * store.chargeEfficiency * (leastTaken - mostTaken)
        drain = store.drain.isEmpty ? 0 : store.drain[step].value
        least =
            hours * (leastGiven / store.dischargeEfficiency + store.chargeEfficiency * mostTaken) + drain
        perGiven = store.dischargeEfficiency * scale
        perTaken = scale / store.chargeEfficiency
    }

    /// The draw at a price of power.
    func draw(at price: Double, curvature: Double) -> StoreDraw {
        let (given, taken) = (price - deliver, price - absorb)
        var gives = StoreDraw.Ramp(
            begin: (given - curvature * mostGiven) * perGiven,
            end: (given - curvature * leastGiven) * perGiven, amount: giving)
        var charges = StoreDraw.Ramp(
            begin: (taken - curvature * leastTaken) * perTaken,
            end: (taken - curvature * mostTaken) * perTaken, amount: charging)
        if gives.end > charges.begin, giving > 0, charging > 0 {
            let gain = (given - curvature * mostGiven / 2) * mostGiven
            let cost = (taken - curvature * mostTaken / 2) * mostTaken
            let turn = (gain - cost) / (mostGiven / perGiven - mostTaken / perTaken)
            (gives.begin, gives.end) = (min(gives.begin, turn), min(gives.end, turn))
            (charges.begin, charges.end) = (max(charges.begin, turn), max(charges.end, turn))
        }
        return StoreDraw(giving: gives, charging: charges, least: least)
    }
}

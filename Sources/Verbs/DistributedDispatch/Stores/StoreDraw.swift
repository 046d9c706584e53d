import Grid
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
        let begin, end, amount: Double
        /// Fall of the amount per price between the two; zero for a jump.
        let slope: Double

        init(begin: Double, end: Double, amount: Double) {
            (self.begin, self.end, self.amount) = (begin, end, amount)
            slope = end > begin ? amount / (end - begin) : 0
        }

        /// The part of the amount that is drawn at a price, after and before a jump there.
        func drawn(at price: Double) -> (least: Double, most: Double) {
            if begin == end {
                return (price < begin ? amount : 0, price <= begin ? amount : 0)
            }
            let part = min(max(slope * (end - price), 0), amount)
            return (part, part)
        }
    }

    let giving, charging: Ramp
    /// Draw where a Wh is worth more than any price.
    let least: Double

    /// Whether there is one draw at each price.
    var isContinuous: Bool {
        (giving.slope > 0 || giving.amount == 0) && (charging.slope > 0 || charging.amount == 0)
    }

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
    /// Draw where a Wh is worth more than any price, with the drain, and what giving and not charging add to
    /// it, Wh.
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
        var gives = (
            begin: (given - curvature * mostGiven) * perGiven,
            end: (given - curvature * leastGiven) * perGiven
        )
        var charges = (
            begin: (taken - curvature * leastTaken) * perTaken,
            end: (taken - curvature * mostTaken) * perTaken
        )
        if gives.end > charges.begin, giving > 0, charging > 0 {
            let gain = (given - curvature * mostGiven / 2) * mostGiven
            let cost = (taken - curvature * mostTaken / 2) * mostTaken
            let turn = (gain - cost) / (mostGiven / perGiven - mostTaken / perTaken)
            gives = (min(gives.begin, turn), min(gives.end, turn))
            charges = (max(charges.begin, turn), max(charges.end, turn))
        }
        return StoreDraw(
            giving: .init(begin: gives.begin, end: gives.end, amount: giving),
            charging: .init(begin: charges.begin, end: charges.end, amount: charging), least: least)
    }
}

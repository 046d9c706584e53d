public import Grid
import Timeline

// Prices that follow from a problem, for shortage and for what is stored at the end, and its largest power.
extension DispatchProblem {
    /// Largest magnitude of all bounds and losses.
    public var largestPower: Power {
        let losses = losses.reduce(0) { max($0, abs($1.value)) }
        return Power(offers.reduce(losses) { max($0, $1.largestPower.value) })
    }

    /// Returns the price of giving of an offer in a step, with the price of its emissions.
    @inlinable public func deliverPrice(of offer: Int, at step: Int) -> EnergyCost {
        let price = offers[offer].cost.deliver(at: step)
        guard let emissions = requirements.emissions else { return price }
        return EnergyCost(price.value + emissions.price * emissions.factor(offer, at: step))
    }

    /// Price of a Wh of shortage or surplus that no offer can meet: four times the highest price offered, so
    /// that it is paid only where nothing else is left.
    public var slackPrice: EnergyCost {
        var highest = 0.0
        for i in offers.indices {
            let cost = offers[i].cost
            // A price that is the same in all steps is looked at once.
            for step in 0..<min(horizon.count, requirements.emissions == nil ? cost.deliver.count : .max) {
                highest = max(highest, abs(deliverPrice(of: i, at: step).value))
            }
            for step in 0..<min(horizon.count, cost.absorb.count) {
                highest = max(highest, abs(cost.absorb(at: step).value))
            }
            highest = max(highest, 2 * cost.quadratic * offers[i].largestPower.value)
        }
        for month in requirements.demandCharges.flatMap(\.months) {
            highest = max(highest, month.price / horizon.stepHours)
        }
        return EnergyCost(highest > 0 ? 4 * highest : 1)
    }

    /// Price that stored energy would replace in each step: that of the cheapest connection that may give.
    /// Connections that together carry less than a quarter of the mean demand are too weak to set it alone:
    /// then it is the price, in ascending order of connections and of sources with a price above zero, at
    /// which they carry that much; `lostLoadPrice` where all of them do not.
    public var replacedPrices: [EnergyCost] {
        let givers = offers.indices.filter { offers[$0].reservoir == nil && offers[$0].canDeliver }
        let connections = givers.filter { offers[$0].role == .connection }
        let mosts = offers.map { $0.upper.reduce(0) { max($0, $1.value) } }
        let needed = 0.25 * meanDemand
        let isStrong = !connections.isEmpty && connections.reduce(0) { $0 + mosts[$1] } >= needed
        if isStrong, connections.count == 1 {
            return horizon.indices.map { deliverPrice(of: connections[0], at: $0) }
        }
        let sources = isStrong ? connections : givers
        let lost = lostLoadPrice
        return horizon.indices.map { step in
            var carried = 0.0
            let rising = sources.map { (price: deliverPrice(of: $0, at: step).value, most: mosts[$0]) }
                .filter { isStrong || $0.price > 0 }.sorted { $0.price < $1.price }
            for source in rising {
                carried += source.most
                if carried >= needed { return EnergyCost(source.price) }
            }
            return lost
        }
    }

    /// Mean over the horizon of what the loads want, W.
    private var meanDemand: Double {
        let loads = offers.lazy.filter { $0.role == .load }
        return loads.reduce(0) { $0 - $1.lower.reduce(0) { $0 + $1.value } } / Double(max(horizon.count, 1))
    }

    /// Value of a Wh kept for a load that would otherwise be shed: one percent less than the lowest value of
    /// lost load, so that a load is served now rather than later; zero without loads.
    public var lostLoadPrice: EnergyCost {
        var lowest = Double.infinity
        for offer in offers where offer.role == .load {
            for price in offer.cost.absorb { lowest = min(lowest, price.value) }
        }
        return EnergyCost(lowest < .infinity ? 0.99 * max(lowest, 0) : 0)
    }

    /// Mean of `replacedPrices` over the horizon.
    public var meanReplacedPrice: EnergyCost { Self.mean(replacedPrices) }

    /// Returns the value of a Wh left in an offer's reservoir at the end; zero without a reservoir.
    ///
    /// It is `storedValue` where the problem states one. Otherwise it is the price that the energy will
    /// replace later, `meanReplacedPrice`, less the offer's own mean price of giving, times its discharge
    /// efficiency.
    public func storedValue(of offer: Int) -> EnergyCost {
        storedValue(of: offer, replacing: meanReplacedPrice)
    }

    /// Returns `storedValue(of:)` where `meanReplacedPrice` is known already.
    public func storedValue(of offer: Int, replacing replaced: @autoclosure () -> EnergyCost) -> EnergyCost {
        guard offers[offer].reservoir != nil else { return .zero }
        return storedValue ?? worth(in: offer, replacing: replaced())
    }

    /// Returns the value of a Wh in an offer's reservoir that replaces energy at a price.
    private func worth(in offer: Int, replacing price: EnergyCost) -> EnergyCost {
        guard let reservoir = offers[offer].reservoir else { return .zero }
        var own = 0.0
        for step in 0..<horizon.count { own += deliverPrice(of: offer, at: step).value }
        let gain = price.value - own / Double(max(horizon.count, 1))
        return EnergyCost(max(gain, 0) * reservoir.dischargeEfficiency)
    }

    /// Returns the price of a Wh that an offer's reservoir lacks of the content which `Requirements.end`
    /// wants: what the energy is worth to a load that would be shed, or to charge it from the dearest source,
    /// less `storedValue(of:)`. Sources therefore fill the store, but no load is shed for it.
    public func endPrice(of offer: Int) -> EnergyCost {
        guard let reservoir = offers[offer].reservoir else { return .zero }
        var dearest = 0.0
        for i in offers.indices where offers[i].reservoir == nil && offers[i].canDeliver {
            for step in 0..<horizon.count { dearest = max(dearest, deliverPrice(of: i, at: step).value) }
        }
        let wanted = max(
            worth(in: offer, replacing: lostLoadPrice).value, 1.01 * dearest / reservoir.chargeEfficiency)
        return EnergyCost(max(wanted - storedValue(of: offer).value, 0))
    }

    /// Returns the mean of prices, one a step; zero without any.
    public static func mean(_ prices: [EnergyCost]) -> EnergyCost {
        EnergyCost(prices.reduce(0) { $0 + $1.value } / Double(max(prices.count, 1)))
    }
}

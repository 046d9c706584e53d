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
            for step in 0..<horizon.count {
                highest = max(
                    highest, abs(deliverPrice(of: i, at: step).value), abs(cost.absorb(at: step).value))
            }
            highest = max(highest, 2 * cost.quadratic * offers[i].largestPower.value)
        }
        for month in requirements.demandCharge?.months ?? [] {
            highest = max(highest, month.price / horizon.stepHours)
        }
        return EnergyCost(highest > 0 ? 4 * highest : 1)
    }

    /// Price that stored energy would replace in each step: that of the cheapest connection (an offer without
    /// reservoir that may give and take). Where there is no connection, it is that of the cheapest offer
    /// without reservoir that has a price above zero; where there is none either, zero.
    public var replacedPrices: [EnergyCost] {
        let givers = offers.indices.filter { offers[$0].canDeliver && offers[$0].reservoir == nil }
        let connections = givers.filter { offers[$0].canAbsorb }
        let sources = connections.isEmpty ? givers : connections
        return (0..<horizon.count).map { step in
            var cheapest = Double.infinity
            for i in sources {
                let price = deliverPrice(of: i, at: step).value
                if price > 0 || !connections.isEmpty { cheapest = min(cheapest, price) }
            }
            return EnergyCost(cheapest < .infinity ? cheapest : 0)
        }
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
        guard let reservoir = offers[offer].reservoir else { return .zero }
        if let storedValue { return storedValue }
        var own = 0.0
        for step in 0..<horizon.count { own += deliverPrice(of: offer, at: step).value }
        let gain = replaced().value - own / Double(max(horizon.count, 1))
        return EnergyCost(max(gain, 0) * reservoir.dischargeEfficiency)
    }

    /// Returns the mean of prices, one a step; zero without any.
    public static func mean(_ prices: [EnergyCost]) -> EnergyCost {
        EnergyCost(prices.reduce(0) { $0 + $1.value } / Double(max(prices.count, 1)))
    }
}

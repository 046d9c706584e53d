import Grid
import Scheduling
import TestSupport
import Timeline

/// A few units with straight costs beside a connection that buys and sells without limit: every schedule on
/// and off is tried. Knows nothing of how the dispatcher works. In kW, yuan, steps of `hours`.
struct Enumeration {
    struct Unit {
        var least, most, price, perHour: Double
        var up, down, hot, cold, coldAfter: Double
        var isOn: Bool
        var since: Double
    }

    var hours = 1.0
    var units: [Unit]
    /// By step.
    var demand: [Double]
    var buy: [Double]

    /// Random, the first two units alike.
    init(seed: UInt64, steps: Int, hours: Double = 1) {
        var random = SplitMix64(seed: seed)
        func unit() -> Unit {
            let (down, hot) = (random.uniform(0...3).rounded(.down), random.uniform(0...15))
            return Unit(
                least: random.uniform(5...15), most: random.uniform(20...40), price: random.uniform(0.3...1),
                perHour: random.uniform(0...8),
                up: random.uniform(0...4).rounded(.down), down: down, hot: hot,
                cold: hot + random.uniform(0...20),
                coldAfter: down + random.uniform(0...2).rounded(.down), isOn: random.uniform(0...1) < 0.5,
                since: random.uniform(1...4).rounded(.down))
        }
        self.hours = hours
        let first = unit()
        units = [first, first, unit()]
        demand = (0..<steps).map { _ in random.uniform(20...90) }
        buy = (0..<steps).map { _ in random.uniform(0.4...1.6) }
    }

    var problem: DispatchProblem {
        let steps = demand.count
        let horizon = Horizon(
            start: Instant(secondsSinceEpoch: 0), step: Int(hours * 3600), count: steps)
        func same(_ kilowatts: Double) -> [Power] {
            Array(repeating: Power(kilowatts: kilowatts), count: steps)
        }
        var offers = units.enumerated().map { place, unit in
            let price = EnergyCost(yuanPerKilowattHour: unit.price)
            return Offer(
                device: DeviceID(place), horizon: horizon, lower: same(0), upper: same(unit.most),
                cost: Cost(deliver: [price], absorb: [price], perHourOn: unit.perHour),
                minimumWhenOn: Power(kilowatts: unit.least),
                cycling: Cycling(
                    minimumUp: unit.up, minimumDown: unit.down, hotStart: unit.hot, coldStart: unit.cold,
                    coldAfter: unit.coldAfter, isOn: unit.isOn, since: unit.since))
        }
        offers.append(
            Offer(
                device: DeviceID(3), horizon: horizon, lower: same(-500), upper: same(500),
                cost: Cost(deliver: buy.map { EnergyCost(yuanPerKilowattHour: $0) }, absorb: [.zero])))
        offers.append(
            Offer(
                device: DeviceID(4), horizon: horizon, lower: demand.map { Power(kilowatts: -$0) },
                upper: demand.map { Power(kilowatts: -$0) },
                cost: Cost(constant: EnergyCost(yuanPerKilowattHour: 20))))
        return DispatchProblem(horizon: horizon, offers: offers)
    }

    /// What starts cost; nil where a minimum time is not kept.
    func startCost(_ unit: Unit, _ isOn: [Bool]) -> Double? {
        var (state, since, sum) = (unit.isOn, unit.since, 0.0)
        for now in isOn {
            if now != state {
                guard since >= (state ? unit.up : unit.down) - 1e-9 else { return nil }
                if now { sum += since > unit.coldAfter + 1e-9 ? unit.cold : unit.hot }
                (state, since) = (now, 0)
            }
            since += hours
        }
        return sum
    }

    /// The least cost over all schedules.
    func leastCost() -> Double {
        let steps = demand.count
        // Cost of a step by which units are on.
        let ofStep = (0..<steps).map { step in (0..<8).map { cost(step, $0) } }
        let schedules = units.map { unit in
            (0..<(1 << steps)).compactMap { code -> (code: Int, cost: Double)? in
                startCost(unit, (0..<steps).map { code >> $0 & 1 == 1 }).map { (code, $0) }
            }
        }
        var best = Double.infinity
        for a in schedules[0] {
            for b in schedules[1] {
                for c in schedules[2] {
                    var sum = a.cost + b.cost + c.cost
                    for step in 0..<steps {
                        sum +=
                            ofStep[step][
                                (a.code >> step & 1) | (b.code >> step & 1) << 1 | (c.code >> step & 1) << 2]
                    }
                    best = min(best, sum)
                }
            }
        }
        return best
    }

    /// Units at their minimum, then the cheapest first; what is too much is given away.
    private func cost(_ step: Int, _ on: Int) -> Double {
        var (sum, left) = (0.0, demand[step])
        var rooms = [(price: buy[step], room: Double.infinity)]
        for (k, unit) in units.enumerated() where on >> k & 1 == 1 {
            sum += unit.perHour + unit.least * unit.price
            left -= unit.least
            rooms.append((unit.price, unit.most - unit.least))
        }
        for (price, room) in rooms.sorted(by: { $0.price < $1.price }) where left > 0 {
            sum += price * min(room, left)
            left -= min(room, left)
        }
        return sum * hours
    }
}

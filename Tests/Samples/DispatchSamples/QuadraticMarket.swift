import Grid
public import Scheduling
import TestSupport
public import Timeline

/// One hour of units with quadratic costs b·p + ½·a·p² and demands that cannot be shed, in any units of power
/// and money. The optimum is found by bisection of the price.
public struct QuadraticMarket: Sendable {
    /// What is at one node: a unit, a demand, or both.
    public struct Member: Sendable {
        /// Cost of the first unit of power, and how it grows with the power.
        public var b, a: Double
        /// Greatest power; the least is zero.
        public var most: Double
        /// Power that is taken beside.
        public var demand: Double

        /// Creates a member.
        public init(b: Double, a: Double, most: Double, demand: Double) {
            (self.b, self.a, self.most, self.demand) = (b, a, most, demand)
        }

        /// Best power at a price.
        public func power(at price: Double) -> Double { min(max((price - b) / a, 0), most) }
    }

    /// All nodes.
    public let members: [Member]
    /// Price at which the powers of all sum to the demand.
    public let price: Double

    /// Draws a market: half of the nodes only take, the others only give, and most of them give nothing
    /// or all they can.
    public init(nodes: Int, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        members = (0..<nodes).map { node in
            let isDemand = node.isMultiple(of: 2)
            return Member(
                b: random.uniform(3...9), a: random.uniform(0.02...0.3),
                most: isDemand ? 0 : random.uniform(5...30), demand: isDemand ? random.uniform(2...20) : 0)
        }
        var (low, high) = (0.0, 100.0)
        for _ in 0..<200 {
            let middle = (low + high) / 2
            let given = members.reduce(0) { $0 + $1.power(at: middle) - $1.demand }
            if given < 0 { low = middle } else { high = middle }
        }
        price = high
    }

    /// Powers at the optimum.
    public var powers: [Double] { members.map { $0.power(at: price) } }

    /// Mean over all nodes of the change of power with the price at the optimum: zero at a limit.
    public var meanSlope: Double {
        let slopes = members.map { member -> Double in
            let power = member.power(at: price)
            return power > 0 && power < member.most ? 1 / member.a : 0
        }
        return slopes.reduce(0, +) / Double(slopes.count)
    }

    /// The hour.
    public static let hour = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 1)

    /// What the unit of a node offers, its demand not included.
    public func offer(_ node: Int) -> Offer {
        let member = members[node]
        let price = [EnergyCost(member.b)]
        return Offer(
            device: DeviceID(node), role: .source, horizon: Self.hour, lower: [.zero],
            upper: [Power(member.most)], cost: Cost(deliver: price, absorb: price, quadratic: member.a / 2))
    }

    /// What a node gives at each price, its demand included.
    public func bid(_ node: Int) -> BidCurve {
        let member = members[node]
        guard member.most > 0 else { return BidCurve(from: Power(-member.demand)) }
        return BidCurve(points: [
            .init(price: EnergyCost(member.b), power: Power(-member.demand)),
            .init(
                price: EnergyCost(member.b + member.a * member.most),
                power: Power(member.most - member.demand)),
        ])
    }
}

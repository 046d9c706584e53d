public import Grid

/// The power that a device, or several together, would give at each price of one step: a curve that never
/// falls. At a price where it jumps every power between both ends is as good as another.
///
/// ```swift
/// let price = EnergyCost(yuanPerKilowattHour: 0.5)
/// let genset = BidCurve(from: Power(kilowatts: 30))
///     .adding(Power(kilowatts: 70), at: price)
/// let load = BidCurve(from: Power(kilowatts: -60))
/// let both = genset + load
/// print(both.power(at: price))  // −30 … 40 kW.
/// let clearing = both.clearing(giving: .zero)
/// print(clearing.price == price, genset.power(at: clearing))  // true, 60 kW.
/// ```
///
/// The curve is piecewise linear between its points. Below the first point's price the power is that of the
/// first point, above the last point's price that of the last.
public struct BidCurve: Hashable, Sendable {
    /// One end of a jump, or of a straight piece.
    public struct Point: Hashable, Sendable {
        /// Price, yuan/Wh.
        public let price: EnergyCost
        /// Power at this price, positive when given to the network.
        public let power: Power

        /// Creates a point.
        @inlinable public init(price: EnergyCost, power: Power) {
            self.price = price
            self.power = power
        }
    }

    /// A price, and where between both ends of the jumps at this price every curve stands.
    public struct Clearing: Hashable, Sendable {
        /// Price that all pay and earn.
        public let price: EnergyCost
        /// 0: the lower end of each jump at `price`; 1: the upper end.
        public let share: Double

        /// Creates a clearing; `share` is from 0 to 1.
        public init(price: EnergyCost, share: Double) {
            precondition(price.value.isFinite && (0...1).contains(share))
            self.price = price
            self.share = share
        }
    }

    /// Points in ascending order of price; their powers never fall. At least one.
    public private(set) var points: [Point]

    /// Creates the curve through `points`, in ascending order of price and of power.
    public init(points: [Point]) {
        precondition(!points.isEmpty)
        precondition(points.allSatisfy { $0.price.value.isFinite && $0.power.value.isFinite })
        precondition(
            zip(points, points.dropFirst()).allSatisfy { $0.price <= $1.price && $0.power <= $1.power })
        self.points = points
    }

    /// Creates the curve that is `least` at every price.
    public init(from least: Power) {
        self.init(points: [Point(price: .zero, power: least)])
    }

    /// Returns this curve with `more` power at `price` and above, which is not below any price of this curve;
    /// a curve of one power takes the price as its first.
    public func adding(_ more: Power, at price: EnergyCost) -> BidCurve {
        var curve = self
        curve.add(more, at: price)
        return curve
    }

    /// Adds `more` power at `price` and above, which is not below any price of the curve.
    public mutating func add(_ more: Power, at price: EnergyCost) {
        guard more > .zero else { return }
        let last = points[points.count - 1]
        if points.count == 1 {
            points[0] = Point(price: price, power: last.power)
        } else {
            precondition(price >= last.price)
            if price > last.price { points.append(Point(price: price, power: last.power)) }
        }
        points.append(Point(price: price, power: last.power + more))
    }

    /// Least power, at low prices.
    @inlinable public var least: Power { points[0].power }
    /// Greatest power, at high prices.
    @inlinable public var most: Power { points[points.count - 1].power }

    /// Returns the powers at a price: a range where the curve jumps there.
    public func power(at price: EnergyCost) -> ClosedRange<Power> {
        if price < points[0].price { return least...least }
        if price > points[points.count - 1].price { return most...most }
        var low = 0
        while points[low].price < price { low += 1 }
        guard points[low].price == price else {
            let power = between(points[low - 1], points[low], at: price)
            return power...power
        }
        var high = low
        while high + 1 < points.count, points[high + 1].price == price { high += 1 }
        // A curve of one point is flat: it has no jump.
        return points[low].power...points[high].power
    }

    private func between(_ a: Point, _ b: Point, at price: EnergyCost) -> Power {
        let part = (price.value - a.price.value) / (b.price.value - a.price.value)
        return min(max(a.power + (b.power - a.power) * part, a.power), b.power)
    }

    /// Returns the power at a clearing.
    public func power(at clearing: Clearing) -> Power {
        let range = power(at: clearing.price)
        guard clearing.share > 0 else { return range.lowerBound }
        guard clearing.share < 1 else { return range.upperBound }
        let between = range.lowerBound * (1 - clearing.share) + range.upperBound * clearing.share
        return min(max(between, range.lowerBound), range.upperBound)
    }

    /// Returns the part of the curve within a range of powers: what a branch lets through.
    ///
    /// Prices beyond which the curve would leave the range leave it at the end of the range.
    public func clipped(to flow: ClosedRange<Power>) -> BidCurve {
        guard least < flow.lowerBound || most > flow.upperBound else { return self }
        var kept: [Point] = []
        func clip(_ power: Power) -> Power { min(max(power, flow.lowerBound), flow.upperBound) }
        for (index, point) in points.enumerated() {
            if index > 0 {
                let before = points[index - 1]
                for bound in [flow.lowerBound, flow.upperBound]
                where before.power < bound && bound < point.power {
                    let part = (bound - before.power) / (point.power - before.power)
                    let price = before.price.value + (point.price.value - before.price.value) * part
                    kept.append(Point(price: EnergyCost(price), power: bound))
                }
            }
            kept.append(Point(price: point.price, power: clip(point.power)))
        }
        // Flat ends say nothing.
        while kept.count > 1, kept[0].power == kept[1].power { kept.removeFirst() }
        while kept.count > 1, kept[kept.count - 1].power == kept[kept.count - 2].power { kept.removeLast() }
        return BidCurve(points: kept)
    }

    /// Returns the curve of two together.
    public static func + (a: BidCurve, b: BidCurve) -> BidCurve { sum(of: [a, b]) }

    /// Returns the curve of all together; zero at every price without any.
    public static func sum(of curves: [BidCurve]) -> BidCurve {
        var sweep = BidSweep(curves)
        var points: [Point] = []
        while let (price, range) = sweep.next() {
            points.append(Point(price: price, power: range.lowerBound))
            if range.upperBound > range.lowerBound {
                points.append(Point(price: price, power: range.upperBound))
            }
        }
        return points.isEmpty ? BidCurve(from: Power(sweep.power)) : BidCurve(points: points)
    }

    /// Returns the clearing at which this curve gives `wanted`: the lowest such price. Beyond what the curve
    /// can give it is the end of the curve.
    public func clearing(giving wanted: Power) -> Clearing {
        Self.clearing(of: [self], giving: wanted)
    }

    /// Returns the clearing at which several curves together give `wanted`: see `clearing(giving:)`. It costs
    /// one sort of their points.
    public static func clearing(of curves: [BidCurve], giving wanted: Power) -> Clearing {
        var sweep = BidSweep(curves)
        var last = EnergyCost.zero
        var before: (price: EnergyCost, power: Power)?
        while let (price, range) = sweep.next() {
            last = price
            if range.upperBound >= wanted {
                if range.lowerBound <= wanted || before == nil {
                    return exact(curves, at: price, giving: wanted)
                }
                // On the straight piece that ends here.
                let rise = range.lowerBound - before!.power
                let part = (wanted - before!.power) / rise
                let within = before!.price.value + (price.value - before!.price.value) * part
                return exact(curves, at: EnergyCost(within), giving: wanted)
            }
            before = (price, range.upperBound)
        }
        return Clearing(price: last, share: 1)
    }

    /// The share at a price, from the curves themselves and free of the rounding of the sweep.
    private static func exact(_ curves: [BidCurve], at price: EnergyCost, giving wanted: Power) -> Clearing {
        var (low, high) = (0.0, 0.0)
        for curve in curves {
            let range = curve.power(at: price)
            low += range.lowerBound.value
            high += range.upperBound.value
        }
        guard high > low else { return Clearing(price: price, share: 0) }
        return Clearing(price: price, share: min(max((wanted.value - low) / (high - low), 0), 1))
    }
}

/// The sum of curves, at one price of their points after another.
private struct BidSweep {
    /// What changes at a price: the power jumps and the slope, W per yuan/Wh, changes.
    private struct Event {
        let price: Double
        let jump, slope: Double
    }

    private var events: [Event] = []
    private var place = 0
    private var slope = 0.0
    private var price = 0.0
    /// Sum of powers up to the last price.
    private(set) var power = 0.0

    init(_ curves: [BidCurve]) {
        events.reserveCapacity(4 * curves.count)
        for curve in curves {
            power += curve.least.value
            for k in curve.points.indices.dropFirst() {
                let (a, b) = (curve.points[k - 1], curve.points[k])
                let rise = b.power.value - a.power.value
                guard rise > 0 else { continue }
                if a.price == b.price {
                    events.append(Event(price: a.price.value, jump: rise, slope: 0))
                } else {
                    let slope = rise / (b.price.value - a.price.value)
                    events.append(Event(price: a.price.value, jump: 0, slope: slope))
                    events.append(Event(price: b.price.value, jump: 0, slope: -slope))
                }
            }
        }
        events.sort { $0.price < $1.price }
    }

    /// The next price at which anything changes, and the powers there.
    mutating func next() -> (EnergyCost, ClosedRange<Power>)? {
        guard place < events.count else { return nil }
        let at = events[place].price
        if place > 0 { power += max(slope * (at - price), 0) }
        let low = power
        price = at
        while place < events.count, events[place].price == at {
            power += events[place].jump
            slope += events[place].slope
            place += 1
        }
        return (EnergyCost(at), Power(low)...Power(power))
    }
}

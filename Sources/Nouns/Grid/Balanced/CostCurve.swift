/// Cost of a generating unit in an hour at constant power. Powers are given to the network, in
/// W; costs are in yuan, or in whatever money the author reckons, an hour.
public enum CostCurve: Hashable, Sendable {
    /// constant + linear·p + quadratic·p²: in money/h, money/(W·h), money/(W²·h).
    case polynomial(constant: Double, linear: Double, quadratic: Double)
    /// Straight lines between points in the order of their powers, at least two of them. The first and the
    /// last line go on beyond their ends.
    case piecewise([Point])

    /// A point of a piecewise curve.
    public struct Point: Hashable, Sendable {
        /// Power given to the network.
        public let power: Power
        /// Cost at that power, money/h.
        public let cost: Double

        /// The cost at a power.
        public init(power: Power, cost: Double) {
            self.power = power
            self.cost = cost
        }
    }

    /// A stretch of powers on which the cost of what is added to `lower` is slope·p + quadratic·p², p being
    /// the power itself where `quadratic` is not 0.
    public struct Piece: Hashable, Sendable {
        /// Where the piece begins, W.
        public let lower: Double
        /// Where the piece ends, W.
        public let upper: Double
        /// Cost of one watt more, money/(W·h).
        public let slope: Double
        /// Half the change of that cost by one watt, money/(W²·h).
        public let quadratic: Double
    }

    /// The costs within limits in W, from the lower limit up, one piece or more; nil where the curve is not
    /// convex, is not described by finite numbers, or its points do not ascend.
    public func convexPieces(from lower: Double, to upper: Double) -> [Piece]? {
        guard lower <= upper, lower.isFinite, upper.isFinite else { return nil }
        switch self {
        case .polynomial(let constant, let linear, let quadratic):
            guard constant.isFinite, linear.isFinite, quadratic.isFinite, quadratic >= 0 else { return nil }
            return [Piece(lower: lower, upper: upper, slope: linear, quadratic: quadratic)]
        case .piecewise(let points): return Self.convexPieces(points, lower, upper)
        }
    }

    private static func convexPieces(_ points: [Point], _ lower: Double, _ upper: Double) -> [Piece]? {
        guard points.count >= 2, points.allSatisfy({ $0.cost.isFinite && $0.power.value.isFinite }),
            zip(points, points.dropFirst()).allSatisfy({ $0.power < $1.power })
        else { return nil }
        let slopes = zip(points, points.dropFirst()).map { ($1.cost - $0.cost) / ($1.power - $0.power).value }
        // Points rounded by hand are allowed to be a little off a straight line.
        let slack = 1e-9 * slopes.reduce(0) { max($0, $1.magnitude) }
        guard slopes.allSatisfy(\.isFinite),
            zip(slopes, slopes.dropFirst()).allSatisfy({ $1 >= $0 - slack })
        else { return nil }
        var pieces: [Piece] = []
        for (index, slope) in slopes.enumerated() {
            let begin = index == 0 ? lower : max(lower, points[index].power.value)
            let end = index == slopes.count - 1 ? upper : min(upper, points[index + 1].power.value)
            let isOnly = lower == upper && pieces.isEmpty && begin == end
            guard begin < end || isOnly else { continue }
            // Of slopes that descend by rounding alone, the later one is raised: pieces fill in order.
            let steepest = max(slope, pieces.last?.slope ?? slope)
            pieces.append(Piece(lower: begin, upper: end, slope: steepest, quadratic: 0))
        }
        return pieces
    }

    /// The cost at a power in W, money/h.
    public func cost(at power: Double) -> Double {
        switch self {
        case .polynomial(let constant, let linear, let quadratic):
            return constant + power * (linear + quadratic * power)
        case .piecewise(let points):
            var end = 1
            while end < points.count - 1, points[end].power.value < power { end += 1 }
            let (a, b) = (points[end - 1], points[end])
            let slope = (b.cost - a.cost) / (b.power - a.power).value
            return a.cost + slope * (power - a.power.value)
        }
    }
}

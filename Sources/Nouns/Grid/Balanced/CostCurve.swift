/// Cost of a generating unit in an hour at constant power. Powers are given to the network, in
/// W; costs are in yuan, or in whatever money the author reckons, an hour.
public enum CostCurve: Hashable, Sendable {
    /// constant + linear·p + quadratic·p²: in money/h, money/(W·h), money/(W²·h).
    case polynomial(constant: Double, linear: Double, quadratic: Double)
    /// Σ coefficients[k]·p^k, of any degree: money/(W^k·h). Those up to the square are `polynomial`s.
    case higherPolynomial(coefficients: [Double])
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
    /// convex, is not described by finite numbers, is a polynomial of a degree above 2, or its points do not
    /// ascend.
    public func convexPieces(from lower: Double, to upper: Double) -> [Piece]? {
        guard lower <= upper, lower.isFinite, upper.isFinite else { return nil }
        switch self {
        case .polynomial(let constant, let linear, let quadratic):
            guard constant.isFinite, linear.isFinite, quadratic.isFinite, quadratic >= 0 else { return nil }
            return [Piece(lower: lower, upper: upper, slope: linear, quadratic: quadratic)]
        case .higherPolynomial: return nil
        case .piecewise(let points): return Self.convexPieces(points, lower, upper)
        }
    }

    private static func convexPieces(_ points: [Point], _ lower: Double, _ upper: Double) -> [Piece]? {
        guard points.count >= 2, points.allSatisfy({ $0.cost.isFinite && $0.power.value.isFinite }),
            zip(points, points.dropFirst()).allSatisfy({ $0.power < $1.power })
        else { return nil }
        let slopes = zip(points, points.dropFirst()).map { ($1.cost - $0.cost) / ($1.power - $0.power).value }
        let slack = roundings(points, slopes)
        guard slopes.allSatisfy(\.isFinite),
            slopes.indices.dropFirst().allSatisfy({ slopes[$0] >= slopes[$0 - 1] - slack[$0 - 1] - slack[$0] }
            )
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

    /// How far each slope may be off because its points were rounded to the decimals with which they are
    /// written, of MW and money/h, at most 10⁻⁴ of the largest slope.
    private static func roundings(_ points: [Point], _ slopes: [Double]) -> [Double] {
        func lastPlace(_ numbers: [Double]) -> Double {
            var place = 1.0
            func isOff(_ number: Double) -> Bool {
                abs((number / place).rounded() * place - number) > 1e-6 * place + 4 * number.ulp
            }
            while place > 1e-9, numbers.contains(where: isOff) { place /= 10 }
            return place
        }
        let power = lastPlace(points.map { $0.power.value / 1e6 }) * 1e6
        let cost = lastPlace(points.map(\.cost))
        let steepest = slopes.reduce(0) { max($0, $1.magnitude) }
        return slopes.indices.map { index in
            let width = (points[index + 1].power - points[index].power).value
            let rounding = (cost + slopes[index].magnitude * power) / width
            return max(1e-9, min(rounding / steepest, 1e-4)) * steepest
        }
    }

    /// Whether the costs within limits in W are convex, of a polynomial of any degree or of points.
    public func isConvex(from lower: Double, to upper: Double) -> Bool {
        guard case .higherPolynomial(let coefficients) = self else {
            return convexPieces(from: lower, to: upper) != nil
        }
        guard lower <= upper, coefficients.allSatisfy(\.isFinite) else { return false }
        // By t, which goes from −1 to 1 or less between the limits, so that no power of it overflows.
        let unit = max(lower.magnitude, upper.magnitude, 1)
        var (scaled, factor) = ([Double](), 1.0)
        for coefficient in coefficients {
            scaled.append(coefficient * factor)
            factor *= unit
        }
        let bend = Self.derivative(Self.derivative(scaled))
        let turns = Self.roots(Self.derivative(bend), lower / unit, upper / unit)
        let values = ([lower / unit] + turns + [upper / unit]).map { Self.value(bend, $0) }
        let largest = values.reduce(0) { max($0, $1.magnitude) }
        return largest.isFinite && values.allSatisfy { $0 >= -1e-9 * largest }
    }

    private static func value(_ coefficients: [Double], _ x: Double) -> Double {
        coefficients.reversed().reduce(0) { $0 * x + $1 }
    }

    private static func derivative(_ coefficients: [Double]) -> [Double] {
        coefficients.enumerated().dropFirst().map { Double($0) * $1 }
    }

    /// Where a polynomial changes its sign between two ends, in order: between those of its derivative it is
    /// monotonic.
    private static func roots(_ coefficients: [Double], _ lower: Double, _ upper: Double) -> [Double] {
        guard coefficients.count > 1 else { return [] }
        let ends = [lower] + roots(derivative(coefficients), lower, upper) + [upper]
        return zip(ends, ends.dropFirst()).compactMap { from, to in
            var (a, b) = (from, to)
            let isRising = value(coefficients, a) < 0
            guard (value(coefficients, b) < 0) != isRising else { return nil }
            while case let middle = a + (b - a) / 2, middle > a, middle < b {
                if (value(coefficients, middle) < 0) == isRising { a = middle } else { b = middle }
            }
            return b
        }
    }

    /// The cost at a power in W, money/h.
    public func cost(at power: Double) -> Double {
        switch self {
        case .polynomial(let constant, let linear, let quadratic):
            return constant + power * (linear + quadratic * power)
        case .higherPolynomial(let coefficients):
            return coefficients.reversed().reduce(0) { $0 * power + $1 }
        case .piecewise(let points):
            var end = 1
            while end < points.count - 1, points[end].power.value < power { end += 1 }
            let (a, b) = (points[end - 1], points[end])
            let slope = (b.cost - a.cost) / (b.power - a.power).value
            return a.cost + slope * (power - a.power.value)
        }
    }

    /// Slope and curvature at a power in W, money/(W·h) and money/(W²·h); at a point of a piecewise linear
    /// cost, the slope above it.
    public func derivatives(at power: Double) -> (slope: Double, curvature: Double) {
        switch self {
        case .polynomial(_, let linear, let quadratic): return (linear + 2 * quadratic * power, 2 * quadratic)
        case .higherPolynomial(let coefficients):
            var (value, slope, halfCurvature) = (0.0, 0.0, 0.0)
            for coefficient in coefficients.reversed() {
                halfCurvature = halfCurvature * power + slope
                slope = slope * power + value
                value = value * power + coefficient
            }
            return (slope, 2 * halfCurvature)
        case .piecewise(let points):
            var end = 1
            while end < points.count - 1, points[end].power.value <= power { end += 1 }
            let (a, b) = (points[end - 1], points[end])
            return ((b.cost - a.cost) / (b.power - a.power).value, 0)
        }
    }
}

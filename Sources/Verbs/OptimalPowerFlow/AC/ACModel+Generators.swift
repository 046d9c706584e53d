import Grid

// What generators give and what it costs.
extension ACModel {
    /// The sources of a generator: of its active and of its reactive power.
    mutating func add(_ generator: NetworkCase.Generator, _ index: Int, at bus: Int) throws(CaseMistake) {
        let reactive = generator.reactiveLimits.map { ($0.lowerBound.value, $0.upperBound.value) }
        let free = CostCurve.polynomial(constant: 0, linear: 0, quadratic: 0)
        let active = generator.activeLimits.map { ($0.lowerBound.value, $0.upperBound.value) }
        try add(generator.cost ?? free, active, of: generator.name, index, balance: 4 * bus + 2)
        try add(generator.reactiveCost ?? free, reactive, of: generator.name, index, balance: 4 * bus + 3)
        demand[bus] -= base[index]
    }

    /// The sources of one power of a generator within limits, W or var. A polynomial is its own variable;
    /// pieces add up from the lower limit, or from the end of the first one where there is no limit.
    private mutating func add(
        _ curve: CostCurve, _ limits: (Double, Double)?, of name: String, _ index: Int, balance: Int
    ) throws(CaseMistake) {
        let unit = network.basePower
        let endless = 1e3 * Self.largest * unit
        let (lower, upper) = limits ?? (-endless, endless)
        guard curve.isConvex(from: lower, to: upper) else {
            let what = balance & 1 == 0 ? "a cost" : "a cost of reactive power"
            throw Self.mistake(name, "finite limits and \(what) that is convex")
        }
        switch curve {
        case .polynomial(_, let linear, let quadratic):
            add(
                Source(
                    balance: balance, lower: lower / unit, upper: upper / unit, linear: linear * unit,
                    quadratic: quadratic * unit * unit, generator: index))
        case .higherPolynomial(let coefficients):
            var (scaled, factor) = ([Double](), 1.0)
            for coefficient in coefficients {
                scaled.append(coefficient * factor)
                factor *= unit
            }
            let source = Source(
                balance: balance, lower: lower / unit, upper: upper / unit, linear: scaled[1],
                quadratic: scaled[2], generator: index)
            add(source, higher: Array(scaled[3...]))
        case .piecewise:
            let pieces = curve.convexPieces(from: lower, to: upper)!
            let hasLower = lower / unit > -Self.largest
            let start = hasLower ? lower : pieces[0].upper / unit < Self.largest ? pieces[0].upper : 0
            base[index][balance & 1] += start / unit
            for (place, piece) in pieces.enumerated() {
                let begin = place == 0 ? start : piece.lower
                add(
                    Source(
                        balance: balance, lower: (piece.lower - begin) / unit,
                        upper: (piece.upper - begin) / unit, linear: piece.slope * unit, quadratic: 0,
                        generator: index))
            }
        }
    }

    /// A source whose limits are equal is part of the base.
    private mutating func add(_ source: Source, higher: [Double] = []) {
        guard source.upper - source.lower <= Self.leastPlay, let generator = source.generator else {
            if !higher.isEmpty { higherCosts.append((sources.count, higher)) }
            return sources.append(source)
        }
        let value = (source.lower + source.upper) / 2
        base[generator][source.balance & 1] += value
    }

    /// Slope and curvature of Σ coefficients[k]·x^(k + 3).
    static func higherCost(_ coefficients: [Double], _ x: Double) -> (slope: Double, curvature: Double) {
        var (slope, curvature, power) = (0.0, 0.0, x)
        for (index, coefficient) in coefficients.enumerated() {
            let degree = Double(index + 3)
            curvature += degree * (degree - 1) * coefficient * power
            slope += degree * coefficient * power * x
            power *= x
        }
        return (slope, curvature)
    }

    /// The largest incremental cost of a source at one of its limits, or at 0 where it has none; of a
    /// polynomial above the square half-way there, since its ends are steep and rarely reached.
    var steepestCost: Double {
        func steepest(_ source: Source, _ part: Double, _ higher: [Double]) -> Double {
            let ends = [source.lower, source.upper].map { $0.magnitude < Self.largest ? $0 * part : 0 }
            return ends.reduce(0) {
                let slope = source.linear + 2 * source.quadratic * $1 + Self.higherCost(higher, $1).slope
                return max($0, slope.magnitude)
            }
        }
        let plain = sources.reduce(0) { max($0, steepest($1, 1, [])) }
        return higherCosts.reduce(plain) { max($0, steepest(sources[$1.source], 0.5, $1.coefficients)) }
    }

    /// Money/h, of what each generator gives, p.u.: by the curves themselves, from which the sources differ
    /// by the rounding of their points.
    func cost(of given: [SIMD2<Double>]) -> Double {
        networkCase.generators.indices.reduce(0) { sum, index in
            let generator = networkCase.generators[index]
            guard generator.isConnected, positions[generator.bus] != nil else { return sum }
            let power = given[index] * network.basePower
            return sum + (generator.cost?.cost(at: power.x) ?? 0)
                + (generator.reactiveCost?.cost(at: power.y) ?? 0)
        }
    }
}

/// What one more unit of a right-hand side costs, on either side of a kink.
///
/// The least cost v as a function of b is convex and piecewise smooth. At an optimum x its derivative in the
/// direction ±e_i is itself the value of a linear program: the cheapest direction d that balances,
///
///     v'(b; e) = minimise (c + Qx)ᵀd   subject to  A·d = e,   d_j ≥ 0 where x_j = l_j,   d_j ≤ 0 where
///                x_j = u_j,   d_j = 0 where both,
///
/// so that the multiplier of row i may be anything between −v'(b; −e_i) and v'(b; e_i); an interior-point
/// method ends in the midst of that interval.
extension ConvexProgram {
    /// The interval of multipliers of `row` at an optimum, found by `solve`, which solves programs of this
    /// pattern. Nil where it does not reach an end.
    public func multipliers(
        of row: Int, at solution: Solution, by solve: (ConvexProgram) -> Solution
    ) -> ClosedRange<Double>? {
        var cone = self
        let reduced = reducedCosts(solution)
        for j in 0..<variables {
            let x = solution.x[j]
            let (below, above) = (x - lower[j], upper[j] - x)
            cone.cost[j] = cost[j] + quadratic[j] * x
            cone.quadratic[j] = 0
            cone.lower[j] = Self.isAtBound(below, reduced[j]) ? 0 : -Self.reach
            cone.upper[j] = Self.isAtBound(above, -reduced[j]) ? 0 : Self.reach
        }
        func slope(_ direction: Double) -> Double? {
            for i in 0..<rows { cone.rightHandSide[i] = i == row ? direction : 0 }
            let answer = solve(cone)
            return answer.status == .optimal ? answer.objective : nil
        }
        guard let rise = slope(1), let fall = slope(-1) else { return nil }
        // Rounding may cross the ends of an interval that is a point.
        return min(-fall, rise)...max(-fall, rise)
    }

    /// How far a direction may go, in rows of coefficients near one: beyond what one unit needs. No further,
    /// since what is left of the dual residual counts as often.
    private static let reach = 30.0

    /// A distance to a bound that the iteration was closing: small, or smaller than the multiplier that
    /// holds it there.
    private static func isAtBound(_ distance: Double, _ multiplier: Double) -> Bool {
        distance < 1e-7 || distance < 1e-3 && distance < multiplier
    }

    /// c + Qx − Aᵀy.
    func reducedCosts(_ solution: Solution) -> [Double] {
        var reduced = (0..<variables).map { cost[$0] + quadratic[$0] * solution.x[$0] }
        for i in 0..<rows {
            for k in matrix.pattern.start[i]..<matrix.pattern.start[i + 1] {
                reduced[matrix.pattern.column[k]] -= matrix.values[k] * solution.y[i]
            }
        }
        return reduced
    }
}

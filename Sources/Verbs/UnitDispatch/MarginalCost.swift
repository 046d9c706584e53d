import Glibc
public import Grid

extension NonconvexUnit {
    /// Marginal cost at a power in W: the lower bound is what one watt-hour less saves, the upper bound what
    /// one more costs. They differ where the cost has a kink: at a valve point and at a point of a piecewise
    /// linear cost. Limits and prohibited zones are not looked at.
    public func marginalCost(at power: Double) -> ClosedRange<EnergyCost> {
        let (below, above) = cost.slopes(at: power)
        guard let valves, valves.amplitude > 0 else { return EnergyCost(below)...EnergyCost(above) }
        let steepest = valves.amplitude * valves.frequency
        if isAtValvePoint(power) { return EnergyCost(below - steepest)...EnergyCost(above + steepest) }
        let angle = valves.frequency * (power - limits.lowerBound.value)
        let ripple = (sin(angle) < 0 ? -steepest : steepest) * cos(angle)
        return EnergyCost(below + ripple)...EnergyCost(above + ripple)
    }

    /// Whether a valve opens at this power in W, to a ten-millionth of the distance between two valve points.
    public func isAtValvePoint(_ power: Double) -> Bool {
        guard let valves, valves.amplitude > 0 else { return false }
        let count = valves.frequency * (power - limits.lowerBound.value) / .pi
        return abs(count - count.rounded()) < 1e-7
    }
}

extension CostCurve {
    /// Slopes below and above a power in W, in money/(W·h); equal but at a point of a piecewise linear cost.
    fileprivate func slopes(at power: Double) -> (below: Double, above: Double) {
        switch self {
        case .polynomial, .higherPolynomial:
            let slope = derivatives(at: power).slope
            return (slope, slope)
        case .piecewise(let points):
            let ends = 1..<points.count
            let slack = 1e-9 * max(points[0].power.value.magnitude, points[points.count - 1].power.value)
            func slope(_ end: Int?) -> Double {
                let (a, b) = (points[(end ?? points.count - 1) - 1], points[end ?? points.count - 1])
                return (b.cost - a.cost) / (b.power - a.power).value
            }
            let below = slope(ends.first { points[$0].power.value >= power - slack })
            return (below, max(below, slope(ends.first { points[$0].power.value > power + slack })))
        }
    }
}

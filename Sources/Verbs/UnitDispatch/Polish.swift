import Grid

/// Turns powers that nearly balance into a schedule that balances, at a local optimum.
///
/// Without valve points the problem within the chosen ranges is convex, and `EqualIncrementalCost` or
/// `LossyDispatch` solve it. With valve points most units are where a valve opens or at a limit; the others
/// follow Newton's method on equal incremental costs as long as the cost decreases.
struct Polish {
    private let units: [NonconvexUnit]
    private let formula: LossFormula?
    private let demand: Double

    init(_ units: [NonconvexUnit], _ formula: LossFormula?, demand: Double) {
        (self.units, self.formula, self.demand) = (units, formula, demand)
    }

    /// Returns the schedule; nil where the ranges that contain the powers cannot deliver the demand.
    func improved(_ powers: [Double]) -> [Double]? {
        let ranges = zip(units, powers).map { unit, power in
            unit.stretches.min { Self.distance(power, $0) < Self.distance(power, $1) }!
        }
        guard units.contains(where: { ($0.valves?.amplitude ?? 0) > 0 }) else { return convex(ranges) }
        guard var best = balanced(powers, ranges) else { return nil }
        for _ in 0..<30 {
            guard let next = balanced(newton(best, ranges), ranges), cost(next) < cost(best) else { break }
            best = next
        }
        return best
    }

    private static func distance(_ power: Double, _ range: ClosedRange<Double>) -> Double {
        max(range.lowerBound - power, power - range.upperBound, 0)
    }

    private func cost(_ powers: [Double]) -> Double {
        zip(units, powers).reduce(0) { $0 + $1.0.cost(at: $1.1) }
    }

    private func convex(_ ranges: [ClosedRange<Double>]) -> [Double]? {
        let plain = zip(units, ranges).map {
            GeneratingUnit(limits: Power($1.lowerBound)...Power($1.upperBound), cost: $0.cost)
        }
        let schedule =
            if let formula {
                try? LossyDispatch(units: plain, losses: formula).schedule(demand: Power(demand))
            } else {
                try? EqualIncrementalCost(units: plain).schedule(demand: Power(demand))
            }
        return schedule?.status == .optimal ? schedule?.powers : nil
    }

    private func isFree(_ power: Double, _ range: ClosedRange<Double>) -> Bool {
        let margin = 1e-7 * max(range.upperBound - range.lowerBound, 1e-300)
        return power > range.lowerBound + margin && power < range.upperBound - margin
    }

    /// Distributes the missing power to the units inside their ranges, those with the largest distance to a
    /// limit first.
    private func balanced(_ powers: [Double], _ ranges: [ClosedRange<Double>]) -> [Double]? {
        var powers = zip(powers, ranges).map { min(max($0, $1.lowerBound), $1.upperBound) }
        for i in powers.indices where !isFree(powers[i], ranges[i]) {
            let middle = (ranges[i].lowerBound + ranges[i].upperBound) / 2
            powers[i] = powers[i] < middle ? ranges[i].lowerBound : ranges[i].upperBound
        }
        func room(_ i: Int) -> Double {
            min(powers[i] - ranges[i].lowerBound, ranges[i].upperBound - powers[i])
        }
        let order = powers.indices.sorted { (room($0), $1) > (room($1), $0) }
        for i in order {
            for _ in 0..<20 {
                let factor = 1 - (formula?.incremental(at: powers)[i] ?? 0)
                let wanted = powers[i] + missing(powers) / factor
                powers[i] = min(max(wanted, ranges[i].lowerBound), ranges[i].upperBound)
                if abs(missing(powers)) <= 1e-12 * demand || powers[i] != wanted { break }
            }
        }
        return abs(missing(powers)) <= 1e-9 * abs(demand) ? powers : nil
    }

    private func missing(_ powers: [Double]) -> Double {
        demand - powers.reduce(0, +) + (formula?.loss(at: powers) ?? 0)
    }

    /// Makes one Newton step on f′ = λ·g for the units inside their ranges, g = 1 − ∂loss/∂p; the curvature
    /// of the losses is neglected.
    private func newton(_ powers: [Double], _ ranges: [ClosedRange<Double>]) -> [Double] {
        let factors = formula?.incremental(at: powers).map { 1 - $0 } ?? powers.map { _ in 1 }
        let free = powers.indices.filter { isFree(powers[$0], ranges[$0]) }
        let derivatives = powers.indices.map { units[$0].derivatives(at: powers[$0]) }
        var (top, bottom) = (0.0, 0.0)
        for i in free where derivatives[i].1 != 0 {
            top += factors[i] * derivatives[i].0 / derivatives[i].1
            bottom += factors[i] * factors[i] / derivatives[i].1
        }
        guard bottom != 0 else { return powers }
        var next = powers
        for i in free where derivatives[i].1 != 0 {
            next[i] += (top / bottom * factors[i] - derivatives[i].0) / derivatives[i].1
        }
        return next
    }
}

// Least Σ f(p) where Σ p − loss(p) = D and limits hold. With λ for the balance and z ≥ 0 for the limits the
// conditions of Karush, Kuhn and Tucker are
//
//     f′(p) − λ·g(p) − z_lower + z_upper = 0,   g = 1 − ∂loss/∂p,
//     Σ p − loss(p) = D,   z_lower·(p − lower) = z_upper·(upper − p) = 0:
//
// a free unit's incremental cost times its penalty factor 1/g is λ. Newton's method on them, with the
// products held at a μ that goes to 0 and predictor and corrector on one factorisation (Mehrotra 1992), has
// the dense matrix [f″ + 2λB + z/(p − lower) + z/(upper − p), −g; gᵀ, 0], factored by LAPACK. Then units at a
// limit are put there, and Newton's method on the others and λ alone takes the last digits.
//
// The balance is not convex as an equation, but as Σ p − loss(p) ≥ D it is, B being positive semidefinite as
// a loss must be; and with λ > 0 that is where the optimum lies. Pieces of linear costs are variables of
// their own, as in `EqualIncrementalCost`.

public import Grid

/// Dispatches units at equal incremental cost of what arrives, where a loss formula says what is lost.
public struct LossyDispatch: Sendable {
    private let pieces: PieceTable
    private let units: [GeneratingUnit]
    private let formula: LossFormula

    /// Throws the first unit that is wrong.
    public init(units: [GeneratingUnit], losses formula: LossFormula) throws(UnitMistake) {
        precondition(units.count == formula.linear.count)
        var table = PieceTable()
        for (index, unit) in units.enumerated() {
            let (lower, upper) = (unit.limits.lowerBound.value, unit.limits.upperBound.value)
            guard lower.isFinite, upper.isFinite else { throw UnitMistake(unit: index, kind: .limits) }
            guard let pieces = unit.cost.convexPieces(from: lower, to: upper) else {
                throw UnitMistake(unit: index, kind: .cost)
            }
            if lower == upper {
                table.floor.append((index, lower, upper))
            } else if pieces[0].quadratic > 0 {
                table.append(index, lower, upper, pieces[0].slope, pieces[0].quadratic)
            } else {
                table.floor.append((index, lower, upper))
                for piece in pieces where piece.upper > piece.lower {
                    table.append(index, 0, piece.upper - piece.lower, piece.slope, 0)
                }
            }
        }
        pieces = table
        self.units = units
        self.formula = formula
    }

    /// Cheapest schedule that delivers `demand` beyond what is lost. The most the units can deliver is taken
    /// to be what they do at their largest powers: true where no unit loses more than it gives.
    public func schedule(demand: Power) -> UnitSchedule {
        var schedule = UnitSchedule(units: units.count)
        guard demand.value.isFinite else { return schedule }
        let (least, largest) = (units.map(\.limits.lowerBound.value), units.map(\.limits.upperBound.value))
        let (fewest, most) = (delivered(least), delivered(largest))
        let slack = 1e-12 * (most.magnitude + fewest.magnitude)
        if demand.value >= most - slack || demand.value <= fewest + slack {
            let isShort = demand.value >= most - slack
            schedule.powers = isShort ? largest : least
            let gap = isShort ? demand.value - most : fewest - demand.value
            schedule.status =
                gap <= slack ? .optimal : isShort ? .short(by: Power(gap)) : .excess(by: Power(gap))
        } else {
            var newton = LossyNewton(pieces, formula, demand: demand.value)
            schedule.status = newton.run() ? .optimal : .iterationLimit
            schedule.powers = zip(newton.powers, zip(least, largest)).map { min(max($0, $1.0), $1.1) }
        }
        complete(&schedule, demand: demand.value)
        return schedule
    }

    private func delivered(_ powers: [Double]) -> Double { powers.reduce(0, +) - formula.loss(at: powers) }

    private func complete(_ schedule: inout UnitSchedule, demand: Double) {
        schedule.cost = zip(units, schedule.powers).reduce(0) { $0 + $1.0.cost.cost(at: $1.1) }
        schedule.loss = Power(formula.loss(at: schedule.powers))
        schedule.mismatch = Power((delivered(schedule.powers) - demand).magnitude)
        schedule.price = price(schedule.powers)
    }

    /// The incremental cost of what arrives is at least that of every unit that could give less, and at most
    /// that of every unit that could give more.
    private func price(_ powers: [Double]) -> UnitSchedule.PriceInterval {
        let lost = formula.incremental(at: powers)
        var given = powers
        for (unit, power, _) in pieces.floor { given[unit] -= power }
        var (low, high) = (-Double.infinity, Double.infinity)
        for k in pieces.unit.indices {
            let unit = pieces.unit[k]
            let power = min(max(given[unit], pieces.lower[k]), pieces.upper[k])
            if pieces.lower[k] == 0 { given[unit] -= power }
            let cost = (pieces.slope[k] + 2 * pieces.quadratic[k] * power) / (1 - lost[unit])
            if power > pieces.lower[k] { low = max(low, cost) }
            if power < pieces.upper[k] { high = min(high, cost) }
        }
        // One free unit is at both ends; rounding must not turn the interval around.
        return low > high ? .init((low + high) / 2, (low + high) / 2) : .init(low, high)
    }
}

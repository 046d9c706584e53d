// Least Σ f(p) where Σ p − loss(p) = D and limits hold. With λ for the balance and z ≥ 0 for the limits the
// conditions of Karush, Kuhn and Tucker are
//
//     f′(p) − λ·g(p) − z_lower + z_upper = 0,   g = 1 − ∂loss/∂p,
//     Σ p − loss(p) = D,   z_lower·(p − lower) = z_upper·(upper − p) = 0:
//
// the incremental cost of a free unit times its penalty factor 1/g is λ. Newton's method on these conditions,
// with the products held at a μ that goes to 0 and predictor and corrector on one factorisation (Mehrotra
// 1992), has the dense matrix [f″ + 2λB + z/(p − lower) + z/(upper − p), −g; gᵀ, 0], factored by LAPACK. Then
// the units at a limit are set to it, and Newton's method on the others and λ alone gives the last digits.
//
// The balance is not convex as an equation, but Σ p − loss(p) ≥ D is convex, because B is positive
// semidefinite, as losses must be; with λ > 0 the optimum lies on its boundary. Pieces of linear costs are
// separate variables, as in `EqualIncrementalCost`.

public import Grid

/// Economic dispatch with network losses by a loss formula: equal incremental cost of delivered power.
///
/// ```swift
/// let b = [0.00003, 0.00009, 0.00012]
/// var matrix = Matrix(rows: 3, columns: 3)
/// for i in 0..<3 { matrix[i, i] = b[i] }
/// let losses = LossFormula(
///     perUnit: matrix, linear: [0, 0, 0], constant: 0, basePower: Power(1e6))
/// let lossy = try LossyDispatch(units: units, losses: losses).schedule(demand: Power(850e6))
/// print(lossy.powers, lossy.loss)  // 435, 300 and 131 MW, of which 15.8 MW are lost.
/// ```
public struct LossyDispatch: Sendable {
    private let pieces: PieceTable
    private let units: [GeneratingUnit]
    private let formula: LossFormula

    /// Creates the dispatch of `units`; the formula must have as many. Throws the first unit with a mistake.
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

    /// Returns the cheapest schedule that delivers `demand` after losses.
    ///
    /// The largest deliverable power is taken to be that at the maximum power of all units. This holds where
    /// no unit has an incremental loss above 1.
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

    /// The incremental cost of delivered power is at least that of every unit that can reduce its power, and
    /// at most that of every unit that can increase it.
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
        // A single free unit gives both ends; rounding must not reverse the interval.
        return low > high ? .init((low + high) / 2, (low + high) / 2) : .init(low, high)
    }
}

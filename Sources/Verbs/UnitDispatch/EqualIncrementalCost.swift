// Least Σ fᵢ(pᵢ) where Σ pᵢ = D and each pᵢ is within limits, fᵢ convex. At the optimum all units that are
// not at a limit have the same incremental cost λ (Wood & Wollenberg, Power Generation, Operation and
// Control, ch. 3). A piecewise linear cost is a row of linear pieces, each a unit of its own that begins at
// 0; being convex they fill in order by themselves. So there are two kinds of pieces:
//
//   quadratic, f = b·p + c·p²:   p(λ) = (clip(λ, b + 2c·lower, b + 2c·upper) − b) / 2c
//   linear, f = b·p:             lower for λ < b, upper for λ > b, anything between for λ = b.
//
// Q(λ), the sum of the first kind, is continuous, piecewise linear and never decreases. L(λ), the sum of the
// second kind, is a staircase, known from the sorted b and their running sums. Newton's method solves Q + L =
// D within a bracket that shrinks with each step. While stairs lie inside the bracket, each trial λ is one of
// them: the nearest to Newton's, or the middle one where Newton's step did not halve their number. When none
// is left, Newton's method ends as soon as the set of free units stays the same: after three or four passes
// over all units, eight at a time. The first λ comes from Newton's method on every sixteenth block of eight.

public import Grid

/// Economic dispatch at equal incremental cost: quadratic, linear and piecewise linear convex costs with
/// limits, any number of units, no losses.
///
/// ```swift
/// let limits = [150e6...600e6, 100e6...400e6, 50e6...200e6]  // W
/// let costs = [(561.0, 7.92, 0.001562), (310, 7.85, 0.00194), (78, 7.97, 0.00482)]  // $/h, MW
/// let units = zip(limits, costs).map { limits, cost in
///     GeneratingUnit(
///         limits: Power(limits.lowerBound)...Power(limits.upperBound),
///         cost: .polynomial(
///             constant: cost.0, linear: cost.1 / 1e6, quadratic: cost.2 / 1e12))
/// }
/// let schedule = try EqualIncrementalCost(units: units).schedule(demand: Power(850e6))
/// print(schedule.powers, schedule.price)  // 393, 335 and 122 MW at 9.148 $/MWh.
/// ```
///
/// Created once for its units and solved any number of times; a result depends on the demand alone. Not
/// thread-safe; create one instance per thread.
public final class EqualIncrementalCost {
    let quadratic: QuadraticPieces
    let staircase: Staircase
    /// Number of units.
    private let count: Int
    /// Σ of the powers and of the costs at the lower end of the linear pieces, and of constants.
    private let base: Double
    private let constant: Double
    private static let stepLimit = 200

    /// Creates the dispatch of `units`. Throws the first unit with a mistake.
    public init(units: [GeneratingUnit]) throws(UnitMistake) {
        var quadratic = PieceTable()
        var linear = PieceTable()
        var (base, constant) = (0.0, 0.0)
        for (index, unit) in units.enumerated() {
            let (lower, upper) = (unit.limits.lowerBound.value, unit.limits.upperBound.value)
            guard lower.isFinite, upper.isFinite else { throw UnitMistake(unit: index, kind: .limits) }
            guard let pieces = unit.cost.convexPieces(from: lower, to: upper) else {
                throw UnitMistake(unit: index, kind: .cost)
            }
            if Self.isCurved(pieces[0]) {
                quadratic.append(index, lower, upper, pieces[0].slope, pieces[0].quadratic)
                constant += unit.cost.cost(at: 0)
                continue
            }
            base += lower
            constant += unit.cost.cost(at: lower)
            for piece in pieces {
                let chord = piece.slope + piece.quadratic * (piece.lower + piece.upper)
                linear.append(index, 0, piece.upper - piece.lower, chord, 0)
            }
            linear.floor.append((index, lower, upper))
        }
        count = units.count
        self.base = base
        self.constant = constant
        self.quadratic = QuadraticPieces(quadratic)
        staircase = Staircase(linear)
    }

    /// Whether the incremental cost of a piece changes by more than rounding between its limits.
    private static func isCurved(_ piece: CostCurve.Piece) -> Bool {
        let change = 2 * piece.quadratic * (piece.upper - piece.lower)
        return piece.quadratic > 0 && (0.5 / piece.quadratic).isFinite
            && (piece.lower == piece.upper || change > 1e-15 * piece.slope.magnitude)
    }

    /// Returns the cheapest schedule for `demand`.
    public func schedule(demand: Power) -> UnitSchedule {
        var schedule = UnitSchedule(units: count)
        solve(demand: demand, into: &schedule)
        return schedule
    }

    /// Computes the cheapest schedule for `demand` into `schedule`, which must have as many units; allocates
    /// nothing.
    public func solve(demand: Power, into schedule: inout UnitSchedule) {
        precondition(schedule.powers.count == count)
        schedule.loss = .zero
        guard demand.value.isFinite else {
            schedule = UnitSchedule(units: count)
            return
        }
        let wanted = demand.value - base
        let least = quadratic.least
        let largest = quadratic.largest + staircase.largest
        // A demand at a limit is met by all units there: rounding of the sums is no reason to refuse it.
        let slack = 1e-12 * (least.magnitude + largest.magnitude + base.magnitude)
        if wanted >= largest - slack || wanted <= least + slack {
            fillLimit(wanted, least, largest, slack, &schedule)
        } else {
            let price = search(wanted, slack)
            schedule.status = price == nil ? .iterationLimit : .optimal
            fill(wanted, at: price ?? 0, &schedule)
            if let price { settle(demand.value, at: price, slack, &schedule) }
        }
        let given = schedule.powers.reduce(0, +)
        schedule.mismatch = Power((given - demand.value).magnitude)
    }

    /// Shares what λ cannot resolve.
    private func settle(
        _ demand: Double, at price: Double, _ slack: Double, _ schedule: inout UnitSchedule
    ) {
        let remainder = demand - schedule.powers.reduce(0, +)
        guard remainder.magnitude > slack else { return }
        let left = schedule.powers.withUnsafeMutableBufferPointer {
            quadratic.share(remainder, at: price, $0)
        }
        schedule.cost += (remainder - left) * price
        if left.magnitude > slack { schedule.status = .iterationLimit }
    }

    /// Returns λ at which `wanted` lies between the sums just below and just above it; nil at the iteration
    /// limit.
    private func search(_ wanted: Double, _ slack: Double) -> Double? {
        var bracket = Bracket(
            lower: min(quadratic.lowestPrice, staircase.lowestPrice),
            upper: max(quadratic.highestPrice, staircase.highestPrice), stairs: staircase.prices.indices)
        var trial = firstGuess(wanted, bracket)
        var slow = 0
        for _ in 0..<Self.stepLimit {
            trial = staircase.nearest(to: trial, in: bracket, orMiddle: slow > 0)
            let (sum, slope) = quadratic.sum(at: trial)
            let (below, above) = staircase.sums(at: trial)
            if sum + below <= wanted + slack, sum + above >= wanted - slack { return trial }
            let (stairs, width) = (bracket.stairs.count, bracket.upper - bracket.lower)
            let missing = wanted - (sum + below > wanted ? sum + below : sum + above)
            bracket.narrow(at: trial, isShort: missing > 0, staircase)
            let isHalved =
                stairs > 0
                ? 2 * bracket.stairs.count <= stairs : 2 * (bracket.upper - bracket.lower) <= width
            slow = isHalved ? 0 : slow + 1
            let newton = slope > 0 ? trial + missing / slope : .infinity
            // Newton's method usually approaches from one side and does not move the other end of the
            // bracket.
            let isInside = newton > bracket.lower && newton < bracket.upper
            trial = isInside && slow % 4 != 3 ? newton : bracket.middle
            if bracket.isClosed { return trial }
        }
        return nil
    }

    /// Returns a first λ from Newton's method on a sample that represents all units.
    private func firstGuess(_ wanted: Double, _ bracket: Bracket) -> Double {
        var trial = bracket.middle
        var inner = bracket
        for _ in 0..<12 where quadratic.sampleScale > 1 {
            let (sum, slope) = quadratic.sampleSum(at: trial)
            let (below, above) = staircase.sums(at: trial)
            let missing = wanted - sum - (below + above) / 2
            if missing > 0 { inner.lower = trial } else { inner.upper = trial }
            let newton = slope > 0 ? trial + missing / slope : .infinity
            let next = newton > inner.lower && newton < inner.upper ? newton : inner.middle
            let isNear = (next - trial).magnitude <= 1e-4 * (bracket.upper - bracket.lower)
            trial = next
            if isNear { break }
        }
        return trial
    }

    /// Powers, cost and price interval at λ; linear pieces at λ share the remainder by their lengths.
    private func fill(_ wanted: Double, at price: Double, _ schedule: inout UnitSchedule) {
        // One more Newton step removes the rounding error where no linear piece does.
        let (sum, slope) = quadratic.sum(at: price)
        let (below, above) = staircase.sums(at: price)
        let missing = wanted - sum - below
        let isTied = above > below
        let share = isTied ? min(max(missing / (above - below), 0), 1) : 0
        let exact = !isTied && slope > 0 ? price + missing / slope : price
        var cost = constant
        schedule.powers.withUnsafeMutableBufferPointer { powers in
            cost += staircase.fill(powers, at: exact, share: share)
            cost += quadratic.fill(powers, at: exact)
        }
        schedule.cost = cost
        let isFree = slope > 0 || (isTied && share > 0 && share < 1)
        schedule.price = isFree ? .init(exact, exact) : interval(around: exact, share)
    }

    private func interval(around price: Double, _ share: Double) -> UnitSchedule.PriceInterval {
        let (low, high) = quadratic.neighbours(of: price)
        let (lowStair, highStair) = staircase.neighbours(of: price, share: share)
        return .init(max(low, lowStair), min(high, highStair))
    }

    /// All units at one limit.
    private func fillLimit(
        _ wanted: Double, _ least: Double, _ largest: Double, _ slack: Double,
        _ schedule: inout UnitSchedule
    ) {
        let isShort = wanted >= largest - slack
        var cost = constant
        schedule.powers.withUnsafeMutableBufferPointer { powers in
            cost += staircase.fill(powers, at: isShort ? .infinity : -.infinity, share: 0)
            cost += quadratic.fillLimit(powers, isShort)
        }
        schedule.cost = cost
        if isShort {
            let missing = wanted - largest
            schedule.status = missing > slack ? .short(by: Power(missing)) : .optimal
            schedule.price = .init(max(quadratic.highestPrice, staircase.highestPrice), .infinity)
        } else {
            let surplus = least - wanted
            schedule.status = surplus > slack ? .excess(by: Power(surplus)) : .optimal
            schedule.price = .init(-.infinity, min(quadratic.lowestPrice, staircase.lowestPrice))
        }
    }
}

extension UnitSchedule.PriceInterval {
    /// Creates an interval; an infinite end is no bound.
    init(_ lowest: Double, _ highest: Double) {
        self.init(
            lowest: lowest.isFinite ? EnergyCost(lowest) : nil,
            highest: highest.isFinite ? EnergyCost(highest) : nil)
    }
}

/// Interval that contains λ, and the stairs strictly inside.
struct Bracket {
    var lower: Double
    var upper: Double
    var stairs: Range<Int>

    var middle: Double { lower + (upper - lower) / 2 }
    /// True when no number lies between the ends.
    var isClosed: Bool { stairs.isEmpty && !(middle > lower && middle < upper) }

    mutating func narrow(at price: Double, isShort: Bool, _ staircase: Staircase) {
        if isShort {
            lower = price
            let first = max(stairs.lowerBound, staircase.first(above: price))
            stairs = first..<max(first, stairs.upperBound)
        } else {
            upper = price
            let end = min(stairs.upperBound, staircase.first(from: price))
            stairs = min(stairs.lowerBound, end)..<end
        }
    }
}

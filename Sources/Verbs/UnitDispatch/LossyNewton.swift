import LinearAlgebra

/// The iteration of `LossyDispatch`, in units of a typical power and a typical price.
struct LossyNewton {
    private let pieces: PieceTable
    private let quadratic: Matrix
    private let linear: [Double]
    private let floor: [Double]
    /// W, and money/(W·h).
    private let power: Double
    private let slope: [Double]
    private let curvature: [Double]
    private let lower: [Double]
    private let upper: [Double]
    private let demand: Double
    private let solver: LU

    private var x: [Double]
    private var price = 1.0
    private var low: [Double]
    private var high: [Double]
    private static let stepLimit = 100

    init(_ pieces: PieceTable, _ formula: LossFormula, demand: Double) {
        let scale = Self.powerOfTwo((pieces.lower + pieces.upper).reduce(0) { max($0, $1.magnitude) })
        let marginal = Self.powerOfTwo(
            pieces.unit.indices.reduce(0) {
                max($0, (pieces.slope[$1] + 2 * pieces.quadratic[$1] * pieces.upper[$1]).magnitude)
            })
        self.pieces = pieces
        power = scale
        var scaled = formula.quadratic
        for k in scaled.storage.indices { scaled.storage[k] *= scale }
        quadratic = scaled
        linear = formula.linear
        var floor = Array(repeating: 0.0, count: linear.count)
        for (unit, power, _) in pieces.floor { floor[unit] = power / scale }
        self.floor = floor
        slope = pieces.slope.map { $0 / marginal }
        curvature = pieces.quadratic.map { $0 * scale / marginal }
        lower = pieces.lower.map { $0 / scale }
        upper = pieces.upper.map { $0 / scale }
        self.demand = (demand + formula.constant) / scale
        x = zip(lower, upper).map { ($0 + $1) / 2 }
        low = Array(repeating: 1, count: x.count)
        high = low
        solver = LU(order: x.count + 1)
    }

    /// Power of two near a number: dividing by it and multiplying again is exact.
    private static func powerOfTwo(_ size: Double) -> Double {
        size.isNormal ? Double(sign: .plus, exponent: size.exponent, significand: 1) : 1
    }

    /// Powers of the units, W.
    var powers: [Double] { given.map { $0 * power } }

    private var given: [Double] {
        var given = floor
        for (k, unit) in pieces.unit.enumerated() { given[unit] += x[k] }
        return given
    }

    /// g of each unit, and the demand that is not delivered.
    private var balance: (gradient: [Double], missing: Double) {
        let given = given
        var (gradient, delivered) = (Array(repeating: 0.0, count: given.count), 0.0)
        for i in given.indices {
            let half = given.indices.reduce(0) { $0 + quadratic[i, $1] * given[$1] }
            gradient[i] = 1 - linear[i] - 2 * half
            delivered += given[i] * (1 - linear[i] - half)
        }
        return (gradient, demand - delivered)
    }

    /// Iterates; returns whether the conditions hold at the end.
    mutating func run() -> Bool {
        for _ in 0..<Self.stepLimit {
            let (gradient, missing) = balance
            let dual = x.indices.map { k in
                slope[k] + 2 * curvature[k] * x[k] - price * gradient[pieces.unit[k]] - low[k] + high[k]
            }
            let gap = x.indices.reduce(0) {
                $0 + low[$1] * (x[$1] - lower[$1]) + high[$1] * (upper[$1] - x[$1])
            }
            let mean = gap / Double(max(1, 2 * x.count))
            let worst = dual.reduce(missing.magnitude) { max($0, $1.magnitude) }
            if worst < 1e-10, mean < 1e-11 { return polish() }
            guard worst.isFinite, factor(gradient, all: true) else { return false }
            let predictor = direction(gradient, dual, missing, low: { _ in 0 }, high: { _ in 0 })
            let reach = steps(predictor)
            let after = x.indices.reduce(0) { sum, k in
                sum + (low[k] + reach.dual * predictor.low[k])
                    * (x[k] + reach.primal * predictor.x[k] - lower[k])
                    + (high[k] + reach.dual * predictor.high[k])
                    * (upper[k] - x[k] - reach.primal * predictor.x[k])
            }
            let ratio = gap > 0 ? max(0, after / gap) : 0
            let target = ratio * ratio * ratio * mean
            let step = direction(
                gradient, dual, missing, low: { target - predictor.low[$0] * predictor.x[$0] },
                high: { target + predictor.high[$0] * predictor.x[$0] })
            advance(step, steps(step))
        }
        return false
    }

    private struct Step {
        var x: [Double]
        var price: Double
        var low: [Double]
        var high: [Double]
    }

    private func factor(_ gradient: [Double], all: Bool, isFree: [Bool] = []) -> Bool {
        let count = x.count
        return solver.factor { matrix in
            for k in 0..<count {
                for j in 0..<count {
                    let coupled = 2 * price * quadratic[pieces.unit[j], pieces.unit[k]]
                    matrix[j + k * (count + 1)] = all || (isFree[j] && isFree[k]) ? coupled : 0
                }
                let barrier = all ? low[k] / (x[k] - lower[k]) + high[k] / (upper[k] - x[k]) : 0
                let isIn = all || isFree[k]
                matrix[k + k * (count + 1)] += isIn ? 2 * curvature[k] + barrier : 1
                matrix[count + k * (count + 1)] = isIn ? gradient[pieces.unit[k]] : 0
                matrix[k + count * (count + 1)] = isIn ? -gradient[pieces.unit[k]] : 0
            }
            matrix[count + count * (count + 1)] = 0
        }
    }

    /// Newton's step towards products of `low` and `high`.
    private func direction(
        _ gradient: [Double], _ dual: [Double], _ missing: Double, low target: (Int) -> Double,
        high upperTarget: (Int) -> Double
    ) -> Step {
        var b = x.indices.map { k in
            -dual[k] - low[k] + target(k) / (x[k] - lower[k]) + high[k] - upperTarget(k) / (upper[k] - x[k])
        }
        b.append(missing)
        solver.solve(&b)
        let count = x.count
        let newLow = (0..<count).map { k in
            (target(k) - low[k] * b[k]) / (x[k] - lower[k]) - low[k]
        }
        let newHigh = (0..<count).map { k in
            (upperTarget(k) + high[k] * b[k]) / (upper[k] - x[k]) - high[k]
        }
        return Step(x: Array(b[..<count]), price: b[count], low: newLow, high: newHigh)
    }

    /// Fractions of a step that stay just inside the limits.
    private func steps(_ step: Step) -> (primal: Double, dual: Double) {
        var (primal, dual) = (1.0, 1.0)
        for k in x.indices {
            if step.x[k] < 0 { primal = min(primal, 0.995 * (lower[k] - x[k]) / step.x[k]) }
            if step.x[k] > 0 { primal = min(primal, 0.995 * (upper[k] - x[k]) / step.x[k]) }
            if step.low[k] < 0 { dual = min(dual, -0.995 * low[k] / step.low[k]) }
            if step.high[k] < 0 { dual = min(dual, -0.995 * high[k] / step.high[k]) }
        }
        return (primal, dual)
    }

    private mutating func advance(_ step: Step, _ reach: (primal: Double, dual: Double)) {
        for k in x.indices {
            x[k] += reach.primal * step.x[k]
            low[k] += reach.dual * step.low[k]
            high[k] += reach.dual * step.high[k]
        }
        price += reach.dual * step.price
    }

    /// Sets units to the limits whose price is larger than their distance, and continues Newton's method with
    /// the rest; a unit that then leaves its limits is set to the limit too. Where this fails, the
    /// iteration's own result stays.
    private mutating func polish() -> Bool {
        let before = (x, price)
        var isFree = Array(repeating: true, count: x.count)
        for k in x.indices {
            if low[k] > x[k] - lower[k] { (x[k], isFree[k]) = (lower[k], false) }
            if high[k] > upper[k] - x[k] { (x[k], isFree[k]) = (upper[k], false) }
        }
        while isFree.contains(true) {
            for _ in 0..<3 {
                guard stepFree(isFree) else {
                    (x, price) = before
                    return true
                }
            }
            let outside = x.indices.filter { isFree[$0] && !(x[$0] >= lower[$0] && x[$0] <= upper[$0]) }
            if outside.isEmpty { return true }
            for k in outside { (x[k], isFree[k]) = (x[k] > upper[k] ? upper[k] : lower[k], false) }
        }
        (x, price) = before
        return true
    }

    /// A step of Newton's method in which only some units move.
    private mutating func stepFree(_ isFree: [Bool]) -> Bool {
        let (gradient, missing) = balance
        var b = x.indices.map { k in
            isFree[k] ? price * gradient[pieces.unit[k]] - slope[k] - 2 * curvature[k] * x[k] : 0
        }
        b.append(missing)
        guard factor(gradient, all: false, isFree: isFree) else { return false }
        solver.solve(&b)
        guard b.allSatisfy(\.isFinite) else { return false }
        for k in x.indices where isFree[k] { x[k] += b[k] }
        price += b[x.count]
        return true
    }
}

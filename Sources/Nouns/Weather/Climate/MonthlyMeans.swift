// One factor a month, set at the middle of the month and linear between two middles, gives each month its
// mean. With a, b, c the parts of month m's mean that depend on the factors s of month m − 1, m and m + 1,
//
//     a s₋ + b s + c s₊ = mean.
//
// b is about six times a and c, so the Jacobi iteration converges fast. Only a few steps are made: a month's
// factor then depends only on months that are no more than that number of months away, and does not change
// with the range of months asked for.

struct MonthlyMeans {
    /// Number of Jacobi steps, and of months at either end whose factors are not exact.
    static let reach = 4

    private var parts: [(before: Double, own: Double, after: Double)] = []
    private var means: [Double] = []

    /// Adds the next month: `values` at `places`, evenly spread over it, shall have the mean `mean`.
    mutating func add(_ values: [Double], at places: [MonthClock.Place], month: Int, mean: Double) {
        var part = (before: 0.0, own: 0.0, after: 0.0)
        for (value, at) in zip(values, places) {
            if at.month < month {
                part.before += value * (1 - at.weight)
                part.own += value * at.weight
            } else {
                part.own += value * (1 - at.weight)
                part.after += value * at.weight
            }
        }
        let count = Double(values.count)
        parts.append((part.before / count, part.own / count, part.after / count))
        means.append(mean)
    }

    func factors() -> [Double] {
        var factors = zip(parts, means).map { part, mean in
            let sum = part.before + part.own + part.after
            return sum > 0 ? mean / sum : 1
        }
        for _ in 0..<Self.reach {
            factors = factors.indices.map { m in
                let (part, last) = (parts[m], factors.count - 1)
                let around = part.before * factors[max(m - 1, 0)] + part.after * factors[min(m + 1, last)]
                // A month of floods must not make the factor of its neighbour negative.
                return part.own > 0 ? max((means[m] - around) / part.own, 0.2 * factors[m]) : 1
            }
        }
        return factors
    }
}

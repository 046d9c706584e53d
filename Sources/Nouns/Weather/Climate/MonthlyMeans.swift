// A factor for every month, held at the month's middle and linear between, that gives each month its mean.
// With a, b, c the parts of month m's mean that hang on the factors s of month m − 1, m and m + 1,
//
//     a s₋ + b s + c s₊ = mean.
//
// b is about six times a and c, so Jacobi's steps converge fast. Only a few are made: then a month's factor
// depends on no month further away than that, and is the same whatever months are asked for.

struct MonthlyMeans {
    /// Steps made, and months at either end whose factors are not right.
    static let reach = 4

    private var parts: [(before: Double, own: Double, after: Double)] = []
    private var means: [Double] = []

    /// The next month: `values` at `places`, evenly spread over it, are to have `mean`.
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
                // A month of floods must not turn its neighbour's water back.
                return part.own > 0 ? max((means[m] - around) / part.own, 0.2 * factors[m]) : 1
            }
        }
        return factors
    }
}

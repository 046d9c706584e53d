/// Allocation of a whole number to whole parts (分摊).
public enum Allocation {
    /// Returns parts of `total` in proportion to `weights`, by the method of largest remainders.
    ///
    /// Each part is its exact share rounded down. The remaining units go one each to the largest remainders;
    /// of equal remainders the first in order gets it. The parts sum to `total`. Weights that are all zero
    /// count as equal. Preconditions: `total` ≥ 0, at least one weight, no weight below zero.
    public static func split(_ total: Int64, by weights: [Int64]) -> [Int64] {
        precondition(total >= 0 && !weights.isEmpty && weights.allSatisfy { $0 >= 0 })
        let given = weights.contains { $0 > 0 } ? weights : weights.map { _ in 1 }
        let whole = given.reduce(Int128(0)) { $0 + Int128($1) }
        let shares = given.map { (Int128(total) * Int128($0)).quotientAndRemainder(dividingBy: whole) }
        var parts = shares.map { Int64($0.quotient) }
        let left = Int(total - parts.reduce(0, +))
        let order = shares.indices.sorted { (shares[$1].remainder, $0) < (shares[$0].remainder, $1) }
        for index in order.prefix(left) { parts[index] += 1 }
        precondition(parts.reduce(0, +) == total, "an allocation lost or made a unit")
        return parts
    }
}

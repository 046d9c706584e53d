import Glibc

/// How much of an index's deviation from its mean is left after each lag, α: the regression of the deviation
/// on that of `lag` blocks earlier, Σ w·x(b)·x(b − lag) / Σ w·x(b − lag)².
///
/// All blocks since the begin count, with α = e^(−lag/12 h) assumed at first, at the weight of `prior`.
struct IndexMemory {
    private var products: [Double]
    private var squares: [Double]
    /// The last deviations by block modulo their number; NaN where there was none.
    private var ring: [Double]
    private var block = 0

    /// `hours` of a block; `prior` is Σ w·x² that the assumption counts for.
    init(lags: Int, hours: Double, prior: Double) {
        squares = Array(repeating: prior, count: lags + 1)
        products = (0...lags).map { prior * exp(-Double($0) * hours / 12) }
        ring = Array(repeating: .nan, count: lags + 1)
    }

    /// Takes the deviation of the index from its mean in the next block; NaN where there is none.
    mutating func add(_ deviation: Double, weight: Double) {
        let count = ring.count
        ring[block % count] = deviation
        if !deviation.isNaN {
            for lag in 1..<count where lag <= block {
                let earlier = ring[(block - lag) % count]
                guard !earlier.isNaN else { continue }
                products[lag] += weight * deviation * earlier
                squares[lag] += weight * earlier * earlier
            }
        }
        block += 1
    }

    /// α at `lag` blocks, linear between whole ones: 1 at lag 0, 0 beyond the longest.
    func kept(_ lag: Double) -> Double {
        let whole = Int(lag)
        let (before, after) = (kept(whole), kept(whole + 1))
        return before + (lag - Double(whole)) * (after - before)
    }

    /// α at a whole lag, 0 … 1.
    func kept(_ lag: Int) -> Double {
        lag == 0 ? 1 : lag < squares.count ? min(1, max(0, products[lag] / squares[lag])) : 0
    }
}

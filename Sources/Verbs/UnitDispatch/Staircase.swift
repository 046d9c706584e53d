/// Total power of the linear pieces as a function of the price: sorted steps with running sums.
struct Staircase {
    /// Distinct, ascending.
    let prices: [Double]
    /// Sum of all pieces of the steps before each, and of all.
    private let sums: [Double]
    /// Pieces: the unit, its step, its length in W.
    private let pieces: [(unit: Int, step: Int, length: Double)]
    private let floor: [(unit: Int, power: Double, most: Double)]

    init(_ table: PieceTable) {
        var prices: [Double] = []
        for price in table.slope.sorted() where prices.last != price { prices.append(price) }
        var lengths = Array(repeating: 0.0, count: prices.count)
        pieces = table.unit.indices.map { index in
            let step = Self.first(in: prices) { $0 >= table.slope[index] }
            lengths[step] += table.upper[index]
            return (table.unit[index], step, table.upper[index])
        }
        self.prices = prices
        sums = lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        floor = table.floor
    }

    var largest: Double { sums[sums.count - 1] }
    var lowestPrice: Double { prices.first ?? .infinity }
    var highestPrice: Double { prices.last ?? -.infinity }

    func first(above price: Double) -> Int { Self.first(in: prices) { $0 > price } }
    func first(from price: Double) -> Int { Self.first(in: prices) { $0 >= price } }

    /// Index of the first of ascending numbers that `isFar`.
    private static func first(in numbers: [Double], _ isFar: (Double) -> Bool) -> Int {
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if isFar(numbers[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Total power just below and just above a price.
    func sums(at price: Double) -> (below: Double, above: Double) {
        (sums[first(from: price)], sums[first(above: price)])
    }

    /// The step in the bracket nearest to a price, or the middle one; the price itself where none is left.
    func nearest(to price: Double, in bracket: Bracket, orMiddle: Bool) -> Double {
        let stairs = bracket.stairs
        guard !stairs.isEmpty else { return price }
        if orMiddle { return prices[stairs.lowerBound + stairs.count / 2] }
        let after = min(max(first(from: price), stairs.lowerBound), stairs.upperBound - 1)
        let before = max(after - 1, stairs.lowerBound)
        return price - prices[before] < prices[after] - price ? prices[before] : prices[after]
    }

    /// The nearest prices at which a piece could decrease, and increase, its power.
    func neighbours(of price: Double, share: Double) -> (low: Double, high: Double) {
        let (at, after) = (first(from: price), first(above: price))
        let isOn = after > at
        let low = isOn && share > 0 ? price : at > 0 ? prices[at - 1] : -.infinity
        let high = isOn && share < 1 ? price : after < prices.count ? prices[after] : .infinity
        return (low, high)
    }

    /// Writes the powers of the units with such pieces; those at the price itself take the `share` of their
    /// length. Returns the cost of the pieces.
    func fill(_ powers: UnsafeMutableBufferPointer<Double>, at price: Double, share: Double) -> Double {
        for (unit, power, _) in floor { powers[unit] = power }
        let (at, after) = (first(from: price), first(above: price))
        var cost = 0.0
        for piece in pieces where piece.step < after {
            let power = piece.step < at ? piece.length : share * piece.length
            powers[piece.unit] += power
            cost += prices[piece.step] * power
        }
        // The sum of the pieces is their end but for rounding.
        for (unit, _, most) in floor { powers[unit] = min(powers[unit], most) }
        return cost
    }
}

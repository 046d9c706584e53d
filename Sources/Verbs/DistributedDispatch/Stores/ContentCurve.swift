/// A content over the price of content: piecewise linear, never rising, with jumps. Left of its first point
/// and right of its last it is constant. The points lie in the middle of a buffer of others, so that nothing
/// is allocated or checked while a curve changes.
struct ContentCurve {
    private let prices: UnsafeMutablePointer<Double>
    /// Contents less `offset`.
    private let contents: UnsafeMutablePointer<Double>
    private let middle: Int
    private var points: Range<Int>
    private var offset = 0.0

    /// Creates a curve in a buffer with `room(for:)` the jumps and ramps that it will get.
    init(_ buffer: UnsafeMutableBufferPointer<Double>) {
        middle = buffer.count / 4
        prices = buffer.baseAddress!
        contents = prices + 2 * middle
        points = middle..<middle
    }

    /// Numbers in the buffer of a curve from which so much is subtracted: each time it gets two points.
    static func room(for subtractions: Int) -> Int { 4 * (2 * subtractions + 4) }

    /// Begins again with a jump from `top` to `bottom` at a price.
    mutating func reset(at price: Double, from top: Double, to bottom: Double) {
        points = middle..<middle
        offset = 0
        insert(price, top, at: middle)
        insert(price, bottom, at: points.upperBound)
    }

    /// Adds a constant.
    mutating func add(_ constant: Double) { offset += constant }

    /// Subtracts a term that rises from zero to `amount` between two prices, at once where they are equal.
    mutating func subtract(_ amount: Double, from begin: Double, to end: Double) {
        guard amount > 0 else { return }
        var first = lowerBound(begin)
        if first == points.upperBound || prices[first] > begin { first = insert(begin, before: first) }
        guard begin < end else {
            while first + 1 < points.upperBound, prices[first + 1] == begin { first += 1 }
            let next = insert(begin, contents[first], at: first + 1)
            return shift(from: next, by: -amount)
        }
        var last = lowerBound(end)
        if last == points.upperBound || prices[last] > end { last = insert(end, before: last) }
        first = lowerBound(begin)
        let slope = amount / (end - begin)
        for i in first..<last { contents[i] -= slope * (prices[i] - begin) }
        shift(from: last, by: -amount)
    }

    /// Multiplies all contents.
    mutating func scale(by factor: Double) {
        offset *= factor
        for i in points { contents[i] *= factor }
    }

    /// Clips the contents to a range. Returns the prices below which it is full, and above which it is empty:
    /// infinite where the curve does not pass the range's end.
    mutating func clip(to range: ClosedRange<Double>) -> (full: Double, empty: Double) {
        var (full, empty) = (-Double.infinity, Double.infinity)
        let (least, most) = (range.lowerBound - offset, range.upperBound - offset)
        if contents[points.lowerBound] > most {
            var first = points.lowerBound
            while first < points.upperBound, contents[first] > most { first += 1 }
            full = price(at: most, before: first)
            points = first - 1..<points.upperBound
            (prices[first - 1], contents[first - 1]) = (full, most)
        }
        if contents[points.upperBound - 1] < least {
            var last = points.upperBound
            while last > points.lowerBound, contents[last - 1] < least { last -= 1 }
            empty = price(at: least, before: last)
            points = points.lowerBound..<last + 1
            (prices[last], contents[last]) = (empty, least)
        }
        return (full, empty)
    }

    /// Returns the price at which the curve passes a content; that of the nearest point beyond its ends.
    func price(at content: Double) -> Double {
        let content = content - offset
        var (low, high) = (points.lowerBound, points.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if contents[middle] > content { low = middle + 1 } else { high = middle }
        }
        return price(at: content, before: low)
    }

    /// The price at a content that lies between the point `next` and the one before it.
    private func price(at content: Double, before next: Int) -> Double {
        if next == points.lowerBound { return prices[next] }
        if next == points.upperBound { return prices[next - 1] }
        let (left, right) = (prices[next - 1], prices[next])
        let share = (contents[next - 1] - content) / (contents[next - 1] - contents[next])
        return left == right ? left : min(left + share * (right - left), right)
    }

    /// The first point at or right of a price.
    private func lowerBound(_ price: Double) -> Int {
        var (low, high) = (points.lowerBound, points.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if prices[middle] < price { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Inserts the curve's own point at a price, before the point `next`. Returns its place.
    private mutating func insert(_ price: Double, before next: Int) -> Int {
        if next == points.lowerBound { return insert(price, contents[next], at: next) }
        if next == points.upperBound { return insert(price, contents[next - 1], at: next) }
        let share = (price - prices[next - 1]) / (prices[next] - prices[next - 1])
        let content = contents[next - 1] + share * (contents[next] - contents[next - 1])
        return insert(price, content, at: next)
    }

    /// Inserts a point before the place `place`, by moving the fewer points. Returns its place.
    @discardableResult
    private mutating func insert(_ price: Double, _ content: Double, at place: Int) -> Int {
        var place = place
        if place - points.lowerBound < points.upperBound - place {
            points = points.lowerBound - 1..<points.upperBound
            place -= 1
            for i in points.lowerBound..<place {
                prices[i] = prices[i + 1]
                contents[i] = contents[i + 1]
            }
        } else {
            points = points.lowerBound..<points.upperBound + 1
            for i in stride(from: points.upperBound - 1, to: place, by: -1) {
                prices[i] = prices[i - 1]
                contents[i] = contents[i - 1]
            }
        }
        (prices[place], contents[place]) = (price, content)
        return place
    }

    /// Adds a constant to the points from a place on, or takes it from the others, if they are fewer.
    private mutating func shift(from place: Int, by constant: Double) {
        if place - points.lowerBound < points.upperBound - place {
            offset += constant
            for i in points.lowerBound..<place { contents[i] -= constant }
        } else {
            for i in place..<points.upperBound { contents[i] += constant }
        }
    }
}

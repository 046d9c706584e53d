import Grid
import Scheduling

extension BidCurve {
    /// The curve through at most `count` points of this one: its ends, and evenly spread two thirds of the
    /// room for those at prices within `window`, and next to it, and the rest for the others. It lies on this
    /// curve at each of them.
    func condensed(to count: Int, within window: ClosedRange<EnergyCost>?) -> BidCurve {
        guard points.count > count, count >= 4 else { return self }
        let last = points.count - 1
        guard let window else {
            return BidCurve(points: ([0] + Self.spread(1..<last, count - 2) + [last]).map { points[$0] })
        }
        let first = points.firstIndex { $0.price >= window.lowerBound } ?? last
        let end = points.lastIndex { $0.price <= window.upperBound } ?? 0
        // With the points next to the window, so that the curve is right all over it.
        let begin = min(max(first - 1, 1), last)
        let near = begin..<max(min(end + 2, last), begin)
        let inner = Self.spread(near, 2 * (count - 2) / 3)
        let room = count - 2 - inner.count
        let below = Self.spread(1..<begin, room * begin / max(last - near.count, 1))
        let above = Self.spread(near.upperBound..<last, room - below.count)
        return BidCurve(points: ([0] + below + inner + above + [last]).map { points[$0] })
    }

    /// At most `count` places of a range, its ends among them.
    private static func spread(_ range: Range<Int>, _ count: Int) -> [Int] {
        guard range.count > count else { return Array(range) }
        guard count > 1 else { return count == 1 ? [range.lowerBound + range.count / 2] : [] }
        let every = Double(range.count - 1) / Double(count - 1)
        return (0..<count).map { range.lowerBound + Int((Double($0) * every).rounded()) }
    }

    /// The prices of the points next to a price on either side.
    func bracket(_ price: EnergyCost) -> ClosedRange<EnergyCost> {
        let least = points.last { $0.price < price }?.price ?? price
        let most = points.first { $0.price > price }?.price ?? price
        return least...most
    }
}

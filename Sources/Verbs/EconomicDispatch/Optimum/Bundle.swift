import Grid
import Scheduling

/// Offers the optimum cannot tell apart, as one: same area, same prices, neither store nor ramp nor minimum.
/// Merging them is exact: the sum of their ranges is the range of their sum, and a sum is split again by
/// giving every offer the same fraction of its own range.
struct Bundle {
    enum Side: Hashable {
        /// Only gives; only takes; may do either.
        case delivers, absorbs, both
    }

    let side: Side
    /// Their places in the problem.
    private(set) var offers: [Int]
    /// Sums of their bounds, one a step, W.
    private(set) var lower: [Double]
    private(set) var upper: [Double]

    private init(_ side: Side, _ sheet: Sheet, _ offer: Int) {
        self.side = side
        offers = [offer]
        lower = Array(sheet.lower[offer * sheet.steps..<(offer + 1) * sheet.steps])
        upper = Array(sheet.upper[offer * sheet.steps..<(offer + 1) * sheet.steps])
    }

    private mutating func join(_ sheet: Sheet, _ offer: Int) {
        offers.append(offer)
        for step in 0..<sheet.steps {
            lower[step] += sheet.lower[step + offer * sheet.steps]
            upper[step] += sheet.upper[step + offer * sheet.steps]
        }
    }

    /// The bundles of a problem, in the order of their first offers.
    static func all(_ sheet: Sheet, merging: Bool) -> [Bundle] {
        var bundles: [Bundle] = []
        let (offers, areas) = (sheet.problem.offers, sheet.problem.areas)
        for i in sheet.offers {
            let isLoad = sheet.isLoad(i) && offers[i].ramp == nil
            let side: Side = !sheet.canAbsorb[i] ? .delivers : isLoad ? .absorbs : .both
            let home =
                !merging || side == .both || !offers[i].isPlain
                ? nil
                : bundles.firstIndex {
                    let first = $0.offers[0]
                    return $0.side == side && areas.area(of: first) == areas.area(of: i)
                        && sheet.role[first] == sheet.role[i] && offers[first].isPlain
                        && offers[first].costs(theSameAs: offers[i], when: side)
                }
            if let home { bundles[home].join(sheet, i) } else { bundles.append(Bundle(side, sheet, i)) }
        }
        return bundles
    }
}

extension Offer {
    /// Nothing but a price: free to be merged with its like.
    fileprivate var isPlain: Bool {
        reservoir == nil && ramp == nil && minimumWhenOn == nil && cost.quadratic == 0
            && capability == nil
    }

    fileprivate func costs(theSameAs other: Offer, when side: Bundle.Side) -> Bool {
        let (a, b) =
            side == .absorbs ? (cost.absorb, other.cost.absorb) : (cost.deliver, other.cost.deliver)
        if a.count == b.count { return a == b }
        let one = a.count == 1 ? a[0] : b[0]
        return (a.count == 1 ? b : a).allSatisfy { $0 == one }
    }
}

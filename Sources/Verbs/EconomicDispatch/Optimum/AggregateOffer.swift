import Grid
import Scheduling

/// Offers the optimum cannot tell apart, as one: same area, same prices, neither store nor ramp nor minimum.
/// Merging them is exact: the sum of their ranges is the range of their sum, and a sum is split again by
/// giving every offer the same fraction of its own range.
struct AggregateOffer {
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

    private init(_ side: Side, _ layout: ProblemLayout, _ offer: Int) {
        self.side = side
        offers = [offer]
        lower = Array(layout.lower[offer * layout.steps..<(offer + 1) * layout.steps])
        upper = Array(layout.upper[offer * layout.steps..<(offer + 1) * layout.steps])
    }

    private mutating func join(_ layout: ProblemLayout, _ offer: Int) {
        offers.append(offer)
        for step in 0..<layout.steps {
            lower[step] += layout.lower[step + offer * layout.steps]
            upper[step] += layout.upper[step + offer * layout.steps]
        }
    }

    /// The aggregates of a problem, in the order of their first offers.
    static func all(_ layout: ProblemLayout, merging: Bool) -> [AggregateOffer] {
        var aggregates: [AggregateOffer] = []
        let (offers, areas) = (layout.problem.offers, layout.problem.areas)
        for i in layout.offers {
            let isLoad = layout.isLoad(i) && offers[i].ramp == nil
            let side: Side = isLoad ? .absorbs : layout.canAbsorb[i] ? .both : .delivers
            let home =
                !merging || side == .both || !offers[i].isPlain
                ? nil
                : aggregates.firstIndex {
                    let first = $0.offers[0]
                    return $0.side == side && areas.area(of: first) == areas.area(of: i)
                        && layout.role[first] == layout.role[i] && offers[first].isPlain
                        && offers[first].costs(theSameAs: offers[i], when: side)
                }
            if let home {
                aggregates[home].join(layout, i)
            } else {
                aggregates.append(AggregateOffer(side, layout, i))
            }
        }
        return aggregates
    }
}

extension Offer {
    /// Nothing but a price: free to be merged with its like.
    fileprivate var isPlain: Bool {
        reservoir == nil && ramp == nil && minimumWhenOn == nil && cost.quadratic == 0
            && capability == nil
    }

    fileprivate func costs(theSameAs other: Offer, when side: AggregateOffer.Side) -> Bool {
        let (a, b) =
            side == .absorbs ? (cost.absorb, other.cost.absorb) : (cost.deliver, other.cost.deliver)
        if a.count == b.count { return a == b }
        let one = a.count == 1 ? a[0] : b[0]
        return (a.count == 1 ? b : a).allSatisfy { $0 == one }
    }
}

import Grid
import Optimization
import Scheduling

// Where energy costs the same in many steps, or stores are alike, many plans cost the same. Of these the
// smoothest is taken: every power x of a store, in either direction, costs ½·Q·x² in the program besides. Q
// is so small that its usual power pays `share` of the price that stored energy replaces; usual is what fills
// it in three hours, at most its rating. Where prices differ by more than that, the optimum is one of the
// program without curvature (Mangasarian & Meyer, SIAM J. Control Optim. 17 (1979) 745–752).
//
// With the multipliers y of the curved program, Lagrange's bound for the program without curvature is its
// cost less Σ (Qx − z_l + z_u)⁺·(u − x), and so no less than
//
//     cᵀx − Σ Q·x·(u − x):
//
// no plan costs less, and the preference raises the cost by no more than the sum.
extension HorizonProgram {
    /// What a store's usual power pays, as a share of the price that stored energy replaces.
    private static let share = 1e-5

    /// Adds the preference to a filled program.
    mutating func preferSmooth(_ layout: ProblemLayout, _ aggregates: [AggregateOffer]) {
        let price = Self.share * layout.lossPrice / priceBase
        preferred = []
        for (k, aggregate) in aggregates.enumerated() {
            guard let store = layout.reservoir(aggregate) else { continue }
            let filling = (store.maximum - store.minimum).value / 3
            let usual = min(layout.largest[aggregate.offers[0]], filling) / base
            // Far smaller than the rest, its power is rounding.
            guard usual > 1e-6 else { continue }
            for column in [places[k].give, places[k].take] where column >= 0 {
                preferred.append((column, price / usual))
                for step in 0..<shape.steps { program.quadratic[step * width + column] += price / usual }
            }
        }
    }

    /// What the preference adds to the objective of the program, and by how much it may raise the cost at
    /// most, in the program's unit of cost.
    func costOfPreference(_ x: [Double]) -> (added: Double, most: Double) {
        var (added, most) = (0.0, 0.0)
        for (column, curvature) in preferred {
            for j in stride(from: column, to: x.count, by: width) {
                added += curvature * x[j] * x[j] / 2
                most += curvature * x[j] * (program.upper[j] - x[j])
            }
        }
        return (added, most)
    }
}

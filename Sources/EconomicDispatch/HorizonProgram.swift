import Grid
import Optimization
import Timeline

/// A dispatch problem as a convex program, step after step. Per step t of h hours, over bundles i:
///
///     minimise   Σ h·(d_i·p_i + a_i·… )                     costs, below
///     ramp       p_i,t − p_i,t−1 − s_i,t = 0                |s| ≤ ramp
///     reservoir  e_i,t − r·e_i,t−1 − η_c·n_i,t + p_i,t/η_d = 0,   r = (1 − self-discharge)^h
///     balance    Σ (p_i,t − n_i,t) + shortage − surplus = losses
///
/// An offer that may give and take has two variables, p ≥ 0 at its price of giving and n ≥ 0 that earns its
/// price of taking; one that only gives has p; a load has what it is shed, measured from its lower bound, at
/// its price of taking. Rows stand in the order written, so that the band is as wide as a step has rows.
///
/// Power is in units of `base`, energy of base·h, prices of `priceBase`.
struct HorizonProgram {
    /// What decides the matrix: two problems of one shape share solver and buffers.
    struct Shape: Hashable {
        struct Part: Hashable {
            let side: Bundle.Side
            let ramped: Bool
            /// Of energy kept over a step, of charging, of discharging; nil without reservoir.
            let efficiencies: [Double]?
        }

        let steps: Int
        let parts: [Part]

        init(_ sheet: Sheet, _ bundles: [Bundle]) {
            steps = sheet.steps
            parts = bundles.map { bundle in
                let offer = sheet.problem.offers[bundle.offers[0]]
                return Part(
                    side: bundle.side, ramped: offer.ramp != nil,
                    efficiencies: offer.reservoir.map {
                        [
                            $0.kept(hours: sheet.hours), $0.chargeEfficiency,
                            $0.dischargeEfficiency,
                        ]
                    })
            }
        }
    }

    /// Where a bundle's variables stand within a step.
    struct Place {
        /// p, or what is shed; n; content; ramp step. −1 where there is none.
        var give = -1
        var take = -1
        var content = -1
        var change = -1
    }

    let shape: Shape
    let places: [Place]
    /// Variables and rows in a step.
    let width: Int
    let height: Int
    var program: ConvexProgram
    var base = 1.0
    var priceBase = 1.0

    var shortage: Int { width - 2 }
    var surplus: Int { width - 1 }

    init(_ shape: Shape) {
        self.shape = shape
        var places: [Place] = []
        var next = 0
        func take() -> Int {
            defer { next += 1 }
            return next
        }
        for part in shape.parts {
            var place = Place(give: take())
            if part.side == .both { place.take = take() }
            if part.efficiencies != nil { place.content = take() }
            if part.ramped { place.change = take() }
            places.append(place)
        }
        self.places = places
        width = next + 2
        height = shape.parts.reduce(1) { $0 + ($1.ramped ? 1 : 0) + ($1.efficiencies == nil ? 0 : 1) }
        program = ConvexProgram(matrix: Self.matrix(shape, places, width: width))
    }

    private static func matrix(_ shape: Shape, _ places: [Place], width: Int) -> SparseRows {
        var rows: [[(column: Int, value: Double)]] = []
        for step in 0..<shape.steps {
            let at = step * width
            for (part, place) in zip(shape.parts, places) where part.ramped {
                var row = [(at + place.give, 1.0), (at + place.change, -1.0)]
                if place.take >= 0 { row.append((at + place.take, -1)) }
                if step > 0 {
                    row.append((at - width + place.give, -1))
                    if place.take >= 0 { row.append((at - width + place.take, 1)) }
                }
                rows.append(row)
            }
            for (part, place) in zip(shape.parts, places) {
                guard let efficiencies = part.efficiencies else { continue }
                var row = [(at + place.content, 1.0), (at + place.give, 1 / efficiencies[2])]
                if place.take >= 0 { row.append((at + place.take, -efficiencies[1])) }
                if step > 0 { row.append((at - width + place.content, -efficiencies[0])) }
                rows.append(row)
            }
            var balance = [(at + width - 2, 1.0), (at + width - 1, -1.0)]
            for place in places {
                balance.append((at + place.give, 1))
                if place.take >= 0 { balance.append((at + place.take, -1)) }
            }
            rows.append(balance)
        }
        return SparseRows(columns: shape.steps * width, rows: rows)
    }
}

import Lanes

/// How the iterate of one column moves in one stage: with μ ("aim"), the predictor's Aᵀ·Δy and the reduced
/// cost g = c + Qx − Aᵀy,
///
///     Θ = (Q + z_l/d_l + z_u/d_u)⁻¹,   Δx_p = Θ·(Aᵀ·Δy_p − g),
///     Δx = Θ·(Aᵀ·Δy − g + k_l − k_u),  k_l = (μ − Δx_p·Δz_lp)/d_l,  k_u = (μ + Δx_p·Δz_up)/d_u,
///
/// worked out anew wherever it is wanted: its four numbers are in the cache, and arithmetic is cheaper than
/// memory. One division serves Θ, 1/d_l and 1/d_u.
struct Direction {
    let theta, perLower, perUpper: Lanes
    let zLower, zUpper: Lanes

    @inline(__always)
    init(_ m: SegmentMemory, _ j: Int, _ state: UnsafeMutablePointer<Lanes>) {
        let (hasLower, hasUpper) = (m.value(.hasLower, j), m.value(.hasUpper, j))
        let below = Lanes.fused(hasLower, state[0] - 1, Lanes(repeating: 1))
        let above = state[1]
        (zLower, zUpper) = (state[2], state[3])
        let both = below * above
        let sum = Lanes.fused(m.value(.damped, j), both, Lanes.fused(zLower, above, zUpper * below))
        let inverse = 1 / (both * sum)
        let perBoth = sum * inverse
        theta = (m.value(.moves, j) * both) * (both * inverse)
        perLower = (hasLower * above) * perBoth
        perUpper = (hasUpper * below) * perBoth
    }

    /// c + Qx − Aᵀy of the column.
    @inline(__always)
    static func reduced(_ m: SegmentMemory, _ j: Int, _ x: Lanes, _ aty: Lanes) -> Lanes {
        .fused(m.value(.curve, j), x, m.value(.cost, j)) - aty
    }

    /// How much a multiplier falls where the distance below grows and that above shrinks by these shares.
    @inline(__always)
    func falls(_ growth: Lanes, _ shrinkage: Lanes) -> (Lanes, Lanes) {
        (.fused(zLower, growth, zLower), .fused(zUpper, shrinkage.negated, zUpper))
    }

    /// The corrector's targets k_l and k_u.
    @inline(__always)
    func targets(_ aim: Lanes, _ predicted: Lanes) -> (Lanes, Lanes) {
        let (growth, shrinkage) = (predicted * perLower, predicted * perUpper)
        let (lower, upper) = falls(growth, shrinkage)
        return (
            .fused(growth, lower, aim * perLower), .fused(shrinkage.negated, upper, aim * perUpper)
        )
    }
}

import LinearAlgebra

/// How the iterate of one column moves in one stage: with μ ("aim"), the predictor's Aᵀ·Δy and the reduced
/// cost g = c + Qx − Aᵀy,
///
///     Θ = (Q + z_l/d_l + z_u/d_u)⁻¹,   Δx_p = Θ·(Aᵀ·Δy_p − g),
///     Δx = Θ·(Aᵀ·Δy − g + k_l − k_u),  k_l = (μ − Δx_p·Δz_lp)/d_l,  k_u = (μ + Δx_p·Δz_up)/d_u,
///
/// worked out anew wherever it is wanted: its four numbers are in the cache, and arithmetic is cheaper than
/// memory. One division serves Θ, 1/d_l and 1/d_u.
struct Direction {
    let perLower, perUpper, theta: Lanes
    let zLower, zUpper: Lanes

    @inline(__always)
    init(_ m: SegmentMemory, _ j: Int, _ state: UnsafeMutablePointer<Lanes>) {
        let (hasLower, hasUpper) = (m.value(.hasLower, j), m.value(.hasUpper, j))
        let moves = m.value(.moves, j)
        let below = Lanes.fused(hasLower, state[0] - 1, Lanes(repeating: 1))
        let above = state[1]
        (zLower, zUpper) = (state[2], state[3])
        let both = below * above
        let sum = Lanes.fused(m.value(.damped, j), both, Lanes.fused(zLower, above, zUpper * below))
        let inverse = 1 / (both * sum)
        theta = moves * both * both * inverse
        let perBoth = sum * inverse
        perLower = hasLower * above * perBoth
        perUpper = hasUpper * below * perBoth
    }

    /// The predictor's changes of the multipliers.
    @inline(__always)
    func multiplierSteps(_ dx: Lanes) -> (Lanes, Lanes) {
        (
            .fused(zLower * perLower, 0 - dx, 0 - zLower),
            .fused(zUpper * perUpper, dx, 0 - zUpper)
        )
    }

    /// The corrector's targets k_l and k_u.
    @inline(__always)
    func targets(_ aim: Lanes, _ predicted: Lanes) -> (Lanes, Lanes) {
        let (lower, upper) = multiplierSteps(predicted)
        return (
            Lanes.fused(0 - predicted, lower, aim) * perLower, Lanes.fused(predicted, upper, aim) * perUpper
        )
    }
}

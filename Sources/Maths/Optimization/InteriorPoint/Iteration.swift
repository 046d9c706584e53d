import Lanes

/// The elementwise passes of an iteration, eight variables at a time.
extension InteriorPoint {
    /// Θ and the force that aims at μ = 0: f = −(c + Qx − Aᵀy − z_l + z_u) − z_l + z_u.
    func predict() {
        let w = work
        for k in 0..<w.blocks {
            let (perBelow, perAbove) = (w.hasLower[k] / w.below[k], w.hasUpper[k] / w.above[k])
            w.perBelow[k] = perBelow
            w.perAbove[k] = perAbove
            let curvature = w.quadratic[k] + w.floor[k] + w.zLower[k] * perBelow + w.zUpper[k] * perAbove
            let theta = w.moves[k] / curvature
            w.theta[k] = theta
            let force = w.zUpper[k] - w.zLower[k] - w.residual[k]
            w.force[k] = force
            w.scratch[k] = theta * force
        }
    }

    /// The force that aims at `aim`, with the second-order term of the last direction:
    /// targets (aim ∓ Δx·Δz)/distance − z.
    func correct(aim: Double) {
        let w = work
        let target = Lanes(repeating: aim)
        for k in 0..<w.blocks {
            let lower = (target - w.dx[k] * w.dzLower[k]) * w.perBelow[k] - w.zLower[k]
            let upper = (target + w.dx[k] * w.dzUpper[k]) * w.perAbove[k] - w.zUpper[k]
            w.targetLower[k] = lower
            w.targetUpper[k] = upper
            let force = lower - upper - w.residual[k]
            w.force[k] = force
            w.scratch[k] = w.theta[k] * force
        }
    }

    /// Δx and the steps of the bounds' multipliers from Aᵀ·Δy, how far they may be followed, and what becomes
    /// of the products. The target is −z, so that the relative fall of z_l is 1 + Δx/(x − l): no division.
    func followPrediction() -> Reach {
        let w = work
        var (shrinkX, shrinkZ) = (Lanes(repeating: 0), Lanes(repeating: 0))
        var (byX, byZ, byBoth) = (Lanes(repeating: 0), Lanes(repeating: 0), Lanes(repeating: 0))
        for k in 0..<w.blocks {
            let dx = w.theta[k] * (w.force[k] + w.transposed[k])
            let (growBelow, growAbove) = (dx * w.perBelow[k], dx * w.perAbove[k])
            let (zLower, zUpper) = (w.zLower[k], w.zUpper[k])
            let dLower = 0 - zLower - zLower * growBelow
            let dUpper = zUpper * growAbove - zUpper
            w.dx[k] = dx
            w.dzLower[k] = dLower
            w.dzUpper[k] = dUpper
            shrinkX = larger(shrinkX, larger(0 - growBelow, growAbove))
            shrinkZ = larger(shrinkZ, larger(1 + growBelow, 1 - growAbove))
            byX += dx * (zLower - zUpper)
            byZ += w.below[k] * dLower + w.above[k] * dUpper
            byBoth += dx * (dLower - dUpper)
        }
        return Reach(
            shrinkX: shrinkX.max(), shrinkZ: shrinkZ.max(), byX: byX.sum(), byZ: byZ.sum(),
            byBoth: byBoth.sum())
    }

    /// The same for the corrector's targets, without the products.
    func followCorrection() -> Reach {
        let w = work
        var (shrinkX, shrinkZ) = (Lanes(repeating: 0), Lanes(repeating: 0))
        for k in 0..<w.blocks {
            let dx = w.theta[k] * (w.force[k] + w.transposed[k])
            let (growBelow, growAbove) = (dx * w.perBelow[k], dx * w.perAbove[k])
            let (zLower, zUpper) = (w.zLower[k], w.zUpper[k])
            let dLower = w.targetLower[k] - zLower * growBelow
            let dUpper = w.targetUpper[k] + zUpper * growAbove
            w.dx[k] = dx
            w.dzLower[k] = dLower
            w.dzUpper[k] = dUpper
            shrinkX = larger(shrinkX, larger(0 - growBelow, growAbove))
            // A missing bound has z = Δz = 0: the tiny number keeps its quotient at 0.
            shrinkZ = larger(shrinkZ, larger(0 - dLower / (zLower + 1e-300), 0 - dUpper / (zUpper + 1e-300)))
        }
        return Reach(shrinkX: shrinkX.max(), shrinkZ: shrinkZ.max())
    }

    func move(_ alongX: Double, _ alongZ: Double) {
        let w = work
        for k in 0..<w.blocks {
            let dx = alongX * w.dx[k]
            w.x[k] += dx
            w.below[k] += dx * w.hasLower[k]
            w.above[k] -= dx * w.hasUpper[k]
            w.zLower[k] += alongZ * w.dzLower[k]
            w.zUpper[k] += alongZ * w.dzUpper[k]
        }
        for i in 0..<y.count { y[i] += alongZ * dy[i] }
    }

    /// Residuals of the iterate, kept for the next step, and their sizes.
    func measure() -> Measure {
        let w = work
        normal.residual(b.baseAddress!, doubles(w.x), into: primal.baseAddress!)
        normal.transposed(y.baseAddress!, into: doubles(w.transposed), count: w.variables)
        var (worst, products, objective) = (Lanes(repeating: 0), Lanes(repeating: 0), Lanes(repeating: 0))
        for k in 0..<w.blocks {
            let curved = w.quadratic[k] * w.x[k]
            let residual = w.moves[k] * (w.cost[k] + curved - w.transposed[k] - w.zLower[k] + w.zUpper[k])
            w.residual[k] = residual
            worst = larger(worst, residual * residual)
            products += w.below[k] * w.zLower[k] + w.above[k] * w.zUpper[k]
            objective += (w.cost[k] + 0.5 * curved) * w.x[k]
        }
        var largest = 0.0
        for value in primal { largest = max(largest, abs(value)) }
        let sum = objective.sum()
        return Measure(
            primal: largest / scaleOfB, dual: worst.max().squareRoot() / scaleOfC,
            complementarity: products.sum(),
            gap: products.sum() / (1 + abs(sum)), objective: sum)
    }
}

/// How far a direction leads before a distance or multiplier reaches zero, and what it does to their
/// products.
struct Reach {
    /// Greatest relative fall of a distance, of a multiplier.
    var shrinkX, shrinkZ: Double
    /// Change of the sum of products, linear in either step and in both.
    var byX = 0.0
    var byZ = 0.0
    var byBoth = 0.0

    /// Steps ≤ 1 that keep a share 1 − `damping` of what shrinks most; one common step where `together`.
    func steps(damping: Double, together: Bool) -> (Double, Double) {
        let alongX = min(1, damping / max(shrinkX, 1e-300))
        let alongZ = min(1, damping / max(shrinkZ, 1e-300))
        return together ? (min(alongX, alongZ), min(alongX, alongZ)) : (alongX, alongZ)
    }

    /// The sum of products after the longest steps.
    func complementarity(_ now: Double) -> Double {
        let (alongX, alongZ) = steps(damping: 1, together: false)
        return now + alongX * byX + alongZ * byZ + alongX * alongZ * byBoth
    }
}

/// Sizes of what is not yet zero.
struct Measure {
    var primal, dual, complementarity, gap, objective: Double

    func isWithin(_ tolerance: Double) -> Bool {
        primal <= tolerance && dual <= tolerance && gap <= tolerance
    }
    var isFinite: Bool { (primal + dual + complementarity + objective).isFinite }
}

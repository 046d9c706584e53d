import Lanes

/// The vectors of one interior-point solver, in blocks of eight, allocated once. The last block is filled up
/// with variables that never move.
struct Workspace {
    let variables: Int
    let blocks: Int
    /// Program: c, Q's diagonal, bounds.
    let cost, quadratic: UnsafeMutablePointer<Lanes>
    /// 1 where there is a finite bound and the variable may move, 0 elsewhere.
    let hasLower, hasUpper, moves: UnsafeMutablePointer<Lanes>
    /// Added to Q, so that a variable without bounds and curvature has a finite step.
    let floor: UnsafeMutablePointer<Lanes>
    /// Iterate: variables, distances to the bounds, multipliers of the bounds; a missing bound has distance 1
    /// and multiplier 0.
    let x, below, above, zLower, zUpper: UnsafeMutablePointer<Lanes>
    /// Direction of each.
    let dx, dzLower, dzUpper: UnsafeMutablePointer<Lanes>
    /// Dual residual, Θ, 1/distances (0 where the bound is missing), targets of the bounds' multipliers, two
    /// scratch vectors.
    let residual, theta, perBelow, perAbove, targetLower, targetUpper: UnsafeMutablePointer<Lanes>
    let force, scratch, transposed: UnsafeMutablePointer<Lanes>
    private let memory: UnsafeMutablePointer<Lanes>

    init(variables: Int) {
        self.variables = variables
        blocks = (variables + 7) / 8
        let size = max(blocks, 1)
        let vectors = 23
        memory = .allocate(capacity: vectors * size)
        memory.initialize(repeating: Lanes(repeating: 0), count: vectors * size)
        var next = memory
        func take() -> UnsafeMutablePointer<Lanes> {
            defer { next += size }
            return next
        }
        (cost, quadratic) = (take(), take())
        (hasLower, hasUpper, moves, floor) = (take(), take(), take(), take())
        (x, below, above, zLower, zUpper) = (take(), take(), take(), take(), take())
        (dx, dzLower, dzUpper) = (take(), take(), take())
        (residual, theta, perBelow, perAbove) = (take(), take(), take(), take())
        (targetLower, targetUpper, force, scratch, transposed) = (take(), take(), take(), take(), take())
    }

    func deallocate() { memory.deallocate() }
}

/// The doubles of a vector of blocks.
@inline(__always)
func doubles(_ lanes: UnsafeMutablePointer<Lanes>) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(lanes).assumingMemoryBound(to: Double.self)
}

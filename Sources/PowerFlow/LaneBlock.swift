import LinearAlgebra

/// Where the lanes of one block of eight steps begin, one row a bus: power given, W and var, and the voltage.
struct LaneBlock {
    let active: UnsafePointer<Lanes>
    let reactive: UnsafePointer<Lanes>
    let real: UnsafeMutablePointer<Lanes>
    let imaginary: UnsafeMutablePointer<Lanes>

    func advanced(by rows: Int) -> LaneBlock {
        LaneBlock(
            active: active + rows, reactive: reactive + rows, real: real + rows, imaginary: imaginary + rows)
    }
}

/// Solves a network for one block of steps after another; one a worker.
protocol BlockSolver: AnyObject {
    /// Solves a block, as far as it can: `isSolved` tells which lanes it could. Gives the number of sweeps or
    /// iterations.
    ///
    /// Begins at the voltages of the block `last` where all of that was solved here, which `finish` has not
    /// touched yet. `next` may be asked for on the way. `expected` is what the blocks of one stretch tell each
    /// other about the number of sweeps.
    func solve(_ block: LaneBlock, after last: LaneBlock?, before next: LaneBlock, expected: inout Int) -> Int

    /// False where anything is not a number.
    func isSolved(_ lane: Int) -> Bool

    /// What each live regulator gives in the last block, var; its index in the network's order.
    func forEachRegulator(_ body: (_ index: Int, _ reactive: Lanes) -> Void)

    /// Turns the voltages of a solved block into fractions of nominal voltage.
    func finish(_ block: LaneBlock)
}

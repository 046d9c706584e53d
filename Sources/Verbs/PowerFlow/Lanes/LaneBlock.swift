import Lanes

/// Where the lanes of one block of eight steps begin, one row a bus: power given, W and var, and the voltage,
/// which is only written, as fractions of nominal.
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
    /// Forgets the last block, at whose voltages the next would begin.
    func restart()

    /// Solves a block, as far as it can: `isSolved` tells which lanes it could. Gives the number of sweeps or
    /// iterations. The powers of `next` may be asked for on the way.
    func solve(_ block: LaneBlock, before next: LaneBlock) -> Int

    /// False where anything is not a number.
    func isSolved(_ lane: Int) -> Bool

    /// What each live regulator gives in the last block, var, by its index in the network.
    func forEachRegulator(_ body: (_ index: Int, _ reactive: Lanes) -> Void)
}

extension BlockSolver {
    var isSolved: Bool { (0..<Lanes.scalarCount).allSatisfy(isSolved) }
}

import Grid
import LinearAlgebra

/// Solves stretches of blocks, by the sweep where there is one, by Newton's method where not or where that
/// leaves a lane unsolved.
final class Worker {
    /// Blocks whose voltages stand for all.
    private static let samples = 8

    private let live: LiveNetwork
    private let network: PerUnitNetwork
    private let tolerance: Double
    private let tree: SweepTree?
    private let sweep: BatchedSweep?
    private let compensation: Compensation?
    private let usesNewton: Bool
    /// Made when first needed.
    private lazy var newton = BatchedNewton(
        live, of: network, from: PowerFlowSolver.flatStart(live, of: network), tolerance: tolerance)

    /// Which of them has solved the last block; nil where there is none.
    private var solver: (any BlockSolver)?
    /// Blocks to finish, and by whom.
    private var done: [(LaneBlock, any BlockSolver)] = []
    private var expected = 4

    init(
        _ live: LiveNetwork, of network: PerUnitNetwork, _ tree: SweepTree?, usesNewton: Bool,
        tolerance: Double
    ) {
        self.live = live
        self.network = network
        self.tolerance = tolerance
        self.usesNewton = usesNewton
        let isPlain = tree.map { $0.chords.isEmpty && $0.regulators.isEmpty } ?? false
        let compensation = isPlain ? nil : tree.flatMap { Compensation($0, of: network) }
        let swept = isPlain || compensation != nil ? tree : nil
        self.compensation = compensation
        self.tree = swept
        sweep = swept.map {
            BatchedSweep($0, tolerance: tolerance * network.basePower, compensation: compensation)
        }
    }

    /// The mean voltages of a few blocks, by position; nil where nobody asks, or they are far from normal.
    func typicalVoltage(_ all: LaneBlock, blocks: Int) -> [Complex]? {
        guard let sweep, let tree, compensation != nil else { return nil }
        linearise(at: TreeResponse.idleVoltages(tree))
        var mean = [Complex](repeating: .zero, count: live.buses.count)
        let samples = min(blocks, Self.samples)
        for sample in 0..<samples {
            let block = all.advanced(by: (2 * sample + 1) * blocks / (2 * samples) * live.positions.count)
            var expected = 4
            _ = sweep.solve(block, after: nil, before: block, expected: &expected)
            for (position, bus) in live.buses.enumerated() {
                let sum = Complex(block.real[bus].sum(), block.imaginary[bus].sum())
                mean[position] += sum * (1 / Double(samples * Lanes.scalarCount))
            }
        }
        return mean.allSatisfy { $0.squared > 0.25 && $0.squared < 4 } ? mean : nil
    }

    /// Lets the compensation expect what it would at `voltage`; nil: with no load.
    func linearise(at voltage: [Complex]?) {
        guard let tree else { return }
        compensation?.linearise(tree, at: voltage ?? TreeResponse.idleVoltages(tree))
    }

    /// Before the first block of a stretch.
    func begin() {
        solver = nil
        done.removeAll(keepingCapacity: true)
        expected = 4
    }

    /// Solves the next block of a stretch. Gives the number of sweeps or iterations.
    func solve(_ block: LaneBlock, before next: LaneBlock) -> Int {
        var count = 0
        let last = done.last?.0
        if let sweep {
            let before = solver === sweep ? last : nil
            count = sweep.solve(block, after: before, before: next, expected: &expected)
            solver = sweep
        }
        if usesNewton, sweep == nil || !(0..<Lanes.scalarCount).allSatisfy(isSolved) {
            let before = solver === newton ? last : nil
            count = newton.solve(block, after: before, before: next, expected: &expected)
            solver = newton
        }
        if let solver { done.append((block, solver)) }
        return count
    }

    func isSolved(_ lane: Int) -> Bool { solver?.isSolved(lane) ?? false }

    func forEachRegulator(_ body: (Int, Lanes) -> Void) { solver?.forEachRegulator(body) }

    /// After the last block of a stretch.
    func finish() {
        for (block, solver) in done { solver.finish(block) }
    }
}

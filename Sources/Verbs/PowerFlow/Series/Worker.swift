import Grid
import Lanes
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
    private var newton: BatchedNewton?

    /// Which of them has solved the last block; nil where there is none.
    private var solver: (any BlockSolver)?

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
        linearise(at: CompensationMatrix.idleVoltages(tree))
        var mean = [Complex](repeating: .zero, count: live.buses.count)
        let samples = min(blocks, Self.samples)
        for sample in 0..<samples {
            let block = all.advanced(by: (2 * sample + 1) * blocks / (2 * samples) * live.positions.count)
            sweep.restart()
            _ = sweep.solve(block, before: block)
            for (position, voltage) in sweep.meanVoltages.enumerated() {
                mean[position] += voltage * (1 / Double(samples))
            }
        }
        return mean.allSatisfy { $0.squared > 0.25 && $0.squared < 4 } ? mean : nil
    }

    /// Lets the compensation expect what it would at `voltage`; nil: with no load.
    func linearise(at voltage: [Complex]?) {
        guard let tree else { return }
        compensation?.linearise(tree, at: voltage ?? CompensationMatrix.idleVoltages(tree))
    }

    /// Before the first block of a stretch.
    func begin() {
        sweep?.restart()
        newton?.restart()
    }

    /// Solves the next block of a stretch. Gives the number of sweeps or iterations.
    func solve(_ block: LaneBlock, before next: LaneBlock) -> Int {
        var count = 0
        solver = sweep
        if let sweep { count = sweep.solve(block, before: next) }
        if usesNewton, !(sweep?.isSolved ?? false) {
            let newton = self.newton ?? BatchedNewton(live, of: network, tolerance: tolerance)
            self.newton = newton
            solver = newton
            count = newton.solve(block, before: next)
        }
        return count
    }

    func isSolved(_ lane: Int) -> Bool { solver?.isSolved(lane) ?? false }

    func forEachRegulator(_ body: (Int, Lanes) -> Void) { solver?.forEachRegulator(body) }
}

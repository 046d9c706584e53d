/// The interior-point method of `InteriorPoint` for `StagedProgram`, eight stages at a time.
///
/// The horizon is cut into eight segments, each a lane: every sum and product, and the recursion along time
/// too, runs in all segments at once. Of the normal equations A·Θ·Aᵀ, block tridiagonal in time, the rows
/// that join a segment to the one before are kept to the end; in between each stage is eliminated after the
/// other (`StageFront` has worked out how), and its joints with the segment's first stage are carried along.
/// What is left joins the segments (`Separators`), in a circle where the program is cyclic: that costs
/// nothing extra.
///
/// An iteration is four passes over the stages: forward, the iterate moves, is measured, and the equations
/// are assembled, factored and carried forward; back, the predictor; forward, the corrector's right-hand
/// side; back, the step. None stores a direction: see `Direction`.
///
/// Made for a pattern, it solves any number of programs of that pattern without allocating in between but for
/// the answer. It keeps no state between programs: the same program gives the same answer. Not thread-safe:
/// create one instance per thread.
public final class StagedInteriorPoint {
    /// Pattern of every program this solver takes.
    public let pattern: StagedProgram.Pattern
    /// Bound on both residuals and the gap, as `Solution` measures them.
    public let tolerance: Double
    /// Iterations after which `solve` gives up.
    public let iterationLimit: Int
    let memory: SegmentMemory
    let separators: Separators
    var scale = LoadedScale()

    var isCyclic: Bool { pattern.isCyclic }

    /// Allocates a solver for programs of this pattern.
    public init(pattern: StagedProgram.Pattern, tolerance: Double = 1e-8, iterationLimit: Int = 100) {
        self.pattern = pattern
        self.tolerance = tolerance
        self.iterationLimit = iterationLimit
        memory = SegmentMemory(pattern)
        separators = Separators(block: memory.front.chain, count: memory.segments)
    }

    deinit {
        memory.deallocate()
        separators.deallocate()
    }

    /// Solves `program`, whose pattern must be this solver's, and whose bounds must not cross.
    public func solve(_ program: StagedProgram) -> Solution {
        precondition(program.pattern == pattern)
        guard pattern.stages > 0 else { return .nothing }
        scale = memory.load(program)
        start(program)
        var move = Move()
        var measured = advance(move)
        var iteration = 0
        while iteration < iterationLimit, measured.isFinite {
            if measured.isWithin(tolerance) { return report(.optimal, iteration, measured, program) }
            if iteration % 10 == 9, let status = refusal() {
                return report(status, iteration, measured, program)
            }
            move = direct(measured.complementarity)
            measured = advance(move)
            iteration += 1
        }
        let stopped = iteration == iterationLimit ? Solution.Status.iterationLimit : .numericalFailure
        let status = measured.isWithin(tolerance) ? .optimal : refusal() ?? stopped
        return report(status, iteration, measured, program)
    }

    /// Predictor and corrector of the equations that `advance` left: how far to go and with which μ.
    private func direct(_ complementarity: Double) -> Move {
        var reach = memory.predict(separators, cyclic: isCyclic)
        let mu = complementarity / max(scale.bounds, 1)
        reach.byZ = -complementarity - reach.byX
        let predicted = reach.complementarity(complementarity) / max(scale.bounds, 1)
        let ratio = mu > 0 ? max(predicted, 0) / mu : 0
        let aim = mu * ratio * ratio * ratio
        memory.aimCorrector(aim, separators, cyclic: isCyclic)
        reach = memory.followCorrector(aim, separators, cyclic: isCyclic)
        let (alongX, alongZ) = reach.steps(damping: 0.995, together: scale.isCurved)
        return Move(alongX: alongX, alongZ: alongZ, aim: aim)
    }

    private func advance(_ move: Move) -> Measure {
        var measure = memory.advance(move, separators, cyclic: isCyclic)
        measure.primal /= scale.ofB
        measure.dual /= scale.ofC
        measure.objective += scale.constant
        measure.gap = measure.complementarity / (1 + abs(measure.objective))
        return measure
    }
}

/// How far the iterate follows its direction.
struct Move {
    var alongX = 0.0
    var alongZ = 0.0
    /// The μ the direction was made for.
    var aim = 0.0
}

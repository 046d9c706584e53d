/// Solves `MixedIntegerProgram` by HiGHS: branch and cut for programs with whole variables, simplex for
/// linear ones, an active-set method for quadratic ones. Holds no state; one thread.
public struct MixedIntegerSolver: Sendable {
    /// The search ends when (objective − bound)/|objective| is no more than this.
    public var relativeGap: Double
    /// Wall time, s. A search stopped by it need not be the same the next time.
    public var timeLimit: Double
    /// Nodes after which the search stops; nil: no limit. Such a search is the same the next time.
    public var nodeLimit: Int32?
    private let library: HiGHSLibrary

    /// Throws where HiGHS is not on this machine.
    public init(relativeGap: Double = 1e-6, timeLimit: Double = .infinity) throws(HiGHSLibrary.Missing) {
        library = try HiGHSLibrary.open()
        self.relativeGap = relativeGap
        self.timeLimit = timeLimit
    }

    /// `goesOn` is told how far the search is, now and then, and stops it by answering false.
    public func solve(
        _ program: MixedIntegerProgram, goesOn: ((MixedIntegerProgress) -> Bool)? = nil
    ) -> MixedIntegerSolution {
        let highs = HiGHSModel(library, program)
        guard highs.isValid else { return answer(.failed, highs) }
        _ = highs.calls.setDouble(highs.model, "mip_rel_gap", relativeGap)
        if timeLimit.isFinite { _ = highs.calls.setDouble(highs.model, "time_limit", timeLimit) }
        if let nodeLimit { _ = highs.calls.setInt(highs.model, "mip_max_nodes", nodeLimit) }
        let watch = goesOn.map { Watch(calls: highs.calls, goesOn: $0) }
        if let watch { listen(highs, watch) }
        _ = withExtendedLifetime(watch) { highs.calls.run(highs.model) }
        return switch highs.calls.modelStatus(highs.model) {
        case HiGHSModel.End.optimal, HiGHSModel.End.empty: answer(.optimal, highs)
        case HiGHSModel.End.infeasible: answer(.infeasible, highs)
        case HiGHSModel.End.unbounded, HiGHSModel.End.infeasibleOrUnbounded: answer(.unbounded, highs)
        case HiGHSModel.End.timeLimit, HiGHSModel.End.solutionLimit,
            HiGHSModel.End.interrupted:
            answer(.stopped, highs)
        default: answer(.failed, highs)
        }
    }

    private func answer(_ status: MixedIntegerSolution.Status, _ highs: HiGHSModel) -> MixedIntegerSolution {
        let x = status == .optimal || status == .stopped ? highs.point() : []
        let objective = x.isEmpty ? .infinity : highs.info("objective_function_value")
        let isSearch = highs.program.isInteger.contains(true)
        var bound = isSearch ? highs.info("mip_dual_bound") : status == .optimal ? objective : -.infinity
        // The bound may pass the objective by rounding.
        bound = bound.isFinite ? min(bound, objective) : -.infinity
        var nodes: Int64 = 0
        if isSearch { _ = highs.calls.int64Info(highs.model, "mip_node_count", &nodes) }
        return MixedIntegerSolution(
            status: x.isEmpty && status == .optimal ? .failed : status, x: x, objective: objective,
            bound: bound, nodes: max(Int(nodes), 0))
    }

    /// Calls at which the search tells how far it is, and at which it may be stopped.
    private static let logging: Int32 = 5
    private static let interrupt: Int32 = 6

    private func listen(_ highs: HiGHSModel, _ watch: Watch) {
        let own = Unmanaged.passUnretained(watch).toOpaque()
        _ = highs.calls.setCallback(
            highs.model,
            { kind, _, told, tell, own in
                guard let told, let own else { return }
                let watch = Unmanaged<Watch>.fromOpaque(own).takeUnretainedValue()
                if !watch.hears(kind == MixedIntegerSolver.logging, told), let tell {
                    // The first field of what HiGHS reads back: an int, the wish to stop.
                    tell.storeBytes(of: 1, as: Int32.self)
                }
            }, own)
        _ = highs.calls.startCallback(highs.model, Self.logging)
        _ = highs.calls.startCallback(highs.model, Self.interrupt)
    }
}

/// Who is told of the search's progress.
private final class Watch {
    private let calls: HiGHSCalls
    private let goesOn: (MixedIntegerProgress) -> Bool
    private var isStopped = false

    init(calls: HiGHSCalls, goesOn: @escaping (MixedIntegerProgress) -> Bool) {
        self.calls = calls
        self.goesOn = goesOn
    }

    /// False where the search should stop.
    func hears(_ isReport: Bool, _ told: UnsafeRawPointer) -> Bool {
        if isReport, !isStopped {
            func item(_ name: String) -> Double {
                calls.callbackItem(told, name)?.load(as: Double.self) ?? .nan
            }
            let progress = MixedIntegerProgress(
                seconds: item("running_time"), objective: item("mip_primal_bound"),
                bound: item("mip_dual_bound"))
            isStopped = !goesOn(progress)
        }
        return !isStopped
    }
}

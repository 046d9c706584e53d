public import Grid
import LinearAlgebra

/// Three-phase power flow of a feeder over many steps, with regulators whose taps go from step to step.
///
/// The horizon is cut into segments that are solved at once (see `SegmentRunner`). All but the first begin
/// from the taps the network starts with; then the repair: where the segment before ends in another state,
/// the segment is run again from there, until it meets what is on record or ends. When no border disagrees
/// any more, the taps are those of a solution step by step, and the voltages the same to the tolerance. The
/// cut depends on nothing but the number of steps, so the result is the same at any number of workers.
///
/// Loops are closed by compensation. A step in which taps hunt, because a band is narrower than a step of the
/// tap, ends at the `iterationLimit`. One a thread.
public final class UnbalancedTimeSeries {
    /// Segments are not shorter than this.
    private static let shortest = 96
    private static let segments = 32

    private let network: UnbalancedNetwork
    private let tree: PhaseTree
    private let workspaces: [Workspace]

    /// `tolerance`: largest power mismatch of a load or shunt, at its nominal power, as a fraction of a
    /// phase's base power. `workers`: threads, with a workspace each.
    public init(network: UnbalancedNetwork, tolerance: Double = 1e-8, workers: Int = 1) throws(FeederMistakes)
    {
        precondition(tolerance > 0)
        tree = try PhaseTree(network)
        self.network = network
        var workspaces: [Workspace] = []
        for _ in 0..<max(1, workers) {
            let sweep = PhaseSweep(tree, of: network, tolerance: tolerance)
            workspaces.append(
                Workspace(sweep: sweep, compensation: try Compensation.closing(sweep, network)))
        }
        self.workspaces = workspaces
    }

    /// Room for a result.
    public func series(steps: Int) -> UnbalancedSeries {
        UnbalancedSeries(tree, controls: network.controls.count, steps: steps)
    }

    /// Solves every step of `demand`, which must have the network's loads.
    public func solve(_ demand: DemandSeries) -> UnbalancedSeries {
        var series = series(steps: demand.steps)
        solve(demand, into: &series)
        return series
    }

    /// Overwrites `series`, which must have been made by this solver for as many steps.
    public func solve(_ demand: DemandSeries, into series: inout UnbalancedSeries) {
        precondition(demand.active.count == network.loads.count)
        precondition(series.steps == demand.steps && series.cellCount == tree.cellCount)
        let tasks = cut(demand.steps)
        series.withTrace { trace in
            run(tasks, demand, trace)
            repair(tasks, demand, trace)
        }
        guard tree.nodes.count < network.buses.count else { return }
        for step in 0..<series.steps where series.status[step] == .converged {
            series.status[step] = .islanded
        }
    }

    private func cut(_ steps: Int) -> [SegmentRunner.Task] {
        let count = max(1, min(Self.segments, steps / Self.shortest))
        let start = network.controls.map { SegmentRunner.State(tap: $0.tap, waited: 0) }
        return (0..<count).map {
            SegmentRunner.Task(
                steps: steps * $0 / count..<steps * ($0 + 1) / count, start: start, isRepair: false)
        }
    }

    private func repair(_ tasks: [SegmentRunner.Task], _ demand: DemandSeries, _ trace: Trace) {
        var tasks = tasks
        while true {
            var wrong: [SegmentRunner.Task] = []
            for index in tasks.indices.dropFirst() {
                let steps = tasks[index].steps
                let start = network.controls.indices.map { trace.state($0, steps.lowerBound - 1) }
                guard start != tasks[index].start else { continue }
                tasks[index] = SegmentRunner.Task(steps: steps, start: start, isRepair: true)
                wrong.append(tasks[index])
            }
            if wrong.isEmpty { return }
            run(wrong, demand, trace)
        }
    }

    /// Eight tasks at a time, the workers in turn.
    private func run(_ tasks: [SegmentRunner.Task], _ demand: DemandSeries, _ trace: Trace) {
        let relays = Relay.all(tree, network, interval: demand.interval)
        let groups = stride(from: 0, to: tasks.count, by: SegmentRunner.lanes).map {
            tasks[$0..<min($0 + SegmentRunner.lanes, tasks.count)]
        }
        let count = min(workspaces.count, groups.count)
        let runners = workspaces.prefix(count).map {
            SegmentRunner($0.sweep, $0.compensation, relays, demand, trace)
        }
        let crew = Crew(runners: runners, groups: groups)
        concurrently(count) { worker in
            for group in stride(from: worker, to: crew.groups.count, by: count) {
                crew.runners[worker].run(crew.groups[group])
            }
        }
    }

    private struct Workspace {
        let sweep: PhaseSweep
        let compensation: Compensation?
    }

    /// What the workers share: each touches its own runner, and tasks no two of which write the same step.
    private struct Crew: @unchecked Sendable {
        let runners: [SegmentRunner]
        let groups: [ArraySlice<SegmentRunner.Task>]
    }
}

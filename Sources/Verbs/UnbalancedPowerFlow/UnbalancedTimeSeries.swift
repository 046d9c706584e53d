public import Grid
import Lanes

/// Three-phase power flow of a feeder over many steps, with regulators whose taps go from step to step.
///
/// The horizon is cut into segments that are solved at once (see `TimeSegments`). Each begins from the taps
/// the network starts with, and is solved again where the segment before ends in another state. So the taps
/// are those of a solution step by step, and the voltages the same to the tolerance. The cut depends on
/// nothing but the number of steps, so the result is the same at any number of workers.
///
/// Within a step taps move one position at a time until every voltage is within its band. Of several controls
/// that want to move, those whose delay ends first do, then the feeder is solved again. A delay of one step
/// or longer is waited for: the voltage must have been outside at the end of that many steps before.
///
/// Loops are closed by compensation. A step in which taps hunt, because a band is narrower than a step of the
/// tap, ends at the `iterationLimit`. Not thread-safe: create one instance per thread.
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

    /// Creates an empty result, to be written by a solver.
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
        series.withTrace { run(demand, $0) }
        guard tree.nodes.count < network.buses.count else { return }
        for step in 0..<series.steps where series.status[step] == .converged {
            series.status[step] = .islanded
        }
    }

    private func run(_ demand: DemandSeries, _ trace: Trace) {
        let relays = Relay.all(tree, network, interval: demand.interval)
        let start = network.controls.map { UnbalancedRunner.ControlState(tap: $0.tap, waited: 0) }
        TimeSegments(
            steps: demand.steps, count: max(1, min(Self.segments, demand.steps / Self.shortest)), start: start
        ).run(on: workspaces.map { UnbalancedRunner($0.sweep, $0.compensation, relays, demand, trace) })
    }

    private struct Workspace {
        let sweep: PhaseSweep
        let compensation: Compensation?
    }
}

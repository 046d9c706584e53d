public import Grid

/// Three-phase power flow of an `UnbalancedNetwork` over many steps, with all voltages kept: that of its
/// `feeder` (see `FeederTimeSeries`). Taps move one position at a time.
public final class UnbalancedTimeSeries {
    private let network: UnbalancedNetwork
    private let nodes: [Feeder.Node]
    private let series: FeederTimeSeries

    /// `tolerance`: largest power mismatch of a load or shunt, at its nominal power, as a fraction of a
    /// phase's base power. `workers`: threads, with a workspace each.
    public init(network: UnbalancedNetwork, tolerance: Double = 1e-8, workers: Int = 1) throws(FeederMistakes)
    {
        precondition(tolerance > 0)
        let feeder = try network.checkedFeeder().feeder
        self.network = network
        nodes = feeder.nodes
        series = try FeederTimeSeries(
            feeder: feeder, tolerance: tolerance * network.basePower.value / 1e6, workers: workers)
    }

    /// Creates an empty result, to be written by a solver.
    public func series(steps: Int) -> UnbalancedSeries { UnbalancedSeries(network, nodes, steps: steps) }

    /// Solves every step of `demand`, which must have the network's loads.
    public func solve(_ demand: DemandSeries) -> UnbalancedSeries {
        var series = series(steps: demand.steps)
        solve(demand, into: &series)
        return series
    }

    /// Overwrites `series`, which must have been made by this solver for as many steps.
    public func solve(_ demand: DemandSeries, into series: inout UnbalancedSeries) {
        precondition(demand.active.count == network.loads.count)
        precondition(series.steps == demand.steps && series.cellCount == nodes.count)
        self.series.solve(demand) { states in
            states.copy(to: &series.voltages)
            for step in states.steps {
                series.status[step] = states.status(step)
                series.iterations[step] = states.iterations(step)
                for control in 0..<series.controls {
                    series.taps[step * series.controls + control] =
                        Int16(truncatingIfNeeded: states.position(control, step))
                }
            }
        }
    }
}

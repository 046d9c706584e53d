import Glibc
public import Grid

/// Power flow over many steps at once, for studies: the same network, one injection a bus and step, no state
/// between steps. A tree is swept sixteen steps at a time; what does not come to rest, and networks with
/// loops, go step by step through `PowerFlowSolver`. One a worker: not for two threads at once.
public final class TimeSeriesPowerFlow {
    private let live: LiveNetwork
    private let sweep: BatchedSweep?
    private let single: PowerFlowSolver
    private let nominalVoltage: [Double]

    /// `tolerance`: largest bus power mismatch of a solution, as a fraction of the network's base power.
    public init(network: Network, tolerance: Double = 1e-8) {
        let perUnit = PerUnitNetwork(network)
        live = LiveNetwork(perUnit)
        sweep = live.isForest ? BatchedSweep(live, of: perUnit, tolerance: tolerance) : nil
        single = PowerFlowSolver(network: network, tolerance: tolerance)
        nominalVoltage = perUnit.nominalVoltage
    }

    /// The voltages of every bus and step of `series`, which must have the network's buses.
    public func solve(_ series: InjectionSeries) -> VoltageSeries {
        var voltages = VoltageSeries(buses: series.buses, steps: series.steps)
        solve(series, into: &voltages)
        return voltages
    }

    /// Overwrites `voltages`, which must have the size of `series`; allocates nothing for a tree that
    /// converges.
    public func solve(_ series: InjectionSeries, into voltages: inout VoltageSeries) {
        precondition(series.buses == live.positions.count)
        precondition(voltages.buses == series.buses && voltages.steps == series.steps)
        for step in 0..<series.steps { voltages.status[step] = .diverged }
        for bus in 0..<series.buses where live.positions[bus] == nil {
            for at in bus * series.steps..<(bus + 1) * series.steps {
                voltages.real[at] = 0
                voltages.imaginary[at] = 0
            }
        }
        if let sweep {
            for first in stride(from: 0, to: series.steps, by: BatchedSweep.width) {
                let sweeps = sweep.solve(series, first: first)
                sweep.store(into: &voltages, first: first)
                for lane in 0..<min(BatchedSweep.width, series.steps - first) where sweep.isAtRest(lane) {
                    voltages.status[first + lane] =
                        live.isWhole ? .converged : .islanded
                    voltages.iterations[first + lane] = sweeps
                }
            }
        }
        solveSingly(series, into: &voltages)
    }

    /// The steps that have no solution yet.
    private func solveSingly(_ series: InjectionSeries, into voltages: inout VoltageSeries) {
        var point = OperatingPoint(buses: series.buses, branches: single.branches)
        for step in 0..<series.steps where voltages.status[step] == .diverged {
            single.solve(series.injections(at: step), into: &point)
            voltages.status[step] = point.status
            voltages.iterations[step] = point.iterations
            for bus in 0..<series.buses {
                let magnitude = point.voltage[bus].value / nominalVoltage[bus]
                voltages.real[bus * series.steps + step] = magnitude * cos(point.angle[bus])
                voltages.imaginary[bus * series.steps + step] = magnitude * sin(point.angle[bus])
            }
        }
    }
}

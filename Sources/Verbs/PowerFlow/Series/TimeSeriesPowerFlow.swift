import CMemory
public import Grid
import Lanes
import LinearAlgebra

/// Power flow over many steps at once, for studies: the same network, one injection a bus and step, no state
/// between steps.
///
/// ```swift
/// var day = InjectionSeries(buses: 2, steps: 96)
/// for step in 0..<96 { day.active[1, step] = step < 48 ? -300_000 : -900_000 }
/// let powerFlow = TimeSeriesPowerFlow(network: network, workers: 2)
/// let voltages = powerFlow.solve(day)
/// let lowest = (0..<96).map { voltages.magnitude(bus: 1, step: $0) }.min()  // 0.989 p.u.
/// ```
///
/// Steps are solved eight at a time (`BlockSolver`). With `automatic`, trees are swept, and so are networks
/// with a few loops and held voltages beside (`Compensation`: up to 60 unknowns, two a loop and one a
/// voltage); others, and blocks that do not come to rest, go to Newton's method in lanes. What that leaves
/// unsolved is given step by step to `PowerFlowSolver`, which also says why there is no solution. The result
/// does not depend on the number of workers. One caller at a time.
public final class TimeSeriesPowerFlow {
    /// Blocks that one worker does in a row: what one block tells the next stays within them.
    private static let stretch = 32

    private let network: PerUnitNetwork
    private let live: LiveNetwork
    private let workers: [Worker]
    private let single: PowerFlowSolver

    /// `tolerance`: largest bus power mismatch of a solution, as a fraction of the network's base power.
    public init(
        network: Network, method: PowerFlowSolver.Method = .automatic, tolerance: Double = 1e-8,
        workers: Int = 1
    ) {
        precondition(tolerance > 0)
        let perUnit = PerUnitNetwork(network)
        let tolerance = perUnit.reachable(tolerance)
        self.network = perUnit
        let live = LiveNetwork(perUnit)
        self.live = live
        single = PowerFlowSolver(network: network, method: method, tolerance: tolerance)
        let tree = method == .newton ? nil : SweepTree(live, of: perUnit)
        self.workers = (0..<max(1, workers)).map { _ in
            Worker(live, of: perUnit, tree, usesNewton: method != .sweep, tolerance: tolerance)
        }
    }

    /// The voltages of every bus and step of `series`, which must have the network's buses.
    public func solve(_ series: InjectionSeries) -> VoltageSeries {
        var voltages = VoltageSeries(
            buses: series.buses, regulators: network.regulators.count, steps: series.steps)
        solve(series, into: &voltages)
        return voltages
    }

    /// Overwrites `voltages`, which must have the size of `series`; allocates nothing where every step can be
    /// solved in lanes.
    public func solve(_ series: InjectionSeries, into voltages: inout VoltageSeries) {
        precondition(series.buses == live.positions.count)
        precondition(voltages.buses == series.buses && voltages.steps == series.steps)
        precondition(voltages.regulatorReactive.rows == network.regulators.count)
        guard series.steps > 0 else { return }
        series.active.withLanes { active in
            series.reactive.withLanes { reactive in
                voltages.withMemory { real, imaginary, regulators, status, iterations in
                    let all = LaneBlock(
                        active: active, reactive: reactive, real: real, imaginary: imaginary)
                    run(Field(all: all, regulators: regulators, status: status, iterations: iterations))
                }
            }
        }
        solveSingly(series, into: &voltages)
    }

    /// The memory of a whole series.
    private struct Field: @unchecked Sendable {
        let all: LaneBlock
        let regulators: UnsafeMutablePointer<Lanes>
        let status: UnsafeMutableBufferPointer<OperatingPoint.Status>
        let iterations: UnsafeMutableBufferPointer<Int>
    }

    private struct Crew: @unchecked Sendable {
        let flow: TimeSeriesPowerFlow
    }

    private func run(_ field: Field) {
        let blocks = (field.status.count + Lanes.scalarCount - 1) / Lanes.scalarCount
        let stretches = (blocks + Self.stretch - 1) / Self.stretch
        let voltage = workers[0].typicalVoltage(field.all, blocks: blocks)
        for worker in workers { worker.linearise(at: voltage) }
        let crew = Crew(flow: self)
        concurrently(stretches, workers: workers.count) { worker, stretch in
            let first = stretch * Self.stretch
            crew.flow.solve(field, first..<min(blocks, first + Self.stretch), worker)
            finish_streaming()
        }
    }

    private func solve(_ field: Field, _ blocks: Range<Int>, _ index: Int) {
        let worker = workers[index]
        let rows = live.positions.count
        let solved = live.isWhole ? OperatingPoint.Status.converged : .islanded
        worker.begin()
        for index in blocks {
            let block = field.all.advanced(by: index * rows)
            let count = worker.solve(block, before: block.advanced(by: rows))
            worker.forEachRegulator { field.regulators[index * network.regulators.count + $0] = $1 }
            for lane in 0..<min(Lanes.scalarCount, field.status.count - index * Lanes.scalarCount) {
                let step = index * Lanes.scalarCount + lane
                field.status[step] = worker.isSolved(lane) ? solved : .diverged
                field.iterations[step] = count
            }
        }
        guard !live.isWhole else { return }
        for bus in live.positions.indices where live.positions[bus] == nil {
            for index in blocks {
                field.all.real[index * rows + bus] = .zero
                field.all.imaginary[index * rows + bus] = .zero
            }
        }
        for (place, regulator) in network.regulators.enumerated() where live.positions[regulator.bus] == nil {
            for index in blocks { field.regulators[index * network.regulators.count + place] = .zero }
        }
    }

    /// The steps that have no solution yet.
    private func solveSingly(_ series: InjectionSeries, into voltages: inout VoltageSeries) {
        guard voltages.status.contains(.diverged) else { return }
        var point = OperatingPoint(
            buses: series.buses, branches: network.branches.count, regulators: network.regulators.count)
        for step in 0..<series.steps where voltages.status[step] == .diverged {
            single.solve(series.injections(at: step), into: &point)
            voltages.status[step] = point.status
            voltages.iterations[step] = point.iterations
            for bus in 0..<series.buses {
                let magnitude =
                    point.voltage[bus].value > 0 ? point.voltage[bus].value / network.nominalVoltage[bus] : 0
                let voltage = Complex.turn(by: point.angle[bus]) * magnitude
                voltages.real[bus, step] = voltage.real
                voltages.imaginary[bus, step] = voltage.imaginary
            }
            for regulator in network.regulators.indices {
                voltages.regulatorReactive[regulator, step] = point.regulatorReactive[regulator].value
            }
        }
    }
}

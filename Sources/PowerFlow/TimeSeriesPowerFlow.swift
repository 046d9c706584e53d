import Glibc
public import Grid
import LinearAlgebra

/// Power flow over many steps at once, for studies: the same network, one injection a bus and step, no state
/// between steps.
///
/// Trees are swept eight steps at a time, a few loops and held voltages with them (`Compensation`). What does
/// not come to rest there, and networks with many loops, go step by step through `PowerFlowSolver`. The
/// result does not depend on the number of workers. One caller at a time.
public final class TimeSeriesPowerFlow {
    /// Blocks that one worker does in a row: what one block tells the next stays within them.
    private static let stretch = 32
    /// Blocks whose voltages stand for all.
    private static let samples = 8

    private let live: LiveNetwork
    private let tree: SweepTree?
    /// One a worker; empty where the network cannot be swept.
    private let sweeps: [(sweep: BatchedSweep, compensation: Compensation?)]
    private let single: PowerFlowSolver
    private let nominalVoltage: [Double]
    private let regulators: Int
    private let workers: Int
    /// By bus, where a bus's unit of voltage is not its nominal voltage.
    private let scale: [(bus: Int, by: Complex)]

    /// `tolerance`: largest bus power mismatch of a solution, as a fraction of the network's base power.
    public init(
        network: Network, method: PowerFlowSolver.Method = .automatic, tolerance: Double = 1e-8,
        workers: Int = 1
    ) {
        let perUnit = PerUnitNetwork(network)
        let live = LiveNetwork(perUnit)
        self.live = live
        tree = method == .newton ? nil : SweepTree(live, of: perUnit)
        self.workers = max(1, workers)
        nominalVoltage = perUnit.nominalVoltage
        regulators = perUnit.regulators.count
        single = PowerFlowSolver(network: network, method: method, tolerance: tolerance)
        guard let tree else {
            (sweeps, scale) = ([], [])
            return
        }
        let isPlain = tree.chords.isEmpty && tree.regulators.isEmpty
        sweeps = (0..<self.workers).compactMap { _ in
            let compensation = isPlain ? nil : Compensation(tree, of: perUnit)
            guard isPlain || compensation != nil else { return nil }
            let sweep = BatchedSweep(
                tree, tolerance: tolerance * perUnit.basePower, compensation: compensation)
            return (sweep, compensation)
        }
        scale = tree.scale.enumerated().compactMap { position, scale in
            scale == Complex(1, 0) ? nil : (live.buses[position], scale)
        }
    }

    /// The voltages of every bus and step of `series`, which must have the network's buses.
    public func solve(_ series: InjectionSeries) -> VoltageSeries {
        var voltages = VoltageSeries(
            buses: series.buses, regulators: regulators, steps: series.steps)
        solve(series, into: &voltages)
        return voltages
    }

    /// Overwrites `voltages`, which must have the size of `series`; allocates nothing where every step can be
    /// swept.
    public func solve(_ series: InjectionSeries, into voltages: inout VoltageSeries) {
        precondition(series.buses == live.positions.count)
        precondition(voltages.buses == series.buses && voltages.steps == series.steps)
        precondition(voltages.regulatorReactive.rows == regulators)
        if sweeps.isEmpty {
            for step in 0..<series.steps { voltages.status[step] = .diverged }
        } else {
            sweep(series, &voltages)
        }
        solveSingly(series, into: &voltages)
    }

    /// The memory of a whole series.
    private struct Field: @unchecked Sendable {
        let all: BatchedSweep.Block
        let regulators: UnsafeMutablePointer<Lanes>
        let status: UnsafeMutableBufferPointer<OperatingPoint.Status>
        let iterations: UnsafeMutableBufferPointer<Int>
    }

    private func sweep(_ series: InjectionSeries, _ voltages: inout VoltageSeries) {
        guard series.steps > 0 else { return }
        series.active.lanes.withUnsafeBufferPointer { active in
            series.reactive.lanes.withUnsafeBufferPointer { reactive in
                voltages.withMemory { real, imaginary, regulators, status, iterations in
                    let all = BatchedSweep.Block(
                        active: active.baseAddress!, reactive: reactive.baseAddress!, real: real,
                        imaginary: imaginary)
                    run(Field(all: all, regulators: regulators, status: status, iterations: iterations))
                }
            }
        }
    }

    private struct Worker: @unchecked Sendable {
        let flow: TimeSeriesPowerFlow
    }

    private func run(_ field: Field) {
        let blocks = (field.status.count + Lanes.scalarCount - 1) / Lanes.scalarCount
        let stretches = (blocks + Self.stretch - 1) / Self.stretch
        linearise(field, blocks: blocks)
        let crew = Worker(flow: self)
        let count = min(sweeps.count, stretches)
        concurrently(count) { worker in
            for stretch in stride(from: worker, to: stretches, by: count) {
                let first = stretch * Self.stretch
                crew.flow.sweep(field, first..<min(blocks, first + Self.stretch), worker)
            }
        }
    }

    /// Lets compensations expect what a few blocks teach: their mean voltages.
    private func linearise(_ field: Field, blocks: Int) {
        guard let tree, sweeps[0].compensation != nil else { return }
        for (_, compensation) in sweeps { compensation?.linearise(tree, at: TreeResponse.idleVoltages(tree)) }
        var mean = [Complex](repeating: .zero, count: live.buses.count)
        let samples = min(blocks, Self.samples)
        for sample in 0..<samples {
            let index = (2 * sample + 1) * blocks / (2 * samples)
            let block = field.all.advanced(by: index * live.positions.count)
            var expected = 4
            _ = sweeps[0].sweep.solve(block, after: nil, before: block, expected: &expected)
            for (position, bus) in live.buses.enumerated() {
                let sum = Complex(block.real[bus].sum(), block.imaginary[bus].sum())
                mean[position] += sum * (1 / Double(samples * Lanes.scalarCount))
            }
        }
        guard mean.allSatisfy({ $0.squared > 0.25 && $0.squared < 4 }) else { return }
        for (_, compensation) in sweeps { compensation?.linearise(tree, at: mean) }
    }

    private func sweep(_ field: Field, _ blocks: Range<Int>, _ worker: Int) {
        let sweep = sweeps[worker].sweep
        let solved = live.isWhole ? OperatingPoint.Status.converged : .islanded
        var expected = 4
        var last: BatchedSweep.Block?
        for index in blocks {
            let block = field.all.advanced(by: index * live.positions.count)
            let next = block.advanced(by: live.positions.count)
            let count = sweep.solve(block, after: last, before: next, expected: &expected)
            last = block
            keepReactive(of: sweeps[worker].compensation, field.regulators + index * regulators)
            for lane in 0..<min(Lanes.scalarCount, field.status.count - index * Lanes.scalarCount) {
                let step = index * Lanes.scalarCount + lane
                field.status[step] = sweep.isSolved(lane) ? solved : .diverged
                field.iterations[step] = count
            }
        }
        for index in blocks { finish(field.all.advanced(by: index * live.positions.count)) }
    }

    private func keepReactive(of compensation: Compensation?, _ rows: UnsafeMutablePointer<Lanes>) {
        guard let compensation, let tree else { return }
        for (number, regulator) in tree.regulators.enumerated() {
            rows[regulator.index] = compensation.reactive(of: number)
        }
    }

    /// Back to the buses' nominal voltages; nothing where there is no path to a source.
    private func finish(_ block: BatchedSweep.Block) {
        for (bus, by) in scale {
            let (re, im) = (block.real[bus], block.imaginary[bus])
            block.real[bus] = re * by.real - im * by.imaginary
            block.imaginary[bus] = re * by.imaginary + im * by.real
        }
        guard !live.isWhole else { return }
        for bus in live.positions.indices where live.positions[bus] == nil {
            block.real[bus] = .zero
            block.imaginary[bus] = .zero
        }
    }

    /// The steps that have no solution yet.
    private func solveSingly(_ series: InjectionSeries, into voltages: inout VoltageSeries) {
        guard voltages.status.contains(.diverged) else { return }
        var point = OperatingPoint(buses: series.buses, branches: single.branches, regulators: regulators)
        for step in 0..<series.steps where voltages.status[step] == .diverged {
            single.solve(series.injections(at: step), into: &point)
            voltages.status[step] = point.status
            voltages.iterations[step] = point.iterations
            for bus in 0..<series.buses {
                let magnitude = point.voltage[bus].value / nominalVoltage[bus]
                voltages.real[bus, step] = magnitude * cos(point.angle[bus])
                voltages.imaginary[bus, step] = magnitude * sin(point.angle[bus])
            }
            for regulator in 0..<regulators {
                voltages.regulatorReactive[regulator, step] = point.regulatorReactive[regulator].value
            }
        }
    }
}

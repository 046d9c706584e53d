public import Grid
import Lanes
import LinearAlgebra

/// Solves one state of an unbalanced feeder, with its flows; for many use `UnbalancedTimeSeries`. Not
/// thread-safe: create one instance per thread.
///
/// ```swift
/// let buses = ["transformer", "house"].map {
///     UnbalancedNetwork.Bus(name: $0, nominalVoltage: Voltage(400))
/// }
/// let impedance = PhaseMatrix(real: [0.2, 0.05, 0.05, 0.2, 0.05, 0.2])
/// let cable = UnbalancedNetwork.Branch(
///     name: "cable", from: 0, to: 1, element: .line(impedance: impedance, susceptance: .zero))
/// let load = UnbalancedNetwork.Load(
///     name: "house", bus: 1, active: [Power(5000), .zero, .zero], reactive: [.zero, .zero, .zero])
/// let feeder = UnbalancedNetwork(
///     buses: buses, branches: [cable], loads: [load], source: .init(bus: 0))
/// let point = try UnbalancedPowerFlowSolver(network: feeder).solve()
/// let phaseA = point.voltage[3 * 1 + 0]  // 226.5 V against earth.
/// ```
public final class UnbalancedPowerFlowSolver {
    private let network: UnbalancedNetwork
    private let tree: PhaseTree
    private let sweep: PhaseSweep
    private let compensation: Compensation?
    private let relays: [Relay?]

    /// `tolerance`: largest power mismatch of a load or shunt, at its nominal power, as a fraction of a
    /// phase's base power.
    public init(network: UnbalancedNetwork, tolerance: Double = 1e-8) throws(FeederMistakes) {
        precondition(tolerance > 0)
        self.network = network
        tree = try PhaseTree(network)
        sweep = PhaseSweep(tree, of: network, tolerance: tolerance)
        compensation = try Compensation.closing(sweep, network)
        relays = Relay.all(tree, network, interval: .infinity)
    }

    /// With the loads at `factor` of their nominal power. Taps move from `taps` (or where the network has
    /// them) until they rest.
    public func solve(factor: Double = 1, taps: [Int]? = nil) -> UnbalancedPoint {
        let controls = network.controls
        precondition(taps == nil || taps!.count == controls.count)
        let start = controls.indices.map { index in
            let tap = taps?[index] ?? controls[index].tap
            return UnbalancedRunner.ControlState(tap: relays[index]?.nearest(tap) ?? tap, waited: 0)
        }
        let demand = DemandSeries(
            shapes: [[factor]], loads: network.loads.map { _ in 0 }, interval: .greatestFiniteMagnitude)
        var series = UnbalancedSeries(tree, controls: controls.count, steps: 1)
        series.withTrace { trace in
            TimeSegments(steps: 1, count: 1, start: start).run(
                on: [UnbalancedRunner(sweep, compensation, relays, demand, trace)])
        }
        var point = UnbalancedPoint(
            buses: network.buses.count, branches: network.branches.count,
            taps: controls.indices.map { series.tap($0, step: 0) })
        point.status = series.status[0]
        point.iterations = series.iterations[0]
        guard point.status == .converged else { return point }
        point.mismatch = sweep.change[0].squareRoot() * 2 * sweep.largest
        readVoltages(into: &point)
        readFlows(into: &point)
        guard tree.nodes.count < network.buses.count else { return point }
        point.status = .islanded
        for load in network.loads where tree.position(of: load.bus) == nil {
            point.unserved += load.active.reduce(.zero) { $0 + max($1, .zero) } * factor
        }
        return point
    }

    private func readVoltages(into point: inout UnbalancedPoint) {
        for node in tree.nodes {
            let base = network.buses[node.bus].nominalPhaseVoltage
            for (offset, phase) in node.phases.enumerated() {
                let v = voltage(node.first + offset)
                point.voltage[3 * node.bus + phase] = Voltage(v.magnitude * base)
                point.angle[3 * node.bus + phase] = v.angle
            }
        }
    }

    private func voltage(_ cell: Int) -> Complex {
        Complex(sweep.cells[cell].real[0], sweep.cells[cell].imaginary[0])
    }
}

// Flows, from the voltages: one more sum of currents towards the source.
extension UnbalancedPowerFlowSolver {
    private func readFlows(into point: inout UnbalancedPoint) {
        sweep.draw()
        compensation?.inject()
        sweep.backward()
        for node in tree.nodes where node.parent >= 0 {
            let entering = node.phases.indices.map { i in
                let cell = sweep.cells[node.first + i]
                return Complex(cell.currentReal[0], cell.currentImaginary[0])
            }
            read(node, entering, into: &point)
        }
        var cut = 0
        for index in tree.chords {
            let phases = network.branches[index].phases.indices
            let currents = phases.indices.map { compensation!.current(cut + $0, 0) }
            cut += phases.count
            readLine(index, series: currents, into: &point)
        }
        for phase in 0..<3 {
            let current = Complex(sweep.cells[phase].currentReal[0], sweep.cells[phase].currentImaginary[0])
            let s = voltage(phase) * current.conjugate
            point.sourcePower[phase] = Power(s.real * tree.basePower)
            point.sourceReactive[phase] = ReactivePower(s.imaginary * tree.basePower)
        }
        sweep.reset(0)
    }

    /// A branch of the tree, given what its series element carries towards the leaves.
    private func read(_ node: PhaseTree.Node, _ current: [Complex], into point: inout UnbalancedPoint) {
        switch node.link {
        case .regulated:
            let ratios = node.phases.indices.map { sweep.taps[firstTap(of: node) + $0].ratio[0] }
            write(node.branch, from: zip(current, ratios).map { $0 * $1 }, to: current, into: &point)
        case .turned(let turn):
            let from = (0..<3).map { i in
                (0..<3).reduce(Complex.zero) { $0 + current[$1] * turn[3 * $1 + i] }
            }
            write(node.branch, from: from, to: current, into: &point)
        case .wire:
            let isForward = network.branches[node.branch].to == node.bus
            readLine(node.branch, series: isForward ? current : current.map { -$0 }, into: &point)
        }
    }

    private func firstTap(of node: PhaseTree.Node) -> Int {
        tree.nodes.reduce(0) { count, other in
            if case .regulated = other.link, other.first < node.first {
                count + other.phases.count
            } else {
                count
            }
        }
    }

    /// Adds half the charging at either end to the current in series.
    private func readLine(_ index: Int, series: [Complex], into point: inout UnbalancedPoint) {
        let branch = network.branches[index]
        let phases = branch.phases.indices
        guard case .line(_, let susceptance) = branch.element else {
            return write(index, from: series, to: series, into: &point)
        }
        let half = 0.5 * network.buses[branch.to].impedanceBase(network.basePower.value)
        func charging(_ bus: Int) -> [Complex] {
            phases.map { i in
                phases.reduce(.zero) { sum, j in
                    sum + voltage(tree.cells[3 * bus + j]!).timesImaginary(half * susceptance.real[3 * i + j])
                }
            }
        }
        write(
            index, from: zip(series, charging(branch.from)).map { $0 + $1 },
            to: zip(series, charging(branch.to)).map { $0 - $1 }, into: &point)
    }

    private func write(_ index: Int, from: [Complex], to: [Complex], into point: inout UnbalancedPoint) {
        let branch = network.branches[index]
        let base = tree.basePower / network.buses[branch.from].nominalPhaseVoltage
        var sum = Complex.zero
        var lost = 0.0
        for (offset, phase) in branch.phases.indices.enumerated() {
            let at = 3 * index + phase
            let s = voltage(tree.cells[3 * branch.from + phase]!) * from[offset].conjugate
            point.power[at] = Power(s.real * tree.basePower)
            point.reactive[at] = ReactivePower(s.imaginary * tree.basePower)
            point.current[at] = Current(from[offset].magnitude * base)
            point.currentAngle[at] = from[offset].angle
            sum += from[offset]
            lost += s.real - (voltage(tree.cells[3 * branch.to + phase]!) * to[offset].conjugate).real
        }
        point.returning[index] = Current(sum.magnitude * base)
        point.loss[index] = Power(lost * tree.basePower)
    }
}

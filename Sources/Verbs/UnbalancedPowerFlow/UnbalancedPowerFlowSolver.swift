public import Grid
import LinearAlgebra

/// Solves one state of an `UnbalancedNetwork`, with its flows; for many use `UnbalancedTimeSeries`. Not
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
    private let feeder: Feeder
    private let places: [FeederPlace]
    private let nodes: [Feeder.Node]
    private let flow: FeederPowerFlow

    /// `tolerance`: largest power mismatch of a load or shunt, at its nominal power, as a fraction of a
    /// phase's base power.
    public init(network: UnbalancedNetwork, tolerance: Double = 1e-8) throws(FeederMistakes) {
        precondition(tolerance > 0)
        self.network = network
        (feeder, places) = try network.checkedFeeder()
        nodes = feeder.nodes
        flow = try FeederPowerFlow(feeder: feeder, tolerance: tolerance * network.basePower.value / 1e6)
    }

    /// With the loads at `factor` of their nominal power. Taps move from `taps` (or where the network has
    /// them) until they rest.
    public func solve(factor: Double = 1, taps: [Int]? = nil) -> UnbalancedPoint {
        precondition(taps == nil || taps!.count == network.controls.count)
        let solved = flow.solve(factor: factor, from: taps)
        var point = UnbalancedPoint(
            buses: network.buses.count, branches: network.branches.count, taps: solved.positions)
        point.status = solved.status
        point.iterations = solved.iterations
        point.mismatch = solved.mismatch * 1e6 / network.basePower.value
        point.unserved = solved.unserved
        guard solved.status.isSolved else { return point }
        for (index, node) in nodes.enumerated() where node.conductor <= 3 {
            let at = 3 * node.bus + node.conductor - 1
            point.voltage[at] = Voltage(solved.voltage[index].magnitude)
            point.angle[at] = solved.voltage[index].angle
        }
        for (index, place) in places.enumerated() { read(index, place, solved, into: &point) }
        for (phase, power) in flow.sourcePowers(0).enumerated() {
            point.sourcePower[phase] = Power(power.real)
            point.sourceReactive[phase] = ReactivePower(power.imaginary)
        }
        return point
    }

    private func read(
        _ index: Int, _ place: FeederPlace, _ solved: FeederPoint, into point: inout UnbalancedPoint
    ) {
        let branch = network.branches[index]
        var current = [Complex](repeating: .zero, count: 3)
        switch place {
        case .line(let line):
            for (offset, phase) in branch.phases.indices.enumerated() {
                current[phase] = solved.lineFrom[line][offset]
            }
            point.loss[index] = solved.lineLoss[line]
        case .transformers(let range):
            for transformer in range {
                let pairs = feeder.transformers[transformer].windings[0].pairs
                for (phase, pair) in pairs.enumerated() {
                    current[pair.plus - 1] += solved.winding[transformer][0][phase]
                    if pair.minus > 0, pair.minus <= 3 {
                        current[pair.minus - 1] -= solved.winding[transformer][0][phase]
                    }
                }
                point.loss[index] += solved.transformerLoss[transformer]
            }
        }
        point.returning[index] = Current(current.reduce(.zero, +).magnitude)
        for phase in branch.phases.indices {
            let at = 3 * index + phase
            let bus = 3 * branch.from + phase
            let v = Complex(magnitude: point.voltage[bus].value, angle: point.angle[bus])
            let s = v * current[phase].conjugate
            point.power[at] = Power(s.real)
            point.reactive[at] = ReactivePower(s.imaginary)
            point.current[at] = Current(current[phase].magnitude)
            point.currentAngle[at] = current[phase].angle
        }
    }
}

import Glibc
public import Grid
import LinearAlgebra

/// Solves the steady state of one network, step after step: given what the devices inject, the voltages,
/// flows and losses that Kirchhoff's laws demand.
///
/// Allocates once, for its network; a solve does not allocate. One a worker: not for two threads at once. A
/// network whose branches change (a line is cut) is another network with another solver.
public final class PowerFlowSolver {
    public enum Method: String, Hashable, Sendable {
        /// The sweep where the network is a tree, and Newton's method where it is not or the sweep does not
        /// converge.
        case automatic
        /// Newton–Raphson with LAPACK's dense factors: any network of some hundreds of buses.
        case newton
        /// Backward–forward sweep. A network with loops has none: its status is always `diverged`.
        case sweep
    }

    /// Largest bus power mismatch of a solution, as a fraction of the network's base power.
    public let tolerance: Double

    /// How many branches an `OperatingPoint` of this network has.
    var branches: Int { network.branches.count }

    private let network: PerUnitNetwork
    private let live: LiveNetwork
    private let flows: BranchFlows
    private let sweep: BackwardForwardSweep?
    private let usesNewton: Bool
    /// Made when first needed: its dense factors are large, and a tree rarely asks for them.
    private lazy var newton = NewtonRaphson(live, of: network, tolerance: tolerance)
    /// By position in the live network, p.u.
    private let injection: UnsafeMutableBufferPointer<Complex>
    private let voltage: UnsafeMutableBufferPointer<Complex>

    public init(network: Network, method: Method = .automatic, tolerance: Double = 1e-8) {
        precondition(tolerance > 0)
        self.tolerance = tolerance
        let perUnit = PerUnitNetwork(network)
        self.network = perUnit
        live = LiveNetwork(perUnit)
        flows = BranchFlows(live, of: perUnit)
        usesNewton = method != .sweep
        sweep =
            method != .newton && live.isForest
            ? BackwardForwardSweep(live, of: perUnit, tolerance: tolerance) : nil
        injection = .allocate(capacity: live.buses.count)
        injection.initialize(repeating: .zero)
        voltage = .allocate(capacity: live.buses.count)
        voltage.initialize(repeating: .zero)
    }

    deinit {
        injection.deallocate()
        voltage.deallocate()
    }

    /// Solves for `injections` and writes the result over `point`, which must have the network's size.
    ///
    /// With `warmStart` the search begins at the voltages `point` holds, where it holds a solution;
    /// otherwise, and where that fails, at the source's voltage everywhere. Both starts lead to the same
    /// point within `tolerance`.
    public func solve(_ injections: Injections, into point: inout OperatingPoint, warmStart: Bool = false) {
        precondition(
            injections.active.count == live.positions.count && point.voltage.count == live.positions.count)
        precondition(point.powerFrom.count == network.branches.count)
        let base = network.basePower
        for (position, bus) in live.buses.enumerated() {
            injection[position] =
                Complex(injections.active[bus].value / base, injections.reactive[bus].value / base)
        }
        let isWarm = warmStart && point.status.isSolved
        start(from: isWarm ? point : nil)
        if !live.isWhole { point.clear() }
        var isFound = find(&point)
        if !isFound, isWarm {
            start(from: nil)
            isFound = find(&point)
        }
        if !isFound { point.clear() }
    }

    /// Sets the voltages a search begins at: those of `point` where it has them, the source's elsewhere.
    private func start(from point: OperatingPoint?) {
        voltage.update(repeating: Complex(network.sourceVoltage, 0))
        guard let point else { return }
        for (position, bus) in live.buses.enumerated().dropFirst() where point.voltage[bus].value > 0 {
            let magnitude = point.voltage[bus].value / network.nominalVoltage[bus]
            voltage[position] = Complex(magnitude * cos(point.angle[bus]), magnitude * sin(point.angle[bus]))
        }
    }

    /// Tries the methods in turn. False where none converges.
    private func find(_ point: inout OperatingPoint) -> Bool {
        if let sweep {
            if let iterations = sweep.solve(injection, voltage), accept(iterations, &point) { return true }
            if usesNewton { start(from: nil) }
        }
        if usesNewton, let iterations = newton.solve(injection, voltage) { return accept(iterations, &point) }
        return false
    }

    /// Writes the point that the voltages describe. False where some bus's power does not agree.
    private func accept(_ iterations: Int, _ point: inout OperatingPoint) -> Bool {
        flows.write(voltage, injection, into: &point)
        guard point.mismatch <= tolerance else { return false }
        point.iterations = iterations
        point.status = live.isWhole ? .converged : .islanded
        return true
    }
}

extension OperatingPoint {
    /// Diverged, and all zeros.
    fileprivate mutating func clear() {
        status = .diverged
        iterations = 0
        mismatch = 0
        for bus in voltage.indices {
            voltage[bus] = .zero
            angle[bus] = 0
        }
        for branch in powerFrom.indices {
            powerFrom[branch] = .zero
            powerTo[branch] = .zero
            reactiveFrom[branch] = .zero
            reactiveTo[branch] = .zero
            current[branch] = .zero
        }
        sourcePower = .zero
        sourceReactive = .zero
        for regulator in regulatorReactive.indices { regulatorReactive[regulator] = .zero }
        unserved = .zero
        loadability = nil
        weakestBus = nil
        losses = .zero
    }
}

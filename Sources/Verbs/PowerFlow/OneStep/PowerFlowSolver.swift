import Glibc
public import Grid
import Lanes
import LinearAlgebra

/// Solves the steady state of one network, step after step: given what the devices inject, the voltages,
/// flows and losses that Kirchhoff's laws demand.
///
/// ```swift
/// var injections = Injections(buses: 2)
/// injections.active[1] = -Power(kilowatts: 900)
/// injections.reactive[1] = -ReactivePower(kilovars: 300)
/// let solver = PowerFlowSolver(network: network)
/// var point = OperatingPoint(buses: 2, branches: 1)
/// solver.solve(injections, into: &point)
/// print(point.status, point.voltage[1])  // Converged, 9.87 kV.
/// ```
///
/// Allocates once, for its network; a solve that succeeds at first does not allocate. Not thread-safe; create
/// one instance per thread. A network whose branches change (a line is opened) needs a solver of its own.
public final class PowerFlowSolver {
    /// Method of solution.
    public enum Method: String, Hashable, Sendable {
        /// The sweep where the network is a forest (every live bus has one path to one source), no regulator
        /// holds a voltage and no remainder is shared; Newton's method elsewhere, and where the sweep does
        /// not converge.
        case automatic
        /// Newton–Raphson by sparse blocks: any network, of tens of thousands of buses too.
        case newton
        /// Backward–forward sweep. A network it does not suit has none: its status is always `diverged`.
        case sweep
    }

    /// How a solution is wanted.
    struct Settings {
        let tolerance: Double
        let keepsReactiveLimits: Bool
        let sharesRemainder: Bool
    }

    /// Largest bus power mismatch of a solution, as a fraction of the network's base power: what was asked
    /// for, or `PerUnitNetwork/reachable(_:)`.
    public let tolerance: Double

    private let network: PerUnitNetwork
    private let live: LiveNetwork
    private let settings: Settings
    private let flows: BranchFlows
    private let flatStart: [Complex]
    private let sweep: BackwardForwardSweep?
    private let usesNewton: Bool
    /// Whether every bus and branch has a path to a source, so that a solution writes all values.
    private let leavesNothingOut: Bool
    /// Made when first needed: a tree rarely asks for it.
    private lazy var meshed = MeshedSolver(live, of: network, settings, flatStart: flatStart)
    private let specified: SpecifiedPower
    /// By position in the live network, p.u.
    private let voltage: UnsafeMutableBufferPointer<Complex>

    /// - `keepsReactiveLimits`: whether a regulator that reaches a limit lets its voltage go; else it holds
    ///   it at any power.
    /// - `sharesRemainder`: whether the sources and regulators of an electrical island share what is left
    ///   over in proportion to their participation. Then only the first source of each island keeps its
    ///   angle, the others keep |V| alone and give what is injected at their bus and their part. Otherwise
    ///   every source keeps its angle and gives what that takes.
    public init(
        network: Network, method: Method = .automatic, tolerance: Double = 1e-8,
        keepsReactiveLimits: Bool = true, sharesRemainder: Bool = false
    ) {
        precondition(tolerance > 0)
        let perUnit = PerUnitNetwork(network)
        let tolerance = perUnit.reachable(tolerance)
        self.tolerance = tolerance
        settings = Settings(
            tolerance: tolerance, keepsReactiveLimits: keepsReactiveLimits, sharesRemainder: sharesRemainder)
        self.network = perUnit
        let live = LiveNetwork(perUnit)
        self.live = live
        flows = BranchFlows(live, of: perUnit)
        flatStart = Self.flatStart(live, of: perUnit)
        usesNewton = method != .sweep
        leavesNothingOut = live.isWhole && live.branches.count == perUnit.branches.count
        let isRegulated = perUnit.regulators.contains { live.positions[$0.bus] != nil }
        sweep =
            method != .newton && live.isForest && !isRegulated && !sharesRemainder
            ? BackwardForwardSweep(live, of: perUnit, tolerance: tolerance) : nil
        specified = SpecifiedPower(count: live.buses.count)
        voltage = .filled(live.buses.count, with: .zero)
    }

    deinit { voltage.deallocate() }

    /// Solves for `injections` and writes the result over `point`, which must have the network's size.
    ///
    /// With `warmStart` the search begins at the voltages `point` holds, where it holds a solution;
    /// otherwise, and where that fails, flat: at the source's voltage everywhere, turned by the phase
    /// shifters on the way, and in a meshed network at the angles of a linear (DC) power flow; then at
    /// nominal voltage and one angle, and at the voltages without load. All starts lead to the same point
    /// within `tolerance`: where a voltage is below 0.3 of nominal and of what it is without load, the search
    /// goes on, as such points are mostly on another branch of the curve. What no start leads to is looked
    /// for along the curve of solutions from less load, which ends there or at the nose: `voltageCollapse`.
    public func solve(_ injections: Injections, into point: inout OperatingPoint, warmStart: Bool = false) {
        precondition(
            injections.active.count == live.positions.count && point.voltage.count == live.positions.count)
        precondition(
            point.powerFrom.count == network.branches.count
                && point.regulatorReactive.count == network.regulators.count)
        specified.read(injections, live, basePower: network.basePower)
        let isWarm = warmStart && point.status.isSolved
        if isWarm { start(from: point) }
        // What has no current or voltage here may have had some in the network that `point` comes from.
        if !leavesNothingOut { point.clear() }
        point.unserved = unserved(injections)
        guard let sweep else { return usesNewton ? solveByNewton(isWarm: isWarm, &point) : point.clear() }
        if isWarm, let sweeps = sweep.solve(specified, voltage), accept(sweeps, &point) { return }
        startFlat()
        if let sweeps = sweep.solve(specified, voltage), accept(sweeps, &point) { return }
        if usesNewton { solveByNewton(isWarm: false, &point) } else { point.clear() }
    }

    private func solveByNewton(isWarm: Bool, _ point: inout OperatingPoint) {
        meshed.specify(specified)
        if isWarm, meshed.solve(from: voltage) == .found, meshed.isPlausible,
            acceptMeshed(&point)
        {
            return
        }
        let search = meshed.search(loading: 1)
        if search == .found, acceptMeshed(&point) { return }
        let end = meshed.follow(to: 1)
        if case .reached = end, acceptMeshed(&point) { return }
        point.clear()
        point.iterations = meshed.iterations
        switch end {
        case .nose(let loading, let weakest):
            point.status = .voltageCollapse
            point.loadability = loading
            point.weakestBus = live.buses[meshed.position(of: weakest)]
        case .reached, .lost: point.status = search == .unfinished ? .iterationLimit : .diverged
        }
    }

    /// The largest multiple of `injections` for which there is a solution, at most `most`, found by following
    /// the solutions from the injections, a half or a quarter of them, or no load, whichever is solved first,
    /// to the nose of their curve. Nil where the curve is not found.
    public func loadingLimit(_ injections: Injections, atMost most: Double = 100) -> LoadingLimit? {
        precondition(injections.active.count == live.positions.count && most > 0)
        specified.read(injections, live, basePower: network.basePower)
        meshed.specify(specified)
        switch meshed.follow(to: most) {
        case .reached: return LoadingLimit(loading: most, weakestBus: nil)
        case .nose(let loading, let weakest):
            return LoadingLimit(loading: loading, weakestBus: live.buses[meshed.position(of: weakest)])
        case .lost: return nil
        }
    }
}

/// The largest multiple of given injections that a network can carry.
public struct LoadingLimit: Hashable, Sendable {
    /// The multiple of the injections.
    public let loading: Double
    /// Index of the bus whose voltage falls fastest there; nil where the limit was not reached.
    public let weakestBus: Int?

    /// A limit, and the bus that is weakest there.
    public init(loading: Double, weakestBus: Int?) {
        self.loading = loading
        self.weakestBus = weakestBus
    }
}

// Where a search begins and ends.
extension PowerFlowSolver {
    /// Each source's voltage over its tree, turned by the phase shifters on the way.
    static func flatStart(_ live: LiveNetwork, of network: PerUnitNetwork) -> [Complex] {
        var start = [Complex](repeating: .zero, count: live.buses.count)
        for (root, source) in zip(live.roots, network.sources) {
            start[root] = Complex.turn(by: source.angle) * source.voltage
        }
        for position in start.indices where live.parents[position] >= 0 {
            let branch = network.branches[live.parentBranches[position]]
            let shift = branch.to == live.buses[position] ? -branch.shift : branch.shift
            start[position] = start[live.parents[position]] * Complex.turn(by: shift)
        }
        return start
    }

    private func startFlat() { _ = voltage.update(fromContentsOf: flatStart) }

    /// At the voltages of `point` where it has them.
    private func start(from point: OperatingPoint) {
        startFlat()
        for (position, bus) in live.buses.enumerated()
        where live.parents[position] >= 0 && point.voltage[bus].value > 0 {
            let magnitude = point.voltage[bus].value / network.nominalVoltage[bus]
            voltage[position] = Complex.turn(by: point.angle[bus]) * magnitude
        }
    }

    private func acceptMeshed(_ point: inout OperatingPoint) -> Bool {
        meshed.write(voltage)
        return accept(meshed.iterations, &point, meshed)
    }

    /// Writes the point that the voltages describe. False where some bus's power does not agree.
    private func accept(_ iterations: Int, _ point: inout OperatingPoint, _ meshed: MeshedSolver? = nil)
        -> Bool
    {
        flows.write(voltage, specified, into: &point)
        let (surplus, base) = (flows.surplus, network.basePower)
        let given = live.roots.reduce(Complex.zero) { $0 + surplus[$1] }
        point.sourcePower = Power(given.real * base)
        point.sourceReactive = ReactivePower(given.imaginary * base)
        for (index, regulator) in network.regulators.enumerated() {
            let given = live.positions[regulator.bus].map { surplus[$0] } ?? .zero
            point.regulatorPower[index] = Power(given.real * base)
            point.regulatorReactive[index] = ReactivePower(given.imaginary * base)
        }
        point.mismatch = 0
        for position in surplus.indices {
            let left: Complex
            if let meshed {
                left = meshed.mismatch(at: position, surplus[position])
            } else {
                left = live.parents[position] < 0 ? .zero : surplus[position]
            }
            let part = left.largestPart
            if !(part <= point.mismatch) { point.mismatch = part }
        }
        guard point.mismatch <= tolerance else { return false }
        precondition(point.losses.value.isFinite && point.sourcePower.value.isFinite)
        point.iterations = iterations
        point.loadability = nil
        point.weakestBus = nil
        point.status = live.isWhole ? .converged : .islanded
        return true
    }

    /// What the loads at de-energised buses would take.
    private func unserved(_ injections: Injections) -> Power {
        guard !live.isWhole else { return .zero }
        return live.positions.indices.reduce(Power.zero) { sum, bus in
            live.positions[bus] == nil ? sum + injections.demand(at: bus) : sum
        }
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
        for regulator in regulatorReactive.indices {
            regulatorPower[regulator] = .zero
            regulatorReactive[regulator] = .zero
        }
        sourcePower = .zero
        sourceReactive = .zero
        unserved = .zero
        losses = .zero
        loadability = nil
        weakestBus = nil
    }
}

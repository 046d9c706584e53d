public import Grid
import LinearAlgebra

/// Solves the linear (DC) power flow of one network, and answers by its factors what a transfer or an outage
/// would change.
///
/// ```swift
/// let buses = ["a", "b", "c"].map {
///     Bus(name: $0, nominalVoltage: Voltage(110_000), limits: 0.9...1.1)
/// }
/// let lines = [(0, 1), (1, 2), (0, 2)].map { from, to in
///     Branch(name: "", from: from, to: to, resistance: .zero, reactance: Impedance(10))
/// }
/// let ring = Network(buses: buses, branches: lines, source: 0, sourceVoltage: 1)
/// guard let solver = DCPowerFlowSolver(network: ring) else { return }
/// let factors = solver.transferFactors(from: 0, to: 2)  // One third by b, two thirds directly.
/// ```
///
/// Every |V| is nominal, nothing is lost and nothing reactive flows: good for the active flows of meshed
/// networks at high voltage within some per cent, useless for voltages. Sources keep their angles and take
/// the remainder; what has no path to one is de-energised.
///
/// The factors are made once. One a worker: not for two threads at once.
public final class DCPowerFlowSolver {
    let model: LinearModel
    /// What each branch may carry, p.u.; nil without limit.
    let limits: [Double?]
    private let regulators: Int

    /// Nil where the equations of the network have no single solution: reactances that cancel one another, or
    /// numbers that are not finite.
    public init?(network: Network) {
        guard let model = LinearModel(PerUnitNetwork(network)) else { return nil }
        self.model = model
        limits = network.branches.map { branch in
            network.thermalLimit(of: branch).map { $0.value / network.basePower.value }
        }
        regulators = network.regulators.count
    }

    /// Solves for the active power of `injections`, at nominal voltage where it depends on voltage, and
    /// writes the result over `point`. Its status is `diverged` where a power is not finite.
    public func solve(_ injections: Injections, into point: inout OperatingPoint) {
        let network = model.network
        precondition(injections.active.count == network.nominalVoltage.count)
        let unsolved = OperatingPoint(
            buses: network.nominalVoltage.count, branches: network.branches.count, regulators: regulators)
        point = unsolved
        let injected = injected(injections)
        let given = given(injected)
        let angles = angles(given)
        point.angle = angles
        for bus in model.live.buses { point.voltage[bus] = Voltage(network.nominalVoltage[bus]) }
        write(flows(angles), given, into: &point)
        point.unserved = unserved(injections)
        point.status = model.live.isWhole ? .converged : .islanded
        if !point.isFinite { point = unsolved }
    }

    /// What is injected at each bus at nominal voltage, p.u.
    func injected(_ injections: Injections) -> [Double] {
        injections.active.indices.map { bus in
            var power = injections.active[bus]
            if let current = injections.constantCurrent { power += current.active[bus] }
            if let impedance = injections.constantImpedance { power += impedance.active[bus] }
            return power.value / model.network.basePower
        }
    }

    /// What each bus gives to the branches if it keeps its balance, p.u.: what its shunt takes is missing.
    func given(_ injected: [Double]) -> [Double] {
        zip(injected, model.network.shuntConductance).map { $0 - $1 }
    }

    /// Angles of all buses, rad; 0 at de-energised ones.
    func angles(_ given: [Double]) -> [Double] {
        var angles = [Double](repeating: 0, count: given.count)
        for source in model.network.sources { angles[source.bus] = source.angle }
        var solution = [Double](repeating: 0, count: model.factors.order)
        for (bus, unknown) in model.unknowns.enumerated() {
            if let unknown { solution[unknown] = given[bus] }
        }
        for line in model.lines {
            let known = angles[line.from] - angles[line.to] - line.shift
            model.add(-line.susceptance * known, along: line, to: &solution)
        }
        model.factors.solve(&solution)
        for (bus, unknown) in model.unknowns.enumerated() {
            if let unknown { angles[bus] = solution[unknown] }
        }
        return angles
    }

    /// Flow of each line, p.u.
    func flows(_ angles: [Double]) -> [Double] {
        model.lines.map { $0.susceptance * (angles[$0.from] - angles[$0.to] - $0.shift) }
    }

    /// The demand of the de-energised buses.
    private func unserved(_ injections: Injections) -> Power {
        model.live.positions.indices.reduce(.zero) {
            model.live.positions[$1] == nil ? $0 + injections.demand(at: $1) : $0
        }
    }

    private func write(_ flows: [Double], _ given: [Double], into point: inout OperatingPoint) {
        let network = model.network
        var remainder = given.map { -$0 }
        for (line, flow) in zip(model.lines, flows) {
            remainder[line.from] += flow
            remainder[line.to] -= flow
            point.powerFrom[line.branch] = Power(flow * network.basePower)
            point.powerTo[line.branch] = Power(-flow * network.basePower)
            let base = max(network.baseCurrent(at: line.from), network.baseCurrent(at: line.to))
            point.current[line.branch] = Current(flow.magnitude * base)
        }
        let sources = network.sources.reduce(0) { $0 + remainder[$1.bus] }
        point.sourcePower = Power(sources * network.basePower)
        for (bus, unknown) in model.unknowns.enumerated() where unknown != nil {
            point.mismatch = max(point.mismatch, remainder[bus].magnitude)
        }
    }
}

extension OperatingPoint {
    /// Whether every value of a linear solution is a number.
    fileprivate var isFinite: Bool {
        let sums = [sourcePower.value, unserved.value, mismatch]
        return sums.allSatisfy(\.isFinite) && angle.allSatisfy(\.isFinite)
            && voltage.allSatisfy(\.value.isFinite) && powerFrom.allSatisfy(\.value.isFinite)
            && current.allSatisfy(\.value.isFinite)
    }
}

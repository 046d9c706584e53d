import Grid
import PowerFlow
import TestSupport
import Testing

/// A network and what is injected into it.
struct System {
    let network: Network
    var injections: Injections

    /// A random tree of cables and transformers, 10 kV above and 400 V below, with consumers and some
    /// producers; its buses and branch ends are shuffled so that no order is given for free. `loops` more
    /// branches close loops.
    static func random(_ seed: UInt64, loops: Int = 0) -> System {
        var random = SplitMix64(seed: seed)
        let count = Int.random(in: 2...60, using: &random)
        let numbers = Array(0..<count).shuffled(using: &random)
        var nominal = [Double](repeating: 10_000, count: count)
        var branches: [Branch] = []
        for place in 1..<count {
            let parent = Int.random(in: max(0, place - 8)..<place, using: &random)
            if nominal[parent] == 10_000, Int.random(in: 0..<5, using: &random) == 0 { nominal[place] = 400 }
            if nominal[parent] == 400 { nominal[place] = 400 }
            branches.append(branch(parent, place, nominal, &random))
        }
        let upper = (0..<count).filter { nominal[$0] == 10_000 }
        for _ in 0..<loops where upper.count > 2 {
            let a = upper.randomElement(using: &random)!
            let b = upper.randomElement(using: &random)!
            if a != b { branches.append(branch(a, b, nominal, &random)) }
        }
        var injections = Injections(buses: count)
        for place in 0..<count {
            let size = nominal[place] == 400 ? 4_000.0 : 60_000
            injections.active[numbers[place]] = Power(Double.random(in: -size...size / 2, using: &random))
            injections.reactive[numbers[place]] = ReactivePower(
                Double.random(in: -size / 2...size / 4, using: &random))
        }
        let buses = (0..<count).map { bus in
            let place = numbers.firstIndex(of: bus)!
            return Bus(name: "\(bus)", nominalVoltage: Voltage(nominal[place]), limits: 0.9...1.1)
        }
        branches = branches.map { $0.between(numbers[$0.from], numbers[$0.to]) }.shuffled(using: &random)
        let network = Network(
            buses: buses, branches: branches, source: numbers[0],
            sourceVoltage: Double.random(in: 0.98...1.05, using: &random))
        return System(network: network, injections: injections)
    }

    private static func branch(
        _ near: Int, _ far: Int, _ nominal: [Double], _ random: inout SplitMix64
    ) -> Branch {
        let isTransformer = nominal[near] != nominal[far]
        let turned = Bool.random(using: &random)
        let (from, to) = turned ? (far, near) : (near, far)
        let base = nominal[to] * nominal[to] / 1e6
        let low = nominal[near] == 400
        let r = isTransformer ? 0.02 : Double.random(in: 0.001...0.02, using: &random) * (low ? 4 : 0.2)
        let x = isTransformer ? 0.08 : r * Double.random(in: 0.4...2, using: &random)
        return Branch(
            name: "\(near)-\(far)", from: from, to: to, resistance: Impedance(r * base),
            reactance: Impedance(x * base), charging: Double.random(in: 0...0.01, using: &random) / base,
            ratio: isTransformer ? Double.random(in: 0.95...1.05, using: &random) : 1)
    }
}

extension Branch {
    func between(_ from: Int, _ to: Int) -> Branch {
        Branch(
            name: name, from: from, to: to, resistance: resistance, reactance: reactance, charging: charging,
            ratio: ratio, ampacity: ampacity)
    }
}

extension PowerFlowSolver {
    func solve(_ system: System) -> OperatingPoint {
        var point = OperatingPoint(
            buses: system.network.buses.count, branches: system.network.branches.count,
            regulators: system.network.regulators.count)
        solve(system.injections, into: &point)
        return point
    }
}

extension System {
    /// Both methods find the same voltages and flows.
    func expectSweepAgreesWithNewton(tolerance: Double = 1e-10, _ name: Comment) {
        let a = PowerFlowSolver(network: network, method: .sweep, tolerance: tolerance).solve(self)
        let b = PowerFlowSolver(network: network, method: .newton, tolerance: tolerance).solve(self)
        #expect(a.status == .converged && b.status == .converged, name)
        for (bus, description) in network.buses.enumerated() {
            let limit = 1e-8 * description.nominalVoltage.value
            #expect(abs(a.voltage[bus] - b.voltage[bus] as Voltage).isBelow(limit), name)
            #expect(abs(a.angle[bus] - b.angle[bus]) < 1e-8, name)
        }
        for branch in network.branches.indices {
            #expect(abs(a.powerFrom[branch] - b.powerFrom[branch]).isBelow(0.1), name)
        }
    }
}

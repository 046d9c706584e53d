import DCPowerFlow
import Grid
import TestSupport

/// A seeded meshed network and what is injected into it: lines, transformers with taps and phase shifts,
/// parallel branches, dead ends, series capacitors, an open branch, sometimes several sources, and a bus that
/// only the open branch would feed.
struct RandomMesh {
    let network: Network
    let injections: Injections
    let generators: [NetworkCase.Generator]

    init(_ seed: UInt64, hasShifters: Bool = true) {
        var random = SplitMix64(seed: seed)
        let count = Int.random(in: 3...40, using: &random)
        let numbers = Array(0..<count + 1).shuffled(using: &random)
        var branches: [Branch] = []
        func connect(_ near: Int, _ far: Int, isClosed: Bool = true) {
            let isTransformer = Int.random(in: 0..<4, using: &random) == 0
            let x = Double.random(in: 0.02...0.3, using: &random)
            let ends = [numbers[near], numbers[far]].shuffled(using: &random)
            branches.append(
                Branch(
                    name: "\(branches.count)", from: ends[0], to: ends[1],
                    resistance: Impedance(x * Double.random(in: 0...0.5, using: &random)),
                    reactance: Impedance(Int.random(in: 0..<20, using: &random) == 0 ? -x / 9 : x),
                    ratio: isTransformer ? Double.random(in: 0.9...1.1, using: &random) : 1,
                    phaseShift: isTransformer && hasShifters
                        ? Double.random(in: -0.3...0.3, using: &random) : 0,
                    ampacity: Bool.random(using: &random)
                        ? Current(Double.random(in: 20...400, using: &random)) : nil,
                    rating: Bool.random(using: &random)
                        ? ApparentPower(Double.random(in: 1e5...4e6, using: &random)) : nil,
                    isClosed: isClosed))
        }
        for place in 1..<count { connect(Int.random(in: max(0, place - 6)..<place, using: &random), place) }
        for _ in 0..<count / 2 {
            let pair = (0..<count).shuffled(using: &random).prefix(2)
            if pair.count == 2 { connect(pair[0], pair[1]) }
        }
        connect(0, count, isClosed: false)
        var sources = [Network.Source(bus: numbers[0], voltage: 1, angle: 0.1)]
        if seed % 3 == 0 { sources.append(Network.Source(bus: numbers[1], voltage: 1, angle: 0.13)) }
        let held = Set(sources.map(\.bus))
        let buses = (0...count).map { bus in
            Bus(
                name: "\(bus)", nominalVoltage: Voltage(bus % 2 == 0 ? 1000 : 10_000), limits: 0.9...1.1,
                shuntConductance: bus % 5 == 0 ? 0.01 : 0)
        }
        let regulated = (0...count).filter { !held.contains($0) && $0 % 7 == 1 }
        network = Network(
            buses: buses, branches: branches.map { $0.scaled(by: buses[$0.to].nominalVoltage) },
            sources: sources,
            regulators: regulated.map { Network.Regulator(bus: $0, voltage: 1, participation: 0.5) })
        var injections = Injections(buses: count + 1)
        for bus in 0...count {
            injections.active[bus] = Power(Double.random(in: -8e5...4e5, using: &random))
        }
        self.injections = injections
        generators = regulated.map { bus in
            NetworkCase.Generator(
                name: "\(bus)", bus: bus, active: Power(Double.random(in: 1e5...9e5, using: &random)),
                voltage: 1)
        }
    }
}

extension Branch {
    /// From per unit on 1 MW to ohms.
    fileprivate func scaled(by voltage: Voltage) -> Branch {
        let unit = voltage.value * voltage.value / 1e6
        var branch = self
        branch.resistance = resistance * unit
        branch.reactance = reactance * unit
        return branch
    }
}

extension Network {
    func opening(_ branch: Int) -> Network {
        var network = self
        network.branches[branch].isClosed = false
        return network
    }

    /// Of each branch; infinite without one.
    func limit(_ branch: Int) -> Double {
        let wire = branches[branch]
        let voltage = min(buses[wire.from].nominalVoltage.value, buses[wire.to].nominalVoltage.value)
        let thermal = wire.ampacity.map { $0.value * voltage * 3.0.squareRoot() } ?? .infinity
        return min(thermal, wire.rating?.value ?? .infinity)
    }

    func flow(_ injections: Injections) -> OperatingPoint {
        var point = OperatingPoint(buses: buses.count, branches: branches.count)
        DCPowerFlowSolver(network: self)?.solve(injections, into: &point)
        return point
    }
}

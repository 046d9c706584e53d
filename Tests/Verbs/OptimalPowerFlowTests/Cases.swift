import CaseFile
import Foundation
import Grid
import OptimalPowerFlow
import TestSupport

/// Cases of the tests: files, and networks drawn from a seed.
enum Cases {
    static let vectors = Checkout.golden.appending(path: "opf")

    static func load(_ name: String) throws -> NetworkCase {
        try CaseFile.load(path: vectors.appending(path: "\(name).m").path()).networkCase
    }

    /// Numbers of SplitMix64.
    struct Random {
        var state: UInt64

        mutating func number(_ range: ClosedRange<Double>) -> Double {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            let part = Double((z ^ (z >> 31)) >> 11) / Double(1 << 53)
            return range.lowerBound + part * (range.upperBound - range.lowerBound)
        }

        mutating func index(below count: Int) -> Int { min(count - 1, Int(number(0...Double(count)))) }
    }

    /// A tree with some loops; half the buses have a unit, of quadratic or piecewise linear cost; a third of
    /// the branches are tight. A dear unit at each bus makes sure that there is a dispatch.
    static func drawn(seed: UInt64, buses: Int) -> NetworkCase {
        var random = Random(state: seed)
        let nodes = (0..<buses).map {
            Bus(name: "\($0)", nominalVoltage: Voltage(110e3), limits: 0.9...1.1)
        }
        let unit = 110e3 * 110e3 / 100e6
        func branch(_ from: Int, _ to: Int) -> Branch {
            let x = random.number(0.02...0.3)
            return Branch(
                name: "\(from)-\(to)", from: from, to: to, resistance: Impedance(0.2 * x * unit),
                reactance: Impedance(x * unit), ratio: random.number(0.95...1.05),
                phaseShift: random.number(-0.004...0.004),
                rating: ApparentPower(random.number(0...1) < 0.33 ? 12e6 : 300e6),
                angleLimits: random.number(0...1) < 0.1 ? -0.03...0.02 : nil)
        }
        var branches = (1..<buses).map { branch(random.index(below: $0), $0) }
        for _ in 0..<buses / 2 {
            let (a, b) = (random.index(below: buses), random.index(below: buses))
            if a != b { branches.append(branch(a, b)) }
        }
        var generators: [NetworkCase.Generator] = []
        for bus in 0..<buses {
            if random.number(0...1) < 0.5 {
                generators.append(
                    .init(
                        name: "unit \(bus)", bus: bus, active: .zero, activeLimits: Power(2e6)...Power(80e6),
                        cost: cost(&random)))
            }
            let dear = CostCurve.polynomial(
                constant: 0, linear: 500e-6 + random.number(0...1e-5), quadratic: 0)
            generators.append(
                .init(name: "dear", bus: bus, active: .zero, activeLimits: .zero...Power(100e6), cost: dear))
        }
        let loads = (0..<buses).map {
            NetworkCase.Load(
                name: "", bus: $0, active: Power(random.number(5e6...40e6)), reactive: .zero)
        }
        return NetworkCase(
            name: "drawn", buses: nodes, branches: branches, sources: [.init(bus: 0, voltage: 1)],
            loads: loads, generators: generators, basePower: Power(100e6))
    }

    private static func cost(_ random: inout Random) -> CostCurve {
        let slope = random.number(20e-6...60e-6)
        if random.number(0...1) < 0.5 {
            let quadratic = random.number(0...1) < 0.3 ? 0 : random.number(0.01e-12...0.2e-12)
            return .polynomial(constant: 10, linear: slope, quadratic: quadratic)
        }
        var points = [CostCurve.Point(power: .zero, cost: 5)]
        for k in 1...3 {
            let step = slope * (1 + 0.2 * Double(k)) * 25e6
            points.append(.init(power: Power(25e6 * Double(k)), cost: points[k - 1].cost + step))
        }
        return .piecewise(points)
    }
}

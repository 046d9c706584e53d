import CaseFile
import Foundation
import Grid
import OptimalPowerFlow
import TestSupport
import Testing

/// Cases of the tests: files, and networks drawn from a seed.
enum Cases {
    /// The folder of pglib-opf, where the environment names one.
    static let pglib = ProcessInfo.processInfo.environment["KARST_PGLIB"]

    static func loadPGLib(_ name: String) throws -> NetworkCase {
        try CaseFile.load(path: "\(try #require(pglib))/pglib_opf_\(name).m").networkCase
    }

    static func loadFetched(_ name: String) throws -> NetworkCase {
        try CaseFile.load(path: Checkout.fetchedCases.appending(path: "\(name).m").path()).networkCase
    }

    /// A case of `Tests/Golden/opf` by its file's name, or one of `Tests/Golden/powerflow` by its folder.
    static func load(_ name: String) throws -> NetworkCase {
        let file = name.hasPrefix("case") ? "opf/\(name).m" : "powerflow/\(name)/case.m"
        return try CaseFile.load(path: Checkout.golden.appending(path: file).path()).networkCase
    }

    /// A tree with some loops; half the buses have a unit, of quadratic or piecewise linear cost; a third of
    /// the branches are tight. A dear unit at each bus makes sure that there is a dispatch.
    static func drawn(seed: UInt64, buses: Int) -> NetworkCase {
        var random = SplitMix64(seed: seed)
        let nodes = (0..<buses).map {
            Bus(name: "\($0)", nominalVoltage: Voltage(110e3), limits: 0.9...1.1)
        }
        let unit = 110e3 * 110e3 / 100e6
        func branch(_ from: Int, _ to: Int) -> Branch {
            let x = random.uniform(0.02...0.3)
            return Branch(
                name: "\(from)-\(to)", from: from, to: to, resistance: Impedance(0.2 * x * unit),
                reactance: Impedance(x * unit), ratio: random.uniform(0.95...1.05),
                phaseShift: random.uniform(-0.004...0.004),
                rating: ApparentPower(random.uniform(0...1) < 0.33 ? 12e6 : 300e6),
                angleLimits: random.uniform(0...1) < 0.1 ? -0.03...0.02 : nil)
        }
        var branches = (1..<buses).map { branch(random.whole(0..<$0), $0) }
        for _ in 0..<buses / 2 {
            let (a, b) = (random.whole(0..<buses), random.whole(0..<buses))
            if a != b { branches.append(branch(a, b)) }
        }
        var generators: [NetworkCase.Generator] = []
        for bus in 0..<buses {
            if random.uniform(0...1) < 0.5 {
                generators.append(
                    .init(
                        name: "unit \(bus)", bus: bus, active: .zero, activeLimits: Power(2e6)...Power(80e6),
                        cost: cost(&random)))
            }
            let dear = CostCurve.polynomial(
                constant: 0, linear: 500e-6 + random.uniform(0...1e-5), quadratic: 0)
            generators.append(
                .init(name: "dear", bus: bus, active: .zero, activeLimits: .zero...Power(100e6), cost: dear))
        }
        let loads = (0..<buses).map {
            NetworkCase.Load(
                name: "", bus: $0, active: Power(random.uniform(5e6...40e6)), reactive: .zero)
        }
        return NetworkCase(
            name: "drawn", buses: nodes, branches: branches, sources: [.init(bus: 0, voltage: 1)],
            loads: loads, generators: generators, basePower: Power(100e6))
    }

    private static func cost(_ random: inout SplitMix64) -> CostCurve {
        let slope = random.uniform(20e-6...60e-6)
        if random.uniform(0...1) < 0.5 {
            let quadratic = random.uniform(0...1) < 0.3 ? 0 : random.uniform(0.01e-12...0.2e-12)
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

extension Trait where Self == ConditionTrait {
    /// Runs a test where `KARST_PGLIB` names the folder of pglib-opf.
    static var needsPGLib: Self {
        .enabled(if: Cases.pglib != nil, "KARST_PGLIB names no folder of pglib-opf")
    }

    /// Runs a test where `scripts/test-cases` has fetched these cases.
    static func needsFetched(_ cases: [String]) -> Self {
        .enabled(if: Checkout.hasFetched(cases), "scripts/test-cases has not fetched \(cases)")
    }
}

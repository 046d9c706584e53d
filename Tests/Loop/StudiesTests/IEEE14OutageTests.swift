import Grid
import Monitoring
import Studies
import Testing

/// Every branch of the IEEE 14-bus test case (University of Washington power systems test case archive;
/// figures as in MATPOWER 8.1's case14) out alone, against pandapower 3.5.6 (`runpp`, reactive limits not
/// heeded): the largest apparent power at a branch's end, and the lowest voltage with its bus.
@Suite struct IEEE14OutageTests {
    /// p.u. on 100 MVA.
    private static let branches: [(from: Int, to: Int, r: Double, x: Double, b: Double, ratio: Double)] = [
        (1, 2, 0.01938, 0.05917, 0.0528, 1), (1, 5, 0.05403, 0.22304, 0.0492, 1),
        (2, 3, 0.04699, 0.19797, 0.0438, 1), (2, 4, 0.05811, 0.17632, 0.034, 1),
        (2, 5, 0.05695, 0.17388, 0.0346, 1), (3, 4, 0.06701, 0.17103, 0.0128, 1),
        (4, 5, 0.01335, 0.04211, 0, 1), (4, 7, 0, 0.20912, 0, 0.978), (4, 9, 0, 0.55618, 0, 0.969),
        (5, 6, 0, 0.25202, 0, 0.932), (6, 11, 0.09498, 0.1989, 0, 1), (6, 12, 0.12291, 0.25581, 0, 1),
        (6, 13, 0.06615, 0.13027, 0, 1), (7, 8, 0, 0.17615, 0, 1), (7, 9, 0, 0.11001, 0, 1),
        (9, 10, 0.03181, 0.0845, 0, 1), (9, 14, 0.12711, 0.27038, 0, 1), (10, 11, 0.08205, 0.19207, 0, 1),
        (12, 13, 0.22092, 0.19988, 0, 1), (13, 14, 0.17093, 0.34802, 0, 1),
    ]
    /// MW and Mvar.
    private static let loads: [(Double, Double)] = [
        (0, 0), (21.7, 12.7), (94.2, 19), (47.8, -3.9), (7.6, 1.6), (11.2, 7.5), (0, 0), (0, 0), (29.5, 16.6),
        (9, 5.8), (3.5, 1.8), (6.1, 1.6), (13.5, 5.8), (14.9, 5),
    ]
    private static let generators = [
        (1, 232.4, 1.06), (2, 40, 1.045), (3, 0, 1.01), (6, 0, 1.07), (8, 0, 1.09),
    ]
    /// MVA, p.u. and the bus's index, by branch; −1 is the network as it is.
    private static let expected: [(outage: Int, power: Double, voltage: Double, bus: Int)] = [
        (-1, 158.204224, 1.01, 2), (0, 263.716384, 0.99348406, 4), (1, 242.950198, 1.00644207, 4),
        (2, 149.397436, 1.01, 2), (3, 143.427342, 1.00709562, 3), (4, 143.120877, 1.01, 2),
        (5, 163.952611, 1.01, 2), (6, 179.796158, 1.01, 2), (7, 157.771905, 1.01, 2),
        (8, 157.913157, 1.01, 2), (9, 162.894246, 1.01, 2), (10, 158.644978, 1.01, 2),
        (11, 158.403907, 1.01, 2), (12, 159.09751, 0.99797943, 12), (13, 158.438759, 1.01, 2),
        (14, 157.578322, 1.01, 2), (15, 158.049469, 1.01, 2), (16, 158.186692, 0.99687008, 13),
        (17, 158.402968, 1.01, 2), (18, 158.217629, 1.01, 2), (19, 158.503934, 1.01, 2),
    ]

    private let networkCase: NetworkCase

    init() {
        // 100 kV, so that 1 p.u. is 100 Ω. A floor of 1.02 p.u. makes every lowest voltage a violation.
        let bus = { (index: Int) in
            Bus(
                name: "\(index + 1)", nominalVoltage: Voltage(100e3), limits: 1.02...1.2,
                shuntSusceptance: index == 8 ? 0.19 / 100 : 0)
        }
        networkCase = NetworkCase(
            name: "IEEE 14", buses: (0..<14).map(bus),
            branches: Self.branches.map {
                Branch(
                    name: "\($0.from)-\($0.to)", from: $0.from - 1, to: $0.to - 1,
                    resistance: Impedance($0.r * 100), reactance: Impedance($0.x * 100),
                    charging: $0.b / 100, ratio: $0.ratio, rating: ApparentPower(100e6))
            }, sources: [.init(bus: 0, voltage: 1.06)],
            loads: Self.loads.enumerated().map { index, load in
                NetworkCase.Load(
                    name: "", bus: index, active: Power(load.0 * 1e6), reactive: ReactivePower(load.1 * 1e6))
            },
            generators: Self.generators.map {
                NetworkCase.Generator(
                    name: "\($0.0)", bus: $0.0 - 1, active: Power($0.1 * 1e6), voltage: $0.2)
            }, basePower: Power(100e6))
    }

    private func expect(_ found: Contingency, _ power: Double, _ voltage: Double, _ bus: Int) {
        #expect(found.isVerified && (found.loading! * 100 - power).magnitude < 2e-5)
        let lowest = found.violations.filter { $0.kind == .undervoltage }.min { $0.value < $1.value }
        #expect((lowest!.value - voltage).magnitude < 1e-7 && lowest!.place == bus)
    }

    @Test func everyBranchOutage() throws {
        let report = try #require(ContingencyAnalysis(verification: .all).study(networkCase))
        expect(report.base, Self.expected[0].power, Self.expected[0].voltage, Self.expected[0].bus)
        for (index, power, voltage, bus) in Self.expected.dropFirst() {
            let found = try #require(report.contingencies.first { $0.outage == .branch(index) })
            #expect(found.status == (index == 13 ? .islanded : .converged))
            expect(found, power, voltage, bus)
        }
    }

    /// Without the condenser at bus 8 the rest is as without the branch to it; its bus is no longer held.
    @Test func aLostGeneratorHoldsNoVoltage() throws {
        let report = try #require(ContingencyAnalysis(verification: .all).study(networkCase))
        let generators = report.contingencies.filter {
            if case .generator = $0.outage { true } else { false }
        }
        #expect(Set(generators.map(\.outage)) == Set((1...4).map { .generator($0) }))
        let found = try #require(generators.first { $0.outage == .generator(4) })
        expect(found, 158.438759, 1.01, 2)
        #expect(found.status == .converged && found.unserved == .zero)
    }
}

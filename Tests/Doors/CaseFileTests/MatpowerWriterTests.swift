import CaseFile
import Grid
import TestSupport
import Testing

/// What is written can be solved by MATPOWER.
@Suite("MATPOWER files out")
struct MatpowerWriterTests {
    private static func line(_ from: Int, _ to: Int, _ x: Double, isClosed: Bool = true) -> Branch {
        Branch(
            name: "\(from)-\(to)", from: from, to: to, resistance: .zero, reactance: Impedance(x),
            charging: 1e-5, isClosed: isClosed)
    }

    private static func networkCase(_ branches: [Branch]) -> NetworkCase {
        NetworkCase(
            name: "net",
            buses: (0..<4).map { Bus(name: "b\($0)", nominalVoltage: Voltage(110e3), limits: 0.9...1.1) },
            branches: branches, sources: [.init(bus: 0, voltage: 1.02, angle: 0.1)],
            loads: [.init(name: "", bus: 1, active: Power(1e6), reactive: .zero)],
            generators: [.init(name: "g", bus: 3, active: Power(1e6), voltage: 1)], basePower: Power(100e6))
    }

    /// The numbers of a table of the text.
    private func table(_ name: String, _ text: String) -> [[Double]] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = lines.firstIndex { $0.hasPrefix("mpc.\(name) = [") }!
        return lines[(start + 1)...].prefix { $0 != "];" }.map { line in
            line.dropLast().split(separator: "\t").map { Double($0.replacing("Inf", with: "infinity"))! }
        }
    }

    @Test func busesWithoutASourceAreIsolated() throws {
        let text = try CaseFile.text(
            Self.networkCase([Self.line(0, 1, 1), Self.line(1, 2, 1, isClosed: false), Self.line(2, 3, 1)]),
            as: .matpower)
        #expect(table("bus", text).map { $0[1] } == [3, 1, 4, 4])
    }

    @Test func theStartIsWritten() throws {
        let start = StartVoltages(magnitudes: [1, 0.98, 0, 1], angles: [0, -2.5, 0, 0])
        let text = try CaseFile.text(
            Self.networkCase([Self.line(0, 1, 1), Self.line(1, 3, 1)]), as: .matpower, start: start)
        let bus = table("bus", text)
        // The source's own voltage, the solution, and 1 where there is none.
        #expect(bus.map { $0[7] } == [1.02, 0.98, 1, 1])
        #expect(near(bus[1][8], -2.5 * 180 / .pi, relative: 1e-15, absolute: 0))
        #expect(near(bus[0][8], 0.1 * 180 / .pi, relative: 1e-15, absolute: 0) && bus[2][8] == 0)
    }

    @Test func noImpedanceIsBelowTheLeast() throws {
        let text = try CaseFile.text(
            Self.networkCase([Self.line(0, 1, 0), Self.line(1, 2, 1e-9), Self.line(2, 3, 12.1)]),
            as: .matpower)
        let reactances = table("branch", text).map { $0[3] }
        #expect(reactances.prefix(2) == [1e-7, 1e-7])
        #expect(near(reactances[2], 0.1, relative: 1e-14, absolute: 0))
    }

    /// A branch from a bus to itself takes there what its shunts take, and what a ratio drives round.
    @Test func noBranchLeadsToItsOwnBus() throws {
        var loop = Self.line(1, 1, 12.1)
        loop.ratio = 0.5
        let networkCase = Self.networkCase([
            Self.line(0, 1, 1), loop, Self.line(2, 2, 0, isClosed: false),
        ])
        let text = try CaseFile.text(networkCase, as: .matpower)
        #expect(table("branch", text).count == 1)
        // y = −j·10 p.u. and h = j·0.5e-5 S·121 Ω; with 1/t = 2 they are 5·h + y.
        let (conductance, susceptance) = (table("bus", text)[1][4], table("bus", text)[1][5])
        #expect(conductance == 0)
        #expect(near(susceptance, 100 * (5 * 0.5e-5 * 121 - 10), relative: 1e-12, absolute: 0))
    }

    /// Costs of every kind, and of generators that do not run and have none.
    @Test func costsComeBack() throws {
        var networkCase = try read(MatpowerTests.small).networkCase
        networkCase.generators[0].cost = .higherPolynomial(coefficients: [1, 2e-6, 3e-12, 4e-18, 5e-24])
        networkCase.generators[1].reactiveCost = .polynomial(constant: 0, linear: 1e-6, quadratic: 0)
        networkCase.generators[3].cost = nil
        let again = try read(CaseFile.text(networkCase, as: .matpower)).networkCase
        #expect(again.generators.map(\.cost).prefix(3) == networkCase.generators.map(\.cost).prefix(3))
        #expect(again.generators[1].reactiveCost == networkCase.generators[1].reactiveCost)
        #expect(again.generators[3].cost == .polynomial(constant: 0, linear: 0, quadratic: 0))
    }
}

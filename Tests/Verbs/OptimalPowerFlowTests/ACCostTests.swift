import CaseFile
import Grid
import OptimalPowerFlow
import TestSupport
import Testing

/// Costs of reactive power and polynomials of any degree: the optima of MATPOWER 8.1, with tolerances of
/// 1e-10.
@Suite struct ACCostTests {
    /// Three buses, two generators; made up.
    private static func tiny(_ costs: String) throws -> NetworkCase {
        let text = """
            function mpc = tiny
            mpc.version = '2';
            mpc.baseMVA = 100;
            mpc.bus = [
            1 3 0 0 0 0 1 1 0 110 1 1.1 0.9;
            2 1 40 10 0 5 1 1 0 110 1 1.1 0.9;
            3 2 20 5 0 0 1 1 0 110 1 1.1 0.9;
            ];
            mpc.gen = [
            1 0 0 200 -200 1.02 100 1 250 0;
            3 30 0 100 -100 1.01 100 1 100 10;
            ];
            mpc.branch = [
            1 2 0.01 0.1 0.02 100 0 0 0 0 1 -360 360;
            2 3 0.02 0.15 0.03 100 0 0 0 0 1 -360 360;
            1 3 0.015 0.12 0.02 100 0 0 0.98 5 1 -360 360;
            ];
            mpc.gencost = [\(costs)];

            """
        return try CaseFile.parse(Array(text.utf8), name: "tiny.m", format: .matpower).networkCase
    }

    private static let square = "2 0 0 3 0.02 20 0; 2 0 0 3 0.01 25 0"

    @Test(arguments: [
        (square, 1309.280367),
        (square + "; 2 0 0 3 0.1 0 0; 2 0 0 3 0.1 0 0", 1311.00350868),
        ("2 0 0 5 0 1e-4 0.02 20 0; 2 0 0 5 1e-6 1e-5 0.01 25 7", 1329.08467802),
        (
            "2 0 0 5 0 1e-4 0.02 20 0; 2 0 0 5 1e-6 1e-5 0.01 25 7; 2 0 0 5 0 0 0.05 -1 0; 2 0 0 5 1e-4 0 0.1 0 0",
            1324.20587684
        ),
    ])
    func everyCostCounts(costs: String, cost: Double) throws {
        let networkCase = try Self.tiny(costs)
        let optimum = try ACOptimalPowerFlow(networkCase).solve()
        #expect(optimum.status == .optimal)
        #expect(abs(optimum.cost / cost - 1) < 3e-8, "\(optimum.cost)")
        ACCheck(networkCase, optimum).expectOptimal()
    }

    /// case9Q of MATPOWER is case9 with these costs of reactive power.
    @Test func reactivePowerOfCase9() throws {
        var networkCase = try Cases.load("wscc9")
        for index in networkCase.generators.indices {
            networkCase.generators[index].reactiveCost = .polynomial(
                constant: 0, linear: 0, quadratic: [0.2e-12, 0.05e-12, 0.3e-12][index])
        }
        let optimum = try ACOptimalPowerFlow(networkCase).solve()
        #expect(abs(optimum.cost / 5301.104804 - 1) < 3e-8, "\(optimum.cost)")
    }

    /// Straight lines between points of a parabola cost more than it does, by at most a quarter of its bend
    /// times the square of their distance.
    @Test func piecesOfReactivePowerComeNearTheParabola() throws {
        let count = 16
        let width = 400.0 / Double(count)
        let points = (0...count).map { (at: Int) -> String in
            let mvar = -200 + width * Double(at)
            return "\(mvar) \(0.1 * mvar * mvar)"
        }
        let pad = String(repeating: " 0", count: 2 * count - 1)
        let pieces = "1 0 0 \(count + 1) " + points.joined(separator: " ")
        let costs = "2 0 0 3 0.02 20 0\(pad); 2 0 0 3 0.01 25 0\(pad); \(pieces); \(pieces)"
        let excess = try ACOptimalPowerFlow(Self.tiny(costs)).solve().cost - 1311.00350868
        #expect(excess > 0 && excess < 2 * 0.1 * width * width / 4, "\(excess)")
    }

    /// A polynomial whose higher terms are nothing is the square itself.
    @Test func aHigherTermOfNothingChangesNothing() throws {
        let networkCase = try Cases.load("ieee14")
        var other = networkCase
        for (index, generator) in networkCase.generators.enumerated() {
            guard case .polynomial(let constant, let linear, let quadratic)? = generator.cost else {
                continue
            }
            other.generators[index].cost = .higherPolynomial(
                coefficients: [constant, linear, quadratic, 1e-60])
        }
        let (plain, higher) = (
            try ACOptimalPowerFlow(networkCase).solve(), try ACOptimalPowerFlow(other).solve()
        )
        #expect(abs(higher.cost / plain.cost - 1) < 1e-8)
    }

    @Test(
        arguments: [
            (
                "2 0 0 4 -1e-3 0.02 20 0; 2 0 0 4 0 0.01 25 0",
                "'gen-1' needs finite limits and a cost that is convex"
            ),
            (
                square + "; 2 0 0 3 -0.1 0 0; 2 0 0 3 0.1 0 0",
                "'gen-1' needs finite limits and a cost of reactive power that is convex"
            ),
        ] as [(String, String)])
    func whatIsNotConvexIsRefused(costs: String, message: String) throws {
        let networkCase = try Self.tiny(costs)
        let mistake = #expect(throws: CaseMistake.self) { try ACOptimalPowerFlow(networkCase) }
        #expect(mistake?.messages == [message])
    }

    @Test func theLinearNetworkTakesTheSquareAtMost() throws {
        let networkCase = try Self.tiny("2 0 0 5 0 1e-4 0.02 20 0; 2 0 0 5 1e-6 1e-5 0.01 25 7")
        let mistake = #expect(throws: CaseMistake.self) { try DCOptimalPowerFlow(networkCase) }
        #expect(mistake?.messages.map { $0.contains("is a polynomial of degree") } == [true, true])
    }

    /// A transformer that turns the angle of all behind it by 150° changes no cost.
    @Test func turnsOfTransformersChangeNothing() throws {
        let text = """
            function mpc = two
            mpc.version = '2';
            mpc.baseMVA = 100;
            mpc.bus = [1 3 0 0 0 0 1 1 0 110 1 1.1 0.9; 2 2 50 10 0 0 1 1 0 20 1 1.1 0.9];
            mpc.gen = [1 0 0 90 -90 1.02 100 1 90 0; 2 20 0 50 -50 1 100 1 50 0];
            mpc.branch = [1 2 0.01 0.1 0 100 0 0 1 SHIFT 1 -360 360];
            mpc.gencost = [2 0 0 2 20 0; 2 0 0 2 30 0];

            """
        let costs = try ["0", "150", "-150"].map { shift in
            let bytes = Array(text.replacing("SHIFT", with: shift).utf8)
            let networkCase = try CaseFile.parse(bytes, name: "two.m", format: .matpower).networkCase
            return try ACOptimalPowerFlow(networkCase).solve()
        }
        #expect(costs.allSatisfy { $0.status == .optimal && abs($0.cost / costs[0].cost - 1) < 1e-8 })
    }

    /// Beyond a whole turn a limit is still one, if it leaves no turn out: such a case has no dispatch.
    @Test(arguments: [(400.0, Double.infinity), (-Double.infinity, -400.0)])
    func anglesBeyondAWholeTurnAreNotForgotten(lower: Double, upper: Double) throws {
        let networkCase = try Self.tiny(Self.square)
        let network = networkCase.network
        var branches = network.branches
        branches[0].angleLimits = lower * .pi / 180...upper * .pi / 180
        let limited = NetworkCase(
            name: "", buses: network.buses, branches: branches, sources: network.sources,
            loads: networkCase.loads, generators: networkCase.generators, basePower: network.basePower)
        #expect(try ACOptimalPowerFlow(limited).solve().status != .optimal)
        #expect(try DCOptimalPowerFlow(limited).solve().status != .optimal)
    }
}

import DCPowerFlow
import Grid
import Testing

/// The IEEE 14-bus test case (University of Washington power systems test case archive; figures as in
/// MATPOWER 8.1's case14), against the flows, PTDF and LODF of pandapower 3.5.6's pypower (makeBdc, makePTDF
/// with slack 0, makeLODF).
@Suite struct IEEE14Tests {
    private static let branches: [(from: Int, to: Int, reactance: Double, ratio: Double)] = [
        (1, 2, 0.05917, 1), (1, 5, 0.22304, 1), (2, 3, 0.19797, 1), (2, 4, 0.17632, 1), (2, 5, 0.17388, 1),
        (3, 4, 0.17103, 1), (4, 5, 0.04211, 1), (4, 7, 0.20912, 0.978), (4, 9, 0.55618, 0.969),
        (5, 6, 0.25202, 0.932), (6, 11, 0.1989, 1), (6, 12, 0.25581, 1), (6, 13, 0.13027, 1),
        (7, 8, 0.17615, 1), (7, 9, 0.11001, 1), (9, 10, 0.0845, 1), (9, 14, 0.27038, 1),
        (10, 11, 0.19207, 1), (12, 13, 0.19988, 1), (13, 14, 0.34802, 1),
    ]
    private static let loads = [0, 21.7, 94.2, 47.8, 7.6, 11.2, 0, 0, 29.5, 9, 3.5, 6.1, 13.5, 14.9]

    private let network: Network
    private let injections: Injections

    init() {
        let voltage = Voltage(100e3)
        network = Network(
            buses: (1...14).map { Bus(name: "\($0)", nominalVoltage: voltage, limits: 0.94...1.06) },
            branches: Self.branches.map {
                Branch(
                    name: "\($0.from)-\($0.to)", from: $0.from - 1, to: $0.to - 1, resistance: .zero,
                    reactance: Impedance($0.reactance * 100), ratio: $0.ratio)
            }, sources: [.init(bus: 0, voltage: 1.06)], basePower: Power(100e6))
        var injections = Injections(buses: 14)
        for bus in 0..<14 { injections.active[bus] = Power(-1e6 * Self.loads[bus]) }
        injections.active[1] += Power(40e6)
        self.injections = injections
    }

    private func expect(_ found: [Double], _ wanted: [Double], _ tolerance: Double) {
        #expect(found.count == wanted.count)
        for (index, (a, b)) in zip(found, wanted).enumerated() {
            #expect((a - b).magnitude <= tolerance, "\(index)")
        }
    }

    @Test func flowsAndAngles() {
        let point = network.flow(injections)
        expect(
            point.powerFrom.map { $0.value / 1e6 },
            [
                147.838596, 71.161404, 70.014636, 55.151853, 40.972107, -24.185364, -61.746491, 28.361153,
                16.551827, 42.787021, 6.728346, 7.607358, 17.251317, 0, 28.361153, 5.771654, 9.641325,
                -3.228346, 1.507358, 5.258675,
            ], 1e-6)
        expect(
            point.angle.map { $0 * 180 / .pi },
            [
                0, -5.012011, -12.953663, -10.583667, -9.093894, -14.852079, -13.907055, -13.907055,
                -15.694689,
                -15.974123, -15.61885, -15.967077, -16.139704, -17.188288,
            ], 1e-6)
        #expect((point.sourcePower.value - 219e6).magnitude < 1e-3)
    }

    @Test func factors() throws {
        let solver = try #require(DCPowerFlowSolver(network: network))
        expect(
            solver.transferFactors(ofBranch: 6),
            [
                0, 0.07991252, 0.30667111, 0.5025721, -0.30122848, -0.03894056, 0.35835598, 0.35835598,
                0.2807828, 0.22396192, 0.09480705, -0.013676, 0.00606475, 0.16066917,
            ], 1e-8)
        expect(
            try #require(solver.outageFactors(ofBranch: 0)),
            [
                -1, 1, -0.16884621, -0.35335896, -0.47779484, -0.16884621, -0.49334398, -0.01822494,
                -0.01063624,
                0.02886118, 0.01737953, 0.00255259, 0.00892907, 0, -0.01822494, -0.01737953, -0.01148165,
                -0.01737953, 0.00255259, 0.01148165,
            ], 1e-8)
        expect(
            try #require(solver.outageFactors(ofBranch: 8)),
            [
                -0.02154448, 0.02154448, -0.01827204, -0.03823947, 0.03496704, -0.01827204, 0.30449898,
                0.6389895,
                -1, 0.3610105, 0.21739207, 0.0319291, 0.11168933, 0, 0.6389895, -0.21739207, -0.14361843,
                -0.21739207, 0.0319291, 0.14361843,
            ], 1e-8)
        #expect(solver.outageFactors(ofBranch: 13) == nil)
    }
}

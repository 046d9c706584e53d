import Grid
import PowerFlow
import Testing

/// Networks small enough to solve on paper.
@Suite struct PowerFlowSolverTests {
    static let methods: [PowerFlowSolver.Method] = [.sweep, .newton, .automatic]

    static func buses(_ kilovolts: [Double]) -> [Bus] {
        kilovolts.map { Bus(name: "\($0) kV", nominalVoltage: Voltage($0 * 1000), limits: 0.9...1.1) }
    }

    static func line(_ from: Int, _ to: Int, r: Double, x: Double, charging: Double = 0, ratio: Double = 1)
        -> Branch
    {
        Branch(
            name: "\(from)-\(to)", from: from, to: to, resistance: Impedance(r), reactance: Impedance(x),
            charging: charging, ratio: ratio)
    }

    static func point(_ network: Network, _ method: PowerFlowSolver.Method, _ loads: [Int: (Double, Double)])
        -> OperatingPoint
    {
        var injections = Injections(buses: network.buses.count)
        for (bus, load) in loads {
            injections.active[bus] = Power(-load.0)
            injections.reactive[bus] = ReactivePower(-load.1)
        }
        return PowerFlowSolver(network: network, method: method).solve(
            System(network: network, injections: injections))
    }

    /// At 10 kV and 1 MVA, 10⁻⁶ ohm are 10⁻⁸ p.u.: less than rounding tells from none.
    @Test("a short wire is solved to what rounding allows", arguments: [1e-2, 1e-4, 1e-5, 1e-6, 1e-9, 0])
    func shortWires(ohm: Double) {
        let wires = [(0, 1), (1, 2), (0, 2)].map { Self.line($0.0, $0.1, r: ohm, x: ohm) }
        for branches in [Array(wires[..<2]), wires] {
            let network = Network(
                buses: Self.buses([10, 10, 10]), branches: branches, source: 0, sourceVoltage: 1)
            let solver = PowerFlowSolver(network: network, tolerance: 1e-10)
            for kilowatts in [0.001, 50, 80, 1234.5, 20_000] {
                var injections = Injections(buses: 3)
                injections.active[2] = -Power(kilowatts: kilowatts)
                var point = OperatingPoint(buses: 3, branches: branches.count)
                solver.solve(injections, into: &point)
                #expect(point.status == .converged)
                let left = (point.sourcePower - point.losses).kilowatts - kilowatts
                #expect(abs(left) < 1e-3)
                #expect(abs(point.voltage[2].value - 10_000) < 50)
            }
        }
    }

    /// |V₂|² solves t² + (2(PR + QX) − V₁²)·t + (P² + Q²)(R² + X²) = 0, the larger root.
    @Test(arguments: methods) func twoBusesMeetTheQuadratic(method: PowerFlowSolver.Method) {
        let network = Network(
            buses: Self.buses([10, 10]), branches: [Self.line(0, 1, r: 1.2, x: 0.9)], source: 0,
            sourceVoltage: 1.02)
        let point = Self.point(network, method, [1: (2e6, 1e6)])
        let (p, q, r, x, v) = (2e6, 1e6, 1.2, 0.9, 10_200.0)
        let half = v * v / 2 - (p * r + q * x)
        let square = half + (half * half - (p * p + q * q) * (r * r + x * x)).squareRoot()
        #expect(abs(point.voltage[1].value - square.squareRoot()) < 1e-4)
        let current = ((p * p + q * q) / (3 * square)).squareRoot()
        #expect(abs(point.current[0].value - current) < 1e-5)
        #expect(abs(point.losses.value - 3 * current * current * r) < 0.02)
        #expect(abs(point.sourcePower.value - p - 3 * current * current * r) < 0.02)
        #expect(abs(point.sourceReactive.value - q - 3 * current * current * x) < 0.02)
        #expect(point.voltage[0].value == v)
    }

    @Test(arguments: methods) func beyondTheNoseNothingIsGiven(method: PowerFlowSolver.Method) {
        let network = Network(
            buses: Self.buses([10, 10]), branches: [Self.line(0, 1, r: 0, x: 5)], source: 0, sourceVoltage: 1)
        // At unity power factor the most a reactance X lets through is V²/2X: 10 MW.
        #expect(Self.point(network, method, [1: (9.9e6, 0)]).status == .converged || method == .sweep)
        let point = Self.point(network, method, [1: (10.1e6, 0)])
        var nothing = OperatingPoint(buses: 2, branches: 1)
        nothing.iterations = point.iterations
        if method != .sweep {
            nothing.status = .voltageCollapse
            nothing.loadability = point.loadability
            nothing.weakestBus = 1
            #expect(abs((point.loadability ?? 0) - 10 / 10.1) < 1e-6)
        }
        #expect(point == nothing)
    }

    /// A search that starts at the solution of the network before a change leaves nothing of it behind: what
    /// is open carries nothing, what is cut off has no voltage, and what is fed again is served.
    @Test(arguments: methods) func aWarmStartKeepsNothingOfAnotherNetwork(method: PowerFlowSolver.Method) {
        let lines = [Self.line(0, 1, r: 1, x: 1), Self.line(0, 1, r: 1, x: 1), Self.line(1, 2, r: 1, x: 1)]
        let whole = Network(
            buses: Self.buses([10, 10, 10]), branches: lines, source: 0, sourceVoltage: 1)
        var injections = Injections(buses: 3)
        injections.add(Power(-4e5), ReactivePower(-1e5), at: 1)
        injections.add(Power(-3e5), .zero, at: 2)
        injections.add(Power(1e5), .zero, at: 2)
        var networks = [whole, whole, whole]
        networks[1].branches[0].isClosed = false
        networks[2].branches[2].isClosed = false
        let meshed: PowerFlowSolver.Method = method == .sweep ? .automatic : method
        func solve(_ network: Network, into point: inout OperatingPoint, warm: Bool) {
            PowerFlowSolver(network: network, method: meshed).solve(
                injections, into: &point, warmStart: warm)
        }
        for before in networks {
            for after in networks {
                var (warm, cold) = (
                    OperatingPoint(buses: 3, branches: 3), OperatingPoint(buses: 3, branches: 3)
                )
                solve(before, into: &warm, warm: false)
                solve(after, into: &warm, warm: true)
                solve(after, into: &cold, warm: false)
                #expect(warm.status == cold.status && warm.unserved == cold.unserved)
                #expect(warm.unserved == (after == networks[2] ? Power(3e5) : .zero))
                for (index, branch) in after.branches.enumerated() where !branch.isClosed {
                    #expect(warm.current[index] == .zero && warm.powerFrom[index] == .zero)
                    #expect(warm.reactiveTo[index] == .zero)
                }
                for (a, b) in zip(warm.voltage, cold.voltage) { #expect(abs(a.value - b.value) < 1e-2) }
                for (a, b) in zip(warm.current, cold.current) { #expect(abs(a.value - b.value) < 1e-4) }
            }
        }
    }

    @Test(arguments: methods) func notANumberDiverges(method: PowerFlowSolver.Method) {
        let network = Network(
            buses: Self.buses([10, 10, 10]),
            branches: [Self.line(0, 1, r: 1, x: 1), Self.line(1, 2, r: 1, x: 1)], source: 0, sourceVoltage: 1)
        for load in [Double.nan, .infinity] {
            let point = Self.point(network, method, [2: (load, 0)])
            #expect(point.status == .diverged)
            #expect(point.voltage.allSatisfy { $0 == .zero })
        }
    }

    @Test(arguments: methods) func anIslandIsDead(method: PowerFlowSolver.Method) {
        let network = Network(
            buses: Self.buses([10, 10, 10, 10]),
            branches: [Self.line(2, 3, r: 1, x: 1), Self.line(0, 1, r: 1, x: 1)], source: 0, sourceVoltage: 1)
        let point = Self.point(network, method, [1: (1e5, 0), 2: (1e5, 0), 3: (1e5, 0)])
        #expect(point.status == .islanded)
        #expect(point.voltage[2] == .zero && point.voltage[3] == .zero)
        #expect(point.powerFrom[0] == .zero && point.current[0] == .zero)
        #expect(point.voltage[1] > Voltage(9_900))
        #expect(abs(point.sourcePower - Power(1e5) - point.losses).isBelow(0.01))
    }

    /// The tap lowers the voltage at its own end; impedances belong to the `to` side.
    @Test(arguments: methods) func anIdleTransformerShowsItsRatio(method: PowerFlowSolver.Method) {
        let down = Network(
            buses: Self.buses([10, 0.4]), branches: [Self.line(0, 1, r: 0.003, x: 0.012, ratio: 0.95)],
            source: 0,
            sourceVoltage: 1)
        #expect(abs(Self.point(down, method, [:]).voltage[1].value - 400 / 0.95) < 1e-6)
        let up = Network(
            buses: Self.buses([10, 0.4]), branches: [Self.line(1, 0, r: 1.9, x: 7.5, ratio: 0.95)], source: 0,
            sourceVoltage: 1)
        #expect(abs(Self.point(up, method, [:]).voltage[1].value - 400 * 0.95) < 1e-6)
    }

    /// 100 kW through 0.003 Ω at 400 V less the drop: the current and the loss of the low side, the current
    /// of the high.
    @Test(arguments: methods) func aLoadedTransformerLosesOnItsLowSide(method: PowerFlowSolver.Method) {
        let network = Network(
            buses: Self.buses([10, 0.4]), branches: [Self.line(0, 1, r: 0.003, x: 0, ratio: 1)], source: 0,
            sourceVoltage: 1)
        let point = Self.point(network, method, [1: (1e5, 0)])
        let volts = 200 + (200.0 * 200 - 0.003 * 1e5).squareRoot()
        let amperes = 1e5 / (3.0.squareRoot() * volts)
        #expect(abs(point.voltage[1].value - volts) < 1e-6)
        #expect(abs(point.current[0].value - amperes) < 1e-6)
        #expect(abs(point.losses.value - 3 * amperes * amperes * 0.003) < 0.02)
    }

    /// An open cable lifts the voltage at its end, V₂ = V₁ / (1 − XB/2), and gives reactive power to the
    /// source.
    @Test(arguments: methods) func anOpenCableLiftsTheVoltage(method: PowerFlowSolver.Method) {
        let network = Network(
            buses: Self.buses([10, 10]), branches: [Self.line(0, 1, r: 0, x: 2, charging: 1e-3)], source: 0,
            sourceVoltage: 1)
        let point = Self.point(network, method, [:])
        let far = 10_000 / (1 - 2 * 1e-3 / 2)
        #expect(abs(point.voltage[1].value - far) < 1e-4)
        #expect(abs(point.sourceReactive.value + 0.5e-3 * 1e8 + 0.5e-3 * far * 10_000) < 0.02)
        #expect(abs(point.sourcePower).isBelow(0.01))
    }

    @Test func aLoopHasNoSweep() {
        let network = Network(
            buses: Self.buses([10, 10]),
            branches: [Self.line(0, 1, r: 1, x: 1), Self.line(0, 1, r: 1, x: 1)], source: 0, sourceVoltage: 1)
        #expect(Self.point(network, .sweep, [1: (1e5, 0)]).status == .diverged)
        let point = Self.point(network, .automatic, [1: (1e5, 0)])
        #expect(point.status == .converged)
        #expect(abs(point.powerFrom[0] - point.powerFrom[1]).isBelow(1e-6))
    }

    @Test(arguments: methods) func aClosedSwitchIsAWire(method: PowerFlowSolver.Method) {
        let network = Network(
            buses: Self.buses([10, 10, 10]),
            branches: [Self.line(0, 1, r: 0, x: 0), Self.line(1, 2, r: 1, x: 1)],
            source: 0, sourceVoltage: 1)
        let point = Self.point(network, method, [2: (1e5, 0)])
        #expect(point.status == .converged)
        #expect(abs(point.voltage[1].value - 10_000) < 0.01)
    }

    @Test(arguments: methods) func aSourceAloneIsSolved(method: PowerFlowSolver.Method) {
        let network = Network(buses: Self.buses([10]), branches: [], source: 0, sourceVoltage: 1)
        let point = Self.point(network, method, [0: (1e5, 2e4)])
        #expect(point.status == .converged)
        #expect(abs(point.sourcePower - Power(1e5)).isBelow(1e-6))
    }

    /// The sweep crawls near the nose; Newton takes over.
    @Test func automaticFallsBackToNewton() {
        let network = Network(
            buses: Self.buses([10, 10]), branches: [Self.line(0, 1, r: 0, x: 5)], source: 0, sourceVoltage: 1)
        #expect(Self.point(network, .sweep, [1: (9.99e6, 0)]).status == .diverged)
        #expect(Self.point(network, .automatic, [1: (9.99e6, 0)]).status == .converged)
    }
}

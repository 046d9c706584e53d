import Grid
import LinearAlgebra
import TestSupport
import Testing
import UnbalancedPowerFlow

@Suite struct RegulatorTests {
    /// A regulator at the head of two lines, a phase heavier loaded than the others.
    static func feeder(_ controls: [UnbalancedNetwork.StepRegulator.Control], size: Double = 1)
        -> UnbalancedNetwork
    {
        UnbalancedNetwork(
            buses: Sample.buses(4),
            branches: [
                Sample.regulator(0, 1, controls), Sample.line(1, 2, .abc, Sample.impedance * 0.6),
                Sample.line(2, 3, .c, Sample.impedance * 0.3),
            ],
            loads: [
                Sample.load(2, [700, 350, 400], [300, 100, 200].map { $0 * size }),
                Sample.load(3, [0, 0, 150], [0, 0, 50]),
            ], source: .init(bus: 0))
    }

    static let single = [Sample.control(.a, 0), Sample.control(.b, 1), Sample.control(.c, 2)]

    /// What each relay sees is within its band, or one tap nearer would not be.
    @Test func everyRelayRestsInItsBand() throws {
        let network = Self.feeder(Self.single)
        let point = try UnbalancedPowerFlowSolver(network: network).solve()
        let phasors = Phasors(point, network)
        #expect(Set(point.taps).count > 1)
        for (phase, tap) in point.taps.enumerated() {
            let current = phasors.current[phase] * (1 / (1 + Double(tap) * 0.00625))
            let seen = phasors.voltage[3 + phase] * (1.0 / 20) - Complex(2, 4) * (current * (1.0 / 700))
            #expect((seen.magnitude - 120).magnitude <= 1)
            let ratio = phasors.voltage[3 + phase].magnitude / phasors.voltage[phase].magnitude
            #expect((ratio - 1 - Double(tap) * 0.00625).magnitude < 1e-12)
        }
    }

    @Test func aGangMovesTogether() throws {
        let network = Self.feeder([Sample.control(.abc, 0)])
        let point = try UnbalancedPowerFlowSolver(network: network).solve()
        #expect(
            point.taps == [try UnbalancedPowerFlowSolver(network: Self.feeder(Self.single)).solve().taps[0]])
        let phasors = Phasors(point, network)
        for phase in 0..<3 {
            let ratio = phasors.voltage[3 + phase].magnitude / phasors.voltage[phase].magnitude
            #expect((ratio - 1 - Double(point.taps[0]) * 0.00625).magnitude < 1e-12)
        }
    }

    /// Out of reach, a tap goes to the end of its range and stays.
    @Test(arguments: [(150.0, 16), (90, -16)]) func aTapEndsAtItsLimit(level: Double, tap: Int) throws {
        let network = Self.feeder([Sample.control(.abc, 0, level: level)])
        #expect(try UnbalancedPowerFlowSolver(network: network).solve().taps == [tap])
    }

    /// In a band narrower than a step the tap rests where no other is half a step nearer to the level.
    @Test func aNarrowBandIsNotHunted() throws {
        let network = Self.feeder([Sample.control(.abc, 0, bandwidth: 0)])
        let point = try UnbalancedPowerFlowSolver(network: network).solve()
        #expect(point.status == .converged)
        let phasors = Phasors(point, network)
        let current = phasors.current[0] * (1 / (1 + Double(point.taps[0]) * 0.00625))
        let seen = phasors.voltage[3] * (1.0 / 20) - Complex(2, 4) * (current * (1.0 / 700))
        let step = 0.00625 * network.buses[1].nominalPhaseVoltage / 20
        #expect((seen.magnitude - 120).magnitude <= step / 2)
    }

    private static func shapes(_ steps: Int, _ seed: UInt64) -> [[Double]] {
        var random = SplitMix64(seed: seed)
        return (0..<3).map { k in
            (0..<steps).map { step in
                0.6 + 0.5 * cosine(Double(step) / 15 + Double(k))
                    + Double.random(in: -0.3...0.3, using: &random)
            }
        }
    }

    /// The segments with their repair give the taps of a solution step by step.
    @Test(arguments: [1, 7, 95, 200, 1_000, 3_001]) func segmentsAreTheSequence(steps: Int) throws {
        let network = Self.feeder(Self.single)
        let demand = DemandSeries(
            shapes: Self.shapes(steps, UInt64(steps)), active: [0, 1], reactive: [2, 1])
        let series = try UnbalancedTimeSeries(network: network).solve(demand)
        var taps = [0, 0, 0]
        for step in 0..<steps {
            let factors = (0..<3).map { demand.factors[$0 * steps + step] }
            let now = UnbalancedNetwork(
                buses: network.buses, branches: network.branches,
                loads: zip(network.loads, [(0, 2), (1, 1)]).map { load, shape in
                    UnbalancedNetwork.Load(
                        name: load.name, bus: load.bus, active: load.active.map { $0 * factors[shape.0] },
                        reactive: load.reactive.map { $0 * factors[shape.1] })
                }, source: network.source)
            let point = try UnbalancedPowerFlowSolver(network: now).solve(taps: taps)
            taps = point.taps
            #expect(taps == (0..<3).map { series.tap($0, step: step) }, "step \(step)")
            let base = network.buses[3].nominalPhaseVoltage
            let difference = series.magnitude(bus: 3, phase: 2, step: step) - point.voltage[11].value / base
            #expect(difference.magnitude < 1e-7, "step \(step)")
        }
    }

    /// Every byte of the result is the same at any number of workers.
    @Test func workersChangeNothing() throws {
        let network = Self.feeder(Self.single)
        let demand = DemandSeries(shapes: Self.shapes(4_000, 3), active: [0, 1], reactive: [2, 1])
        let one = try UnbalancedTimeSeries(network: network).solve(demand)
        for workers in [2, 3, 7] {
            let many = try UnbalancedTimeSeries(network: network, workers: workers).solve(demand)
            #expect(many == one, "\(workers)")
        }
    }

    /// A voltage that leaves its band moves the tap when it has been outside for the delay, no sooner.
    @Test(arguments: [(0.0, 0), (899, 0), (900, 1), (2_700, 3)]) func delayIsKept(delay: Double, steps: Int)
        throws
    {
        let network = Self.feeder([Sample.control(.abc, 0, delay: delay)])
        let load = Array(repeating: 0.05, count: 6) + Array(repeating: 1.0, count: 10)
        let demand = DemandSeries(shapes: [load], loads: [0, 0])
        let series = try UnbalancedTimeSeries(network: network).solve(demand)
        let taps = (0..<16).map { series.tap(0, step: $0) }
        let moved = (6..<16).first { taps[$0] != taps[5] }
        #expect(moved == 6 + steps)
        #expect(Set(taps[(6 + steps)...]).count == 1)
    }

    /// Of two regulators one behind the other that both could mend a low voltage, the one with the shorter
    /// delay does; the other is left where it is.
    @Test(arguments: [(15.0, 30.0, [7, 0]), (915, 930, [7, 0]), (30, 30, [7, 2])])
    func theShortestDelayMovesFirst(first: Double, second: Double, taps: [Int]) throws {
        let network = UnbalancedNetwork(
            buses: Sample.buses(3),
            branches: [
                Sample.regulator(0, 1, [Sample.control(.abc, 0, delay: first)]),
                Sample.regulator(1, 2, [Sample.control(.abc, 0, delay: second)]),
            ], source: .init(bus: 0, voltage: 0.95))
        #expect(try UnbalancedPowerFlowSolver(network: network).solve().taps == taps)
        let demand = DemandSeries(shapes: [[1, 1, 1, 1]], loads: [])
        let series = try UnbalancedTimeSeries(network: network).solve(demand)
        #expect((0..<2).map { series.tap($0, step: 3) } == taps)
    }

    /// A short excursion is waited out.
    @Test func aDelayForgetsWhatCameBack() throws {
        let network = Self.feeder([Sample.control(.abc, 0, delay: 1_800)])
        let load = (0..<400).map { $0 % 3 == 2 ? 1.0 : 0.05 }
        let demand = DemandSeries(shapes: [load], loads: [0, 0])
        let series = try UnbalancedTimeSeries(network: network).solve(demand)
        #expect((2..<400).allSatisfy { series.tap(0, step: $0) == series.tap(0, step: 2) })
    }
}

import Grid
import LinearAlgebra
import TestSupport
import Testing
import UnbalancedPowerFlow

/// A low-voltage street with a neutral of its own, loads and roofs between phases and neutral.
@Suite struct StreetTests {
    private static func street(_ seed: UInt64, houses: Int = 12) -> Feeder {
        var random = SplitMix64(seed: seed)
        func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }
        var feeder = Feeder(
            buses: [Feeder.Bus(name: "grid", nominalVoltage: Voltage(10_000))]
                + (0...houses).map { Feeder.Bus(name: "\($0)", nominalVoltage: Voltage(400)) })
        feeder.sources = [
            Feeder.Source(
                name: "grid", bus: 0, voltage: Voltage(5_900),
                impedance: ConductorMatrix(order: 3, positive: Complex(0.2, 1), zero: Complex(0.4, 2)))
        ]
        feeder.transformers = [
            Feeder.Transformer(
                name: "T",
                windings: [
                    .init(bus: 0, pairs: Feeder.Pair.delta, voltage: Voltage(10_000), resistance: 0.005),
                    .init(
                        bus: 1, pairs: Feeder.Pair.wye, voltage: Voltage(231), resistance: 0.005, tap: 1.02),
                ], rating: ApparentPower(250e3), reactances: [0.04], ironLoss: 0.002, magnetizing: 0.005)
        ]
        for house in 1...houses {
            let order = 4
            let r = number(0.01...0.03)
            // The neutral starts earthed at the transformer.
            let first = house == 1 ? [1, 2, 3, 0] : [1, 2, 3, 4]
            feeder.lines.append(
                Feeder.Line(
                    name: "L\(house)", from: .init(bus: house == 1 ? 1 : house, conductors: first),
                    to: .init(bus: house + 1, conductors: [1, 2, 3, 4]),
                    impedance: ConductorMatrix(order: order) { $0 == $1 ? Complex(r, r) : Complex(0, r / 2) },
                    admittance: ConductorMatrix(order: order) {
                        $0 == $1 ? Complex(0, 3e-7) : Complex(0, -1e-7)
                    }))
            let phase = 1 + Int(number(0...2.99))
            feeder.loads.append(
                Feeder.Load(
                    name: "H\(house)", bus: house + 1, pairs: [.init(phase, 4)], voltage: Voltage(230),
                    active: [Power(number(500...6000))], reactive: [ReactivePower(number(0...1500))],
                    dependence: house % 3 == 0 ? .constantImpedance : .constantPower,
                    range: .init(lower: 0.8, upper: 1.2)))
        }
        return feeder
    }

    /// What sources and inverters give is what loads take at their voltages, and losses.
    private static func surplus(_ feeder: Feeder, _ point: FeederPoint) -> Double {
        let nodes = feeder.nodes
        func voltage(_ bus: Int, _ conductor: Int) -> Complex {
            nodes.firstIndex(of: Feeder.Node(bus: bus, conductor: conductor)).map { point.voltage[$0] }
                ?? .zero
        }
        var taken = 0.0
        for load in feeder.loads {
            for (pair, power) in zip(load.pairs, load.active) {
                let v = (voltage(load.bus, pair.plus) - voltage(load.bus, pair.minus)).magnitude / 230
                taken += power.value * (load.dependence == .constantImpedance ? v * v : 1)
            }
        }
        let given = (point.sourcePower + point.inverterPower).reduce(.zero, +).real
        return given - taken - point.losses.value
    }

    @Test(arguments: UInt64(1)...20) func whatIsGivenIsTakenOrLost(seed: UInt64) throws {
        let feeder = Self.street(seed)
        let point = try FeederPowerFlow(feeder: feeder, tolerance: 1e-10).solve()
        #expect(point.status == .converged)
        #expect(Self.surplus(feeder, point).magnitude < 0.01)
        // The neutral leaves earth behind.
        let neutral = try #require(feeder.nodes.lastIndex { $0.conductor == 4 })
        #expect(point.voltage[neutral].magnitude > 0.01)
    }

    /// Roofs settle where their reactive and active powers are those of the curves, and the balance holds.
    @Test(arguments: UInt64(1)...10) func roofsRestOnTheirCurves(seed: UInt64) throws {
        var feeder = Self.street(seed)
        for (index, load) in feeder.loads.enumerated() where index % 2 == 0 {
            feeder.inverters.append(
                Feeder.Inverter(
                    name: load.name, bus: load.bus, pairs: load.pairs, voltage: Voltage(230),
                    rating: ApparentPower(10e3), active: Power(12e3), prefersReactive: true,
                    voltVar: .voltVarCategoryB, voltWatt: .voltWatt, ratedActive: Power(10e3)))
        }
        let point = try FeederPowerFlow(feeder: feeder, tolerance: 1e-10).solve()
        #expect(point.status == .converged)
        #expect(Self.surplus(feeder, point).magnitude < 0.01)
        let nodes = feeder.nodes
        for (inverter, power) in zip(feeder.inverters, point.inverterPower) {
            let ends = [inverter.pairs[0].plus, 4].map { conductor in
                point.voltage[nodes.firstIndex(of: Feeder.Node(bus: inverter.bus, conductor: conductor))!]
            }
            let v = (ends[0] - ends[1]).magnitude / 230
            let q = VoltageCurve.voltVarCategoryB.output(at: v) * 10e3
            let most = min(VoltageCurve.voltWatt.output(at: v) * 10e3, (10e3 * 10e3 - q * q).squareRoot())
            #expect((power.imaginary - q).magnitude < 0.01)
            #expect((power.real - most).magnitude < 0.01)
        }
    }

    /// Loads so heavy that the fixed point fails turn into impedances below their range; that has a solution,
    /// and it is found.
    @Test(arguments: [8.0, 20, 60]) func heavyLoadsBecomeImpedances(factor: Double) throws {
        let feeder = Self.street(3)
        let solver = try FeederPowerFlow(feeder: feeder)
        let point = solver.solve(factor: factor)
        #expect(point.status == .converged)
        let given = point.sourcePower.reduce(.zero, +).real
        #expect(given > 10e3 && given.isFinite)
        #expect(solver.solve() == (try FeederPowerFlow(feeder: feeder).solve()))
    }

    /// A series hands out every step once, in order, with the states of single solutions.
    @Test func seriesIsTheSequenceOfStates() throws {
        let feeder = Self.street(5)
        let shapes = (0..<3).map { k in (0..<203).map { 0.5 + 0.4 * cosine(Double($0) / 9 + Double(k)) } }
        let demand = DemandSeries(shapes: shapes, loads: feeder.loads.indices.map { $0 % 3 }, interval: 60)
        var next = 0
        try FeederTimeSeries(feeder: feeder, tolerance: 1e-10).solve(demand) { states in
            #expect(states.steps.lowerBound == next && states.steps.count <= 8)
            next = states.steps.upperBound
            guard let step = states.steps.first(where: { $0 % 40 == 0 }) else { return }
            var now = feeder
            for index in now.loads.indices {
                now.loads[index].active[0] = feeder.loads[index].active[0] * shapes[index % 3][step]
                now.loads[index].reactive[0] = feeder.loads[index].reactive[0] * shapes[index % 3][step]
            }
            let point = try? FeederPowerFlow(feeder: now, tolerance: 1e-10).solve()
            for node in states.nodes.indices {
                let difference = states.voltage(node, step) - (point?.voltage[node] ?? .zero)
                #expect(difference.magnitude < 1e-5)
            }
            #expect((states.losses(step) - (point?.losses.value ?? .nan)).magnitude < 1e-4)
            let given = states.power(source: 0, step) - (point?.sourcePower[0] ?? .zero)
            #expect(given.magnitude < 1e-3)
        }
        #expect(next == 203)
    }

    /// Running extremes are those of the steps.
    @Test func extremesAreThoseOfTheSteps() throws {
        let feeder = Self.street(6)
        let shape = (0..<50).map { 0.6 + 0.4 * cosine(Double($0) / 5) }
        let demand = DemandSeries(shapes: [shape], loads: feeder.loads.map { _ in 0 }, interval: 60)
        let extremes = FeederExtremes(feeder, interval: 60)
        let count = feeder.nodes.count
        var (low, high) = ([Double](repeating: 9, count: count), [Double](repeating: 0, count: count))
        var (lost, given, current, loading) = (0.0, 0.0, 0.0, 0.0)
        try FeederTimeSeries(feeder: feeder).solve(demand) { states in
            extremes.add(states)
            for step in states.steps {
                for node in 0..<count {
                    low[node] = min(low[node], states.magnitude(node, step))
                    high[node] = max(high[node], states.magnitude(node, step))
                }
                lost += states.losses(step) / 60
                given += states.power(source: 0, step).real / 60
                for place in 0..<4 {
                    let i = states.current(line: 1, place: place, atFrom: true, step)
                    current = max(current, i.magnitude)
                }
                for phase in 0..<3 {
                    let i = states.current(transformer: 0, winding: 0, phase: phase, step)
                    loading = max(loading, i.magnitude * 10_000 / (250e3 / 3))
                }
            }
        }
        #expect(extremes.steps == 50 && extremes.solved == 50)
        for node in 0..<count {
            let range = try #require(extremes.voltage(node))
            #expect((range.lowerBound - low[node]).magnitude < 1e-12)
            #expect((range.upperBound - high[node]).magnitude < 1e-12)
        }
        #expect((extremes.energyLost - lost).magnitude < 1e-6 * lost)
        #expect((extremes.energyGiven - given).magnitude < 1e-6 * given)
        #expect((extremes.current(line: 1) - current).magnitude < 1e-3)
        #expect((extremes.loading(transformer: 0) - loading).magnitude < 1e-9)
    }

    @Test func whatFloatsIsNamed() {
        var feeder = Self.street(1)
        feeder.transformers[0].windings[1].pairs = Feeder.Pair.delta
        feeder.transformers[0].tie = 0
        feeder.lines = feeder.lines.map {
            var line = $0
            line.admittance = .zero(4)
            return line
        }
        feeder.lines[0].from.conductors[3] = 4
        do throws(FeederMistakes) {
            _ = try FeederPowerFlow(feeder: feeder)
            Issue.record("a floating street was accepted")
        } catch {
            #expect(error.all.map(\.kind) == [.floating])
        }
    }
}

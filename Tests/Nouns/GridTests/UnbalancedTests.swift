import Glibc
import Grid
import Testing

@Suite("Three phases")
struct UnbalancedTests {
    @Test("phases have their indices, and unknown bits are dropped")
    func phases() {
        #expect(Phases.abc.indices == [0, 1, 2] && Phases.abc.count == 3)
        #expect([Phases.a, .c] as Phases == Phases(rawValue: 5))
        #expect(Phases([.a, .c]).indices == [0, 2] && Phases(index: 1) == .b)
        #expect(Phases(rawValue: 255) == .abc)
    }

    @Test("a phase matrix is symmetric and scales with length")
    func matrix() {
        let matrix = PhaseMatrix(real: [1, 2, 3, 4, 5, 6], imaginary: [0, 1, 0, 2, 0, 3])
        #expect(matrix.real == [1, 2, 3, 2, 4, 5, 3, 5, 6])
        #expect(matrix.imaginary == [0, 1, 0, 1, 2, 0, 0, 0, 3])
        #expect((matrix * 2).real == matrix.real.map { 2 * $0 })
        #expect((matrix * 0) == PhaseMatrix.zero)
    }

    @Test("the phases of a source are thirds of a turn apart")
    func source() {
        let source = UnbalancedNetwork.Source(bus: 0, voltage: 1.05, angle: 0.1)
        #expect(source.magnitude == [1.05, 1.05, 1.05])
        #expect(abs(source.angle[1] - (0.1 - 2 * .pi / 3)) < 1e-15)
        #expect(abs(source.angle[2] - (0.1 + 2 * .pi / 3)) < 1e-15)
        #expect(abs(source.angle.reduce(0) { $0 + cos($1) }) < 1e-15)
    }

    @Test("transformers with a star on the side of `to` are grounded there")
    func grounding() {
        typealias Connection = UnbalancedNetwork.Transformer.Connection
        #expect([Connection.YNyn0, .Dyn1, .Dyn11].allSatisfy { $0.isGrounded })
        #expect([Connection.Dd0, .Yd1, .Yd11].allSatisfy { !$0.isGrounded })
    }

    private var feeder: UnbalancedNetwork {
        let impedance = PhaseMatrix(
            real: [0.4, 0.1, 0.1, 0.4, 0.1, 0.4], imaginary: [1, 0.5, 0.4, 1, 0.4, 1])
        func control(_ phase: Phases) -> UnbalancedNetwork.StepRegulator.Control {
            .init(
                phases: phase, monitored: phase.indices[0], level: 122, bandwidth: 2, potentialRatio: 20,
                currentRating: 700)
        }
        return UnbalancedNetwork(
            buses: ["650", "632", "671"].map { .init(name: $0, nominalVoltage: Voltage(4160)) },
            branches: [
                .init(
                    name: "reg", from: 0, to: 1,
                    element: .regulator(.init(controls: [.a, .b, .c].map(control)))),
                .init(name: "line", from: 1, to: 2, element: .line(impedance: impedance, susceptance: .zero)),
            ],
            loads: [
                .init(
                    name: "old", bus: 2, active: [1, 2, 3].map { Power($0) },
                    reactive: Array(repeating: .zero, count: 3))
            ], source: .init(bus: 0))
    }

    @Test("controls come branch by branch; a regulator of 16 steps goes 16 either way")
    func controls() {
        #expect(feeder.controls.map(\.monitored) == [0, 1, 2])
        guard case .regulator(let regulator) = feeder.branches[0].element else {
            Issue.record("no regulator")
            return
        }
        #expect(regulator.range == -16...16 && regulator.step == 0.00625)
        #expect(abs(feeder.buses[0].nominalPhaseVoltage - 4160 / 3.0.squareRoot()) < 1e-12)
    }

    @Test("a spread load keeps the whole line and the whole load")
    func spread() {
        let load = UnbalancedNetwork.Load(
            name: "spread", bus: 0, connection: .delta, active: [9, 6, 3].map { Power($0) },
            reactive: [3, 0, -3].map { ReactivePower($0) }, constantImpedance: 0.5)
        let spread = feeder.spreading(load, along: 1)
        #expect(spread.buses.count == 4 && spread.branches.count == 3 && spread.loads.count == 3)
        #expect((spread.branches[1].from, spread.branches[1].to) == (1, 3))
        #expect((spread.branches[2].from, spread.branches[2].to) == (3, 2))
        guard case .line(let first, _) = spread.branches[1].element,
            case .line(let second, _) = spread.branches[2].element,
            case .line(let whole, _) = feeder.branches[1].element
        else {
            Issue.record("no lines")
            return
        }
        #expect(zip(zip(first.real, second.real), whole.real).allSatisfy { abs($0.0 + $0.1 - $1) < 1e-15 })
        #expect(first == whole * 0.25)
        #expect(spread.loads[1].bus == 3 && spread.loads[2].bus == 2 && spread.loads[0] == feeder.loads[0])
        for phase in 0..<3 {
            let sum = spread.loads[1].active[phase] + spread.loads[2].active[phase]
            #expect(abs((sum - load.active[phase]).value) < 1e-12)
            #expect(abs(spread.loads[1].reactive[phase].value - load.reactive[phase].value * 2 / 3) < 1e-12)
        }
        #expect(spread.loads[1].connection == .delta && spread.loads[2].constantImpedance == 0.5)
        #expect(spread.source == feeder.source && spread.basePower == feeder.basePower)
    }
}

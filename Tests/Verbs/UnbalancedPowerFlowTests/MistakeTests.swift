import Grid
import Testing
import UnbalancedPowerFlow

/// Every mistake is thrown by its name, and none traps.
@Suite struct MistakeTests {
    private static func kinds(
        _ branches: [UnbalancedNetwork.Branch], _ loads: [UnbalancedNetwork.Load] = [],
        buses: [UnbalancedNetwork.Bus] = Sample.buses(3), source: UnbalancedNetwork.Source = .init(bus: 0)
    ) -> [String: FeederMistakes.Kind] {
        let network = UnbalancedNetwork(buses: buses, branches: branches, loads: loads, source: source)
        do throws(FeederMistakes) {
            _ = try UnbalancedTimeSeries(network: network)
            return [:]
        } catch {
            return Dictionary(error.all.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
        }
    }

    @Test func elementsByThemselves() {
        let bad = PhaseMatrix(real: [.nan, 0, 0, 0, 0, 0])
        let half = Sample.transformer(0, 1, .YNyn0)
        let oneLegged = UnbalancedNetwork.Branch(
            name: "T1", from: 0, to: 1, phases: .a, element: half.element)
        #expect(
            Self.kinds(
                [Sample.line(0, 9), Sample.line(0, 1, .abc, bad), oneLegged, Sample.line(0, 2, [])],
                [Sample.load(7, [1, 0, 0], [0, 0, 0]), Sample.load(1, [.infinity, 0, 0], [0, 0, 0])])
                == [
                    "0-9": .unknownBus, "0-1": .notFinite, "T1": .notThreePhase, "0-2": .unknownBus,
                    "S7": .unknownBus, "S1": .notFinite,
                ])
        #expect(Self.kinds([], source: .init(bus: 5)) == ["source": .unknownBus])
        #expect(Self.kinds([], source: .init(bus: 0, voltage: .nan)) == ["source": .notFinite])
        let low = UnbalancedNetwork.Bus(name: "low", nominalVoltage: Voltage(400))
        #expect(
            Self.kinds([Sample.line(0, 1)], buses: Sample.buses(1) + [low]) == ["0-1": .joinsVoltages])
        #expect(
            Self.kinds([Sample.regulator(0, 1, [Sample.control(.a, 1)])]) == ["R": .controls])
    }

    @Test func elementsInTheirPlace() {
        #expect(
            Self.kinds(
                [Sample.line(0, 1, .a), Sample.line(1, 2, .b)], [Sample.load(1, [0, 1, 0], [0, 0, 0])])
                == ["1-2": .missingPhase, "S1": .missingPhase])
        let short = Sample.line(0, 1, .abc, .zero)
        #expect(Self.kinds([short, short]) == ["0-1": .shortLoop])
    }

    @Test func nothingWrong() {
        #expect(Self.kinds([Sample.line(0, 1), Sample.line(1, 2)]).isEmpty)
    }
}

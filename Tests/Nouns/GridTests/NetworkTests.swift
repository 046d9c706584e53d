import Grid
import LinearAlgebra
import Testing

@Suite("Networks")
struct NetworkTests {
    private func bus(_ voltage: Double = 10_000) -> Bus {
        Bus(name: "", nominalVoltage: Voltage(voltage), limits: 0.9...1.1)
    }

    private func line(_ from: Int, _ to: Int, isClosed: Bool = true) -> Branch {
        Branch(
            name: "", from: from, to: to, resistance: Impedance(1), reactance: Impedance(2),
            isClosed: isClosed)
    }

    @Test("a copy with one change names what changes")
    func copies() {
        let network = Network(
            buses: [bus(), bus()], branches: [line(0, 1)], source: 0, sourceVoltage: 1.02)
        var opened = network
        opened.branches[0].isClosed = false
        #expect(opened != network && !opened.branches[0].isClosed && network.branches[0].isClosed)
        opened.branches[0].isClosed = true
        #expect(opened == network)
        #expect(network.source == 0 && network.sourceVoltage == 1.02 && network.basePower == Power(1e6))
    }

    @Test("the base of a branch is the voltage of its `to`, that of a shunt its own bus's")
    func bases() {
        var low = bus(400)
        low.shuntConductance = 0.5
        low.shuntSusceptance = -0.25
        var transformer = line(0, 1)
        transformer.charging = 0.1
        transformer.shuntConductance = 0.2
        let network = PerUnitNetwork(
            Network(
                buses: [bus(), low], branches: [transformer], sources: [.init(bus: 0, voltage: 1)],
                basePower: Power(2e6)))
        let unit = 400.0 * 400 / 2e6
        let branch = network.branches[0]
        #expect(abs(branch.resistance - 1 / unit) < 1e-12 && abs(branch.reactance - 2 / unit) < 1e-12)
        #expect(abs(branch.charging - 0.1 * unit) < 1e-15)
        #expect(abs(branch.shuntConductance - 0.2 * unit) < 1e-15)
        #expect(network.shuntConductance[0] == 0 && abs(network.shuntConductance[1] - 0.5 * unit) < 1e-15)
        #expect(abs(network.shuntSusceptance[1] + 0.25 * unit) < 1e-15)
        #expect(abs(network.baseCurrent(at: 1) - 2e6 / (3.0.squareRoot() * 400)) < 1e-9)
    }

    @Test("a branch of no impedance is a short wire")
    func short() {
        var wire = line(0, 1)
        (wire.resistance, wire.reactance) = (.zero, .zero)
        let branch = PerUnitNetwork(
            Network(buses: [bus(), bus()], branches: [wire], source: 0, sourceVoltage: 1)
        ).branches[0]
        #expect(branch.resistance == 0 && branch.reactance == PerUnitNetwork.leastImpedance)
        #expect(abs(branch.seriesAdmittance.magnitude * PerUnitNetwork.leastImpedance - 1) < 1e-15)
    }

    @Test("the linear model divides by ratio and reactance; a resistor has its resistance instead")
    func linear() {
        var branches = [line(0, 1), line(0, 1)]
        branches[0].ratio = 1.05
        branches[1].reactance = .zero
        let values = PerUnitNetwork(
            Network(buses: [bus(), bus()], branches: branches, source: 0, sourceVoltage: 1)
        ).branches
        #expect(values[0].linearSusceptance == 1 / (1.05 * values[0].reactance))
        #expect(values[1].linearSusceptance == 1 / values[1].resistance)
    }

    /// Two sources, 0 and 4; 1–2–3–1 is a loop, 3–4 joins the sources, 5 has no closed branch.
    @Test("live buses stand in depth-first order, parents first; chords close loops")
    func live() {
        let network = Network(
            buses: (0..<6).map { _ in bus() },
            branches: [
                line(0, 1), line(1, 2), line(2, 3), line(3, 1), line(3, 4), line(4, 5, isClosed: false),
            ], sources: [.init(bus: 0, voltage: 1), .init(bus: 4, voltage: 1)])
        let live = LiveNetwork(PerUnitNetwork(network))
        #expect(Set(live.buses) == [0, 1, 2, 3, 4] && live.buses[0] == 0 && live.positions[5] == nil)
        #expect(live.roots.map { live.buses[$0] } == [0, 4])
        #expect(live.roots.allSatisfy { live.parents[$0] == -1 && live.parentBranches[$0] == -1 })
        for position in live.buses.indices where live.parents[position] >= 0 {
            #expect(live.parents[position] < position)
            let branch = network.branches[live.parentBranches[position]]
            let ends: Set = [live.buses[position], live.buses[live.parents[position]]]
            #expect(ends == [branch.from, branch.to])
        }
        // Five closed branches, three buses that are no source.
        #expect(live.branches == [0, 1, 2, 3, 4] && live.chords.count == 2)
        #expect(!live.isForest && !live.isWhole)
    }

    @Test("a tree has no chords")
    func tree() {
        let network = Network(
            buses: [bus(), bus(), bus()], branches: [line(0, 1), line(2, 0)], source: 0, sourceVoltage: 1)
        let live = LiveNetwork(PerUnitNetwork(network))
        #expect(live.isForest && live.isWhole && live.chords.isEmpty)
    }
}

@Suite("Injections and cases")
struct InjectionTests {
    @Test("devices at one bus add up")
    func adding() {
        var injections = Injections(buses: 3)
        injections.add(Power(5), ReactivePower(-1), at: 2)
        injections.add(Power(-8), ReactivePower(-2), at: 2)
        injections.add(Power(1), .zero, at: 0)
        #expect(injections.active == [1, 0, -3].map { Power($0) })
        #expect(injections.reactive == [0, 0, -3].map { ReactivePower($0) })
        #expect(injections.constantCurrent == nil && injections.constantImpedance == nil)
    }

    private func networkCase(
        _ loads: [NetworkCase.Load], _ generators: [NetworkCase.Generator]
    ) -> NetworkCase {
        NetworkCase(
            name: "",
            buses: (0..<3).map { _ in Bus(name: "", nominalVoltage: Voltage(10_000), limits: 0.9...1.1) },
            branches: [], sources: [.init(bus: 0, voltage: 1)], loads: loads, generators: generators,
            basePower: Power(1e6))
    }

    @Test("a load is divided into constant power, current and impedance; what is out of service is left out")
    func loads() {
        var off = NetworkCase.Load(name: "", bus: 1, active: Power(70), reactive: .zero)
        off.isConnected = false
        let mixed = NetworkCase.Load(
            name: "", bus: 1, active: Power(100), reactive: ReactivePower(40), constantCurrent: 0.25,
            constantImpedance: 0.5)
        let plain = NetworkCase.Load(name: "", bus: 1, active: Power(10), reactive: ReactivePower(4))
        let injections = networkCase([off, mixed, plain], []).injections
        #expect(injections.active == [0, -35, 0].map { Power($0) })
        #expect(injections.reactive == [0, -14, 0].map { ReactivePower($0) })
        #expect(injections.constantCurrent?.active == [0, -25, 0].map { Power($0) })
        #expect(injections.constantImpedance?.reactive == [0, -20, 0].map { ReactivePower($0) })
        #expect(networkCase([plain], []).injections.constantCurrent == nil)
    }

    @Test("generators that hold a voltage make one regulator a bus, none at a source")
    func regulators() {
        func generator(_ bus: Int, _ voltage: Double?, _ limit: Double?) -> NetworkCase.Generator {
            NetworkCase.Generator(
                name: "", bus: bus, active: Power(50), reactive: ReactivePower(7),
                activeLimits: .zero...Power(80),
                reactiveLimits: limit.map { ReactivePower(-$0)...ReactivePower($0) }, voltage: voltage)
        }
        let units = [
            generator(0, 1, 10), generator(2, 1.02, 10), generator(2, 1.03, 20), generator(1, nil, 5),
        ]
        let networkCase = networkCase([], units)
        let limits = ReactivePower(-30)...ReactivePower(30)
        #expect(
            networkCase.network.regulators
                == [.init(bus: 2, voltage: 1.02, reactive: limits, participation: 160)])
        // The source has the weight and the limits of the generator at its bus.
        #expect(networkCase.network.sources[0].participation == 80)
        #expect(networkCase.network.sources[0].reactive == ReactivePower(-10)...ReactivePower(10))
        // The solution finds the reactive power of those that hold a voltage.
        #expect(networkCase.injections.active == [50, 50, 100].map { Power($0) })
        #expect(networkCase.injections.reactive == [0, 7, 0].map { ReactivePower($0) })
        let unlimited = self.networkCase([], [generator(2, 1.02, 10), generator(2, 1.02, nil)])
        #expect(unlimited.network.regulators[0].reactive == nil)
        // A source of unknown size takes all there is.
        #expect(unlimited.network.sources[0].participation == 1e18)
    }

    @Test("weights that are given replace the largest powers")
    func weights() {
        let units = [(2, 3.0), (2, 1), (1, 0.5)].map { bus, weight in
            NetworkCase.Generator(
                name: "", bus: bus, active: Power(50), activeLimits: .zero...Power(80), voltage: 1,
                participation: weight)
        }
        let base = networkCase([], [])
        let weighted = NetworkCase(
            name: "", buses: base.network.buses, branches: [],
            sources: [.init(bus: 0, voltage: 1, participation: 2)], loads: [], generators: units,
            basePower: Power(1e6), hasWeights: true)
        #expect(weighted.network.sources.map(\.participation) == [2])
        #expect(weighted.network.regulators.map(\.participation) == [4, 0.5])
    }

    @Test("the demand at a bus is what its loads take, whatever is generated beside them")
    func demand() {
        var injections = Injections(buses: 2)
        injections.add(Power(-60), .zero, at: 1)
        injections.add(Power(40), .zero, at: 1)
        injections.add(Power(-10), .zero, at: 1)
        #expect(injections.active[1] == Power(-30) && injections.demand(at: 1) == Power(70))
        #expect(injections.demand(at: 0) == .zero)
        injections.active[0] = Power(-5)
        #expect(injections.demand(at: 0) == Power(5))
    }
}

import Devices
import EconomicDispatch
import Grid
import LinearAlgebra
import Monitoring
import Results
import RunSamples
import Simulator
import Testing
import UnbalancedPowerFlow

@Suite("Laws of feeders of three phases")
struct FeederLaws {
    /// Houses on b, the workshop between c and a, the roof on a with a Volt-VAR curve.
    private func world(_ change: (inout SmallWorld.Phases) -> Void = { _ in }) -> SmallWorld {
        var world = SmallWorld()
        (world.wireFactor, world.days, world.method) = (6, 1, .loadFollowing)
        world.importLimit = Power(kilowatts: 1000)
        var phases = SmallWorld.Phases(world.regulatedFeeder)
        phases.pairs = [0: [Feeder.Pair(2)], 1: [Feeder.Pair(3, 1)], SmallWorld.solar: [Feeder.Pair(1)]]
        phases.voltVar = [SmallWorld.solar: .voltVarCategoryB]
        change(&phases)
        world.phases = phases
        return world
    }

    @Test("a feeder whose phases are alike is the balanced network")
    func balanced() {
        var world = SmallWorld()
        world.days = 1
        let records = Array(Simulation(world.scenario))
        world.phases = SmallWorld.Phases(world.balancedFeeder)
        for (a, b) in zip(records, Simulation(world.scenario)) {
            #expect(a.point.status == b.point.status && a.alarms == b.alarms)
            #expect(
                zip(a.point.voltage, b.point.voltage).allSatisfy { abs($0.value - $1.value) < 1e-6 * 1e4 })
            for (p, q) in zip(a.power, b.power) { #expect(abs(p.value - q.value) < 1) }
            #expect(abs(a.point.losses.value - b.point.losses.value) < 0.1)
            #expect(zip(a.point.powerFrom, b.point.powerFrom).allSatisfy { abs($0.value - $1.value) < 1 })
            #expect(zip(a.point.current, b.point.current).allSatisfy { abs($0.value - $1.value) < 1e-4 })
            #expect(b.feeder!.unbalance.allSatisfy { $0 < 1e-9 })
        }
    }

    @Test("in every step the devices give what the wires lose")
    func balance() {
        for dependence in [Feeder.VoltageDependence.constantPower, .constantImpedance] {
            let scenario = world { $0.dependence = dependence }.scenario
            for record in Simulation(scenario) {
                #expect(record.point.status == .converged)
                let given = record.power.reduce(0) { $0 + $1.value }
                #expect(abs(given - record.point.losses.value) < 0.01 && given > 0)
            }
        }
    }

    /// The room is given what the devices gave in the scenario.
    @Test("taps, voltages and losses of a controlled run are those of the time series")
    func series() throws {
        let scenario = world().scenario
        let own = try #require(scenario.feeder)
        let records = Array(Simulation(scenario))
        var active = own.feeder.loads.map { _ in [Double]() } + [[]]
        var reactive = active
        for record in records {
            for (device, role) in own.roles.enumerated() {
                let (p, q) = (record.power[device].value, record.reactive[device].value)
                switch role {
                case .source: continue
                case .load(let load):
                    active[load].append(-p)
                    reactive[load].append(-q)
                case .inverter:
                    active[own.feeder.loads.count].append(p / 120e3)
                    reactive[own.feeder.loads.count].append(0)
                }
            }
        }
        let demand = DemandSeries(
            shapes: active + reactive, active: Array(active.indices),
            reactive: active.indices.map { $0 + active.count }, interval: 900)
        let series = try FeederTimeSeries(feeder: own.feeder, tolerance: 1e-10)
        let nodes = own.feeder.nodes
        var moves = 0
        series.solve(demand) { states in
            for step in states.steps {
                let record = records[step]
                let positions = (0..<3).map { states.position($0, step) } + [states.closed(0, step)]
                #expect(record.feeder?.positions == positions)
                if step > 0, records[step - 1].feeder?.positions != positions { moves += 1 }
                for (phase, value) in zip(own.phases, record.feeder!.voltage) {
                    let node = nodes.firstIndex(of: Feeder.Node(bus: phase.bus, conductor: phase.pair.plus))!
                    #expect(abs(states.magnitude(node, step) - value) < 1e-8)
                }
                #expect(abs(states.losses(step) - record.point.losses.value) < 0.01)
                for (bus, value) in zip(own.threePhaseBuses, record.feeder!.unbalance) {
                    #expect(abs(unbalance(of: bus, nodes, states, step) - value) < 1e-9)
                }
            }
        }
        #expect(moves > 4)
    }

    /// |V₂|/|V₁| by the voltages between phases alone, IEC 61000-4-30: with β = Σ|V|⁴/(Σ|V|²)² it is
    /// √((1 − √(3 − 6β))/(1 + √(3 − 6β))).
    private func unbalance(
        of bus: Int, _ nodes: [Feeder.Node], _ states: FeederStates, _ step: Int
    ) -> Double {
        let v = (1...3).map { conductor in
            states.voltage(nodes.firstIndex(of: Feeder.Node(bus: bus, conductor: conductor))!, step)
        }
        let squares = [v[0] - v[1], v[1] - v[2], v[2] - v[0]].map(\.squared)
        let sum = squares.reduce(0, +)
        let beta = squares.reduce(0) { $0 + $1 * $1 } / (sum * sum)
        let root = max(0, 3 - 6 * beta).squareRoot()
        return max(0, (1 - root) / (1 + root)).squareRoot()
    }

    @Test("Volt-Watt curtails, and the meter counts what the inverter gives")
    func curtailed() {
        func run(_ curve: VoltageCurve?) -> Summary {
            let scenario = world { $0.voltWatt = curve }.scenario
            var summary = Summary(scenario)
            for record in Simulation(scenario) { summary.add(record) }
            return summary
        }
        let (free, bound) = (
            run(nil), run(VoltageCurve([.init(0.98, 1), .init(1.0, 0)]))
        )
        #expect(bound.curtailed > free.curtailed + Energy(kilowattHours: 5))
        #expect(bound.tally(of: .solar).given < free.tally(of: .solar).given)
        #expect(abs(bound.checks.largestResidual.value) < 0.01)
    }

    @Test("a load that depends on the voltage is not unserved where the voltage is low")
    func dependence() {
        let scenario = world { $0.dependence = .constantImpedance }.scenario
        var summary = Summary(scenario)
        for record in Simulation(scenario) { summary.add(record) }
        #expect(abs(summary.unserved.value) < 1)
        let constant = world().scenario
        #expect(constant.devices == scenario.devices)
        var other = Summary(constant)
        for record in Simulation(constant) { other.add(record) }
        #expect(summary.tally(of: .load).taken != other.tally(of: .load).taken)
    }

    @Test("an alarm names the phase")
    func alarms() throws {
        var world = world { $0.wires.tapControls = [] }
        (world.loadFactor, world.importLimit) = (3, Power(kilowatts: 2000))
        let scenario = world.scenario
        let alarms = Simulation(scenario).flatMap(\.alarms)
        // The workshop at the far end is between c and a; the houses on b are near.
        let low = Set(alarms.filter { $0.kind == .undervoltage }.map(\.phase?.plus))
        #expect(!low.isEmpty && low.isSubset(of: [1, 3]))
        #expect(alarms.contains { $0.kind == .unbalance && $0.phase == nil && $0.value > 0.02 })
        let first = try #require(alarms.first { $0.kind == .undervoltage })
        let name = try #require(first.phase).name
        #expect(scenario.network.placeName(of: first) == "3 \(name)")
    }

    @Test("the same feeder and scenario give the same records")
    func repeated() {
        let scenario = world().scenario
        for (a, b) in zip(Simulation(scenario), Simulation(scenario)) {
            #expect(a.feeder == b.feeder && a.power == b.power)
        }
    }
}

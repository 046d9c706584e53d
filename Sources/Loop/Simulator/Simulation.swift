import Clearing
import Devices
import Forecasting
import Grid
import Market
import Metering
import Planning
import Scheduling
import Settlement
import Timeline

/// Stages of a step, for measuring time: `Simulation` reports the end of each.
public enum Stage: String, Sendable, CaseIterable {
    case forecast, messages, dispatch, clearing, plant
    case powerFlow = "power flow"
    case monitoring, metering, settlement
}

/// The simulation of a scenario: a sequence of one record a step.
///
/// ```swift
/// let scenario = try ScenarioFile.load(path: path).template.scenario(seed: 7)
/// var imported = Energy.zero
/// for record in Simulation(scenario) {
///     for connection in scenario.connections {
///         imported += record.power[connection].energy(hours: record.interval.hours)
///     }
/// }
/// print(imported.kilowattHours)
/// ```
///
/// The same scenario gives the same records, bit for bit, on one machine and build.
public struct Simulation: Sequence {
    private let scenario: Scenario
    private let coordinator: (any StepCoordinator)?
    private let onStage: (Stage) -> Void

    /// Creates a simulation; `onStage` is called at the end of each stage of a step. With a `coordinator` the
    /// scenario's own agents and controller have no part in it.
    public init(
        _ scenario: Scenario, coordinator: (any StepCoordinator)? = nil,
        onStage: @escaping (Stage) -> Void = { _ in }
    ) {
        self.scenario = scenario
        self.coordinator = coordinator
        self.onStage = onStage
    }

    /// Begins the simulation with its first step.
    public func makeIterator() -> Iterator {
        Iterator(scenario, coordinator, onStage)
    }

    /// The state of the simulation between two steps.
    public struct Iterator: IteratorProtocol {
        /// Largest bus mismatch, per unit: keeps a year's energy balance to a fraction of a watt-hour.
        private static let mismatch = 1e-10

        private let scenario: Scenario
        private let onStage: (Stage) -> Void
        private var forecaster: Forecaster
        private let network: any NetworkPhysics
        private var coordination: Coordination
        private var plant: Plant
        private var islands: Islands
        private var islandControllers: IslandControllers
        private var attackers: Attackers
        /// One meter a device, and one for the losses of the network.
        private var meters: MeterBank
        private var settler: Settler
        private var point: OperatingPoint
        private var step = 0

        init(
            _ scenario: Scenario, _ coordinator: (any StepCoordinator)?, _ onStage: @escaping (Stage) -> Void
        ) {
            self.scenario = scenario
            self.onStage = onStage
            plant = Plant(scenario)
            islands = Islands(scenario, tolerance: Self.mismatch)
            forecaster = Forecaster(
                method: scenario.planning.forecast, devices: scenario.devices, horizon: scenario.horizon,
                truth: plant.potential, weather: scenario.weather, zone: scenario.zone,
                holidays: scenario.holidays, seed: scenario.seed)
            coordination = Coordination(scenario, seed: scenario.seed, outside: coordinator)
            islandControllers = IslandControllers(scenario)
            attackers = Attackers(scenario)
            network = scenario.physics(tolerance: Self.mismatch)
            meters = MeterBank(count: scenario.devices.count + 1)
            settler = Settler(scenario.terms)
            point = OperatingPoint(
                buses: scenario.network.buses.count, branches: scenario.network.branches.count)
        }

        /// Simulates the next step; nil after the last.
        public mutating func next() -> Record? {
            guard step < scenario.horizon.count else { return nil }
            defer { step += 1 }
            let interval = scenario.horizon[step]

            let isParted = islands.begin(step, plant.states)
            attackers.begin(step, islands.disturbance)
            let (ahead, offers) = offersDue(afterEvent: isParted)
            onStage(.forecast)
            let exchange = agree(attackers.say(offers), over: ahead)
            var obeyed = exchange
            obeyed.inForce = attackers.obey(exchange.inForce, plant.potential)
            plant.references = islands.references
            plant.follow(obeyed.inForce, at: step)
            var contradictions = contradictions(of: exchange.inForce)
            onStage(.plant)
            let islanding = islands.resolve(&plant, obeyed, at: step, into: &point)
            let feeder =
                islanding == nil ? solveWhole(obeyed.inForce, within: exchange.decision?.exchange) : nil
            onStage(.powerFlow)
            let power = plant.states.map(\.power)
            let exchanges = scenario.connections.map { power[$0] }
            let alarms = network.alarms(at: point, exchanges: exchanges) + (islanding?.alarms ?? [])
            onStage(.monitoring)
            let losses = point.status.isSolved ? point.losses : .zero
            meters.read(attackers.shift(power) + [losses], over: interval)
            readConnections(interval)
            contradictions += unbalanced(losses, interval)
            onStage(.metering)
            let settlement = settle(interval)
            onStage(.settlement)

            var record = Record(step: step, interval: interval, point: point)
            record.potential = islanding?.potential ?? plant.potentials(at: step)
            record.feeder = feeder
            record.islanding = islanding
            record.islanding?.take(exchange.islandPrices)
            record.references = plant.references
            record.offers = offers
            (record.sent, record.inForce) = (exchange.sent, exchange.inForce)
            (record.power, record.reactive) = (power, plant.reactive)
            record.stored = plant.states.map(\.stored)
            record.injections = plant.injections
            record.alarms = alarms
            record.contradictions = contradictions
            record.readings = meters.readings.dropLast()
            record.settlement = settlement
            (record.conversation, record.plan) = (exchange.summary, exchange.plan)
            (record.decision, record.gap) = (exchange.decision, exchange.gap)
            record.timing = exchange.timing
            return record
        }

        /// What the meters together contradict, where attacks are expected.
        private func unbalanced(_ losses: Power, _ interval: Interval) -> [Contradiction] {
            guard attackers.areExpected, point.status.isSolved else { return [] }
            let readings = meters.readings.dropLast()
            return LocalChecks.balance(readings, losses: losses, over: interval).map { [$0] } ?? []
        }

        /// All controllers read the meters of the grid connections.
        private mutating func readConnections(_ interval: Interval) {
            let imported = scenario.connections.map { meters.readings[$0].given }
            coordination.read(imported, over: interval)
            islandControllers.read(imported, over: interval)
        }

        /// Solves the network as a whole, keeps the exchange, and ends the step for its controls. Returns
        /// what only a feeder of three phases has.
        private mutating func solveWhole(
            _ setpoints: [Setpoint?], within wanted: ClosedRange<Power>?
        ) -> FeederStep? {
            solve()
            if scenario.planning.clearing.method != .none {
                var setpoints = setpoints
                for device in attackers.hijacked { setpoints[device] = nil }
                keepExchange(setpoints, within: wanted)
            }
            let feeder = network.endStep(&plant)
            plant.balance(with: point, at: step)
            return feeder
        }

        /// Solves the network as the scenario has it.
        private mutating func solve() {
            network.solve(plant, at: step, into: &point)
            point.losses += plant.unmodelledLosses
            // A resonance of series and shunt elements; no meter counts it.
            let largest = Swift.max(abs(point.sourcePower.value), abs(point.losses.value))
            if !(largest < MeterBank.largestPower.value) {
                point = OperatingPoint(
                    buses: scenario.network.buses.count, branches: scenario.network.branches.count)
            }
        }

        /// Often enough for the losses that follow the change of power.
        private static let rounds = 6

        /// The plant keeps the exchange of the reference: see `Plant.relieve`.
        private mutating func keepExchange(_ setpoints: [Setpoint?], within wanted: ClosedRange<Power>?) {
            guard let reference = plant.references.first else { return }
            for _ in 0..<Self.rounds {
                guard point.status.isSolved,
                    plant.relieve(point.sourcePower, of: reference, setpoints, within: wanted, at: step)
                else { return }
                solve()
            }
        }

        /// Agrees on the setpoints of the step: the centre for its part of the network, and each other island
        /// by itself.
        private mutating func agree(_ offers: [Offer], over ahead: Horizon) -> Coordination.Agreement {
            let (interval, measurements) = (scenario.horizon[step], attackers.say(measurements()))
            guard let parts = islands.parts else {
                return coordination.agree(
                    at: step, of: interval, offers: offers, horizon: ahead, measurements: measurements,
                    under: islands.disturbance, onStage: onStage)
            }
            let isAlive = islands.isCentreAlive
            var agreement = coordination.agree(
                at: step, of: interval,
                offers: isAlive || step == 0
                    ? islands.available(offers, in: islands.central, plant.states) : [],
                horizon: islands.outlook(ahead, of: islands.central),
                measurements: islands.available(measurements, in: islands.central, plant.states),
                under: islands.disturbance, among: Set(parts[islands.central].devices), onStage: onStage)
            islandControllers.agree(
                at: step, of: interval, in: islands, offers: offers, ahead: ahead,
                measurements: measurements, plant.states, peaks: coordination, into: &agreement)
            return agreement
        }

        /// Devices that do not do what they were asked, with the potential that they state. In islands droop
        /// moves them too; nothing is checked there.
        private func contradictions(of setpoints: [Setpoint?]) -> [Contradiction] {
            guard attackers.areExpected, islands.parts == nil else { return [] }
            return LocalChecks.devices(
                plant,
                stated: plant.potential.indices.map {
                    attackers.potential(of: $0, in: step, plant.potential[$0])
                },
                asked: setpoints, metered: attackers.shift(plant.states.map(\.power)), at: step)
        }

        /// What the devices measure for the clearing of the step; empty where none is cleared.
        private func measurements() -> [Measurement] {
            let clearing = scenario.planning.clearing
            guard clearing.method == .tree else { return [] }
            let seen = clearing.sees == .step ? step : step - 1
            return seen < 0 ? [] : plant.measurements(of: seen, over: scenario.horizon[seen])
        }

        /// Adds the meters' readings to the month, and settles it when it ends; what is left when time ends,
        /// too.
        private mutating func settle(_ interval: Interval) -> MonthlySettlement? {
            let losses = meters.readings.last!.given
            let month = settler.add(meters.readings.dropLast(), losses: losses, over: interval)
            return step == scenario.horizon.count - 1 ? month ?? settler.close() : month
        }

        /// The offers of all devices for the next plan, when one is due: every so many steps, and when an
        /// event changes what is joined.
        private mutating func offersDue(afterEvent isParted: Bool) -> (Horizon, [Offer]) {
            let planning = scenario.planning
            let end = Swift.min(step + planning.horizonSteps, scenario.horizon.count)
            let ahead = scenario.horizon.part(step..<end)
            let isDue = step % planning.replanSteps == 0 || isParted
            guard isDue else { return (ahead, []) }
            return (ahead, forecaster.offers(over: step..<end, states: plant.states))
        }
    }
}

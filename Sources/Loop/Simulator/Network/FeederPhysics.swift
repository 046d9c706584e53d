import Devices
import Grid
import LinearAlgebra
import Monitoring
import Planning
import Timeline
import UnbalancedPowerFlow

/// A three-phase feeder with its controls.
final class FeederPhysics: NetworkPhysics {
    private let own: ScenarioFeeder
    private let connection: Monitor
    private let stepper: FeederStepper
    private let horizon: Horizon
    private let zone: TimeZoneTable
    private var reading: FeederReading
    private var states: FeederStates?
    /// Nominal powers of the loads, W and var.
    private let nominal: [(active: Double, reactive: Double)]
    /// Devices whose power follows the voltage.
    private let followers: [Int]

    /// `connection` watches the exchange.
    /// - Precondition: the feeder has no mistakes; whoever made the scenario has seen to it.
    init(_ own: ScenarioFeeder, _ scenario: Scenario, tolerance: Double, _ connection: Monitor) {
        self.own = own
        self.connection = connection
        horizon = scenario.horizon
        zone = scenario.zone
        guard
            let stepper = try? FeederStepper(
                feeder: own.feeder, interval: Double(scenario.horizon.step), tolerance: tolerance)
        else { preconditionFailure("a scenario has a feeder that can be solved") }
        self.stepper = stepper
        reading = FeederReading(own)
        nominal = own.feeder.loads.map { load in
            (load.active.reduce(0) { $0 + $1.value }, load.reactive.reduce(0) { $0 + $1.value })
        }
        followers = own.roles.indices.filter { device in
            switch own.roles[device] {
            case .source: false
            case .inverter: true
            case .load(let load):
                own.feeder.loads[load].dependence != .constantPower
                    || own.feeder.loads[load].range != .unlimited
            }
        }
    }

    func solve(_ plant: Plant, at step: Int, into point: inout OperatingPoint) {
        for (device, role) in own.roles.enumerated() {
            let (power, reactive) = (plant.states[device].power.value, plant.reactive[device].value)
            switch role {
            case .source: continue
            case .load(let load):
                let (p, q) = nominal[load]
                stepper.set(load, active: p == 0 ? 0 : -power / p, reactive: q == 0 ? 0 : -reactive / q)
            case .inverter(let inverter):
                let factor = power / own.feeder.inverters[inverter].active.value
                stepper.set(own.feeder.loads.count + inverter, active: factor, reactive: factor)
            }
        }
        let clock = Double(zone.civil(horizon[step].start).secondOfDay)
        let states = stepper.solve(at: clock)
        self.states = states
        reading.read(states, into: &point)
    }

    func endStep(_ plant: inout Plant) -> FeederStep? {
        stepper.endStep()
        guard let states, states.status(0).isSolved else { return reading.step }
        for device in followers {
            switch own.roles[device] {
            case .source: continue
            case .load(let load):
                let taken = states.power(load: load, 0)
                plant.take(Power(-taken.real), ReactivePower(-taken.imaginary), of: device)
            case .inverter(let inverter):
                let given = states.power(inverter: inverter, 0)
                plant.take(Power(given.real), ReactivePower(given.imaginary), of: device)
            }
        }
        return reading.step
    }

    // MARK: Limits

    func alarms(at point: OperatingPoint, exchanges: [Power]) -> [Alarm] {
        guard point.status.isSolved else { return connection.inspectConnections(point, exchanges: exchanges) }
        let unbalances = zip(own.threePhaseBuses, reading.step.unbalance).compactMap { bus, value in
            Violation.exceeds(value, own.unbalanceLimit)
                ? Alarm(kind: .unbalance, place: bus, value: value, limit: own.unbalanceLimit) : nil
        }
        return voltageAlarms + unbalances + overloads
            + connection.inspectConnections(point, exchanges: exchanges)
    }

    private var voltageAlarms: [Alarm] {
        zip(own.phases, reading.step.voltage).compactMap { phase, value in
            let limits = own.equivalent.network.buses[phase.bus].limits
            let kind: Alarm.Kind
            var limit = limits.lowerBound
            if value == 0 {
                kind = .deenergised
            } else if value < limits.lowerBound - Violation.tolerance {
                kind = .undervoltage
            } else if value > limits.upperBound + Violation.tolerance {
                (kind, limit) = (.overvoltage, limits.upperBound)
            } else {
                return nil
            }
            return Alarm(
                kind: kind, place: phase.bus, value: value, limit: limit, phase: phase.pair)
        }
    }

    /// Of every conductor of a line with a rating, and of every coil of a transformer.
    private var overloads: [Alarm] {
        own.equivalent.elements.enumerated().flatMap { branch, element -> [Alarm] in
            switch element {
            case .line(let index):
                let line = own.feeder.lines[index]
                guard let rating = line.rating?.value, rating > 0 else { return [] }
                return zip(line.from.conductors, reading.lineCurrents[index]).compactMap {
                    overload(branch, Feeder.Pair($0), $1, rating)
                }
            case .transformer(let index, let k):
                let transformer = own.feeder.transformers[index]
                let power = (transformer.limit ?? transformer.rating).value
                let windings = transformer.windings
                return windings.indices.filter { windings[$0].bus == windings[k].bus }.flatMap { w in
                    let rated = power / Double(windings[w].pairs.count) / windings[w].voltage.value
                    let share = windings.count { $0.bus == windings[k].bus }
                    return zip(windings[w].pairs, reading.windingCurrents[index][w]).compactMap {
                        overload(branch, $0, $1, rated / Double(share))
                    }
                }
            }
        }
    }

    private func overload(
        _ branch: Int, _ phase: Feeder.Pair, _ value: Double, _ limit: Double
    ) -> Alarm? {
        guard Violation.exceeds(value, limit) else { return nil }
        return Alarm(kind: .overload, place: branch, value: value, limit: limit, phase: phase)
    }
}

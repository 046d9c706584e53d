import Devices
import Grid
import PowerFlow
import Scheduling
import Timeline

/// The true plant: the devices, their potential in every step, and their state.
struct Plant: Sendable {
    let devices: [Device]
    /// Grid connections that hold the voltage of their part of the network in the step.
    var references: [Int]
    let stepHours: Double
    /// Losses of wires that are not modelled, as a fraction of what the loads take.
    private let lossShare: Double
    /// Potential of every device in every step.
    let potential: [[Power]]
    var states: [DeviceState]
    /// The states before the step.
    private(set) var before: [DeviceState]
    private(set) var injections: Injections
    /// Reactive power that every device gives; that of a reference is of the last `balance`.
    var reactive: [ReactivePower]
    /// What loads would take at the voltage of the step, as a fraction of their demand; empty where none
    /// depends on the voltage.
    private var voltageFactors: [Double] = []

    init(_ scenario: Scenario) {
        devices = scenario.devices
        references = scenario.connections.isEmpty ? [] : [scenario.connections[0]]
        stepHours = scenario.horizon.stepHours
        lossShare = scenario.lossShare
        potential = devices.map { $0.potentials(under: scenario.weather) }
        states = devices.map(\.initialState)
        before = states
        injections = Injections(buses: scenario.network.buses.count)
        reactive = Array(repeating: .zero, count: devices.count)
    }

    /// Moves every device but the references through `step`, and computes the injections of the buses.
    mutating func follow(_ setpoints: [Setpoint?], at step: Int) {
        before = states
        for (index, device) in devices.enumerated() where !references.contains(index) {
            states[index] = device.follow(
                setpoints[index]?.power, potential: potential[index][step], state: states[index],
                at: step, hours: stepHours)
            reactive[index] = device.reactive(
                states[index].power, at: step, asked: setpoints[index]?.reactive ?? .zero)
        }
        sumInjections()
    }

    /// Sums the powers of all devices but the references by bus.
    mutating func sumInjections() {
        injections = Injections(buses: injections.active.count)
        for (index, device) in devices.enumerated() where !references.contains(index) {
            injections.add(states[index].power, reactive[index], at: device.bus)
        }
        if lossShare > 0 { injections.active[0] = injections.active[0] - unmodelledLosses }
    }

    /// Losses of wires that are not modelled.
    var unmodelledLosses: Power { unmodelledLosses(states) }

    /// The same with devices in these states.
    func unmodelledLosses(_ states: [DeviceState]) -> Power {
        guard lossShare > 0 else { return .zero }
        return zip(devices, states).reduce(.zero) { $1.0.load == nil ? $0 : $0 - $1.1.power * lossShare }
    }

    /// Takes what the devices do in a step with events instead.
    mutating func take(_ draft: IslandDraft, _ injections: Injections) {
        (states, reactive, self.injections) = (draft.states, draft.reactive, injections)
    }

    /// What each device measures in a step, at the begin of the present one.
    func measurements(of step: Int, over interval: Interval) -> [Measurement] {
        devices.indices.map { index in
            let bounds = devices[index].bounds(potential: potential[index][step], at: step)
            return Measurement(
                device: DeviceID(index), interval: interval, lower: bounds.lowerBound,
                upper: bounds.upperBound, power: states[index].power, stored: states[index].stored)
        }
    }

    /// Sets the power of the only reference to what the network draws. Where the network has no solution,
    /// no device has a voltage, and nothing is served; the same is true of a bus without a path to the
    /// source. `injections` stay what was asked of the network.
    mutating func balance(with point: OperatingPoint, at step: Int) {
        let isSolved = point.status.isSolved
        for reference in references {
            reactive[reference] = isSolved ? point.sourceReactive : .zero
            states[reference].power = isSolved ? point.sourcePower : .zero
        }
        guard point.status != .converged else { return }
        for (index, device) in devices.enumerated()
        where !references.contains(index) && (!isSolved || point.voltage[device.bus] == .zero) {
            states[index] = device.withoutVoltage(
                after: before[index], potential: potential[index][step], hours: stepHours)
            reactive[index] = .zero
        }
    }

    /// Takes over what a device gives at the voltage of the step. The demand of a load is then what it would
    /// take at this voltage.
    mutating func take(_ power: Power, _ reactive: ReactivePower, of index: Int) {
        let asked = states[index].power
        states[index].power = power
        self.reactive[index] = reactive
        guard devices[index].load != nil else { return }
        if voltageFactors.isEmpty { voltageFactors = devices.map { _ in 1 } }
        voltageFactors[index] = asked == .zero ? 1 : power / asked
    }

    /// Potential of every device in a step, that of the loads at its voltage.
    func potentials(at step: Int) -> [Power] {
        guard !voltageFactors.isEmpty else { return potential.map { $0[step] } }
        return devices.indices.map { potential[$0][step] * voltageFactors[$0] }
    }
}

import Devices
import Grid
import PowerFlow
import Scheduling
import Timeline

/// The true plant: the devices, their potential in every step, and their state.
struct Plant: Sendable {
    private let devices: [Device]
    private let connection: Int
    private let stepHours: Double
    /// Potential of every device in every step.
    let potential: [[Power]]
    private(set) var states: [DeviceState]
    private(set) var injections: Injections
    /// Reactive power that every device gives; that of the grid connection is of the last `balance`.
    private(set) var reactive: [ReactivePower]

    init(_ scenario: Scenario) {
        devices = scenario.devices
        connection = scenario.connection
        stepHours = scenario.horizon.stepHours
        potential = devices.map { $0.potentials(under: scenario.weather) }
        states = devices.map(\.initialState)
        injections = Injections(buses: scenario.network.buses.count)
        reactive = Array(repeating: .zero, count: devices.count)
    }

    /// Moves every device but the grid connection through `step`, and computes the injections of the buses.
    mutating func follow(_ setpoints: [Setpoint?], at step: Int) {
        injections = Injections(buses: injections.active.count)
        for (index, device) in devices.enumerated() where index != connection {
            states[index] = device.follow(
                setpoints[index]?.power, potential: potential[index][step], state: states[index],
                hours: stepHours)
            reactive[index] = device.reactive(
                states[index].power, asked: setpoints[index]?.reactive ?? .zero)
            injections.add(states[index].power, reactive[index], at: device.bus)
        }
    }

    /// Sets the power of the grid connection: what the network draws, or where the power flow has no
    /// solution, what the devices leave.
    mutating func balance(with point: OperatingPoint) {
        reactive[connection] = point.sourceReactive
        if !point.status.isSolved {
            let others = states.indices.reduce(Power.zero) { $1 == connection ? $0 : $0 + states[$1].power }
            states[connection].power = -others
        } else {
            states[connection].power = point.sourcePower
        }
    }
}

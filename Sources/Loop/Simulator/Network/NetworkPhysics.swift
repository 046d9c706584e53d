import Devices
import Grid
import Monitoring
import PowerFlow
import Scheduling

/// Physics of the network in the steps of the loop.
protocol NetworkPhysics: AnyObject {
    /// Solves the network for what the devices of `plant` give and take in `step`. May be called several
    /// times in a step; what controls of the network remember begins each time as the step before left it.
    func solve(_ plant: Plant, at step: Int, into point: inout OperatingPoint)

    /// Ends the step that was solved last: what its controls did stays. Gives `plant` the powers of the
    /// devices that follow the voltage. Returns what only a network of three phases has.
    func endStep(_ plant: inout Plant) -> FeederStep?

    /// Every limit that the step breaks; `exchanges` are those of the grid connections, positive when
    /// imported.
    func alarms(at point: OperatingPoint, exchanges: [Power]) -> [Alarm]
}

extension Scenario {
    /// The physics of its network, with power mismatches of at most `tolerance` per unit.
    func physics(tolerance: Double) -> any NetworkPhysics {
        let monitor = Monitor(
            network: network,
            connections: connections.map { index in
                let (device, grid) = (devices[index], devices[index].externalGrid!)
                return .init(
                    bus: device.bus, importLimit: grid.importLimit, exportLimit: grid.exportLimit)
            })
        guard let feeder else { return BalancedPhysics(network, tolerance: tolerance, monitor) }
        return FeederPhysics(feeder, self, tolerance: tolerance, monitor)
    }
}

/// A balanced network without controls.
final class BalancedPhysics: NetworkPhysics {
    private let solver: PowerFlowSolver
    private let monitor: Monitor

    init(_ network: Network, tolerance: Double, _ monitor: Monitor) {
        solver = PowerFlowSolver(network: network, tolerance: tolerance)
        self.monitor = monitor
    }

    func solve(_ plant: Plant, at step: Int, into point: inout OperatingPoint) {
        solver.solve(plant.injections, into: &point)
    }

    func endStep(_ plant: inout Plant) -> FeederStep? { nil }

    func alarms(at point: OperatingPoint, exchanges: [Power]) -> [Alarm] {
        monitor.inspect(point, exchanges: exchanges)
    }
}

import Devices
import Grid
import PowerFlow
import Scheduling
import Timeline

/// What the controller expects the wires to take. It has the map of the network and knows every device's bus
/// and power factor: the losses of a step are those of a power flow at the powers of its last plan.
///
/// Measured losses scaled by demand would not do: batteries and sun move losses as much as loads do, and
/// where loads were shed, hardly any demand is left to divide by.
final class LossEstimate {
    /// Largest bus mismatch, per unit: ten watts or so.
    private static let tolerance = 1e-5

    private let devices: [Device]
    private let connection: Int
    private let network: PerUnitNetwork
    private let powerFlow: TimeSeriesPowerFlow
    private let areas: PlanAreas?

    init(_ scenario: Scenario) {
        devices = scenario.devices
        connection = scenario.connection
        areas = scenario.planning.rules.areas
        network = PerUnitNetwork(scenario.network)
        powerFlow = TimeSeriesPowerFlow(network: scenario.network, tolerance: Self.tolerance)
    }

    /// One a step, with `offers` doing what is expected.
    func voltages(_ expected: ExpectedPowers, of offers: [Offer]) -> VoltageSeries {
        let steps = expected.active.first?.count ?? 0
        var series = InjectionSeries(buses: network.nominalVoltage.count, steps: steps)
        for (place, offer) in offers.enumerated() where offer.device.index != connection {
            let device = devices[offer.device.index]
            let (active, reactive) = (expected.active[place], expected.reactive[place])
            series.active.add(active, times: 1, toRow: device.bus)
            series.reactive.add(active, times: device.reactive(Power(1)).value, toRow: device.bus)
            series.reactive.add(reactive, times: 1, toRow: device.bus)
        }
        return powerFlow.solve(series)
    }

    /// One a step, laid out as those of a `DispatchProblem`; zero where the network has no solution. Of a
    /// branch between two areas each bears half.
    func losses(at voltages: VoltageSeries) -> [Power] {
        var losses = [Power](repeating: .zero, count: voltages.steps * (areas?.names.count ?? 1))
        for branch in network.branches { add(branch, voltages, to: &losses) }
        return losses
    }

    /// I²R of one branch in every step.
    private func add(_ branch: PerUnitNetwork.Branch, _ voltages: VoltageSeries, to losses: inout [Power]) {
        let (from, to) = (branch.from, branch.to)
        let first = (areas?.ofBuses[from] ?? 0) * voltages.steps
        let second = (areas?.ofBuses[to] ?? 0) * voltages.steps
        for step in 0..<voltages.steps {
            let real = voltages.real[from, step] / branch.ratio - voltages.real[to, step]
            let imaginary = voltages.imaginary[from, step] / branch.ratio - voltages.imaginary[to, step]
            let drop = real * real + imaginary * imaginary
            let loss = Power(network.basePower * drop * branch.conductance)
            if first == second {
                losses[first + step] += loss
            } else {
                losses[first + step] += loss / 2
                losses[second + step] += loss / 2
            }
        }
    }
}

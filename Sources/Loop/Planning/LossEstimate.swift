import Grid
import Lanes
import LinearAlgebra
import PowerFlow
import Scheduling
import Timeline

/// The losses that a planner expects: those of a power flow at the powers of its last plan.
///
/// Measured losses scaled by demand would not do: batteries and solar plants change losses as much as loads
/// do, and where loads were shed, hardly any demand is left to divide by.
final class LossEstimate {
    /// Largest bus mismatch, per unit: about ten watts.
    private static let tolerance = 1e-5

    private let map: PlantMap
    private let network: PerUnitNetwork
    private let powerFlow: TimeSeriesPowerFlow
    private let areas: PlanAreas?

    init(_ map: PlantMap, areas: PlanAreas?) {
        self.map = map
        self.areas = areas
        network = PerUnitNetwork(map.network)
        powerFlow = TimeSeriesPowerFlow(network: map.network, tolerance: Self.tolerance)
    }

    /// Returns the voltages of every step when `offers` give the expected powers.
    func voltages(_ expected: ExpectedPowers, of offers: [Offer]) -> VoltageSeries {
        let steps = expected.active.first?.count ?? 0
        var series = InjectionSeries(buses: network.nominalVoltage.count, steps: steps)
        for (place, offer) in offers.enumerated() where offer.device != map.connection {
            let device = map.device(of: offer)
            let (active, reactive) = (expected.active[place], expected.reactive[place])
            series.active.add(active, times: 1, toRow: device.bus)
            if device.reactiveRatio != 0 {
                series.reactive.add(active, times: device.reactiveRatio, toRow: device.bus)
            }
            if reactive.contains(where: { $0 != 0 }) {
                series.reactive.add(reactive, times: 1, toRow: device.bus)
            }
        }
        return powerFlow.solve(series)
    }

    /// Returns the losses of every step when `offers` give the expected powers, laid out as those of a
    /// `DispatchProblem`.
    func losses(at voltages: VoltageSeries, _ expected: ExpectedPowers, of offers: [Offer]) -> [Power] {
        var losses = losses(at: voltages)
        guard map.lossShare > 0 else { return losses }
        for (place, offer) in offers.enumerated() where map.device(of: offer).isLoad {
            for step in 0..<voltages.steps {
                losses[step] += Power(-expected.active[place][step] * map.lossShare)
            }
        }
        return losses
    }

    /// Returns the losses of the wires, zero where the power flow has no solution. Each of two areas bears
    /// half of the losses of a branch between them.
    private func losses(at voltages: VoltageSeries) -> [Power] {
        let (count, blocks) = (areas?.names.count ?? 1, voltages.real.blocks)
        var losses = [Lanes](repeating: Lanes(repeating: 0), count: blocks * count)
        for branch in network.branches where branch.isClosed { add(branch, voltages, to: &losses) }
        return (0..<voltages.steps * count).map { at in
            let (area, step) = at.quotientAndRemainder(dividingBy: voltages.steps)
            return Power(losses[area * blocks + step / 8][step % 8])
        }
    }

    /// Adds the losses of one branch, I²R and those in iron, in every step, eight steps at a time.
    private func add(_ branch: PerUnitNetwork.Branch, _ voltages: VoltageSeries, to losses: inout [Lanes]) {
        let (from, to) = (branch.from, branch.to)
        let blocks = voltages.real.blocks
        let first = (areas?.ofBuses[from] ?? 0) * blocks
        let second = (areas?.ofBuses[to] ?? 0) * blocks
        // From the voltage at `from` to that behind the ideal transformer.
        let turn = Complex.turn(by: -branch.shift)
        for block in 0..<blocks {
            let near = (voltages.real[row: from, block: block], voltages.imaginary[row: from, block: block])
            let far = (voltages.real[row: to, block: block], voltages.imaginary[row: to, block: block])
            let behind = (
                (near.0 * turn.real - near.1 * turn.imaginary) / branch.ratio,
                (near.1 * turn.real + near.0 * turn.imaginary) / branch.ratio
            )
            let (real, imaginary) = (behind.0 - far.0, behind.1 - far.1)
            let drop = real * real + imaginary * imaginary
            var loss = network.basePower * drop * branch.conductance
            if branch.shuntConductance != 0 {
                let squares = behind.0 * behind.0 + behind.1 * behind.1 + far.0 * far.0 + far.1 * far.1
                loss += network.basePower * squares * (branch.shuntConductance / 2)
            }
            if first == second {
                losses[first + block] += loss
            } else {
                losses[first + block] += loss / 2
                losses[second + block] += loss / 2
            }
        }
    }
}

import Devices
import Grid
import OptimalPowerFlow
import Planning
import RunSamples
import Scheduling
import Simulator
import Testing

/// A step of a simulation in which reactive power was planned, against the optimal power flow of that step on
/// the full equations, active powers given.
@Suite("Plans with a network and the optimal power flow")
struct OptimalFlowLaws {
    private static let size = 130e3

    /// The step with the inverters' reactive powers free within what their circles leave.
    private func networkCase(_ record: Record, _ scenario: Scenario, isFree: Bool = true) -> NetworkCase {
        var (loads, generators) = ([NetworkCase.Load](), [NetworkCase.Generator]())
        for (index, device) in scenario.devices.enumerated() where index != SmallWorld.connection {
            let power = record.power[index]
            let limit = isFree ? device.capability?.limit(beside: power) ?? .zero : .zero
            if [SmallWorld.solar, SmallWorld.battery, SmallWorld.genset].contains(index) {
                generators.append(
                    .init(
                        name: device.name, bus: device.bus, active: power, activeLimits: power...power,
                        reactiveLimits: -limit...limit))
            } else {
                loads.append(
                    .init(
                        name: device.name, bus: device.bus, active: -power, reactive: -record.reactive[index])
                )
            }
        }
        let network = scenario.network
        generators.append(
            .init(
                name: "grid", bus: network.source, active: .zero, activeLimits: Power(-1e6)...Power(1e6),
                reactiveLimits: ReactivePower(-1e6)...ReactivePower(1e6), voltage: network.sourceVoltage,
                cost: .polynomial(constant: 0, linear: 1, quadratic: 0)))
        let buses = network.buses.enumerated().map { index, bus in
            let held = network.sourceVoltage
            return Bus(
                name: bus.name, nominalVoltage: bus.nominalVoltage,
                limits: index == network.source ? held...held : 0.9...1.1)
        }
        let branches = network.branches.map {
            Branch(
                name: $0.name, from: $0.from, to: $0.to, resistance: $0.resistance, reactance: $0.reactance)
        }
        return NetworkCase(
            name: "step", buses: buses, branches: branches, sources: network.sources, loads: loads,
            generators: generators, basePower: network.basePower)
    }

    @Test("reactive powers are those of the least losses, to what a line instead of a curve misses")
    func leastLosses() throws {
        var world = SmallWorld()
        world.wireFactor = 8
        (world.rules.keepsNetworkLimits, world.rules.demand) = (true, .ignored)
        world.capability = .apparentPower(ApparentPower(Self.size))
        let scenario = world.scenario
        var (planned, least, idle) = (0.0, 0.0, 0.0)
        for record in Simulation(scenario) where record.step % 8 == 1 {
            let optimum = try ACOptimalPowerFlow(networkCase(record, scenario)).solve()
            #expect(optimum.status == .optimal)
            let own = record.power[SmallWorld.connection].value
            #expect(own >= optimum.cost - 1)
            planned += record.point.losses.value
            least += record.point.losses.value - (own - optimum.cost)
            let none = try ACOptimalPowerFlow(networkCase(record, scenario, isFree: false)).solve()
            idle += record.point.losses.value + none.cost - own
        }
        // Of what reactive power can save at all, nine tenths are saved.
        #expect(idle - least > 0.03 * idle)
        #expect(planned - least < 0.1 * (idle - least), "\(planned) \(least) \(idle)")
    }
}

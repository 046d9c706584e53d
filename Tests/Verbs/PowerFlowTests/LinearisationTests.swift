import Grid
import PowerFlow
import TestSupport
import Testing

/// What `Linearisation` says of one more watt or var against two solved power flows, a little to either side.
@Suite struct LinearisationTests {
    /// W or var to either side.
    private static let step = 20.0

    @Test(arguments: [0, 3]) func derivativesAreThoseOfTheSolvedNetwork(loops: Int) {
        var random = SplitMix64(seed: 77)
        for seed in 600..<630 as Range<UInt64> {
            let system = System.random(seed, loops: loops)
            let solver = PowerFlowSolver(network: system.network, method: .newton, tolerance: 1e-10)
            let linearisation = Linearisation(network: system.network)
            #expect(linearisation.move(to: solver.solve(system)))
            var response = linearisation.blank
            for _ in 0..<3 {
                let bus = Int.random(in: 0..<system.network.buses.count, using: &random)
                for (active, reactive) in [(1.0, 0.0), (0, 1), (0.6, -0.8)] {
                    linearisation.respond(atBus: bus, active: active, reactive: reactive, into: &response)
                    let near = solver.solve(system.moved(bus, -active * Self.step, -reactive * Self.step))
                    let far = solver.solve(system.moved(bus, active * Self.step, reactive * Self.step))
                    expect(response, near, far, system.network, "seed \(seed), bus \(bus)")
                }
            }
        }
    }

    private func expect(
        _ response: Linearisation.Response, _ near: OperatingPoint, _ far: OperatingPoint, _ network: Network,
        _ place: String
    ) {
        let width = 2 * Self.step
        for (bus, description) in network.buses.enumerated() {
            let slope =
                (far.voltage[bus] - near.voltage[bus]).value / description.nominalVoltage.value / width
            #expect(abs(response.voltage[bus] - slope) < 1e-12, "\(place): voltage of \(bus)")
        }
        for branch in network.branches.indices {
            // Near zero the size of a current bends too much for two points; where both ends carry the same
            // it has a kink.
            guard near.current[branch].value > 1 else { continue }
            let slope = (far.current[branch] - near.current[branch]).value / width
            #expect(
                abs(response.current[branch] - slope) < 1e-7 + 1e-3 * abs(slope),
                "\(place): current of \(branch): \(response.current[branch]) \(slope)")
        }
        let losses = (far.losses - near.losses).value / width
        #expect(abs(response.losses - losses) < 1e-6, "\(place): losses \(response.losses) \(losses)")
        let reactive = (far.sourceReactive - near.sourceReactive).value / width
        #expect(
            abs(response.sourceReactive - reactive) < 1e-6, "\(place): \(response.sourceReactive) \(reactive)"
        )
    }

    /// All that is given less what the source takes in is lost, to first order too.
    @Test func aSourceBusAnswersWithNothing() {
        let system = System.random(640, loops: 1)
        let linearisation = Linearisation(network: system.network)
        let solver = PowerFlowSolver(network: system.network, tolerance: 1e-10)
        #expect(linearisation.move(to: solver.solve(system)))
        var response = linearisation.blank
        linearisation.respond(atBus: system.network.source, reactive: 1, into: &response)
        #expect(response.losses == 0 && response.voltage.allSatisfy { $0 == 0 })
        #expect(response.sourceReactive == -1)
    }

    @Test func aHeldVoltageStays() {
        let system = System.random(641, loops: 2)
        let held = system.network.branches.map(\.to).first { $0 != system.network.source }!
        let solver = PowerFlowSolver(network: system.network, tolerance: 1e-10)
        let linearisation = Linearisation(network: system.network, holding: [held])
        #expect(linearisation.move(to: solver.solve(system)))
        var response = linearisation.blank
        linearisation.respond(atBus: held, into: &response)
        #expect(response.voltage[held] == 0)
        #expect(response.losses != 0)
    }

    @Test func aStepWithoutSolutionIsRefused() {
        let system = System.random(642)
        let linearisation = Linearisation(network: system.network)
        #expect(
            !linearisation.move(
                to: OperatingPoint(
                    buses: system.network.buses.count, branches: system.network.branches.count)))
    }
}

extension System {
    /// With so much more given at a bus, W and var.
    fileprivate func moved(_ bus: Int, _ active: Double, _ reactive: Double) -> System {
        var moved = injections
        moved.active[bus] += Power(active)
        moved.reactive[bus] += ReactivePower(reactive)
        return System(network: network, injections: moved)
    }
}

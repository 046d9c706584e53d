import EconomicDispatch
import Grid
import Scheduling
import Testing
import Timeline

/// A town of 100 kW between a connection and what stands further out.
@Suite struct MarginalLossTests {
    private let horizon = Horizon(
        start: CivilTime(iso8601: "2026-07-01")!.instant(offset: 0), step: 3600, count: 3)

    private func offer(
        _ id: Int, _ lower: Double, _ upper: Double, _ price: Double, capability: ReactiveCapability? = nil,
        reservoir: Reservoir? = nil
    ) -> Offer {
        Offer(
            device: DeviceID(id), horizon: horizon, lower: Array(repeating: Power(lower), count: 3),
            upper: Array(repeating: Power(upper), count: 3),
            cost: Cost(constant: EnergyCost(yuanPerKilowattHour: price)), reservoir: reservoir,
            capability: capability)
    }

    private func town(_ third: Offer) -> [Offer] {
        [offer(0, -100e3, 0, 20), offer(1, -1e6, 1e6, 1), third]
    }

    private func response(_ change: (inout MarginalLosses.Response) -> Void) -> MarginalLosses {
        var response = MarginalLosses.Response(steps: 3)
        change(&response)
        return MarginalLosses(responses: [nil, nil, response])
    }

    private func plan(_ third: Offer, _ losses: Double, _ marginal: MarginalLosses?) -> Plan {
        var problem = DispatchProblem(
            horizon: horizon, offers: town(third), losses: Array(repeating: Power(losses), count: 3))
        problem.marginalLosses = marginal
        return RollingOptimum().plan(problem)
    }

    @Test("what saves losses is worth more than its own watts, and the balance holds what is saved")
    func savedLosses() {
        let unit = offer(2, 0, 50e3, 1.05)
        #expect(plan(unit, 4e3, nil).power(of: 2, at: 0).value < 1)
        let saving = plan(unit, 4e3, response { $0.active = [-0.1, -0.1, -0.01] })
        #expect(saving.status == .optimal)
        #expect(abs(saving.power(of: 2, at: 0).value - 50e3) < 1)
        // 100 kW and 4 kW, less 10 % of 50 kW saved and less the 50 kW themselves.
        #expect(abs(saving.power(of: 1, at: 0).value - 49e3) < 1)
        // 1 % is not worth 5 % of the price.
        #expect(saving.power(of: 2, at: 2).value < 1)
        #expect(saving.shortage.allSatisfy { $0 == .zero } && saving.surplus.allSatisfy { $0 == .zero })
    }

    @Test("losses are expected at the powers they were expected at")
    func around() {
        let saving = plan(
            offer(2, 0, 50e3, 1.05),
            4e3,
            response {
                $0.active = [-0.1, -0.1, -0.1]
                $0.power = [50e3, 20e3, 0]
            })
        #expect(abs(saving.power(of: 1, at: 0).value - 54e3) < 1)
        #expect(abs(saving.power(of: 1, at: 1).value - 51e3) < 1)
    }

    @Test("a distant store charges with what arrives")
    func store() {
        let battery = offer(
            2, -50e3, 50e3, 0,
            reservoir: Reservoir(
                stored: Energy(20e3), minimum: .zero, maximum: Energy(40e3), chargeEfficiency: 1,
                dischargeEfficiency: 1, selfDischarge: 0))
        let plan = plan(battery, 0, response { $0.active = [0.04, -0.05, 0.04] })
        for step in 0..<3 {
            let weight = 1 - [0.04, -0.05, 0.04][step]
            let given = plan.power(of: 1, at: step).value + weight * plan.power(of: 2, at: step).value
            #expect(abs(given - 100e3) < 1)
        }
        // Full before, empty after the step in which it saves.
        #expect(abs(plan.power(of: 2, at: 1).value - 40e3) < 1)
    }

    @Test("reactive power goes where losses are least, as far as the apparent power lets it")
    func reactive() {
        // Losses fall by 2 % of each var until 40 kvar.
        let marginal = response {
            $0.reactive = [-0.02, -0.02, -0.02]
            $0.curvature = Array(repeating: 0.02 / 40e3, count: 3)
        }
        func reactive(_ size: Double, _ price: Double) -> (Double, Double) {
            let unit = offer(2, 0, 50e3, price, capability: .apparentPower(ApparentPower(size)))
            let plan = plan(unit, 4e3, marginal)
            #expect(plan.status == .optimal)
            let given = plan.power(of: 1, at: 1).value + plan.power(of: 2, at: 1).value
            #expect(abs(given + 0.02 * plan.reactive(of: 2, at: 1).value - 104e3) < 1)
            return (plan.power(of: 2, at: 1).value, plan.reactive(of: 2, at: 1).value)
        }
        let idle = reactive(100e3, 2)
        #expect(idle.0 < 1 && abs(idle.1 - 40e3) < 20)
        #expect(abs(reactive(30e3, 2).1 - 30e3) < 20)
        let full = reactive(50e3, 0.5)
        // A watt is dearer than what a var saves: all of the apparent power is active.
        #expect(abs(full.0 - 50e3) < 20 && abs(full.1) < 1500)
        #expect(full.0 * full.0 + full.1 * full.1 <= 2500e6 * (1 + 1e-9))
    }

    @Test("a machine gives reactive power only beside active power")
    func machine() {
        let marginal = response { $0.reactive = [-0.02, -0.02, -0.02] }
        let plan = plan(offer(2, 0, 50e3, 1.01, capability: .perActive(0.75)), 4e3, marginal)
        // 0.75 var save 1.5 % beside each watt that costs 1 % more.
        #expect(abs(plan.power(of: 2, at: 0).value - 50e3) < 10)
        #expect(abs(plan.reactive(of: 2, at: 0).value - 37.5e3) < 10)
        let dear = self.plan(offer(2, 0, 50e3, 1.02, capability: .perActive(0.75)), 4e3, marginal)
        #expect(dear.power(of: 2, at: 0).value < 10 && abs(dear.reactive(of: 2, at: 0).value) < 10)
    }

    @Test("a limit of reactive power is kept")
    func limited() {
        var problem = DispatchProblem(
            horizon: horizon,
            offers: town(offer(2, 0, 50e3, 2, capability: .apparentPower(ApparentPower(60e3)))))
        problem.marginalLosses = response { _ in }
        problem.requirements.limits = [
            LinearLimit(
                "support", [.init(2, [1], of: .reactive), .init(2, [0, 1, 0])], lower: [20e3, 70e3, -1e9])
        ]
        let plan = RollingOptimum().plan(problem)
        #expect(plan.reactive(of: 2, at: 0).value >= 20e3 - 5)
        // More than the apparent power: some of it must be active, at twice the price.
        let (p, q) = (plan.power(of: 2, at: 1).value, plan.reactive(of: 2, at: 1).value)
        #expect(p > 10e3 && p < 20e3 && p + q >= 70e3 - 5)
        #expect(p * p + q * q <= 3600e6 * (1 + 1e-9))
        #expect(plan.outcomes.allSatisfy { $0.beyond.allSatisfy { $0 < 5 } })
    }
}

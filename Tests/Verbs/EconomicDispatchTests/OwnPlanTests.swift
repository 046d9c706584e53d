import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

/// The example of docs/own-dispatcher.md: charges when energy is cheap, discharges when it is dear, and lets
/// the connection give the rest.
final class CheapHours: Dispatcher {
    func plan(_ problem: DispatchProblem) -> Plan {
        let offers = problem.offers
        let connection = offers.firstIndex { $0.role == .connection }!
        let price = problem.horizon.indices.map { offers[connection].cost.deliver(at: $0).value }
        let mean = price.reduce(0, +) / Double(price.count)
        var powers = offers.map { offer in
            offer.reservoir == nil ? offer.lower : [Power](repeating: .zero, count: offer.lower.count)
        }
        for (i, offer) in offers.enumerated() {
            guard let store = offer.reservoir else { continue }
            var stored = store.stored
            for step in problem.horizon.indices {
                let hours = problem.horizon.stepHours
                let room = Power((store.maximum - stored).value / hours / store.chargeEfficiency)
                let held = Power((stored - store.minimum).value / hours * store.dischargeEfficiency)
                let power = price[step] < mean ? max(offer.lower[step], -room) : min(offer.upper[step], held)
                powers[i][step] = power
                stored =
                    stored
                    - Energy(
                        hours
                            * (power > .zero
                                ? power.value / store.dischargeEfficiency
                                : power.value * store.chargeEfficiency))
            }
        }
        for step in problem.horizon.indices {
            let others = offers.indices.reduce(Power.zero) { $1 == connection ? $0 : $0 + powers[$1][step] }
            powers[connection][step] = problem.losses[step] - others
        }
        return (try? Plan(problem, powers: powers)) ?? MeritOrder().plan(problem)
    }
}

@Suite struct OwnPlanTests {
    private func day() -> Case {
        var hours = Case(steps: 4)
        hours.load([50])
        hours.connection(limit: 100, price: [0.2, 0.2, 0.8, 0.8])
        hours.add([-30], [30], store: Case.store(0, 0...100, charge: 1, discharge: 1))
        return hours
    }

    @Test func anOwnDispatcherIsOneLikeAnyOther() {
        let plan = CheapHours().plan(day().problem())
        #expect(near(plan.kilowatts(2), [-30, -30, 30, 30]))
        #expect(near(plan.kilowatts(1), [80, 80, 20, 20]))
        // What the powers cost, and what is left in the store, as any plan of them.
        #expect(abs(plan.objective - RollingOptimum().plan(day().problem()).objective) < 1e-6)
        #expect(near(plan.prices, [0, 0, 0.8, 0.8]) || near(plan.prices, [0.2, 0.2, 0.8, 0.8]))
    }

    private func refusal(_ change: (inout [[Power]]) -> Void) -> String? {
        var powers = [[-50, -50, -50, -50], [80, 80, 20, 20], [-30, -30, 30, 30]].map {
            $0.map { Power(kilowatts: Double($0)) }
        }
        change(&powers)
        do throws(Plan.Refusal) {
            _ = try Plan(day().problem(), powers: powers)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func whatIsNoPlanIsRefusedWithItsReason() {
        #expect(refusal { _ in } == nil)
        #expect(refusal { $0.removeLast() } == "powers of 2 devices where there are 3")
        #expect(refusal { $0[1].removeLast() } == "device 1: 3 powers for 4 steps")
        #expect(refusal { $0[1][2] = Power(.nan) }?.contains("outside 0.0…100.0 kW") == true)
        #expect(refusal { $0[1][2] = Power(kilowatts: 101) }?.contains("step 2") == true)
        #expect(refusal { $0[2][0] = Power(kilowatts: 30) }?.contains("store can follow only 0.0 kW") == true)
    }

    @Test func whatIsMissingIsShortage() throws {
        var powers = [[-50.0], [80], [-30]].map { $0.map { Power(kilowatts: $0) } }
        var hour = Case(steps: 1)
        hour.load([50])
        hour.connection(limit: 100, price: [0.2])
        hour.add([-30], [30], store: Case.store(0, 0...100, charge: 1, discharge: 1))
        powers[1][0] = Power(kilowatts: 70)
        let plan = try Plan(hour.problem(), powers: powers)
        #expect(abs(plan.shortage[0].kilowatts - 10) < 1e-9)
    }
}

import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

@Suite struct RollingOptimumTests {
    private func plan(_ problem: DispatchProblem) -> Plan { RollingOptimum().plan(problem) }

    @Test func batteryMovesEnergyFromTheCheapHourToTheDear() {
        var hours = Case(steps: 2)
        hours.load([100])
        hours.connection(limit: 500, price: [0.2, 1])
        hours.add([-50], [50], store: Case.store(0, 0...100))
        let plan = plan(hours.problem(stored: 0))
        #expect(near(plan.kilowatts(2), [-50, 40.5]))
        #expect(near(plan.kilowatts(1), [150, 59.5]))
        #expect(near(plan.prices, [0.2, 1], absolute: 1e-5))
        #expect(abs(plan.objective - 89.5) < 1e-4)
        #expect(abs(plan.stored(in: 2, at: 0).kilowattHours - 45) < 1e-3)
    }

    @Test func batteryRestsWhereTheLossesEatTheGain() {
        var hours = Case(steps: 2)
        hours.load([100])
        hours.connection(limit: 500, price: [0.9, 1])
        hours.add([-50], [50], store: Case.store(0, 0...100))
        #expect(near(plan(hours.problem(stored: 0)).kilowatts(2), [0, 0]))
    }

    @Test func whatIsStoredAtTheEndIsWorthWhatItReplaces() {
        var hours = Case(steps: 2)
        hours.connection(limit: 500, price: [0.2, 1])
        hours.add([-50], [50], deliver: [0.1], store: Case.store(0, 0...100))
        // Mean price 0.6 less wear 0.1, times the discharge efficiency 0.9.
        #expect(abs(hours.problem().storedValue(of: 1).yuanPerKilowattHour - 0.45) < 1e-12)
        // Worth charging at 0.2/0.9 a kWh; worth giving back at 0.9·(1 − 0.1)? No exporting: kept.
        #expect(near(plan(hours.problem()).kilowatts(1), [-50, 0]))
    }

    @Test func gensetClimbsItsRamp() {
        var hours = Case(steps: 4)
        hours.load([50], value: 5)
        hours.add([0], [100], deliver: [1], ramp: 10)
        let plan = plan(hours.problem())
        #expect(near(plan.kilowatts(1), [10, 20, 30, 40]))
        #expect(near((0..<4).map { plan.shed(at: $0).kilowatts }, [40, 30, 20, 10]))
        #expect(abs(plan.objective - (100 + 5 * 100)) < 1e-3)
    }

    @Test func aBoundBelowTheRampIsReachedAllTheSame() {
        var hours = Case(steps: 2)
        hours.load([20])
        hours.add([0], [15], deliver: [1], ramp: 10, power: 80)
        let plan = plan(hours.problem())
        #expect(near(plan.kilowatts(1), [15, 15]))
    }

    /// The price of giving says nothing of a load.
    @Test func loadsAreToldApartByTheirPriceOfTaking() {
        var hour = Case(steps: 1)
        hour.add([-100], [0], deliver: [1], absorb: [9])
        hour.add([-100], [0], deliver: [1], absorb: [5])
        hour.connection(limit: 120, price: [0.5])
        let plan = RollingOptimum().plan(hour.problem())
        #expect(near(plan.kilowatts(0) + plan.kilowatts(1), [-100, -20]))
    }

    /// Where feed-in lies above the price of import it counts as that price: one more kWh costs no more.
    @Test func feedInAboveTheImportPriceCountsAsIt() {
        var hour = Case(steps: 1)
        hour.load([10])
        hour.add([-100], [100], deliver: [0.2], absorb: [0.5])
        let plan = RollingOptimum().plan(hour.problem())
        #expect(near(plan.kilowatts(1), [10]) && near(plan.prices, [0.2]))
        #expect(abs(plan.objective - 2) < 1e-3)
    }

    @Test func theCheapestLoadIsShedFirst() {
        var hours = Case(steps: 1)
        hours.load([100], value: 5, rating: -120)
        hours.load([20], value: 9, rating: -30)
        hours.connection(limit: 80, price: [0.5])
        let plan = plan(hours.problem(losses: [2]))
        #expect(near(plan.kilowatts(0) + plan.kilowatts(1), [-58, -20]))
        #expect(near(plan.prices, [5], absolute: 1e-4))
        #expect(abs(plan.shed(at: 0).kilowatts - 42) < 1e-3)
        // Shed: its planned power. Served: its rating.
        #expect(abs(plan.setpoint(of: 0, at: 0).kilowatts + 58) < 1e-3)
        #expect(plan.setpoint(of: 1, at: 0).kilowatts == -30)
    }

    @Test func sunIsCurtailedForAllAlike() {
        var hours = Case(steps: 2)
        hours.load([30, 200])
        hours.add([0], [100], rating: 110)
        hours.add([0], [50], rating: 60)
        hours.connection(limit: 500, price: [0.5])
        let plan = plan(hours.problem())
        #expect(near([plan.kilowatts(1)[0], plan.kilowatts(2)[0]], [20, 10]))
        #expect(near(plan.prices, [0, 0.5], absolute: 1e-4))
        #expect(abs(plan.setpoint(of: 1, at: 0).kilowatts - 20) < 1e-3)
        #expect(plan.setpoint(of: 1, at: 1).kilowatts == 110 && plan.setpoint(of: 2, at: 1).kilowatts == 60)
    }

    @Test func whatNoOfferCanMeetIsReported() {
        var hours = Case(steps: 2)
        hours.add([-100, -30], [-100, -30])
        hours.add([0, 100], [0, 100])
        hours.add([0], [50], deliver: [0.5])
        let plan = plan(hours.problem())
        #expect(plan.status == .optimal)
        #expect(near(plan.shortage.map(\.kilowatts), [50, 0]))
        #expect(near(plan.surplus.map(\.kilowatts), [0, 70]))
    }

    @Test func woodAndWollenbergsThreeUnits() {
        // Power Generation, Operation and Control, example 3A; MW and $/MWh written here as kW and yuan/kWh.
        var hour = Case(steps: 1)
        hour.add([-850], [-850])
        hour.add([150], [600], deliver: [7.92], quadratic: 0.001562)
        hour.add([100], [400], deliver: [7.85], quadratic: 0.00194)
        hour.add([50], [200], deliver: [7.97], quadratic: 0.00482)
        let plan = plan(hour.problem())
        #expect(
            near(
                plan.kilowatts(1) + plan.kilowatts(2) + plan.kilowatts(3), [393.1698, 334.6038, 122.2264],
                absolute: 5e-3))
        #expect(near(plan.prices, [9.148263], absolute: 1e-5))
        #expect(abs(plan.objective + 561 + 310 + 78 - 8194.35612127) < 1e-3)
    }

    @Test func buyingToSellAtOnceEarnsNothing() {
        var hour = Case(steps: 1)
        hour.load([40])
        hour.add([0], [10])
        hour.connection(limit: 100, export: 100, price: [0.3], feedIn: [0.9])
        let plan = plan(hour.problem())
        #expect(near(plan.kilowatts(2), [30]))
        #expect(abs(plan.objective - 9) < 1e-4)
    }

    @Test func aPaidForImportDoesNotOverfillTheStore() {
        var hours = Case(steps: 4)
        hours.connection(limit: 60, export: 10, price: [-0.2], feedIn: [-0.3])
        hours.add([-50], [50], store: Case.store(80, 0...100))
        let plan = plan(hours.problem(stored: 0))
        for step in 0..<4 {
            let net = plan.kilowatts(0)[step] + plan.kilowatts(1)[step]
            #expect(abs(net) < 1e-3)
            #expect((-1e-6...100.000001).contains(plan.stored(in: 1, at: step).kilowattHours))
        }
    }

    @Test func aLeakingStoreAtItsMinimumIsNoContradiction() {
        var hours = Case(steps: 3)
        hours.load([10])
        hours.connection(limit: 50, price: [0.5])
        hours.add([0], [20], store: Case.store(10, 10...100, leak: 0.01))
        let plan = plan(hours.problem())
        #expect(plan.status == .optimal)
        #expect(near(plan.kilowatts(2), [0, 0, 0]))
    }

    @Test func noStepsAndNoOffersMakeAnEmptyPlan() {
        for method in DispatchMethod.allCases {
            let dispatcher = method.makeDispatcher()
            #expect(dispatcher.plan(Case(steps: 0).problem()).objective == 0)
            let plan = dispatcher.plan(Case(steps: 2).problem(losses: [1, 0]))
            #expect(near(plan.shortage.map(\.kilowatts), [1, 0]))
        }
    }
}

import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

/// Days worked out by hand; kW, steps of an hour.
@Suite struct RuleTests {
    /// Offers: 0 load, 1 store of 100 kWh without losses, 2 unit of 100 kW that runs at 30 kW or more.
    private func island(_ load: [Double], stored: Double, running: Double = 0) -> Case {
        var hours = Case(steps: load.count)
        hours.load(load)
        hours.add([-40], [40], deliver: [0.1], store: Case.store(stored, 0...100, charge: 1, discharge: 1))
        hours.add([0], [100], deliver: [2], power: running, minimum: 30)
        return hours
    }

    @Test func loadFollowingChargesNothingFromUnits() {
        // 40 of 60 kW come from the store, the unit gives the rest or, at least, its minimum.
        let plan = LoadFollowing().plan(island([60, 60, 60], stored: 50).problem())
        #expect(near(plan.kilowatts(2), [30, 40, 60]))
        #expect(near(plan.kilowatts(1), [30, 20, 0]))
        #expect(plan.status == .ruleBased)
    }

    @Test func cycleChargingRunsFullUntilTheSetPoint() {
        // Hour 1: 10 kWh cannot serve 60 kW, so the unit runs: 60 kW of load + 40 kW to charge; 50 kWh.
        // Hour 2: below 80 kWh it runs on: 50 + 40 kW; 90 kWh.
        // Hour 3: the set point is passed, but 40 kW of the store do not serve 50 kW. The unit is needed and
        // gives all that load and store take: 50 kW + 10 kW up to 100 kWh.
        // Hour 4: the store serves 30 kW alone; 70 kWh.
        let hours = island([60, 50, 50, 30], stored: 10)
        let plan = CycleCharging(setPoint: 0.8).plan(hours.problem())
        #expect(near(plan.kilowatts(2), [100, 90, 60, 0]))
        #expect(near(plan.kilowatts(1), [-40, -40, -10, 30]))
        #expect(near((0..<4).map { plan.stored(in: 1, at: $0).kilowattHours }, [50, 90, 100, 70]))
    }

    @Test func withoutSetPointCycleChargingDischargesAtOnce() {
        let plan = CycleCharging(setPoint: 0).plan(island([60, 30], stored: 10).problem())
        #expect(near(plan.kilowatts(2), [100, 0]))
        #expect(near(plan.kilowatts(1), [-40, 30]))
    }

    @Test func cycleChargingGoesOnFromWhatRanBefore() {
        let begun = island([20], stored: 10, running: 90)
        #expect(near(CycleCharging().plan(begun.problem()).kilowatts(2), [60]))
        let resting = island([20], stored: 50)
        #expect(near(CycleCharging().plan(resting.problem()).kilowatts(2), [0]))
    }

    @Test func selfConsumptionNeitherBuysForTheStoreNorSellsFromIt() {
        var hours = Case(steps: 4)
        hours.load([30])
        hours.add([0], [80, 80, 0, 0], rating: 100)
        hours.connection(limit: 100, export: 100, price: [0.1, 0.1, 0.9, 0.9], feedIn: [0.05])
        hours.add([-40], [40], deliver: [5], store: Case.store(0, 0...50, charge: 1, discharge: 1))
        let plan = SelfConsumption().plan(hours.problem())
        #expect(near(plan.kilowatts(3), [-40, -10, 30, 20]))
        #expect(near(plan.kilowatts(2), [-10, -40, 0, 10]))
        // Load following asks a store whose wear is dear only after the connection.
        #expect(near(LoadFollowing().plan(hours.problem()).kilowatts(3), [-40, -10, 0, 0]))
    }

    private func peaks() -> Case {
        var hours = Case(steps: 4)
        hours.load([40, 90, 70, 40])
        hours.connection(limit: 200, price: [0.5])
        hours.add([-50], [50], store: Case.store(20, 0...100, charge: 1, discharge: 1))
        return hours
    }

    @Test func peakShavingHoldsTheThreshold() {
        let plan = PeakShaving(threshold: Power(kilowatts: 60)).plan(peaks().problem())
        #expect(near(plan.kilowatts(1), [60, 60, 60, 60]))
        #expect(near((0..<4).map { plan.stored(in: 2, at: $0).kilowattHours }, [40, 10, 0, 20]))
    }

    @Test func peakShavingFindsTheLowestThreshold() {
        // 240 kWh of load less 20 kWh stored over the first three hours: (200 − 20)/3 = 60 kW.
        let plan = PeakShaving().plan(peaks().problem())
        #expect(near(plan.kilowatts(1), [60, 60, 60, 60], absolute: 0.2))
    }

    @Test func aPeakThatIsPaidIsNotShaved() {
        var requirements = Requirements()
        requirements.demandCharge = DemandCharge(
            offer: 1, months: [.init(first: 0, price: 40, soFar: Power(kilowatts: 80))])
        var problem = peaks().problem()
        problem.requirements = requirements
        let plan = PeakShaving().plan(problem)
        // Below the peak that is paid the store charges: 40, (90 of load: −10), 10 and 40 kW.
        #expect(near(plan.kilowatts(1), [80, 80, 80, 80]))
    }
}

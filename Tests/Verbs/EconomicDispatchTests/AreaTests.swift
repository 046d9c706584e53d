import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

/// Areas joined by ties, small enough to be worked out by hand. Powers in kW, prices in yuan/kWh.
@Suite struct AreaTests {
    /// A source of 100 kW at 0.2 in the first area; one at 0.8 and a load of 50 kW in the second.
    private func pair(_ tie: Tie, load: [Double] = [50]) -> DispatchProblem {
        var hour = Case(steps: load.count)
        hour.add([0], [100], deliver: [0.2])
        hour.add([0], [100], deliver: [0.8])
        hour.load(load)
        return DispatchProblem(
            horizon: hour.horizon, offers: hour.offers,
            areas: Areas(count: 2, ofOffers: [0, 1, 1], ties: [tie]))
    }

    private func tie(_ from: Int, _ to: Int, _ limit: Double, x: Double? = nil) -> Tie {
        Tie(from: from, to: to, forward: [Power(kilowatts: limit)], reactance: x)
    }

    private func flows(_ plan: Plan, at step: Int = 0) -> [Double] {
        plan.problem.areas.ties.indices.map { plan.flow(over: $0, at: step).kilowatts }
    }

    /// The same whichever way the tie is drawn.
    @Test(arguments: [true, false]) func overAFreeTieThePriceIsOne(drawnForward: Bool) {
        let plan = RollingOptimum().plan(pair(drawnForward ? tie(0, 1, 80) : tie(1, 0, 80)))
        #expect(near(plan.kilowatts(0), [50]) && near(flows(plan), [drawnForward ? 50 : -50]))
        #expect(near(plan.prices, [0.2, 0.2], absolute: 1e-5))
        #expect(!plan.isFull(0, toward: 1, at: 0))
        #expect(plan.status == .optimal && plan.certificate?.optimum == .ties)
    }

    /// What the loads pay is what the sources earn and the rent of the full tie: flow times the difference.
    @Test func aFullTiePartsThePrices() {
        let plan = RollingOptimum().plan(pair(tie(0, 1, 30)))
        #expect(near(plan.kilowatts(0), [30]) && near(plan.kilowatts(1), [20]))
        #expect(near(plan.prices, [0.2, 0.8], absolute: 1e-5))
        #expect(abs(plan.objective - 22) < 1e-4)
        let rent = flows(plan)[0] * (plan.prices[1] - plan.prices[0])
        #expect(abs(50 * plan.prices[1] - (30 * plan.prices[0] + 20 * plan.prices[1]) - rent) < 1e-3)
        #expect(plan.isFull(0, toward: 1, at: 0) && !plan.isFull(0, toward: 0, at: 0))
    }

    @Test func limitsHaveADirectionAndATime() {
        let kilowatts = { (values: [Double]) in values.map { Power(kilowatts: $0) } }
        let tie = Tie(from: 1, to: 0, forward: kilowatts([90]), backward: kilowatts([10, 40]))
        let plan = RollingOptimum().plan(pair(tie, load: [50, 50]))
        #expect(near([0, 1].flatMap { flows(plan, at: $0) }, [-10, -40]))
        #expect(plan.price(in: 1, at: 0).yuanPerKilowattHour > 0.79)
    }

    /// Each area covers its own losses.
    @Test func lossesStayInTheirArea() {
        let whole = pair(tie(0, 1, 30))
        let losses = [5.0, 3].map { Power(kilowatts: $0) }
        let plan = RollingOptimum().plan(
            DispatchProblem(horizon: whole.horizon, offers: whole.offers, losses: losses, areas: whole.areas))
        #expect(near(plan.kilowatts(0), [35]) && near(plan.kilowatts(1), [23]))
    }

    @Test func whatATieCannotBringIsShort() throws {
        var hour = Case(steps: 1)
        hour.add([0], [100], deliver: [0.2])
        hour.add([-50], [-50])
        let plan = RollingOptimum().plan(
            DispatchProblem(
                horizon: hour.horizon, offers: hour.offers,
                areas: Areas(count: 2, ofOffers: [0, 1], ties: [tie(0, 1, 30)])))
        #expect(near(plan.shortage.map(\.kilowatts), [0, 20]))
        let shortfall = try #require(plan.shortfalls.first)
        #expect(plan.shortfalls.count == 1 && shortfall.area == 1 && shortfall.full == [0])
    }

    /// Two ways from the first area to the second, of reactances 0.1 and 0.3: three quarters take the first.
    /// Held to 45 kW there, no more than 60 kW come through at all. One more kWh in the third area takes
    /// a quarter of it there, a third as much as in the second: a third of the difference in price.
    @Test func aRingSharesByReactance() {
        var hour = Case(steps: 1)
        hour.add([0], [100], deliver: [0.2])
        hour.add([0], [100], deliver: [0.8])
        hour.load([80])
        func plan(_ limit: Double) -> Plan {
            RollingOptimum().plan(
                DispatchProblem(
                    horizon: hour.horizon, offers: hour.offers,
                    areas: Areas(
                        count: 3, ofOffers: [0, 1, 1],
                        ties: [tie(0, 1, limit, x: 0.1), tie(1, 2, 99, x: 0.2), tie(0, 2, 99, x: 0.1)])))
        }
        #expect(near(flows(plan(99)), [60, -20, 20]))
        let held = plan(45)
        #expect(near(flows(held), [45, -15, 15]))
        #expect(near(held.prices, [0.2, 0.8, 0.4], absolute: 1e-5))
    }

    /// A tie without reactance is no part of the ring: its flow is chosen.
    @Test func aTieWithoutReactanceIsChosen() {
        var hour = Case(steps: 1)
        hour.add([0], [100], deliver: [0.2])
        hour.add([0], [100], deliver: [0.8])
        hour.load([80])
        let plan = RollingOptimum().plan(
            DispatchProblem(
                horizon: hour.horizon, offers: hour.offers,
                areas: Areas(
                    count: 3, ofOffers: [0, 1, 1],
                    ties: [
                        tie(0, 1, 45, x: 0.1), tie(1, 2, 99, x: 0.2), tie(0, 2, 99, x: 0.1), tie(0, 1, 20),
                    ])))
        #expect(near(flows(plan), [45, -15, 15, 20]))
        #expect(near(plan.kilowatts(0), [80]))
    }

    @Test func rulesExchangeNothing() {
        for method in DispatchMethod.allCases where !method.exchanges {
            let plan = method.makeDispatcher().plan(pair(tie(0, 1, 80)))
            #expect(flows(plan) == [0] && near(plan.kilowatts(0), [0]) && near(plan.kilowatts(1), [50]))
            #expect(plan.shortage == [.zero, .zero], "\(method)")
        }
    }

    @Test func ownPlansSayWhatFlows() throws {
        let problem = pair(tie(0, 1, 30))
        let powers = [[30.0], [20], [-50]].map { $0.map { Power(kilowatts: $0) } }
        let plan = try Plan(problem, powers: powers, flows: [[Power(kilowatts: 30)]])
        #expect(near((plan.shortage + plan.surplus).map(\.kilowatts), [0, 0, 0, 0]))
        #expect(near(plan.prices, [0.2, 0.8]))
        #expect(throws: Plan.Refusal.self) {
            try Plan(problem, powers: powers, flows: [[Power(kilowatts: 40)]])
        }
        #expect(try Plan(problem, powers: powers).shortage[1].kilowatts == 30)
    }

    @Test func pricesAtAKinkByArea() throws {
        // The tie is just full, and both sources have room.
        let kink = RollingOptimum().priceIntervals(pair(tie(0, 1, 50)), at: [0], in: 1)
        let interval = try #require(kink[0])
        #expect(abs(interval.lowerBound.yuanPerKilowattHour - 0.2) < 1e-4)
        #expect(abs(interval.upperBound.yuanPerKilowattHour - 0.8) < 1e-4)
    }
}

@Suite(.needsHiGHS) struct AreaSearchTests {
    /// Two equal units: the one behind the full tie must run too.
    @Test func unitsAreSearchedWhereTheyAre() {
        var hour = Case(steps: 2)
        for _ in 0..<2 { hour.add([0], [100], deliver: [0.5], perHourOn: 10, minimum: 20) }
        hour.load([70])
        let areas = { (limit: Double) in
            Areas(
                count: 2, ofOffers: [0, 1, 1],
                ties: [Tie(from: 0, to: 1, forward: [Power(kilowatts: limit)])])
        }
        func on(_ limit: Double) -> [Bool] {
            let plan = UnitCommitment().plan(
                DispatchProblem(horizon: hour.horizon, offers: hour.offers, areas: areas(limit)))
            #expect(plan.search == .finished && plan.shed(at: 0) == .zero)
            return (0..<2).map { plan.power(of: $0, at: 0) > .zero }
        }
        #expect(on(99).count { $0 } == 1)
        #expect(on(0) == [false, true])
    }
}

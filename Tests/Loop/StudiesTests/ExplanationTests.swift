import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import Studies
import TestSupport
import Testing
import Timeline

/// Prices, makers and worths worked out by hand.
@Suite struct ExplanationTests {
    private func explain(_ hours: Case, at step: Int, stored: Double? = 0) throws -> Explanation {
        try #require(Explanation(RollingOptimum().plan(hours.problem(stored: stored)), at: step))
    }

    @Test func theConnectionMakesThePriceAndSunIsWorthIt() throws {
        var hour = Case(steps: 1)
        hour.load([50])
        hour.connection(limit: 100, price: [0.5])
        hour.add([0], [20], rating: 40)
        let told = try explain(hour, at: 0)
        #expect(
            near(told.price.yuanPerKilowattHour, 0.5, relative: 1e-4)
                && near(told.saving.yuanPerKilowattHour, 0.5, relative: 1e-4))
        #expect(told.makers.map(\.offer) == [1] && near(told.makers[0].energy, 1, relative: 1e-4))
        #expect(told.bindings == [.init(offer: 2, limit: .greatest, until: nil)])
        // Half of a kW more of panels would give now.
        #expect(
            near(told.worths[1].power * 1000, 0.25, relative: 1e-4)
                && near(told.worths[0].power, 0, absolute: 1e-5))
    }

    /// Bought at 0.2 in the first hour through a store of 0.9 · 0.9.
    @Test func theStoreCarriesThePriceThroughTime() throws {
        var hours = Case(steps: 2)
        hours.load([50])
        hours.connection(limit: 300, price: [0.2, 0.8])
        hours.add([-100], [100], store: Case.store(0, 0...100))
        let told = try explain(hours, at: 1)
        #expect(near(told.price.yuanPerKilowattHour, 0.2 / 0.81, relative: 1e-4))
        let bought = try #require(told.makers.first)
        #expect(bought.offer == 1 && bought.steps == 0...0 && near(bought.energy, 1 / 0.81, relative: 1e-4))
        let sum = told.makers.reduce(0) { $0 + $1.cost.value }
        #expect(near(sum * 1000, told.price.yuanPerKilowattHour, relative: 1e-4))
        #expect(told.bindings.contains(.init(offer: 2, limit: .empty, until: nil)))
    }

    @Test func moreOfAStoreIsWorthWhatItMoves() throws {
        var hours = Case(steps: 2)
        hours.load([50])
        hours.connection(limit: 300, price: [0.2, 0.8])
        hours.add([-10], [10], store: Case.store(0, 0...100))
        let narrow = try explain(hours, at: 0)
        #expect(near(narrow.worths[1].power * 1000, 0.81 * 0.8 - 0.2, relative: 1e-4))
        #expect(near(narrow.worths[1].content! * 1000, 0, absolute: 1e-5))
        hours.offers.removeLast()
        hours.add([-40], [40], store: Case.store(0, 0...9))
        let small = try explain(hours, at: 0)
        #expect(near(small.worths[1].content! * 1000, 0.9 * 0.8 - 0.2 / 0.9, relative: 1e-4))
        #expect(near(small.worths[1].power * 1000, 0, absolute: 1e-5))
        #expect(small.bindings.contains(.init(offer: 2, limit: .full, until: 1)))
    }

    /// The parts of a price sum to it, whatever the plan must keep to.
    @Test func partsSumToThePrice() throws {
        var hours = Case(steps: 2)
        hours.load([50, 80], value: 50)
        hours.connection(limit: 300, price: [0.2, 0.8])
        hours.add([0], [30], deliver: [0.5])
        var problem = hours.problem(stored: 0)
        problem.requirements.demandCharge = DemandCharge(offer: 1, months: [.init(first: 0, price: 0.01)])
        problem.requirements.emissions = Emissions(factors: [[], [0.0005], []], price: 0.1)
        let told = try #require(Explanation(RollingOptimum().plan(problem), at: 1))
        let sum = told.makers.reduce(0) { $0 + $1.cost.value } + told.shares.reduce(0) { $0 + $1.cost.value }
        #expect(abs(sum - told.price.value) < 1e-12)
        func share(_ source: Explanation.Share.Source) -> Double {
            told.shares.first { $0.source == source }!.cost.yuanPerKilowattHour
        }
        // One more kWh in the hour of the peak: 0.8 to the connection, 0.05 for CO₂, 10 for the peak.
        #expect(near(told.price.yuanPerKilowattHour, 10.85, relative: 1e-4))
        #expect(near(share(.peak), 10, relative: 1e-4) && near(share(.emissions), 0.05, relative: 1e-3))
        #expect(abs(share(.other)) < 1e-4)
        #expect(
            told.pressures.contains {
                guard case .peak(let peak, let price, isNow: true) = $0 else { return false }
                return near(peak.kilowatts, 50) && price == 0.01
            })
        #expect(
            told.pressures.contains(.emissionPrice(offer: 1, cost: EnergyCost(yuanPerKilowattHour: 0.05))))
    }

    /// The peak of the second hour is dear; the store carries one more kWh of the first hour there.
    @Test func aPeakOfAnotherHourIsNamed() throws {
        var hours = Case(steps: 2)
        hours.load([20, 60])
        hours.connection(limit: 500, price: [0.5])
        hours.add([-50], [50], store: Case.store(10, 0...100, charge: 1, discharge: 1))
        var problem = hours.problem(stored: 0)
        problem.requirements.demandCharge = DemandCharge(
            offer: 1, months: [.init(first: 0, price: 0.01, soFar: Power(kilowatts: 25))])
        let told = try #require(Explanation(RollingOptimum().plan(problem), at: 0))
        #expect(
            told.pressures.contains {
                if case .peak = $0 { true } else { false }
            })
        let sum =
            told.makers.reduce(0) { $0 + $1.cost.value } + told.shares.reduce(0) { $0 + $1.cost.value }
        #expect(near(sum, told.price.value, relative: 1e-9))
    }

    /// The charge of a month on a single hour: the load is not worth its peak, and the peak is named.
    @Test func aLoadShedForThePeakHasItsReason() throws {
        var hour = Case(steps: 1)
        hour.load([60])
        hour.connection(limit: 500, price: [0.884])
        var problem = hour.problem()
        problem.requirements.demandCharge = DemandCharge(offer: 1, months: [.init(first: 0, price: 0.035)])
        let told = try #require(Explanation(RollingOptimum().plan(problem), at: 0))
        #expect(told.shed.map(\.offer) == [0] && told.isShedAtLeastCost)
        #expect(told.pressures == [.peak(.zero, price: 0.035, isNow: true)])
    }

    @Test func atAKinkThePriceIsAnInterval() throws {
        var hour = Case(steps: 1)
        hour.load([100])
        hour.add([0], [100], deliver: [0.2])
        hour.add([0], [100], deliver: [0.9])
        let told = try explain(hour, at: 0)
        #expect(
            near(told.saving.yuanPerKilowattHour, 0.2, relative: 1e-4)
                && near(told.price.yuanPerKilowattHour, 0.9, relative: 1e-4))
    }

    @Test func whatIsNotServedHasItsPriceAndItsCure() throws {
        var hour = Case(steps: 1)
        hour.load([150])
        hour.connection(limit: 100, price: [0.5])
        let told = try explain(hour, at: 0)
        #expect(near(told.price.yuanPerKilowattHour, 20, relative: 1e-4))
        #expect(told.shed.count == 1 && near(told.shed[0].power.kilowatts, 50, relative: 1e-4))
        #expect(told.bindings == [.init(offer: 1, limit: .greatest, until: nil)])
        #expect(
            near(told.worths[0].power * 1000, 19.5, relative: 1e-4)
                && near(told.worths[0].now * 1000, 19.5, relative: 1e-4))
    }

    @Test func aPlanByRuleIsDearerAndItsUnitsStayAsTheyAre() throws {
        var hours = Case(steps: 2)
        hours.load([50, 150])
        hours.connection(limit: 100, price: [0.2, 0.8])
        hours.add([0], [100], deliver: [2], minimum: 30)
        hours.add([-50], [50], store: Case.store(0, 0...100, charge: 1, discharge: 1))
        let told = try #require(Explanation(MeritOrder().plan(hours.problem(stored: 0)), at: 1))
        // By rule the store stays empty and the unit gives 50 kW at 2; with it on at 30 kW or more, the store
        // could bring 50 kWh bought at 0.2 instead of 20 kWh at 2 and 30 kWh at 0.8.
        #expect(near(told.excess, 20 * 2 + 30 * 0.8 - 50 * 0.2, relative: 1e-4))
    }

    /// Without stores an hour is an hour: what one more kW is worth is what the price is above its own cost,
    /// by the multipliers of the optimum.
    @Test(arguments: 0..<12) func worthsAreThePricesOfTheMultipliers(seed: UInt64) throws {
        var random = SplitMix64(skipping: seed)
        var hours = Case(steps: 4)
        hours.load((0..<4).map { _ in 50 + 100 * random.uniform() })
        hours.connection(
            limit: 60, export: 20, price: (0..<4).map { _ in 0.3 + random.uniform() }, feedIn: [0.1])
        for _ in 0..<4 { hours.add([0], [20 + 30 * random.uniform()], deliver: [0.2 + 2 * random.uniform()]) }
        let plan = RollingOptimum().plan(hours.problem())
        let told = try #require(Explanation(plan, at: 2))
        #expect(near(told.price.value * 1000, plan.prices[2], relative: 1e-4))
        for worth in told.worths {
            let cost = hours.offers[worth.offer].cost
            let sum = (0..<4).reduce(0.0) {
                $0 + max(plan.price[$1].value - cost.deliver(at: $1).value, 0)
            }
            #expect(near(worth.power * 1000, sum * 1000, relative: 1e-4, absolute: 1e-5))
        }
    }

    /// A cheap and a dear source with a tie of 30 kW between them: one more kWh at the dear one is made
    /// there.
    @Test func theExplanationNamesTheFullTie() throws {
        var hour = Case(steps: 1)
        hour.add([0], [100], deliver: [0.2])
        hour.add([0], [100], deliver: [0.8])
        hour.load([50])
        let plan = RollingOptimum().plan(
            DispatchProblem(
                horizon: hour.horizon, offers: hour.offers,
                areas: Areas(
                    count: 2, ofOffers: [0, 1, 1],
                    ties: [Tie(from: 0, to: 1, forward: [Power(kilowatts: 30)])])))
        let there = try #require(Explanation(plan, at: 0, in: 1))
        #expect(abs(there.price.yuanPerKilowattHour - 0.8) < 1e-5)
        #expect(there.makers.map(\.offer) == [1])
        #expect(there.full.map(\.tie) == [0] && there.full.map(\.to) == [1])
        let here = try #require(Explanation(plan, at: 0, in: 0))
        #expect(abs(here.price.yuanPerKilowattHour - 0.2) < 1e-5 && here.makers.map(\.offer) == [0])
    }

    /// A connection of 30 GW is explained like one of 1 MW: the price, who makes it, and what binds. Power
    /// is neither near its limit of import, nor, at zero, at its limit of export of 0.1 kW.
    @Test(arguments: [nil, 0.03] as [Double?]) func aLimitBeyondUseIsExplainedAsOneThatIsNot(
        peak: Double?
    ) throws {
        func told(_ limit: Double) throws -> Explanation {
            var hours = Case(steps: 2)
            hours.load([50, 130])
            hours.connection(limit: limit, export: 0.1, price: [0.2, 0.8], feedIn: [0.1])
            hours.add([-30], [30], store: Case.store(0, 0...60))
            hours.add([0], [40, 80], deliver: [0.01], rating: 80)
            hours.add([0], [60], deliver: [0.9], minimum: 20)
            var problem = hours.problem(stored: 0)
            problem.requirements.demandCharge = peak.map {
                DemandCharge(offer: 1, months: [.init(first: 0, price: $0)])
            }
            return try #require(Explanation(RollingOptimum().plan(problem), at: 1))
        }
        let (usual, huge) = (try told(1000), try told(3e7))
        #expect(near(huge.price.value, usual.price.value, relative: 1e-4))
        #expect(near(huge.saving.value, usual.saving.value, relative: 1e-4, absolute: 1e-8))
        #expect(huge.makers.map(\.offer) == usual.makers.map(\.offer))
        for (a, b) in zip(huge.makers, usual.makers) {
            #expect(a.steps == b.steps && near(a.cost.value, b.cost.value, relative: 1e-3, absolute: 1e-8))
        }
        for (a, b) in zip(huge.shares, usual.shares) {
            #expect(a.source == b.source && abs(a.cost.value - b.cost.value) < 1e-8)
        }
        for (a, b) in zip(huge.worths, usual.worths) {
            #expect(abs(a.power - b.power) < 1e-7 && abs(a.now - b.now) < 1e-7)
        }
        #expect(huge.bindings == usual.bindings && huge.pressures == usual.pressures)
        #expect(!huge.bindings.contains { $0.offer == 1 })
    }
}

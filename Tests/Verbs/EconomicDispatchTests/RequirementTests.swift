import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

/// What a plan must keep to beyond the offers, in cases solved by hand.
@Suite struct RequirementTests {
    private func plan(_ hours: Case, stored: Double? = 0, _ require: (inout Requirements) -> Void) -> Plan {
        var problem = hours.problem(stored: stored)
        require(&problem.requirements)
        return RollingOptimum().plan(problem)
    }

    /// 100 kW from two like sources at 0.2 and 0.5, the first behind a line of 25 A at 2 A/kW and step, the
    /// second step's limit at 50 A.
    private func twoSources() -> Case {
        var hours = Case(steps: 2)
        hours.load([60])
        hours.load([40])
        hours.add([0], [100], deliver: [0.2])
        hours.add([0], [100], deliver: [0.5])
        return hours
    }

    @Test func aLimitHoldsBackTheCheapSource() {
        let plan = plan(twoSources()) {
            $0.limits = [LinearLimit("line", [.init(2, [0.001])], upper: [25, 50])]
        }
        #expect(near(plan.kilowatts(2), [25, 50]) && near(plan.kilowatts(3), [75, 50]))
        #expect(near(plan.prices, [0.5, 0.5], absolute: 1e-5))
        #expect(plan.status == .optimal && plan.outcomes[0].beyond.allSatisfy { $0 < 1e-4 })
    }

    /// Loads alike in price but not in the limit must not be merged: shedding the second relieves it more.
    @Test func alikeOffersAreToldApartByALimit() {
        var hour = Case(steps: 1)
        hour.load([60])
        hour.load([40])
        hour.add([0], [100], deliver: [0.2])
        let plan = plan(hour) {
            $0.limits = [
                LinearLimit("line", [.init(0, [-0.001]), .init(1, [-0.003])], upper: [150])
            ]
        }
        #expect(near(plan.kilowatts(0) + plan.kilowatts(1), [-60, -30]))
    }

    @Test func aLimitThatCannotHoldGivesWayAtItsPrice() {
        let dear = plan(twoSources()) {
            $0.limits = [
                LinearLimit("voltage", [.init(2, [0.001]), .init(3, [0.001])], upper: [80])
            ]
        }
        // Shedding at 20 yuan/kWh comes first, the default penalty being four times that.
        #expect(near((0..<2).map { dear.shed(at: $0).kilowatts }, [20, 20]))
        let cheap = plan(twoSources()) {
            $0.limits = [
                LinearLimit("voltage", [.init(2, [0.001]), .init(3, [0.001])], upper: [80], penalty: 3)
            ]
        }
        #expect(near([cheap.shed(at: 0).kilowatts], [0]))
        #expect(near(cheap.outcomes[0].beyond, [20, 20]))
        #expect(abs(cheap.objective - 160) < 1e-3)
    }

    /// Of many limits only those that are passed become rows; the plan is the same.
    @Test func manyLimitsAreAddedAsTheyArePassed() {
        var few = twoSources()
        few.connection(limit: 60, price: [0.3, 0.1])
        let tight = LinearLimit("line 3", [.init(2, [1e-3]), .init(4, [1e-3])], lower: [10], upper: [70])
        let slack = (0..<40).map {
            LinearLimit("line \($0)", [.init(2, [1e-3])], upper: [99 + Double($0) / 50])
        }
        let one = plan(few) { $0.limits = [tight] }
        let many = plan(few) { $0.limits = Array(slack[..<20]) + [tight] + Array(slack[20...]) }
        #expect(near(one.kilowatts(3), [30, 30]))
        #expect(abs(one.objective - many.objective) < 1e-4)
        #expect(near(one.kilowatts(2), many.kilowatts(2)))
    }

    /// Load 50, 100, 50 kW; the peak costs 10 yuan/kW, far more than any loss in the store: import is level.
    @Test func thePeakIsShavedByTheStore() {
        var hours = Case(steps: 3)
        hours.load([50, 100, 50], value: 50)
        hours.connection(limit: 500, price: [0.5])
        hours.add([-50], [50], store: Case.store(0, 0...100, charge: 1, discharge: 0.9))
        func peak(_ soFar: Double, _ months: [Int] = [0]) -> Plan {
            plan(hours) {
                $0.demandCharge = DemandCharge(
                    offer: 1,
                    months: months.map { .init(first: $0, price: 0.01, soFar: Power(kilowatts: soFar)) })
            }
        }
        // Charged x before, given 0.9·x: 50 + x = 100 − 0.9·x.
        let level = 50 + 50 / 1.9
        let fresh = peak(0)
        #expect(near(Array(fresh.kilowatts(1)[..<2]), [level, level], absolute: 1e-2))
        #expect(near(fresh.peaks.map(\.kilowatts), [level], absolute: 1e-2))
        #expect(abs(fresh.objective - (0.5 * (2 * level + 50) + 10 * level)) < 1e-2)
        // A peak of 90 is paid already: only down to that.
        let paid = peak(90)
        #expect(near(paid.peaks.map(\.kilowatts), [90]))
        #expect(abs(paid.objective - 0.5 * (50 + 10 / 0.9 + 90 + 50)) < 1e-3)
        // Nothing to gain below a peak above all.
        #expect(near(peak(120).kilowatts(1), [50, 100, 50]))
        // A new month begins with the second step: each pays its own peak, and level is still best.
        let two = peak(0, [0, 1])
        #expect(near(two.kilowatts(1), [50, 100, 50], absolute: 1e-2))
        #expect(near(two.peaks.map(\.kilowatts), [50, 100], absolute: 1e-2))
    }

    /// Means of two steps; the first of them was metered at 120 kW before the horizon: its mean is
    /// (120 + p_0)/2, then (p_1 + p_2)/2.
    @Test func thePeakIsOneOfMeans() {
        var hours = Case(steps: 3)
        hours.load([20, 100, 0], value: 50)
        hours.connection(limit: 500, price: [0.5])
        let plan = plan(hours) {
            $0.demandCharge = DemandCharge(
                offer: 1, months: [.init(first: 0, price: 0.01)],
                parts: [0, 1, 1].map { [.init(interval: $0, share: 0.5)] }, begun: Power(kilowatts: 60))
        }
        #expect(near(plan.peaks.map(\.kilowatts), [70]))
        #expect(abs(plan.objective - (60 + 700)) < 1e-3)
    }

    @Test func theEndIsAsTheBegin() {
        var hours = Case(steps: 4)
        hours.load([100])
        hours.connection(limit: 500, price: [0.2, 1, 0.4, 1])
        hours.add([-50], [50], store: Case.store(30, 0...100))
        func end(_ end: Requirements.End) -> Double {
            plan(hours) { $0.end = end }.stored(in: 2, at: 3).kilowattHours
        }
        #expect(abs(end(.valued)) < 1e-3)
        #expect(abs(end(.asNow) - 30) < 1e-3)
        #expect(abs(end(.contents([nil, nil, Energy(kilowattHours: 70)])) - 70) < 1e-3)
        // As near as can be reached.
        #expect(abs(end(.contents([nil, nil, Energy(kilowattHours: 1000)])) - 100) < 1e-3)
    }

    /// A genset of 0.8 kg/kWh and 0.3 yuan, the grid at 0.5 and 0.5: dirt at 1 yuan/kg turns the order.
    @Test func emissionsHaveAPriceOrACap() {
        var hours = Case(steps: 2)
        hours.load([100])
        hours.add([0], [200], deliver: [0.3])
        hours.connection(limit: 200, export: 50, price: [0.5], feedIn: [0.1])
        let factors: [[Double]] = [[], [0.8e-3], [0.5e-3, 0.5e-3]]
        #expect(near(plan(hours) { _ in }.kilowatts(1), [100, 100]))
        let priced = plan(hours) { $0.emissions = Emissions(factors: factors, price: 1) }
        #expect(near(priced.kilowatts(1), [0, 0]) && near(priced.prices, [1, 1], absolute: 1e-5))
        #expect(abs(priced.objective - 200) < 1e-3)
        // 0.8·g + 0.5·(200 − g) = 130 over the day: g = 100 kWh.
        let capped = plan(hours) { $0.emissions = Emissions(factors: factors, cap: 130) }
        #expect(abs(capped.kilowatts(1).reduce(0, +) - 100) < 1e-2)
        #expect(abs(capped.objective - (0.3 * 100 + 0.5 * 100)) < 1e-2)
        // Below what serving every load emits: shed.
        let tight = plan(hours) { $0.emissions = Emissions(factors: factors, cap: 80) }
        #expect(abs(tight.shed(at: 0).kilowatts + tight.shed(at: 1).kilowatts - 40) < 1e-2)
    }

    /// Of 100 kW from a source at 0.1 and a store, 30 must stand ready.
    @Test func spinningReserveIsHeldByHeadroomAndContent() {
        var hour = Case(steps: 1)
        hour.load([100])
        hour.add([0], [110], deliver: [0.1])
        hour.add([0], [80], deliver: [0.6])
        func reserve(_ store: Double, providers: [Int]) -> Plan {
            var hour = hour
            hour.add([0], [50], deliver: [2], store: Case.store(store, 10...100, discharge: 0.5))
            return plan(hour) {
                $0.spinning = SpinningReserve(
                    required: [Power(kilowatts: 30)], providers: providers, hours: 2)
            }
        }
        // Only the first counts: 80 from it.
        #expect(near(reserve(10, providers: [1]).kilowatts(1), [80]))
        // The store holds (50 − 10)·0.5/2 = 10 kW for two hours: the first gives 90.
        let shared = reserve(50, providers: [1, 3])
        #expect(near(shared.kilowatts(1), [90]) && near(shared.reserveMissing.map(\.kilowatts), [0]))
        // A full store of 50 kW would hold 22.5.
        #expect(near(reserve(100, providers: [1, 3]).kilowatts(1), [100]))
        // What nobody has is told.
        #expect(near(reserve(10, providers: [3]).reserveMissing.map(\.kilowatts), [30]))
    }

    /// A unit that is off holds nothing ready: it is switched on.
    @Test func reserveSwitchesAUnitOn() {
        var hour = Case(steps: 1)
        hour.load([100])
        hour.connection(limit: 200, price: [0.3])
        hour.add([0], [80], deliver: [0.5], perHourOn: 1, minimum: 20)
        let plan = plan(hour) {
            $0.spinning = SpinningReserve(required: [Power(kilowatts: 40)], providers: [2], hours: 1)
        }
        #expect(near(plan.kilowatts(2), [20]) && near(plan.reserveMissing.map(\.kilowatts), [0]))
    }

    /// Two hours of 30 kW without the connection, a genset of 10 kW helping: 40 kWh at 0.8, above 5.
    @Test func theStoreKeepsWhatAnIslandNeeds() {
        var hours = Case(steps: 4)
        hours.load([30])
        hours.connection(limit: 100, export: 100, price: [0.9], feedIn: [0.8])
        hours.add([-50], [50], store: Case.store(90, 5...100, charge: 1, discharge: 0.8))
        hours.add([0], [10], deliver: [3])
        let island = IslandReserve(steps: 2, forming: [2, 3], loads: [0])
        let plan = plan(hours) { $0.island = island }
        #expect(near((0..<4).map { plan.stored(in: 2, at: $0).kilowattHours }.suffix(1), [55]))
        #expect((0..<4).allSatisfy { plan.stored(in: 2, at: $0).kilowattHours > 55 - 1e-3 })
        #expect(plan.outcomes.map(\.name) == ["island reserve"])
        let weak = IslandReserve(steps: 2, forming: [3], loads: [0])
        #expect(near(weak.powerShort(hours.problem()).map(\.kilowatts), [20, 20, 20, 20]))
    }
}

import DispatchSamples
import EconomicDispatch
import Grid
import Optimization
import Scheduling
import TestSupport
import Testing
import Timeline

extension Trait where Self == ConditionTrait {
    /// Runs tests where unit commitment finds its solver.
    static var needsHiGHS: Self {
        .enabled("`make highs` has not fetched HiGHS") { UnitCommitment.missing == nil }
    }
}

@Suite(.needsHiGHS) struct UnitCommitmentTests {
    /// 563,937.69 is the best that was ever published, and proved by two solvers on the secants.
    @Test func tenUnitsOfKazarlis() throws {
        let plan = UnitCommitment(options: .init(gap: 1e-6)).plan(try Kazarlis.problem())
        #expect(plan.status == .optimal)
        #expect(abs(plan.objective - 563_937.687490) < 1e-6 * 563_938, "\(plan.objective)")
        #expect(plan.gap! < 5e-5 && plan.certificate!.bound <= 563_937.69)
    }

    /// Whoever listens is told of the search and can end it.
    @Test func aSearchTellsHowFarItIs() throws {
        var told: [MixedIntegerProgress] = []
        let whole = UnitCommitment(options: .init(gap: 1e-6)).telling {
            told.append($0)
            return true
        }
        #expect(whole.plan(try Kazarlis.problem()).search == .finished)
        #expect(told.contains { $0.gap > 1e-6 && $0.gap < 0.1 })
        #expect(told.allSatisfy { $0.gap >= 0 && $0.seconds >= 0 })
        let ended = UnitCommitment(options: .init(gap: 1e-6)).telling { _ in false }
        let plan = ended.plan(try Kazarlis.problem())
        #expect(plan.status == .approximate && plan.search != .finished)
    }

    /// Groups of two: 20 units are searched as 10 numbers up to two.
    @Test func twentyUnits() throws {
        let plan = UnitCommitment(options: .init(gap: 1e-6)).plan(try Kazarlis.problem(copies: 2))
        #expect(abs(plan.objective - 1_123_297.432630) < 1e-6 * 1_123_297, "\(plan.objective)")
    }

    /// All schedules of three units, two of them alike, tried one by one.
    @Test(arguments: 1...40) func noScheduleIsCheaper(seed: UInt64) throws {
        let case3 = Enumeration(seed: seed, steps: 5, hours: seed % 4 == 0 ? 0.5 : 1)
        let plan = UnitCommitment(options: .init(gap: 0)).plan(case3.problem)
        let least = case3.leastCost()
        #expect(plan.status == .optimal)
        #expect(abs(plan.objective - least) < 1e-6 * (1 + abs(least)), "\(plan.objective), \(least)")
        #expect(plan.certificate!.bound <= plan.objective && plan.search == .finished)
        #expect(abs(plan.certificate!.bound - least) < 1e-6 * (1 + abs(least)))
        for (k, unit) in case3.units.enumerated() {
            let powers = plan.kilowatts(k)
            #expect(case3.startCost(unit, powers.map { $0 > 0 }) != nil, "minimum times of \(k): \(powers)")
            #expect(powers.allSatisfy { $0 == 0 || ($0 > unit.least - 1e-3 && $0 < unit.most + 1e-3) })
        }
    }

    /// Grouping changes nothing: the second unit is made a hair dearer, so that it stands alone.
    @Test(arguments: 41...50) func groupsAreExact(seed: UInt64) throws {
        var case3 = Enumeration(seed: seed, steps: 8)
        let grouped = UnitCommitment(options: .init(gap: 0)).plan(case3.problem)
        case3.units[1].perHour += 1e-7
        let alone = UnitCommitment(options: .init(gap: 0)).plan(case3.problem)
        #expect(abs(grouped.objective - alone.objective) < 1e-5 * (1 + abs(alone.objective)))
    }

    /// A set that may change by 6 kW an hour once it runs: it starts at once where it is needed, and climbs.
    @Test func rampsAreKeptBetweenStartAndStop() {
        var hours = Case(steps: 5)
        hours.load([5, 30, 50, 50, 5])
        hours.connection(limit: 100, price: [2])
        hours.add([0], [60], deliver: [0.5], perHourOn: 1, ramp: 6, minimum: 20)
        let plan = UnitCommitment(options: .init(gap: 0)).plan(hours.problem())
        #expect(near(plan.kilowatts(2), [0, 30, 36, 42, 0]), "\(plan.kilowatts(2))")
    }

    /// Without units it is the rolling optimum.
    @Test func withoutUnitsNothingIsSearched() {
        var hours = Case(steps: 4)
        hours.load([10, 20, 30, 5])
        hours.connection(limit: 100, price: [1, 3, 1, 2])
        hours.add([-20], [20], store: Case.store(10, 0...40))
        let plan = UnitCommitment().plan(hours.problem())
        #expect(plan == RollingOptimum().plan(hours.problem()) && plan.search == nil)
    }

    /// A search that is told to end at once still plans.
    @Test func aStoppedSearchSaysSo() throws {
        let dispatcher = UnitCommitment(options: .init(gap: 0)) { _ in false }
        let plan = dispatcher.plan(try Kazarlis.problem(hours: 12))
        #expect(plan.search != .finished && plan.status == .approximate)
        #expect(plan.problem.horizon.indices.allSatisfy { plan.shortage[$0] == .zero })
    }

    @Test func theSameAgain() throws {
        let problem = Enumeration(seed: 9, steps: 12).problem
        #expect(UnitCommitment().plan(problem) == UnitCommitment().plan(problem))
    }
}

import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import Studies
import Testing

@Suite(.enabled("`make highs` has not fetched HiGHS") { UnitCommitment.missing == nil })
struct InfeasibilityTests {
    /// 100 kW are wanted in the second hour; the connection gives 50, the set 30.
    @Test func whoIsShortAndByHowMuch() throws {
        var hours = Case(steps: 3)
        hours.load([60, 100, 70])
        hours.connection(limit: 50, export: 20, price: [1])
        hours.add([0], [30], deliver: [2], minimum: 10)
        let found = try #require(try Infeasibility(hours.problem()))
        #expect(
            Set(found.conflict.map { "\($0.limit) \($0.offer ?? -1)" }) == [
                "balance -1", "leastPower 0", "greatestPower 1", "greatestPower 2",
            ])
        #expect(found.conflict.allSatisfy { $0.step == 1 })
        #expect(found.relaxation.map(\.limit) == [.leastPower] && found.relaxation[0].offer == 0)
        #expect(found.relaxation[0].step == 1 && abs(found.relaxation[0].amount.kilowatts - 20) < 1e-3)
    }

    /// A store of 10 kWh carries one hour of the two in which the load is 8 kW beyond the connection.
    @Test func anEmptyStoreIsNamed() throws {
        var hours = Case(steps: 2)
        hours.load([18])
        hours.connection(limit: 10, price: [1])
        hours.add([-20], [20], store: Case.store(10, 0...10, charge: 1, discharge: 1))
        let found = try #require(try Infeasibility(hours.problem()))
        #expect(found.conflict.contains { $0.limit == .leastContent && $0.offer == 2 })
        #expect(found.conflict.contains { $0.limit == .contentChange && $0.offer == 2 })
        let short = found.relaxation.reduce(0) { $0 + $1.amount.kilowatts }
        #expect(abs(short - 6) < 1e-3)
    }

    @Test func nothingToExplainWhereAllIsServed() throws {
        var hours = Case(steps: 4)
        hours.load([18])
        hours.connection(limit: 20, price: [1])
        #expect(try Infeasibility(hours.problem()) == nil)
    }

    /// What it takes is what the optimum leaves unserved when nothing else costs.
    @Test(arguments: 1...15) func theReliefIsWhatThePlanLeavesUnserved(seed: Int) throws {
        var hours = Case(steps: 6)
        hours.load((0..<6).map { 40 + 15 * Double((seed * 7 + $0 * 5) % 11) / 10 })
        hours.connection(limit: 30, price: [0.1])
        hours.add([0], (0..<6).map { Double((seed + $0 * $0) % 4) * 3 })
        hours.add([-5], [5], store: Case.store(6, 2...12, charge: 1, discharge: 1))
        let plan = RollingOptimum().plan(hours.problem(stored: 0))
        let unserved = (0..<6).reduce(0) { $0 + (plan.shed(at: $1) + plan.shortage[$1]).kilowatts }
        let found = try Infeasibility(hours.problem())
        let relief = (found?.relaxation ?? []).reduce(0) { $0 + $1.amount.kilowatts }
        #expect(abs(relief - unserved) < 1e-3 * (1 + unserved))
        #expect((found == nil) == (unserved < 1e-3))
    }

    /// 50 kW behind a tie that carries 30.
    @Test func theConflictNamesTheTie() throws {
        var hour = Case(steps: 1)
        hour.add([0], [100], deliver: [0.2])
        hour.load([50])
        let tie = Tie(from: 0, to: 1, forward: [Power(kilowatts: 30)])
        let found = try #require(
            try Infeasibility(
                DispatchProblem(
                    horizon: hour.horizon, offers: hour.offers,
                    areas: Areas(count: 2, ofOffers: [0, 1], ties: [tie]))))
        #expect(found.conflict.contains { $0.limit == .greatestFlow && $0.place == 0 })
        #expect(found.conflict.contains { $0.limit == .balance && $0.place == 1 })
        #expect(found.relaxation.map(\.limit) == [.leastPower])
        #expect(abs(found.relaxation[0].amount.kilowatts - 20) < 1e-3)
    }
}

import Grid
import Optimization
import TestSupport
import Testing
import UnitDispatch

@Suite(.enabled("`make highs` has not fetched HiGHS") { (try? HiGHSLibrary.open()) != nil })
struct NonconvexTests {
    /// Best published: 8,234.07 and 121,412.5355 (Taipower).
    @Test(arguments: [("ed_3_valve", 8234.071730), ("ed_40_valve", 121412.535519)])
    func valvePoints(name: String, least: Double) throws {
        let units = try Problems.valveUnits(name)
        let demand = try Problems.demand(name)
        let schedule = try NonconvexDispatch(units: units).schedule(demand: demand)
        #expect(schedule.status == .optimal, "\(schedule.rounds) \(schedule.bound)")
        #expect(abs(schedule.cost - least) < 1e-6 * least, "\(schedule.cost)")
        #expect(schedule.bound <= schedule.cost && schedule.bound > least * (1 - 1.1e-6))
        #expect(schedule.mismatch.value < 1e-8 * demand.value)
        #expect(zip(units, schedule.powers).allSatisfy { $0.limits.contains(Power($1)) })
    }

    /// Best published: 15,449.8995 and 32,704.4500; all combinations of zones tried elsewhere.
    @Test(arguments: [("ed_6_loss", 15449.8995249), ("ed_15_loss", 32704.4500505)])
    func prohibitedZones(name: String, least: Double) throws {
        let units = try Problems.zonedUnits(name)
        let demand = try Problems.demand(name)
        let dispatch = try NonconvexDispatch(units: units, losses: try Problems.losses(name))
        let schedule = dispatch.schedule(demand: demand)
        #expect(schedule.status == .optimal, "\(schedule.rounds) \(schedule.bound)")
        #expect(abs(schedule.cost - least) < 1e-6 * least, "\(schedule.cost)")
        #expect(schedule.mismatch.value < 1e-8 * demand.value)
        for (unit, power) in zip(units, schedule.powers) {
            let isBanned = unit.prohibited.contains {
                power > $0.lowerBound.value + 1 && power < $0.upperBound.value - 1
            }
            #expect(!isBanned && unit.window!.contains(Power(power)))
        }
    }
}

extension Problems {
    static func valveUnits(_ name: String) throws -> [NonconvexUnit] {
        try table(name).numbers.map { row in
            NonconvexUnit(
                limits: Power(row[0] * 1e6)...Power(row[1] * 1e6),
                cost: .polynomial(constant: row[2], linear: row[3] / 1e6, quadratic: row[4] / 1e12),
                valves: .init(amplitude: row[5], frequency: row[6] / 1e6))
        }
    }

    static func zonedUnits(_ name: String) throws -> [NonconvexUnit] {
        let zones = try table(name + "_zones").numbers
        return zip(try units(name), zones).map { unit, row in
            let ranges = stride(from: 4, to: row.count - 1, by: 2).compactMap { k -> ClosedRange<Power>? in
                row[k].isNaN ? nil : Power(row[k] * 1e6)...Power(row[k + 1] * 1e6)
            }
            let (now, up, down) = (row[1] * 1e6, row[2] * 1e6, row[3] * 1e6)
            return NonconvexUnit(
                limits: unit.limits, cost: unit.cost, window: Power(now - down)...Power(now + up),
                prohibited: ranges)
        }
    }
}

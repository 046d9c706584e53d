import Grid
import LinearAlgebra
import Testing
import UnitDispatch

@Suite struct LossTests {
    /// Penalty factors: of all units between their limits, incremental cost/(1 − ∂loss/∂p) is the price.
    @Test("free units have one incremental cost of what arrives", arguments: ["ed_6_loss", "ed_15_loss"])
    func penaltyFactors(name: String) throws {
        let (units, formula) = try (Problems.units(name), Problems.losses(name))
        let schedule = try LossyDispatch(units: units, losses: formula)
            .schedule(demand: Problems.demand(name))
        let price = schedule.price.lowest!.value
        #expect(schedule.price.highest!.value - price < 1e-12 * price)
        for (k, unit) in units.enumerated() {
            let power = schedule.powers[k]
            // ∂loss/∂p by a difference, exact for a quadratic function.
            var (up, down) = (schedule.powers, schedule.powers)
            up[k] += 1e6
            down[k] -= 1e6
            let lost = (formula.loss(at: up) - formula.loss(at: down)) / 2e6
            let cost = { unit.cost.cost(at: $0) }
            let worth = (cost(power + 1e6) - cost(power - 1e6)) / 2e6 / (1 - lost)
            if power == unit.limits.lowerBound.value {
                #expect(worth > price)
            } else if power == unit.limits.upperBound.value {
                #expect(worth < price)
            } else {
                #expect(abs(worth / price - 1) < 1e-9, "unit \(k) at \(power)")
            }
        }
        #expect(abs(schedule.loss.value - formula.loss(at: schedule.powers)) < 1e-6)
    }

    @Test("without losses it is equal incremental cost", arguments: ["ed_3_ww", "ed_10"])
    func lossless(name: String) throws {
        let units = try Problems.units(name)
        let nothing = LossFormula(
            perUnit: Matrix(rows: units.count, columns: units.count),
            linear: units.map { _ in 0 }, constant: 0, basePower: Power(100e6))
        let demand = try Problems.demand(name)
        let lossy = try LossyDispatch(units: units, losses: nothing).schedule(demand: demand)
        let plain = try EqualIncrementalCost(units: units).schedule(demand: demand)
        for (a, b) in zip(lossy.powers, plain.powers) { #expect(abs(a - b) < 1) }
        #expect(abs(lossy.cost / plain.cost - 1) < 1e-12)
    }

    /// A piecewise linear cost through the quadratic's points is dearer, and the dearer by less the more.
    @Test("piecewise linear costs with losses")
    func pieces() throws {
        let (units, formula) = try (Problems.units("ed_6_loss"), Problems.losses("ed_6_loss"))
        let demand = try Problems.demand("ed_6_loss")
        let exact = try LossyDispatch(units: units, losses: formula).schedule(demand: demand).cost
        var last = Double.infinity
        for count in [2, 8, 32, 128] {
            let lines = units.map { unit -> GeneratingUnit in
                let (a, b) = (unit.limits.lowerBound.value, unit.limits.upperBound.value)
                let points = (0...count).map { k in
                    let power = a + (b - a) * Double(k) / Double(count)
                    return CostCurve.Point(power: Power(power), cost: unit.cost.cost(at: power))
                }
                return GeneratingUnit(limits: unit.limits, cost: .piecewise(points))
            }
            let schedule = try LossyDispatch(units: lines, losses: formula).schedule(demand: demand)
            #expect(schedule.status == .optimal)
            #expect(schedule.cost > exact && schedule.cost <= last)
            last = schedule.cost
        }
        #expect(last / exact - 1 < 1e-5)
    }

    @Test("what cannot be delivered")
    func refusals() throws {
        let (units, formula) = try (Problems.units("ed_6_loss"), Problems.losses("ed_6_loss"))
        let solver = try LossyDispatch(units: units, losses: formula)
        let largest = units.map(\.limits.upperBound.value)
        let most = largest.reduce(0, +) - formula.loss(at: largest)
        guard case .short(let missing) = solver.schedule(demand: Power(most + 5e6)).status else {
            Issue.record("not short")
            return
        }
        #expect(abs(missing.value - 5e6) < 1)
        #expect(solver.schedule(demand: Power(most - 1e3)).status == .optimal)
        guard case .excess = solver.schedule(demand: Power(100e6)).status else {
            Issue.record("no excess")
            return
        }
    }
}

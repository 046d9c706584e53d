import Grid
import TestSupport
import Testing
import UnitDispatch

/// What holds of every schedule, reckoned anew from the units.
@Suite struct UnitDispatchLawTests {
    private static let counts = [1, 2, 3, 7, 8, 9, 30, 200, 3000]

    /// Quadratic, linear (many of one price) and piecewise linear units; some that cannot move.
    private func units(_ count: Int, seed: UInt64) -> [GeneratingUnit] {
        var random = SplitMix64(seed: seed &* 1000 &+ UInt64(count))
        return (0..<count).map { _ in
            let least = random.uniform(0...50e6)
            let width = random.uniform(0...1) < 0.1 ? 0 : random.uniform(1e6...300e6)
            let slope = random.uniform(10e-6...40e-6)
            let cost: CostCurve
            switch random.uniform(0...1) {
            case ..<0.5:
                let quadratic = random.uniform(0.5e-15...20e-15)
                cost = .polynomial(constant: 100, linear: slope, quadratic: quadratic)
            case ..<0.8:
                let rounded = (slope * 2e5).rounded() / 2e5
                cost = .polynomial(constant: 50, linear: rounded, quadratic: 0)
            default:
                var points = [CostCurve.Point(power: Power(least / 2), cost: 500)]
                for k in 1...4 {
                    let step = (least + width) / 3
                    let rise = slope * (0.5 + 0.2 * Double(k)) * step
                    points.append(
                        .init(power: points[k - 1].power + Power(step), cost: points[k - 1].cost + rise))
                }
                cost = .piecewise(points)
            }
            return GeneratingUnit(limits: Power(least)...Power(least + width), cost: cost)
        }
    }

    private func range(_ units: [GeneratingUnit]) -> (least: Double, most: Double) {
        (
            units.reduce(0) { $0 + $1.limits.lowerBound.value },
            units.reduce(0) { $0 + $1.limits.upperBound.value }
        )
    }

    /// One that costs least, and two whose costs are quadratic by less and less: λ steps over many watts.
    @Test(
        "nearly linear costs are dispatched to the demand",
        arguments: [1e-18, 1e-22, 1e-25, 1e-26, 1e-28, 1e-32, 1e-52, 1e-300])
    func nearlyLinear(quadratic: Double) throws {
        let cheap = CostCurve.polynomial(constant: 0, linear: 299e-6, quadratic: 0)
        let curved = CostCurve.polynomial(constant: 0, linear: 300e-6, quadratic: quadratic)
        let units = [(cheap, 200e6), (curved, 100e6), (curved, 100e6)].map {
            GeneratingUnit(limits: .zero...Power($0.1), cost: $0.0)
        }
        let solver = try EqualIncrementalCost(units: units)
        for demand in [200e6, 233.123456789e6, 250e6, 399e6] {
            let schedule = solver.schedule(demand: Power(demand))
            #expect(schedule.status == .optimal)
            #expect(abs(schedule.powers.reduce(0, +) - demand) < 1e-11 * demand)
            #expect(abs(schedule.powers[0] - 200e6) < 1e-3)
            let least = 200e6 * 299e-6 + (demand - 200e6) * 300e-6
            #expect(abs(schedule.cost - least) < 1e-6 * least)
        }
    }

    @Test("balance, limits, and one incremental cost for all that are free", arguments: counts, 1...6)
    func conditions(count: Int, seed: Int) throws {
        let units = units(count, seed: UInt64(seed))
        let (least, most) = range(units)
        let solver = try EqualIncrementalCost(units: units)
        for part in [0, 0.01, 0.2, 0.5, 0.777, 0.99, 1] {
            let demand = least + part * (most - least)
            let schedule = solver.schedule(demand: Power(demand))
            #expect(schedule.status == .optimal)
            #expect(abs(schedule.powers.reduce(0, +) - demand) < 1e-11 * most)
            let cost = zip(units, schedule.powers).reduce(0) { $0 + $1.0.cost.cost(at: $1.1) }
            #expect(abs(schedule.cost - cost) < 1e-11 * cost)
            let lowest = schedule.price.lowest?.value ?? -.infinity
            let highest = schedule.price.highest?.value ?? .infinity
            #expect(lowest <= highest)
            // Of what the units say themselves: incremental costs a little below and above.
            var (dearestDown, cheapestUp) = (-Double.infinity, Double.infinity)
            for (unit, power) in zip(units, schedule.powers) {
                #expect(power >= unit.limits.lowerBound.value && power <= unit.limits.upperBound.value)
                let step = 10.0
                let cost = { unit.cost.cost(at: $0) }
                if power - step >= unit.limits.lowerBound.value {
                    dearestDown = max(dearestDown, (cost(power) - cost(power - step)) / step)
                }
                if power + step <= unit.limits.upperBound.value {
                    cheapestUp = min(cheapestUp, (cost(power + step) - cost(power)) / step)
                }
            }
            // A power that is next to its limit or kink by rounding tells little.
            #expect(dearestDown <= lowest + 1e-12)
            #expect(cheapestUp >= highest - 1e-12)
        }
    }

    @Test("price does not fall as demand rises, nor does cost", arguments: counts)
    func monotone(count: Int) throws {
        let units = units(count, seed: 9)
        let (least, most) = range(units)
        let solver = try EqualIncrementalCost(units: units)
        var last = solver.schedule(demand: Power(least))
        for k in 1...100 {
            let next = solver.schedule(demand: Power(least + Double(k) / 100 * (most - least)))
            #expect(next.cost >= last.cost)
            let (before, after) = (last.price.lowest?.value ?? 0, next.price.highest?.value ?? .infinity)
            #expect(after >= before - 1e-12)
            last = next
        }
    }

    @Test("the order of the units changes nothing", arguments: counts)
    func permutation(count: Int) throws {
        let units = units(count, seed: 4)
        let (least, most) = range(units)
        let demand = Power(0.4 * least + 0.6 * most)
        let forward = try EqualIncrementalCost(units: units).schedule(demand: demand)
        let backward = try EqualIncrementalCost(units: units.reversed()).schedule(demand: demand)
        for (a, b) in zip(forward.powers, backward.powers.reversed()) { #expect(abs(a - b) < 1e-3) }
    }

    @Test("a unit more never raises the cost, if it costs nothing")
    func freeUnit() throws {
        let units = units(30, seed: 5)
        let (least, most) = range(units)
        let demand = Power((least + most) / 2)
        let free = GeneratingUnit(
            limits: .zero...Power(50e6), cost: .polynomial(constant: 0, linear: 0, quadratic: 0))
        let before = try EqualIncrementalCost(units: units).schedule(demand: demand)
        let after = try EqualIncrementalCost(units: units + [free]).schedule(demand: demand)
        #expect(after.cost < before.cost && after.powers[30] == 50e6)
    }

    @Test("twice the prices are twice the price, and the same powers")
    func scaling() throws {
        let units = try Problems.units("ed_1000_mixed")
        let doubled = units.map { unit -> GeneratingUnit in
            guard case .polynomial(let a, let b, let c) = unit.cost else { return unit }
            return GeneratingUnit(
                limits: unit.limits, cost: .polynomial(constant: 2 * a, linear: 2 * b, quadratic: 2 * c))
        }
        let demand = try Problems.demand("ed_1000_mixed")
        let one = try EqualIncrementalCost(units: units).schedule(demand: demand)
        let two = try EqualIncrementalCost(units: doubled).schedule(demand: demand)
        #expect(two.cost == 2 * one.cost && two.powers == one.powers)
        #expect(two.price.lowest!.value == 2 * one.price.lowest!.value)
    }

    @Test("too little and too much, to the watt")
    func refusals() throws {
        let units = try Problems.units("ed_3_ww")
        let solver = try EqualIncrementalCost(units: units)
        let short = solver.schedule(demand: Power(1250e6))
        #expect(short.status == .short(by: Power(50e6)) && short.powers == [600e6, 400e6, 200e6])
        let excess = solver.schedule(demand: Power(290e6))
        #expect(excess.status == .excess(by: Power(10e6)) && excess.powers == [150e6, 100e6, 50e6])
        #expect(solver.schedule(demand: Power(1200e6)).status == .optimal)
        #expect(solver.schedule(demand: Power(.nan)).status == .iterationLimit)
        #expect(try EqualIncrementalCost(units: []).schedule(demand: .zero).status == .optimal)
        #expect(
            throws: UnitMistake(unit: 1, kind: .cost),
            performing: {
                try EqualIncrementalCost(units: [
                    units[0],
                    .init(
                        limits: units[0].limits,
                        cost: .polynomial(constant: 0, linear: 1, quadratic: -1)),
                ])
            })
    }

    @Test("two units of one price share in proportion; between prices the price is an interval")
    func ties() throws {
        func unit(_ most: Double, _ price: Double) -> GeneratingUnit {
            .init(
                limits: .zero...Power(most),
                cost: .polynomial(constant: 0, linear: price, quadratic: 0))
        }
        let solver = try EqualIncrementalCost(units: [unit(100, 2), unit(300, 2), unit(50, 1)])
        let shared = solver.schedule(demand: Power(250))
        #expect(shared.powers == [50, 150, 50])
        #expect(shared.price == .init(lowest: EnergyCost(2), highest: EnergyCost(2)))
        let kink = solver.schedule(demand: Power(50))
        #expect(kink.powers == [0, 0, 50])
        #expect(kink.price == .init(lowest: EnergyCost(1), highest: EnergyCost(2)))
        #expect(solver.schedule(demand: Power(450)).price.highest == nil)
        #expect(solver.schedule(demand: .zero).price.lowest == nil)
    }
}

import Clearing
import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

@Suite("A step cleared by bid curves")
struct StepClearingTests {
    /// 24 hours of sun, load, a battery, a connection with three prices, feed-in and a limit.
    private func day(_ random: inout SplitMix64, limit: Double = 120) -> Case {
        var day = Case(steps: 24)
        day.load((0..<24).map { _ in random.uniform(40...100) }, rating: -200)
        day.add([0], (0..<24).map { $0 > 6 && $0 < 18 ? random.uniform(0...150) : 0 }, rating: 200)
        let price = (0..<24).map { [0.3, 0.6, 1.0][$0 / 8] }
        day.connection(limit: limit, export: 80, price: price, feedIn: [0.2])
        day.add(
            [-50], [50], deliver: [0.05],
            store: Case.store(random.uniform(20...80), 10...100, leak: 0.001))
        return day
    }

    private func measured(_ plan: Plan, _ step: Int, _ powers: [Double?] = [nil, nil, nil, nil])
        -> [Measurement?]
    {
        plan.problem.offers.indices.map { i in
            let offer = plan.problem.offers[i]
            let power = powers[i].map { Power(kilowatts: $0) }
            let stored = step > 0 ? plan.stored(in: i, at: step - 1) : offer.reservoir?.stored ?? .zero
            return Measurement(
                device: offer.device, interval: plan.horizon[step],
                lower: offer.isLoad ? power ?? offer.lower[step] : offer.lower[step],
                upper: offer.isLoad ? offer.upper[step] : power ?? offer.upper[step], power: .zero,
                stored: stored)
        }
    }

    @Test("what comes as it was forecast is cleared as it was planned")
    func perfectForecast() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<10 {
            let plan = RollingOptimum().plan(day(&random).problem())
            for step in 0..<24 {
                let clearing = StepClearing(
                    of: plan, at: step, measured: measured(plan, step),
                    deviation: EnergyCost(yuanPerKilowattHour: 1e-3))
                #expect(near(clearing.powers.map(\.kilowatts), (0..<4).map { plan.kilowatts($0)[step] }))
            }
        }
    }

    @Test("powers sum to the losses; no store charges above the ceiling or gives into a cheaper export")
    func laws() {
        var random = SplitMix64(seed: 4)
        for _ in 0..<20 {
            let plan = RollingOptimum().plan(
                day(&random).problem(losses: [3] + Array(repeating: 2, count: 23)))
            for step in 0..<24 {
                let now = measured(
                    plan, step, [-random.uniform(20...140), random.uniform(0...180), nil, nil])
                let ceiling = ImportCeiling(
                    power: Power(kilowatts: random.uniform(0...120)),
                    price: EnergyCost(yuanPerKilowattHour: 4))
                let clearing = StepClearing(of: plan, at: step, measured: now, ceilings: [2: ceiling])
                let powers = clearing.powers.map(\.kilowatts)
                #expect(near(powers.reduce(0, +), step == 0 ? 3 : 2, absolute: 1e-6))
                if powers[2] > ceiling.power.kilowatts + 1e-6 { #expect(powers[3] > -1e-9) }
                let giving = plan.storedWorth[step + 3 * 24].yuanPerKilowattHour / 0.9 + 0.05
                if powers[2] < -1e-6, step < 23, giving > 0.21,
                    plan.storedWorth[step + 1 + 3 * 24] >= plan.storedWorth[step + 3 * 24]
                {
                    #expect(powers[3] < 1e-6)
                }
            }
        }
    }

    @Test("it costs no more than the one-step optimum with stores at their worth")
    func oneStepOptimum() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<40 {
            var plan = RollingOptimum().plan(day(&random).problem())
            let worth = random.uniform(0.1...1.1)
            plan.storedWorth = plan.storedWorth.map { _ in EnergyCost(yuanPerKilowattHour: worth) }
            let step = 23
            let now = measured(plan, step, [-random.uniform(20...170), random.uniform(0...180), nil, nil])
            let powers = StepClearing(of: plan, at: step, measured: now).powers.map(\.kilowatts)

            var one = Case(steps: 1)
            one.load([-now[0]!.lower.kilowatts])
            one.add([0], [now[1]!.upper.kilowatts])
            one.connection(limit: 120, export: 80, price: [1.0], feedIn: [0.2])
            let kept = now[3]!.stored.value * 0.999
            let possible = plan.problem.offers[3].reservoir!.powers(
                from: kept, at: step, hours: 1, taking: 0)
            one.add(
                [max(possible.lowerBound / 1000, -50)], [min(possible.upperBound / 1000, 50)],
                deliver: [worth / 0.9 + 0.05], absorb: [0.9 * worth], role: .connection)
            let best = RollingOptimum().plan(one.problem())
            func cost(_ p: [Double]) -> Double {
                let load = 20 * (p[0] - now[0]!.lower.kilowatts)
                let grid = p[2] > 0 ? p[2] * 1.0 : p[2] * 0.2
                let store = p[3] > 0 ? p[3] * (worth / 0.9 + 0.05) : p[3] * 0.9 * worth
                return load + grid + store
            }
            #expect(near(cost(powers), cost((0..<4).map { best.kilowatts($0)[0] }), absolute: 1e-3))
        }
    }

    @Test("a unit that the plan left off starts before a load is shed")
    func unitsStart() {
        var hour = Case(steps: 1)
        hour.load([50])
        hour.connection(limit: 60, price: [0.5])
        hour.add([0], [40], deliver: [2], minimum: 12)
        let plan = RollingOptimum().plan(hour.problem())
        #expect(near(plan.kilowatts(2), [0]))
        let now = Measurement(
            device: DeviceID(0), interval: plan.horizon[0], lower: Power(kilowatts: -80), upper: .zero,
            power: .zero, stored: .zero)
        let clearing = StepClearing(of: plan, at: 0, measured: [now, nil, nil])
        #expect(near(clearing.powers.map(\.kilowatts), [-80, 60, 20]))
        let more = Measurement(
            device: DeviceID(0), interval: plan.horizon[0], lower: Power(kilowatts: -110), upper: .zero,
            power: .zero, stored: .zero)
        let short = StepClearing(of: plan, at: 0, measured: [more, nil, nil])
        #expect(near(short.powers.map(\.kilowatts), [-100, 60, 40]))
        #expect(near(short.price[0].yuanPerKilowattHour, 20))
    }

    @Test("areas clear as the optimum with ties does, each behind a full tie at its own price")
    func areas() {
        var random = SplitMix64(seed: 6)
        for _ in 0..<40 {
            var hour = Case(steps: 1)
            var homes: [Int] = []
            func add(_ area: Int, _ body: (inout Case) -> Void) {
                body(&hour)
                homes.append(area)
            }
            add(0) { $0.connection(limit: 100, export: 100, price: [0.6], feedIn: [0.2]) }
            for area in 0..<4 {
                add(area) { $0.load([random.uniform(5...40)]) }
                let price = random.uniform(0.1...1.2)
                add(area) { $0.add([0], [random.uniform(0...60)], deliver: [price]) }
            }
            let ties = [(0, 1), (2, 1), (0, 3)].map {
                Tie(from: $0, to: $1, forward: [Power(kilowatts: random.uniform(2...40))])
            }
            let losses = (0..<4).map { _ in Power(kilowatts: random.uniform(0...2)) }
            let problem = DispatchProblem(
                horizon: hour.horizon, offers: hour.offers, losses: losses,
                areas: Areas(count: 4, ofOffers: homes, ties: ties))
            let plan = RollingOptimum().plan(problem)
            let clearing = StepClearing(
                of: plan, at: 0, measured: Array(repeating: nil, count: homes.count))
            func cost(_ power: (Int) -> Double) -> Double {
                problem.offers.indices.reduce(0) { sum, i in
                    let (offer, p) = (problem.offers[i], power(i))
                    if offer.isLoad { return sum + 20 * (p - offer.lower[0].kilowatts) }
                    let price = p > 0 ? offer.cost.deliver[0] : offer.cost.absorb[0]
                    return sum + price.yuanPerKilowattHour * p
                }
            }
            let best = cost { plan.kilowatts($0)[0] }
            #expect(near(cost { clearing.powers[$0].kilowatts }, best, absolute: 2e-3))
            for area in 0..<4 {
                let given = homes.indices.filter { homes[$0] == area }.reduce(0) {
                    $0 + clearing.powers[$1].kilowatts
                }
                let flowing = ties.indices.reduce(0) { sum, l in
                    let flow = clearing.flows[l].kilowatts
                    return sum + (ties[l].from == area ? flow : ties[l].to == area ? -flow : 0)
                }
                #expect(near(given - losses[area].kilowatts, flowing, absolute: 1e-6))
            }
        }
    }

    @Test("where a limit of the plan binds, a store moves only away from it")
    func limits() {
        var hours = Case(steps: 2)
        hours.load([50])
        hours.connection(limit: 200, export: 0, price: [0.3, 0.9])
        hours.add([-60], [60], store: Case.store(10, 0...100))
        var problem = hours.problem(stored: 0.9)
        problem.requirements.limits = [LinearLimit("cable", [.init(2, [-1.0])], upper: [20_000])]
        let plan = RollingOptimum().plan(problem)
        #expect(near(plan.kilowatts(2)[0], -20))
        let less = Measurement(
            device: DeviceID(0), interval: plan.horizon[0], lower: Power(kilowatts: -10), upper: .zero,
            power: .zero, stored: .zero)
        var free = plan
        free.storedWorth = plan.storedWorth.map { _ in EnergyCost(yuanPerKilowattHour: 2) }
        let cleared = StepClearing(of: free, at: 0, measured: [less, nil, nil])
        #expect(near(cleared.powers.map(\.kilowatts), [-10, 30, -20]))
        free.storedWorth = plan.storedWorth.map { _ in .zero }
        let given = StepClearing(of: free, at: 0, measured: [less, nil, nil]).powers[2]
        #expect(near(given.kilowatts, 9))
    }

    @Test("a unit that runs keeps its minimum, and its ramp from what it measures")
    func unitsKeepTheirRanges() {
        var hour = Case(steps: 1)
        hour.load([50])
        hour.connection(limit: 20, price: [0.5])
        hour.add([0], [60], deliver: [2], ramp: 15, power: 30, minimum: 12)
        let plan = RollingOptimum().plan(hour.problem())
        func cleared(_ demand: Double, after power: Double) -> [Double] {
            let load = Measurement(
                device: DeviceID(0), interval: plan.horizon[0], lower: Power(kilowatts: -demand),
                upper: .zero, power: .zero, stored: .zero)
            let unit = Measurement(
                device: DeviceID(2), interval: plan.horizon[0], lower: .zero, upper: Power(kilowatts: 60),
                power: Power(kilowatts: power), stored: .zero)
            return StepClearing(of: plan, at: 0, measured: [load, nil, unit]).powers.map(\.kilowatts)
        }
        #expect(near(cleared(50, after: 30), [-50, 20, 30]))
        #expect(near(cleared(70, after: 30), [-65, 20, 45]))
        #expect(near(cleared(10, after: 20), [-10, 0, 12]))
        #expect(near(cleared(30, after: 30), [-30, 15, 15]))
    }

    @Test("a store bids with the energy that it measures")
    func measuredContent() {
        var hours = Case(steps: 2)
        hours.load([50])
        hours.connection(limit: 200, price: [0.9])
        hours.add([-60], [60], store: Case.store(100, 10...100))
        let plan = RollingOptimum().plan(hours.problem(stored: 0))
        #expect(plan.kilowatts(2)[0] > 20)
        let empty = Measurement(
            device: DeviceID(2), interval: plan.horizon[0], lower: Power(kilowatts: -60),
            upper: Power(kilowatts: 60), power: .zero, stored: Energy(kilowattHours: 10))
        let cleared = StepClearing(of: plan, at: 0, measured: [nil, nil, empty])
        #expect(near(cleared.powers.map(\.kilowatts), [-50, 50, 0]))
    }
}

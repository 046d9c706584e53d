import DispatchSamples
import DistributedDispatch
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

@Suite("Store responses")
struct StoreResponseTests {
    /// A store beside a connection that buys and sells at the same price.
    private static func drawn(_ seed: UInt64) -> (problem: DispatchProblem, prices: [Double], worth: Double) {
        var random = SplitMix64(seed: seed)
        let steps = random.whole(1..<25)
        // Few different prices, so that many choices are equally good.
        let levels = random.uniform(0.05...1.2, count: 3)
        let isFlat = random.whole(0..<2) == 0
        let prices = (0..<steps).map { _ in
            isFlat ? levels[random.whole(0..<3)] : random.uniform(0...1.2)
        }
        let most = random.uniform(5...80)
        let least = random.whole(0..<2) == 0 ? 0 : random.uniform(0...0.5) * most
        var sample = Case(steps: steps)
        sample.step = [900, 3600][random.whole(0..<2)]
        let wear = random.whole(0..<2) == 0 ? 0 : random.uniform(0...0.2)
        let earns = random.whole(0..<2) == 0 ? 0 : random.uniform(-0.1...0)
        sample.add(
            [-random.uniform(1...20)], [random.uniform(1...20)], deliver: [wear], absorb: [earns],
            quadratic: random.whole(0..<3) == 0 ? random.uniform(0.001...0.02) : 0,
            store: Case.store(
                random.uniform(least...most), least...most, charge: random.uniform(0.8...1),
                discharge: random.uniform(0.8...1),
                leak: random.whole(0..<2) == 0 ? 0 : random.uniform(0...0.05)))
        sample.add([-100], [100], deliver: prices, absorb: prices, role: .connection)
        let worth = random.uniform(0...1)
        return (sample.problem(stored: worth), prices, worth)
    }

    private static func response(_ problem: DispatchProblem, _ prices: [Double], _ worth: Double)
        -> StoreResponse
    {
        var store = StoreResponse(
            problem.offers[0], end: .valued(EnergyCost(yuanPerKilowattHour: worth)))
        store.respond(to: prices.map { EnergyCost(yuanPerKilowattHour: $0) })
        return store
    }

    /// Costs of the store's powers, less what they earn and what is left at the end, yuan.
    private static func cost(
        _ powers: [Power], _ end: Energy?, _ offer: Offer, _ prices: [Double], _ worth: Double
    ) -> Double {
        var cost = -(end?.kilowattHours ?? 0) * worth
        for (step, power) in powers.enumerated() {
            let own = power > .zero ? offer.cost.deliver(at: step) : offer.cost.absorb(at: step)
            let curved = offer.cost.quadratic * power.value * power.value
            let rate = (own.value - prices[step] / 1000) * power.value + curved
            cost += rate * offer.horizon.stepHours
        }
        return cost
    }

    @Test("a store answers prices as the rolling optimum does", arguments: 0..<60 as Range<UInt64>)
    func optimum(_ seed: UInt64) {
        let (problem, prices, worth) = Self.drawn(seed)
        let store = Self.response(problem, prices, worth)
        let offer = problem.offers[0]
        let plan = RollingOptimum().plan(problem)
        let own = Self.cost(store.powers, store.contents.last, offer, prices, worth)
        let best = Self.cost(
            Array(plan.power(of: 0)), plan.stored(in: 0, at: prices.count - 1), offer, prices, worth)
        let throughput = 20 * Double(prices.count) * offer.horizon.stepHours
        #expect(abs(own - best) <= 1e-6 * max(abs(best), throughput * 0.1), "\(own) \(best)")
    }

    @Test("powers and contents obey the store", arguments: 0..<60 as Range<UInt64>)
    func bounds(_ seed: UInt64) {
        let (problem, prices, worth) = Self.drawn(seed)
        let store = Self.response(problem, prices, worth)
        let offer = problem.offers[0]
        let reservoir = offer.reservoir!
        let hours = problem.horizon.stepHours
        var (content, reachable) = (reservoir.stored.value, reservoir.stored.value)
        for step in prices.indices {
            #expect(offer.lower[step] <= store.powers[step] && store.powers[step] <= offer.upper[step])
            content = reservoir.after(
                store.powers[step].value, from: reservoir.kept(hours: hours) * content, hours: hours)
            reachable = reservoir.after(
                offer.lower[step].value, from: reservoir.kept(hours: hours) * reachable, hours: hours)
            #expect(near(store.contents[step].value, content, absolute: 1e-6))
            #expect(content <= reservoir.maximum.value + 1e-6)
            #expect(content >= min(reservoir.minimum.value, reachable) - 1e-6)
            reachable = min(reachable, reservoir.maximum.value)
        }
    }

    @Test("the worth is what another Wh saves from then on", arguments: 0..<40 as Range<UInt64>)
    func worth(_ seed: UInt64) {
        let (problem, prices, worth) = Self.drawn(seed)
        let store = Self.response(problem, prices, worth)
        let offer = problem.offers[0]
        let steps = prices.count
        func rest(_ step: Int, _ content: Double) -> Double {
            var later = Offer(
                device: offer.device, horizon: problem.horizon.part(step + 1..<steps),
                lower: Array(offer.lower[(step + 1)...]), upper: Array(offer.upper[(step + 1)...]),
                cost: offer.cost, reservoir: offer.reservoir)
            later.reservoir!.stored = Energy(content)
            var store = StoreResponse(later, end: .valued(EnergyCost(yuanPerKilowattHour: worth)))
            let prices = Array(prices[(step + 1)...])
            store.respond(to: prices.map { EnergyCost(yuanPerKilowattHour: $0) })
            return Self.cost(store.powers, store.contents.last, later, prices, worth)
        }
        for step in 0..<steps - 1 {
            let content = store.contents[step].value
            let (least, most) = (offer.reservoir!.minimum.value, offer.reservoir!.maximum.value)
            // A content near a bound has a worth on one side alone; one outside must come back first.
            guard content > least + 2, content < most - 2 else { continue }
            let here = rest(step, content)
            let (above, below) = (here - rest(step, content + 1), rest(step, content - 1) - here)
            #expect(store.worth[step].value >= above - 1e-8)
            #expect(store.worth[step].value <= below + 1e-8)
        }
    }

    @Test("a cost of power squared is met at the margin in every step", arguments: 0..<20 as Range<UInt64>)
    func margin(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var sample = Case(steps: 96)
        sample.step = 900
        sample.add([-50], [50], store: Case.store(20, 0...60, charge: 0.95, discharge: 0.95, leak: 0.002))
        let prices = (0..<96).map { _ in EnergyCost(yuanPerKilowattHour: random.uniform(0.1...1)) }
        var store = StoreResponse(
            sample.offers[0], end: .valued(EnergyCost(yuanPerKilowattHour: 0.5)))
        let curvature = random.uniform(0.001...0.05) / 1e6
        store.respond(to: prices, curvature: curvature)
        for step in 0..<96 {
            let power = store.powers[step].value
            #expect((-1e-6...60e3 + 1e-6).contains(store.contents[step].value))
            // Where it gives or takes, the price less the marginal cost is the worth of content.
            let margin = prices[step].value - curvature * power
            let worth = store.worth[step].value
            if power > 1, power < 49_999 { #expect(near(margin * 0.95, worth, absolute: 1e-10)) }
            if power < -1, power > -49_999 { #expect(near(margin / 0.95, worth, absolute: 1e-10)) }
            if abs(power) < 1e-3 {
                #expect(margin * 0.95 <= worth + 1e-10 && worth <= margin / 0.95 + 1e-10)
            }
        }
    }

    @Test("a store buys in the cheap hour and sells in the dear one")
    func byHand() {
        var sample = Case(steps: 4)
        sample.add(
            [-10], [10], deliver: [0.1],
            store: Case.store(0, 0...9, charge: 0.9, discharge: 0.9))
        var store = StoreResponse(sample.offers[0], end: .valued(.zero))
        store.respond(to: [0.3, 0.2, 0.9, 0.95].map { EnergyCost(yuanPerKilowattHour: $0) })
        // 10 kWh of the second hour leave 9 kWh, which give 8.1 kWh in the last.
        #expect(near(store.powers.map(\.kilowatts), [0, -10, 0, 8.1], absolute: 1e-9))
        // The last kWh is charged at 0.2/0.9; the last of them is worth (0.95 − 0.1)·0.9.
        #expect(near(store.worth[3].yuanPerKilowattHour, 0.85 * 0.9))
        store.respond(
            to: [0.3, 0.2, 0.3, 0.33].map { EnergyCost(yuanPerKilowattHour: $0) })
        #expect(store.powers.allSatisfy { $0 == .zero })
    }

    @Test("at prices below zero a store gives or takes, never both at once")
    func belowZero() {
        func powers(_ prices: [Double]) -> [Double] {
            var sample = Case(steps: prices.count)
            sample.add([-10], [10], store: Case.store(10, 0...10, charge: 0.9, discharge: 0.9))
            var store = StoreResponse(sample.offers[0], end: .valued(.zero))
            store.respond(to: prices.map { EnergyCost(yuanPerKilowattHour: $0) })
            return store.powers.map(\.kilowatts)
        }
        // A full store that could give and take at once would be paid for what it loses.
        #expect(near(powers([-0.5, 0.8]), [0, 9], absolute: 1e-9))
    }

    @Test("a content at the end is reached from above and below", arguments: [0.0, 2, 7, 9])
    func end(_ stored: Double) {
        var sample = Case(steps: 3)
        sample.add([-2], [2], store: Case.store(stored, 0...9, charge: 1, discharge: 1))
        var store = StoreResponse(
            sample.offers[0],
            end: .content(Energy(kilowattHours: 5), EnergyCost(yuanPerKilowattHour: 10)))
        store.respond(to: [0.3, 0.9, 0.6].map { EnergyCost(yuanPerKilowattHour: $0) })
        #expect(near(store.contents[2].kilowattHours, 5, absolute: 1e-9))
    }

    @Test(
        "an answer that begins at the last one's bounds has the powers and contents of a new store",
        arguments: 0..<20)
    func repeated(_ index: Int) {
        var random = SplitMix64(seed: UInt64(900 + index))
        let steps = 48
        var sample = Case(steps: steps)
        sample.add(
            [-20], [25], deliver: [0.1],
            store: Reservoir(
                stored: Energy(kilowattHours: 30), minimum: Energy(kilowattHours: 5),
                maximum: Energy(kilowattHours: 60), chargeEfficiency: 0.95, dischargeEfficiency: 0.93,
                selfDischarge: index % 2 == 0 ? 0 : 0.02))
        let offer = sample.offers[0]
        var old = StoreResponse(offer, end: .valued(EnergyCost(yuanPerKilowattHour: 0.5)))
        var prices = (0..<steps).map { 0.3 + 0.04 * abs(Double($0 % 24) - 12) + 0.1 * random.uniform() }
        for _ in 0..<30 {
            for step in prices.indices { prices[step] += 0.02 * (random.uniform() - 0.5) }
            let asked = prices.map { EnergyCost(yuanPerKilowattHour: $0) }
            var new = StoreResponse(offer, end: .valued(EnergyCost(yuanPerKilowattHour: 0.5)))
            old.respond(to: asked, curvature: 1e-8)
            new.respond(to: asked, curvature: 1e-8)
            for step in prices.indices {
                #expect(near(old.powers[step].value, new.powers[step].value, relative: 1e-8, absolute: 1e-3))
                #expect(
                    near(
                        old.contents[step].value, new.contents[step].value, relative: 1e-8, absolute: 1e-3))
            }
        }
    }
}

import DispatchSamples
import DistributedDispatch
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

@Suite("Stores with a drain and required contents")
struct FlexibleStoreTests {
    /// A demand that is connected now and then, and needs energy after each session, beside a connection that
    /// buys and sells at the same price. Half of them may feed the network, half leak.
    private static func drawn(_ seed: UInt64) -> (problem: DispatchProblem, prices: [Double]) {
        var random = SplitMix64(seed: seed)
        let (steps, most) = (random.whole(6..<40), random.uniform(5...20))
        let feed = random.whole(0..<2) == 0 ? 0 : random.uniform(1...10)
        var (connected, drain) = ([Bool](), [Double]())
        while connected.count < steps {
            let session = random.whole(2..<9)
            // Half an hour of full power at least, and no more than the session can charge.
            let energy = random.uniform(0.1...0.7) * most * Double(session) * 0.5
            connected += Array(repeating: true, count: session) + Array(repeating: false, count: 3)
            drain += Array(repeating: 0, count: session) + [energy, 0, 0]
        }
        let prices = (0..<steps).map { _ in random.uniform(0.1...1.2) }
        var sample = Case(steps: steps)
        sample.step = 1800
        let capacity = 60.0
        sample.add(
            connected.prefix(steps).map { $0 ? -most : 0 }, connected.prefix(steps).map { $0 ? feed : 0 },
            deliver: [random.uniform(0...0.2)], absorb: [0],
            store: Case.store(
                random.uniform(0...capacity / 4), 0...capacity, charge: 0.9, discharge: 0.9,
                leak: random.whole(0..<2) == 0 ? 0 : 0.02))
        sample.add([-100], [100], deliver: prices, absorb: prices, role: .connection)
        var problem = sample.problem(stored: 0.3)
        var store = problem.offers[0].reservoir!
        store.drain = drain.prefix(steps).map { Energy(kilowattHours: min($0, capacity)) }
        store.require(
            (0..<steps).map { $0 + 1 < steps ? store.drain[$0 + 1] : .zero },
            charge: problem.offers[0].lower.map { -$0 }, hours: 0.5)
        problem.offers[0].reservoir = store
        return (problem, prices)
    }

    private static func cost(_ powers: [Power], _ end: Energy?, _ offer: Offer, _ prices: [Double]) -> Double
    {
        var cost = -(end?.kilowattHours ?? 0) * 0.3
        for (step, power) in powers.enumerated() {
            let own = power > .zero ? offer.cost.deliver(at: step).value : 0
            cost += (own - prices[step] / 1000) * power.value * offer.horizon.stepHours
        }
        return cost
    }

    /// Follows the store by its equation, and returns what is beyond its bounds or required contents, Wh.
    private static func lacking(_ powers: [Power], _ offer: Offer) -> Double {
        let (store, hours) = (offer.reservoir!, offer.horizon.stepHours)
        let kept = store.kept(hours: hours)
        // What charging as soon as it can reaches at most.
        var (content, most, lacking) = (store.stored.value, store.stored.value, 0.0)
        for (step, power) in powers.enumerated() {
            content = store.after(power.value, from: store.idle(content, at: step, kept: kept), hours: hours)
            most = min(
                store.after(
                    offer.lower[step].value, from: store.idle(most, at: step, kept: kept), hours: hours),
                store.maximum.value)
            lacking = max(
                lacking, min(store.least(at: step), most) - content, content - store.maximum.value,
                (offer.lower[step] - power).value, (power - offer.upper[step]).value)
        }
        return lacking
    }

    @Test("the rolling optimum and the answer to prices agree", arguments: 0..<60 as Range<UInt64>)
    func optimum(_ seed: UInt64) {
        let (problem, prices) = Self.drawn(seed)
        let offer = problem.offers[0]
        var store = StoreResponse(offer, end: .valued(EnergyCost(yuanPerKilowattHour: 0.3)))
        store.respond(to: prices.map { EnergyCost(yuanPerKilowattHour: $0) })
        let plan = RollingOptimum().plan(problem)
        #expect(plan.status == .optimal)
        let own = Self.cost(store.powers, store.contents.last, offer, prices)
        let best = Self.cost(
            Array(plan.power(of: 0)), plan.stored(in: 0, at: prices.count - 1), offer, prices)
        #expect(near(own, best, relative: 2e-4, absolute: 1e-3), "\(own) \(best)")
    }

    @Test("contents are there by their deadlines, by every way to plan", arguments: 0..<60 as Range<UInt64>)
    func deadlines(_ seed: UInt64) {
        let (problem, prices) = Self.drawn(seed)
        let offer = problem.offers[0]
        var store = StoreResponse(offer, end: .valued(.zero))
        store.respond(to: prices.map { EnergyCost(yuanPerKilowattHour: $0) })
        #expect(Self.lacking(store.powers, offer) <= 0.01)
        // A late demand in the optimum may lack a ten-thousandth of what it can reach.
        #expect(Self.lacking(Array(RollingOptimum().plan(problem).power(of: 0)), offer) <= 6)
        #expect(Self.lacking(Array(MeritOrder().plan(problem).power(of: 0)), offer) <= 0.01)
        #expect(Self.lacking(Array(SelfConsumption().plan(problem).power(of: 0)), offer) <= 0.01)
    }
}

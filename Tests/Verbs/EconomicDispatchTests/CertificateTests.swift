import DispatchSamples
import EconomicDispatch
import Grid
import Optimization
import Scheduling
import TestSupport
import Testing

/// Proofs of a plan that do not ask the solver which made it.
@Suite struct CertificateTests {
    /// Loads, sun, a curved unit, a connection and two stores; no unit that can be off, no ramp.
    private func problem(_ seed: UInt64) -> DispatchProblem {
        var random = SplitMix64(seed: seed)
        var hours = Case(steps: 24)
        for _ in 0..<3 { hours.load(random.uniform(5...40, count: 24), value: random.uniform(5...20)) }
        hours.add([0], random.uniform(0...60, count: 24))
        hours.add([0], [50], deliver: [random.uniform(0.3...0.9)], quadratic: 0.004)
        hours.connection(
            limit: random.uniform(20...90), export: 40, price: random.uniform(0.25...1, count: 24),
            feedIn: [random.uniform(0...0.2)])
        hours.add(
            [-30], [30], deliver: [0.1], store: Case.store(random.uniform(20...80), 10...90, leak: 0.002))
        hours.add([-15], [20], store: Case.store(random.uniform(5...30), 0...30, charge: 0.95))
        return hours.problem(losses: random.uniform(0...3, count: 24))
    }

    /// Weak duality: with any prices λ, Σ λ·losses + Σ over offers of the least of its own cost less λ·power
    /// is below every plan's cost. With the plan's prices it is that cost, but for what the preference for
    /// smooth powers adds to the prices: the plan is least.
    @Test(arguments: 1...25) func pricesProveThePlan(seed: UInt64) throws {
        let problem = problem(seed)
        let plan = RollingOptimum().plan(problem)
        var bound = 0.0
        for step in 0..<24 { bound += plan.price[step].value * problem.losses[step].value }
        for i in problem.offers.indices { bound += ownLeast(problem, i, plan.price.map(\.value)) }
        #expect(plan.price.allSatisfy { abs($0.value) <= problem.slackPrice.value * (1 + 1e-9) })
        #expect(abs(plan.objective - bound) < 2e-6 * (1 + abs(bound)))
        let certificate = try #require(plan.certificate)
        #expect(certificate.primalResidual <= 1e-8 && certificate.dualResidual <= 1e-8)
        #expect(certificate.gap <= 1e-8 && abs(certificate.bound - plan.objective) < 1e-5 * (1 + abs(bound)))
        #expect(certificate.optimum == .copperPlate)
    }

    /// The least of an offer's own cost less what its power earns at the prices.
    private func ownLeast(_ problem: DispatchProblem, _ i: Int, _ prices: [Double]) -> Double {
        let offer = problem.offers[i]
        if let reservoir = offer.reservoir { return storeLeast(problem, i, reservoir, prices) }
        return offer.horizon.indices.reduce(0) { sum, step in
            let (low, high) = (offer.lower[step].value, offer.upper[step].value)
            let (give, take) = (offer.cost.deliver(at: step).value, offer.cost.absorb(at: step).value)
            let base = high <= 0 ? take * low : 0
            func cost(_ p: Double) -> Double {
                (p > 0 ? give : take) * p + offer.cost.quadratic * p * p - base - prices[step] * p
            }
            var candidates = [low, high, min(max(0, low), high)]
            if offer.cost.quadratic > 0 {
                candidates.append(min(max((prices[step] - give) / (2 * offer.cost.quadratic), low), high))
            }
            return sum + candidates.map(cost).min()!
        }
    }

    /// A store alone against the prices: a program of its own, written here.
    private func storeLeast(_ problem: DispatchProblem, _ i: Int, _ store: Reservoir, _ prices: [Double])
        -> Double
    {
        let offer = problem.offers[i]
        let steps = prices.count
        let kept = 1 - store.selfDischarge
        var program = ConvexProgram(
            matrix: SparseRows(
                columns: 3 * steps,
                rows: (0..<steps).map { t in
                    [
                        (3 * t + 2, 1.0), (3 * t, 1 / store.dischargeEfficiency),
                        (3 * t + 1, -store.chargeEfficiency),
                    ] + (t > 0 ? [(3 * t - 1, -kept)] : [])
                }))
        for t in 0..<steps {
            let wear = offer.cost.deliver(at: t).value
            program.cost[3 * t] = 1e3 * (wear - prices[t])
            program.cost[3 * t + 1] = 1e3 * (prices[t] - offer.cost.absorb(at: t).value)
            program.upper[3 * t] = offer.upper[t].kilowatts
            program.upper[3 * t + 1] = -offer.lower[t].kilowatts
            program.lower[3 * t + 2] = store.minimum.kilowattHours
            program.upper[3 * t + 2] = store.maximum.kilowattHours
        }
        program.rightHandSide[0] = kept * store.stored.kilowattHours
        program.cost[3 * steps - 1] = -1e3 * problem.storedValue(of: i).value
        return InteriorPoint(pattern: program.matrix.pattern, tolerance: 1e-9).solve(program).objective
    }

    /// 100 kW of load on 100 kW of a source at 0.2, the next at 0.5: one kWh less saves 0.2, one more costs
    /// 0.5. With another watt of load there is no kink.
    @Test func aKinkHasAnInterval() throws {
        var hour = Case(steps: 2)
        hour.load([100, 101])
        hour.add([0], [100], deliver: [0.2])
        hour.add([0], [100], deliver: [0.5])
        let intervals = RollingOptimum().priceIntervals(hour.problem(), at: [0, 1])
        let (kink, smooth) = (try #require(intervals[0]), try #require(intervals[1]))
        #expect(
            near([kink.lowerBound, kink.upperBound].map(\.yuanPerKilowattHour), [0.2, 0.5], absolute: 1e-5))
        #expect(
            near(
                [smooth.lowerBound, smooth.upperBound].map(\.yuanPerKilowattHour), [0.5, 0.5], absolute: 1e-5)
        )
    }

    /// The ends are the slopes of the objective: 100 W more and 100 W less, planned anew.
    @Test(arguments: 1...8) func intervalsAreSlopesOfTheObjective(seed: UInt64) throws {
        let problem = problem(seed)
        let dispatcher = RollingOptimum()
        let plan = dispatcher.plan(problem)
        for step in [3, 17] {
            let interval = try #require(dispatcher.priceIntervals(problem, at: [step])[0])
            func change(_ watts: Double) -> Double {
                var losses = problem.losses
                losses[step] = losses[step] + Power(watts)
                return dispatcher.plan(
                    DispatchProblem(horizon: problem.horizon, offers: problem.offers, losses: losses)
                ).objective - plan.objective
            }
            #expect(interval.contains(plan.price[step]) || interval.width < 1e-7)
            #expect(abs(change(100) / 100 - interval.upperBound.value) < 5e-5)
            #expect(abs(change(-100) / -100 - interval.lowerBound.value) < 5e-5)
        }
    }

    @Test func whatIsShortIsNamed() {
        var hours = Case(steps: 2)
        hours.load([100, 40])
        hours.add([0], [50], deliver: [0.5])
        hours.add([-20], [20], store: Case.store(10, 10...50))
        let plan = RollingOptimum().plan(hours.problem())
        #expect(plan.shortfalls.count == 1)
        let short = plan.shortfalls[0]
        #expect(short.step == 0 && near([short.missing.kilowatts], [50]))
        #expect(short.atLimit == [1] && short.empty == [2])
    }
}

extension ClosedRange<EnergyCost> {
    fileprivate var width: Double { upperBound.value - lowerBound.value }
}

import DispatchSamples
import EconomicDispatch
import Grid
import Optimization
import Scheduling
import TestSupport
import Testing
import Timeline

/// Random areas in rings and meshes, held to the laws of powers and flows and to a program written another
/// way.
@Suite struct AreaLawTests {
    static let steps = 8

    /// Three to six areas, a ring and chords of them, some without reactance; stores, ramps, curtailment,
    /// scarcity.
    static func random(_ seed: UInt64) -> DispatchProblem {
        var random = SplitMix64(seed: seed)
        func series(_ range: ClosedRange<Double>) -> [Double] { random.uniform(range, count: steps) }
        var problem = Case(steps: steps)
        let count = 3 + Int(seed % 4)
        var homes: [Int] = []
        for area in 0..<count {
            problem.load(series(10...60), value: random.uniform(5...9))
            problem.load(series(1...20), value: 3)
            problem.add([0], series(0...60))
            problem.add([0], series(0...20))
            problem.add(
                [0], [50], deliver: [random.uniform(0.6...1.4)], ramp: random.uniform(10...60), power: 10)
            problem.add(
                [-20], [20], deliver: [random.uniform(0...0.1)],
                store: Case.store(random.uniform(10...50), 10...60, leak: 0.001))
            if area == 0 {
                problem.connection(limit: 80, export: 30, price: series(0.3...1), feedIn: [0.2])
            }
            homes += Array(repeating: area, count: problem.offers.count - homes.count)
        }
        var ties: [Tie] = []
        func tie(_ a: Int, _ b: Int, _ hasReactance: Bool) {
            let (forward, backward) = (
                Power(kilowatts: random.uniform(5...40)), Power(kilowatts: random.uniform(5...40))
            )
            ties.append(
                Tie(
                    from: a, to: b, forward: [forward], backward: [backward],
                    reactance: hasReactance ? random.uniform(0.05...0.3) : nil))
        }
        for a in 0..<count { tie(a, (a + 1) % count, true) }
        for a in 0..<count - 2 { tie(a + 2, a, a % 3 != 2) }
        tie(0, 1, true)
        return DispatchProblem(
            horizon: problem.horizon, offers: problem.offers,
            losses: (0..<count * steps).map { _ in Power(kilowatts: random.uniform(0...2)) },
            storedValue: EnergyCost(yuanPerKilowattHour: 0.4),
            areas: Areas(count: count, ofOffers: homes, ties: ties))
    }

    @Test(arguments: 1...12) func areasBalanceAndFlowsKeepKirchhoff(seed: UInt64) {
        let problem = Self.random(seed)
        let areas = problem.areas
        for method in DispatchMethod.allCases {
            let plan = method.makeDispatcher().plan(problem)
            for step in 0..<Self.steps {
                var left = (0..<areas.count).map { a in
                    (plan.shortage[step + a * Self.steps] - plan.surplus[step + a * Self.steps]
                        - problem.losses[step + a * Self.steps]).value
                }
                for (i, a) in areas.ofOffers.enumerated() { left[a] += plan.power(of: i, at: step).value }
                for (l, tie) in areas.ties.enumerated() {
                    let flow = plan.flow(over: l, at: step)
                    left[tie.from] -= flow.value
                    left[tie.to] += flow.value
                    #expect(flow <= tie.forward[0] && flow >= -tie.backward[0])
                    #expect(method.exchanges || flow == .zero)
                }
                #expect(left.allSatisfy { abs($0) < 1 }, "\(method) \(step) \(left)")
                #expect(hasAngles(plan, at: step), "\(method) \(step)")
            }
        }
    }

    /// One angle an area explains the flows over all ties with reactance: x·f = θ_from − θ_to.
    private func hasAngles(_ plan: Plan, at step: Int) -> Bool {
        let areas = plan.problem.areas
        var angle = [Double?](repeating: nil, count: areas.count)
        angle[0] = 0
        for _ in 0..<areas.count {
            for (l, tie) in areas.ties.enumerated() {
                guard let x = tie.reactance else { continue }
                let fall = x * plan.flow(over: l, at: step).value
                if let from = angle[tie.from], angle[tie.to] == nil { angle[tie.to] = from - fall }
                if let to = angle[tie.to], angle[tie.from] == nil { angle[tie.from] = to + fall }
            }
        }
        return areas.ties.indices.allSatisfy { l in
            let tie = areas.ties[l]
            guard let x = tie.reactance else { return true }
            let fall = angle[tie.from]! - angle[tie.to]!
            return abs(fall / x - plan.flow(over: l, at: step).value) < 1
        }
    }

    /// One area written as areas of one is the same plan to the last bit.
    @Test func oneAreaIsWhatItWas() {
        let problem = PlanLawTests.random(3)
        let named = DispatchProblem(
            horizon: problem.horizon, offers: problem.offers, losses: problem.losses,
            areas: Areas(count: 1, ofOffers: problem.offers.map { _ in 0 }))
        let (a, b) = (RollingOptimum().plan(problem), RollingOptimum().plan(named))
        #expect(
            a.price == b.price && problem.offers.indices.allSatisfy { a.power(of: $0) == b.power(of: $0) })
    }

    /// Ties so wide that they never bind and need no law are one area.
    @Test(arguments: 1...6) func wideTiesMakeOneArea(seed: UInt64) {
        let apart = Self.random(seed)
        let losses = (0..<Self.steps).map { step in
            (0..<apart.areas.count).reduce(Power.zero) { $0 + apart.losses[step + $1 * Self.steps] }
        }
        let ties = (1..<apart.areas.count).map {
            Tie(from: 0, to: $0, forward: [Power(kilowatts: 1e6)])
        }
        let one = RollingOptimum().plan(
            DispatchProblem(
                horizon: apart.horizon, offers: apart.offers, losses: losses, storedValue: apart.storedValue))
        let wide = RollingOptimum().plan(
            DispatchProblem(
                horizon: apart.horizon, offers: apart.offers, losses: apart.losses,
                storedValue: apart.storedValue,
                areas: Areas(count: apart.areas.count, ofOffers: apart.areas.ofOffers, ties: ties)))
        #expect(abs(one.objective - wide.objective) < 1e-6 * abs(one.objective))
    }

    @Test(arguments: 1...12) func mergingAndTheBandChangeNothing(seed: UInt64) {
        let problem = Self.random(seed)
        let plan = RollingOptimum().plan(problem)
        let apart = RollingOptimum(kernel: .lapack, merging: false).plan(problem)
        #expect(plan.status == .optimal)
        #expect(abs(plan.objective - apart.objective) < 1e-6 * abs(apart.objective))
    }
}

/// The same problems as linear programs with an angle an area, by HiGHS.
@Suite(.needsHiGHS) struct AreaOracleTests {
    @Test(arguments: 1...12) func theOptimumIsThatOfTheAngles(seed: UInt64) throws {
        let problem = AreaLawTests.random(seed)
        let plan = RollingOptimum().plan(problem)
        let oracle = try MixedIntegerSolver().solve(AngleProgram(problem).program)
        #expect(oracle.status == .optimal)
        #expect(
            abs(plan.objective - oracle.objective) < 1e-6 * abs(oracle.objective),
            "\(plan.objective) \(oracle.objective)")
    }
}

/// A dispatch problem of linear costs as a program in kW, kWh and yuan: x·f = θ_from − θ_to for every tie
/// with reactance.
struct AngleProgram {
    private typealias Row = [(column: Int, value: Double)]

    private let problem: DispatchProblem
    private let hours: Double
    private var draft = MixedIntegerDraft()
    /// By area, of the step under way: what balances, and the loads' demand.
    private var balances: [Row] = []
    private var demand: [Double] = []
    /// Columns of what each offer gives and holds, of the step before and of the step under way.
    private var before: [(give: Int, content: Int)] = []
    private var now: [(give: Int, content: Int)] = []

    var program: MixedIntegerProgram { draft.program }

    init(_ problem: DispatchProblem) {
        self.problem = problem
        hours = problem.horizon.stepHours
        for step in problem.horizon.indices {
            balances = Array(repeating: [], count: problem.areas.count)
            demand = Array(repeating: 0, count: problem.areas.count)
            for (i, offer) in problem.offers.enumerated() { add(offer, i, step) }
            addFlows()
            for (a, balance) in balances.enumerated() {
                let slack = hours * problem.slackPrice.yuanPerKilowattHour
                let short = draft.addColumn(cost: slack, 0...1e9)
                let surplus = draft.addColumn(cost: slack, 0...1e9)
                let asked = problem.losses[step + a * problem.horizon.count].kilowatts + demand[a]
                draft.addRow(balance + [(short, 1), (surplus, -1)], from: asked, to: asked)
            }
            (before, now) = (now, [])
        }
    }

    private mutating func add(_ offer: Offer, _ i: Int, _ step: Int) {
        let (low, high) = (offer.lower[step].kilowatts, offer.upper[step].kilowatts)
        let (giving, taking) = (offer.cost.deliver(at: step), offer.cost.absorb(at: step))
        let home = problem.areas.ofOffers[i]
        if high == 0, offer.reservoir == nil {
            // A load: what it is shed.
            let shed = draft.addColumn(cost: hours * taking.yuanPerKilowattHour, 0...(-low))
            balances[home].append((shed, 1))
            demand[home] -= low
            now.append((shed, -1))
            return
        }
        let give = draft.addColumn(cost: hours * giving.yuanPerKilowattHour, max(low, 0)...max(high, 0))
        let take = draft.addColumn(cost: -hours * taking.yuanPerKilowattHour, max(-high, 0)...max(-low, 0))
        balances[home] += [(give, 1), (take, -1)]
        let content = offer.reservoir.map { add($0, i, step, give, take) }
        if let ramp = offer.ramp {
            let reach = ramp * Double(problem.horizon.step) / 1000
            let was = step == 0 ? offer.power.kilowatts : 0
            let earlier = step == 0 ? [] : [(column: before[i].give, value: -1.0)]
            draft.addRow([(give, 1)] + earlier, from: was - reach, to: was + reach)
        }
        now.append((give, content ?? -1))
    }

    private mutating func add(_ store: Reservoir, _ i: Int, _ step: Int, _ give: Int, _ take: Int) -> Int {
        let isLast = step == problem.horizon.count - 1
        let content = draft.addColumn(
            cost: isLast ? -problem.storedValue(of: i).yuanPerKilowattHour : 0,
            store.minimum.kilowattHours...store.maximum.kilowattHours)
        let kept = 1 - store.selfDischarge
        let row: Row = [
            (content, 1), (give, hours / store.dischargeEfficiency), (take, -hours * store.chargeEfficiency),
        ]
        let carried: Row = step > 0 ? [(before[i].content, -kept)] : []
        let start = step == 0 ? kept * store.stored.kilowattHours : 0
        draft.addRow(row + carried, from: start, to: start)
        return content
    }

    private mutating func addFlows() {
        let angles = balances.map { _ in draft.addColumn(cost: 0, -1e9...1e9) }
        for tie in problem.areas.ties {
            let flow = draft.addColumn(cost: 0, -tie.backward[0].kilowatts...tie.forward[0].kilowatts)
            balances[tie.from].append((flow, -1))
            balances[tie.to].append((flow, 1))
            guard let x = tie.reactance else { continue }
            draft.addRow([(flow, x), (angles[tie.from], -1), (angles[tie.to], 1)], from: 0, to: 0)
        }
    }
}

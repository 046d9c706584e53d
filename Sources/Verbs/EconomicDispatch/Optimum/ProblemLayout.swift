import Grid
import Scheduling
import Timeline

/// A problem as arrays of plain numbers, laid out once a plan: the value of offer i at step t is at t +
/// i·steps.
struct ProblemLayout {
    let problem: DispatchProblem
    let steps: Int
    let offers: Range<Int>
    /// Length of a step, h.
    let hours: Double
    /// Bounds, W; those out of reach are nearer than the problem's (`bringNear`).
    var lower: [Double]
    var upper: [Double]
    /// Prices of giving and of taking, yuan/Wh; see `DispatchProblem.offers`.
    private(set) var deliver: [Double]
    private(set) var absorb: [Double]
    /// What taking really earns, yuan/Wh; above `absorb` where energy bought could be sold at a profit.
    private(set) var earned: [Double]
    /// Whether it is above `absorb` anywhere: see `OneNetFlow`.
    private(set) var earnsMore = false
    /// The largest magnitude of an offer's bounds, and of all bounds and losses, W.
    var largest: [Double]
    var largestPower: Double
    /// Whether an offer may take in some step.
    private(set) var canAbsorb: [Bool]
    /// Yuan/Wh: see `DispatchProblem`.
    let slackPrice: Double
    let replacedPrice: Double
    /// The problem's limits, with those that its emission cap and island reserve amount to.
    private(set) var limits: [LimitLayout] = []
    /// What is asked of each offer in every step, apart from the offers, so that asking copies none: its
    /// part, its quadratic cost, yuan/(W²·h), and its cost of an hour on, yuan; 0 where it cannot be off.
    private let parts: [Offer.Role]
    private let quadratic, perHourOn: [Double]
    /// Offers with the same number are alike to every requirement.
    private(set) var role: [Int]
    /// Reactive capability of each offer; empty where losses do not depend on powers.
    let capabilities: [ReactiveCapability?]
    /// Yuan/Wh: see `DispatchProblem.replacedPrices`.
    let replaced: [Double]

    init(_ problem: DispatchProblem) {
        self.problem = problem
        capabilities =
            problem.marginalLosses.map { marginal in
                zip(problem.offers, marginal.responses).map { $1 == nil ? nil : $0.capability }
            } ?? []
        steps = problem.horizon.count
        offers = problem.offers.indices
        hours = problem.horizon.stepHours
        let zeros = [Double](repeating: 0, count: steps * offers.count)
        (lower, upper, deliver, absorb, earned) = (zeros, zeros, zeros, zeros, zeros)
        largest = problem.offers.map(\.largestPower.value)
        largestPower = problem.losses.reduce(largest.max() ?? 0) { max($0, abs($1.value)) }
        canAbsorb = Array(repeating: false, count: offers.count)
        slackPrice = problem.slackPrice.value
        let replacedPrices = problem.replacedPrices
        replaced = replacedPrices.map(\.value)
        replacedPrice = DispatchProblem.mean(replacedPrices).value
        parts = problem.offers.map(\.role)
        quadratic = problem.offers.map(\.cost.quadratic)
        perHourOn = problem.offers.map { $0.minimumWhenOn == nil ? 0 : $0.cost.perHourOn }
        role = Array(repeating: 0, count: offers.count)
        for i in offers { read(i, problem.offers[i]) }
        bringNear()
        readLimits()
    }

    private mutating func read(_ i: Int, _ offer: Offer) {
        var least = 0.0
        let isPriced = problem.requirements.emissions != nil
        for step in 0..<steps {
            let at = step + i * steps
            let (low, high) = (offer.lower[step].value, offer.upper[step].value)
            lower[at] = low
            upper[at] = high
            least = min(least, low)
            let give =
                (isPriced ? problem.deliverPrice(of: i, at: step) : offer.cost.deliver(at: step)).value
            let take = offer.cost.absorb(at: step).value
            deliver[at] = give
            absorb[at] = low < 0 && high > 0 ? min(give, take) : take
            earned[at] = offer.reservoir == nil ? take : absorb[at]
            if earned[at] > absorb[at] { earnsMore = true }
        }
        canAbsorb[i] = least < 0
    }

    private mutating func readLimits() {
        let all = Self.limits(of: problem)
        let requirements = problem.requirements
        guard
            !all.isEmpty || requirements.spinning != nil || !requirements.demandCharges.isEmpty
                || problem.marginalLosses != nil
        else { return }
        role = Self.roles(of: problem, all)
        limits = all.map { LimitLayout($0, self) }
    }

    func isLoad(_ i: Int) -> Bool { parts[i] == .load }
    func reservoir(_ aggregate: AggregateOffer) -> Reservoir? {
        problem.offers[aggregate.offers[0]].reservoir
    }
    func isConnection(_ i: Int) -> Bool { parts[i] == .connection }

    /// Yuan per Wh left in an offer's reservoir.
    func storedValue(of i: Int) -> Double {
        problem.storedValue(of: i, replacing: EnergyCost(replacedPrice)).value
    }

    /// Yuan per hour of running at a power, W; a load is counted from its lower bound, so that serving it in
    /// full costs nothing. A unit that can be off runs above `tolerance`.
    func costRate(_ i: Int, at step: Int, power: Double, tolerance: Double) -> Double {
        let at = step + i * steps
        let curved = quadratic[i] * power * power
        if isLoad(i) {
            return absorb[at] * (power - lower[at]) + curved - quadratic[i] * lower[at] * lower[at]
        }
        let running = power > tolerance ? perHourOn[i] : 0
        return (power > 0 ? deliver[at] : earned[at]) * power + curved + running
    }
}

import Glibc
import Grid
import Timeline

/// A problem as plain numbers, laid out once a plan: what belongs to offer i at step t stands at t + i·steps.
struct Sheet {
    let problem: DispatchProblem
    let steps: Int
    let offers: Range<Int>
    /// Length of a step, h.
    let hours: Double
    /// Bounds, W.
    private(set) var lower: [Double]
    private(set) var upper: [Double]
    /// Prices, yuan/Wh; see `Offer.absorbPrice`.
    private(set) var deliver: [Double]
    private(set) var absorb: [Double]
    /// The largest magnitude of an offer's bounds, and of all bounds and losses, W.
    private(set) var largest: [Double]
    private(set) var largestPower = 0.0
    /// May somewhere on the horizon give, take.
    private(set) var canDeliver: [Bool]
    private(set) var canAbsorb: [Bool]
    /// Yuan/Wh: see `DispatchProblem`.
    private(set) var slackPrice = 0.0
    private(set) var replacedPrice = 0.0
    /// The problem's limits, with those that its emission cap and island reserve amount to.
    private(set) var limits: [LimitSheet] = []
    /// Offers of one number mean the same to every requirement.
    private(set) var role: [Int]
    /// By offer; empty where no losses answer to powers.
    let capabilities: [ReactiveCapability?]
    /// The price that stored energy would replace at each step; zero where there is none.
    private(set) var replaced: [Double]

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
        (lower, upper, deliver, absorb) = (zeros, zeros, zeros, zeros)
        largest = Array(repeating: 0, count: offers.count)
        canDeliver = Array(repeating: false, count: offers.count)
        canAbsorb = canDeliver
        replaced = Array(repeating: 0, count: steps)
        role = Array(repeating: 0, count: offers.count)
        for i in offers { read(i, problem.offers[i]) }
        for loss in problem.losses { largestPower = max(largestPower, abs(loss.value)) }
        for month in problem.requirements.demandCharge?.months ?? [] {
            slackPrice = max(slackPrice, month.price / hours)
        }
        slackPrice = slackPrice > 0 ? 4 * slackPrice : 1
        readReplacedPrices()
        readLimits()
    }

    private mutating func read(_ i: Int, _ offer: Offer) {
        var (least, most) = (0.0, 0.0)
        let cost = offer.cost
        let emissions = problem.requirements.emissions
        for step in 0..<steps {
            let at = step + i * steps
            let (low, high) = (offer.lower[step].value, offer.upper[step].value)
            lower[at] = low
            upper[at] = high
            least = min(least, low)
            most = max(most, high)
            var give = cost.deliver(at: step).value
            let take = cost.absorb(at: step).value
            if let emissions { give += emissions.price * emissions.factor(i, at: step) }
            deliver[at] = give
            absorb[at] = low < 0 && high > 0 ? min(give, take) : take
            slackPrice = max(slackPrice, abs(give), abs(take))
        }
        canDeliver[i] = most > 0
        canAbsorb[i] = least < 0
        for step in 0..<steps {
            largest[i] = max(largest[i], abs(lower[step + i * steps]), abs(upper[step + i * steps]))
        }
        largestPower = max(largestPower, largest[i])
        slackPrice = max(slackPrice, 2 * cost.quadratic * largest[i])
    }

    private mutating func readLimits() {
        let all = Self.limits(of: problem)
        let requirements = problem.requirements
        guard
            !all.isEmpty || requirements.spinning != nil || requirements.demandCharge != nil
                || problem.marginalLosses != nil
        else { return }
        role = Self.roles(of: problem, all)
        limits = all.map { LimitSheet($0, self) }
    }

    /// A consumer: it may only take, now, and stores nothing.
    func isLoad(_ i: Int) -> Bool { canAbsorb[i] && !canDeliver[i] && problem.offers[i].reservoir == nil }

    /// May give and take, and stores nothing.
    func isConnection(_ i: Int) -> Bool {
        canAbsorb[i] && canDeliver[i] && problem.offers[i].reservoir == nil
    }

    /// What stored energy replaces: see `DispatchProblem.storedValue`.
    private mutating func readReplacedPrices() {
        let givers = offers.filter { canDeliver[$0] && problem.offers[$0].reservoir == nil }
        let connections = givers.filter { canAbsorb[$0] }
        for step in 0..<steps {
            var cheapest = Double.infinity
            for i in connections.isEmpty ? givers : connections {
                let price = deliver[step + i * steps]
                if price > 0 || !connections.isEmpty { cheapest = min(cheapest, price) }
            }
            if cheapest < .infinity { replaced[step] = cheapest }
        }
        replacedPrice = replaced.reduce(0, +) / Double(max(steps, 1))
    }

    /// Yuan per Wh left in an offer's reservoir.
    func storedValue(of i: Int) -> Double {
        guard let reservoir = problem.offers[i].reservoir else { return 0 }
        if let stated = problem.storedValue { return stated.value }
        var own = 0.0
        for step in 0..<steps { own += deliver[step + i * steps] }
        return max(replacedPrice - own / Double(max(steps, 1)), 0) * reservoir.dischargeEfficiency
    }

    /// Yuan per hour of running at a power, W; a load is counted from its lower bound, so that serving it in
    /// full costs nothing. A unit that can be off runs above `tolerance`.
    func costRate(_ i: Int, at step: Int, power: Double, tolerance: Double) -> Double {
        let at = step + i * steps
        let cost = problem.offers[i].cost
        let curved = cost.quadratic * power * power
        if isLoad(i) {
            return absorb[at] * (power - lower[at]) + curved - cost.quadratic * lower[at] * lower[at]
        }
        let running = problem.offers[i].minimumWhenOn != nil && power > tolerance ? cost.perHourOn : 0
        return (power > 0 ? deliver[at] : absorb[at]) * power + curved + running
    }
}

extension Offer {
    /// Greatest change of power over one step, W; infinite when free.
    var rampPerStep: Double { ramp.map { $0 * Double(horizon.step) } ?? .infinity }
}

extension Reservoir {
    /// Fraction of the content kept over `hours`.
    func kept(hours: Double) -> Double { pow(1 - selfDischarge, hours) }

    /// The powers that keep a store within its bounds over `hours`, when `content` is left of what it held.
    /// Where the store is already outside, it may stay but not go further.
    func powers(from content: Double, hours: Double) -> ClosedRange<Double> {
        let charge = max(maximum.value - content, 0) / (chargeEfficiency * hours)
        let discharge = max(content - minimum.value, 0) * dischargeEfficiency / hours
        return -charge...discharge
    }

    /// Content after a power over `hours`, from what is left of it, Wh.
    func after(_ power: Double, from content: Double, hours: Double) -> Double {
        content - hours * (power > 0 ? power / dischargeEfficiency : power * chargeEfficiency)
    }
}

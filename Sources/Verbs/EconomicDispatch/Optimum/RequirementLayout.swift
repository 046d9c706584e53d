import Grid
import Scheduling

/// Requirements as numbers.
extension ProblemLayout {
    /// All limits of a problem, and which offers they cannot tell apart.
    static func limits(of problem: DispatchProblem) -> [LinearLimit] {
        let requirements = problem.requirements
        var limits = requirements.limits
        if let emissions = requirements.emissions, let cap = emissions.cap {
            let terms = problem.offers.indices.filter { !emissions.factors[$0].isEmpty }
                .map { LinearLimit.Term($0, emissions.factors[$0], of: .given) }
            limits.append(LinearLimit("emission cap", terms, upper: [cap], accumulates: true))
        }
        if let island = requirements.island?.limit(problem) { limits.append(island) }
        return limits + capabilities(of: problem)
    }

    /// One number for all offers that appear alike in every limit, reserve and charge.
    static func roles(of problem: DispatchProblem, _ limits: [LinearLimit]) -> [Int] {
        let providers = problem.requirements.spinning?.providers ?? []
        let metered = problem.requirements.demandCharges.map(\.offer)
        guard !limits.isEmpty || problem.marginalLosses != nil else {
            var plain = [Int](repeating: 0, count: problem.offers.count)
            for i in providers { plain[i] = 1 }
            for (k, i) in metered.enumerated() { plain[i] += 2 + 2 * k }
            return plain
        }
        struct Role: Hashable {
            var terms: [Int: [LinearLimit.Term.Factor: [Double]]] = [:]
            var response: MarginalLosses.Response?
            var counts = false
            var charge: Int?
        }
        var roles = [Role](repeating: Role(), count: problem.offers.count)
        for (k, limit) in limits.enumerated() {
            for term in limit.terms {
                roles[term.offer].terms[k, default: [:]][term.factor] = term.coefficients
            }
        }
        for i in providers { roles[i].counts = true }
        for (k, i) in metered.enumerated() { roles[i].charge = k }
        for (i, response) in (problem.marginalLosses?.responses ?? []).enumerated() {
            roles[i].response = response
        }
        var numbers: [Role: Int] = [:]
        return roles.map { role in
            let number = numbers[role] ?? numbers.count
            numbers[role] = number
            return number
        }
    }

    /// What a plan of the problem can be an optimum of.
    var optimum: OptimalityCertificate.Optimum {
        let stated = problem.requirements.optimum
        return stated == .copperPlate && problem.areas.count > 1 ? .ties : stated
    }

    /// Limits that a draft passes, besides those in `known`.
    func passed(_ draft: TentativeSchedule, besides known: [Int]) -> [Int] {
        limits.indices.filter { k in
            guard limits[k].canBind, !known.contains(k) else { return false }
            let least = 1e-5 * limits[k].largest * largestPower
            return limits[k].violations(draft, hours: hours).contains { $0 > least }
        }
    }

    /// The demand charges of connections that may import.
    var demandCharges: [DemandCharge] {
        problem.requirements.demandCharges.filter { problem.offers[$0.offer].canDeliver }
    }

    /// Yuan of demand charge for the peaks so far: the program pays it again, a plan does not.
    var paidSoFar: Double {
        demandCharges.flatMap(\.months).reduce(0) { $0 + $1.price * $1.soFar.value }
    }

    /// Yuan per Wh of reserve that is missing.
    var reservePrice: Double { problem.requirements.spinning?.penalty?.value ?? slackPrice / 8 }

    /// What the reservoir of an offer must hold at the end, Wh; nil where it is free, or where it requires a
    /// content in each step by itself.
    func end(of offer: Int) -> Double? {
        if problem.offers[offer].reservoir?.required.isEmpty == false { return nil }
        return switch problem.requirements.end {
        case .valued: nil
        case .asNow: problem.offers[offer].reservoir?.stored.value
        case .contents(let contents): contents[offer]?.value
        }
    }

    /// What a term's factor can be, W or Wh.
    func range(_ term: LinearLimit.Term, at step: Int) -> ClosedRange<Double> {
        let at = step + term.offer * steps
        switch term.factor {
        case .power: return lower[at]...upper[at]
        case .reactive: return -reach(term.offer, at: step)...reach(term.offer, at: step)
        case .given: return max(lower[at], 0)...max(upper[at], 0)
        case .content:
            guard let reservoir = problem.offers[term.offer].reservoir else { return 0...0 }
            let ends = [reservoir.minimum.value, reservoir.stored.value, reservoir.maximum.value]
            return ends.min()!...ends.max()!
        }
    }
}

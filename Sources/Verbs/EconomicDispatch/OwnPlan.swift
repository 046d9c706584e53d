public import Grid
public import Scheduling
import Timeline

// A dispatcher of the author's own hands over powers; what they do to stores, loads and balances follows.

extension Plan {
    /// Why powers are no plan.
    public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// The plan that `powers` are: one array an offer, one value a step; and `flows`: one array a tie,
    /// nothing flowing where there is none.
    ///
    /// Within a thousandth of an offer's range beyond its bounds, or of what its store can follow, powers are
    /// cut to what is possible; what that unbalances goes to connections first. What then still differs from
    /// the losses is `shortage` or `surplus`.
    ///
    /// `price`: of one more Wh, laid out as `Plan.price`; nil: that of the cheapest offer of the area that
    /// could give more in the step.
    /// - Throws: powers or flows that are not finite, not as many as there are steps, or beyond what an offer
    ///   or a tie can do; flows that Kirchhoff's voltage law does not allow.
    public init(
        _ problem: DispatchProblem, powers: [[Power]], flows: [[Power]] = [], price: [EnergyCost]? = nil
    ) throws(Refusal) {
        let sheet = Sheet(problem)
        guard powers.count == sheet.offers.count else {
            throw Refusal(
                description: "powers of \(powers.count) devices where there are \(sheet.offers.count)")
        }
        var draft = Draft(sheet, tolerance: 1e-6 * max(sheet.largestPower, 1))
        for i in sheet.offers {
            guard powers[i].count == sheet.steps else {
                throw Refusal(
                    description: "device \(i) has \(powers[i].count) powers for \(sheet.steps) steps")
            }
            for step in 0..<sheet.steps {
                draft.set(i, step, try Self.possible(powers[i][step].value, i, step, sheet))
            }
        }
        try draft.take(flows, sheet)
        let asked = draft
        draft.settle(sheet)
        for i in sheet.offers where problem.offers[i].reservoir != nil {
            for step in 0..<sheet.steps {
                let lacking = abs(asked.power(i, step) - draft.power(i, step))
                guard lacking <= 1e-3 * sheet.largest[i] + draft.tolerance else {
                    throw Refusal(
                        description: "device \(i) in step \(step): \(asked.power(i, step) / 1000) kW, but "
                            + "its store can follow only \(draft.power(i, step) / 1000) kW")
                }
            }
        }
        self = draft.plan(
            sheet, status: .ruleBased, iterations: 0,
            price: price
                ?? (0..<problem.areas.count).flatMap { area in
                    (0..<sheet.steps).map { draft.nextPrice(sheet, in: area, at: $0) }
                },
            objective: draft.objective(sheet))
    }

    private static func possible(
        _ power: Double, _ i: Int, _ step: Int, _ sheet: Sheet
    ) throws(Refusal) -> Double {
        let (lower, upper) = (sheet.lower[step + i * sheet.steps], sheet.upper[step + i * sheet.steps])
        let slack = 1e-3 * max(upper - lower, sheet.largest[i] * 1e-3) + 1e-6
        guard power >= lower - slack, power <= upper + slack else {
            throw Refusal(
                description: "device \(i) in step \(step): \(power / 1000) kW is outside "
                    + "\(lower / 1000 + 0)…\(upper / 1000 + 0) kW")
        }
        return min(max(power, lower), upper)
    }
}

extension Draft {
    /// Flows within limits and, to a thousandth of the largest, within Kirchhoff's voltage law.
    fileprivate mutating func take(_ flows: [[Power]], _ sheet: Sheet) throws(Plan.Refusal) {
        let areas = sheet.problem.areas
        guard !flows.isEmpty else { return }
        guard flows.count == areas.ties.count, flows.allSatisfy({ $0.count == sheet.steps }) else {
            throw Plan.Refusal(
                description: "flows want one array a tie (\(areas.ties.count)) and one value a step")
        }
        for step in 0..<sheet.steps {
            var largest = 0.0
            for (l, tie) in areas.ties.enumerated() {
                let (flow, most) = (flows[l][step].value, max(tie.forward(at: step), tie.backward(at: step)))
                guard flow.isFinite, flow <= tie.forward(at: step) + 1e-3 * most,
                    flow >= -tie.backward(at: step) - 1e-3 * most
                else {
                    throw Plan.Refusal(
                        description: "tie \(l) in step \(step): \(flow / 1000) kW is outside "
                            + "\(-tie.backward(at: step) / 1000 + 0)…\(tie.forward(at: step) / 1000) kW")
                }
                largest = max(largest, abs(flow))
                setFlow(l, step, min(max(flow, -tie.backward(at: step)), tie.forward(at: step)))
            }
            for cycle in areas.cycles {
                let sum = cycle.reduce(0) { $0 + $1.share * flows[$1.tie][step].value }
                guard abs(sum) <= 1e-3 * largest else {
                    throw Plan.Refusal(
                        description: "ties \(cycle.map(\.tie)) in step \(step): Kirchhoff's voltage law "
                            + "does not allow these flows")
                }
            }
        }
    }

    /// What one more Wh costs in an area in a step when the other steps and the flows stay as they are.
    fileprivate func nextPrice(_ sheet: Sheet, in area: Int, at step: Int) -> EnergyCost {
        var cheapest = sheet.slackPrice
        for i in sheet.offers where sheet.problem.areas.area(of: i) == area {
            let at = step + i * sheet.steps
            var upper = sheet.upper[at]
            if let reservoir = sheet.problem.offers[i].reservoir {
                upper = min(
                    upper,
                    power(i, step)
                        + reservoir.powers(
                            from: content(i, step), hours: sheet.hours
                        ).upperBound)
            }
            guard upper > power(i, step) + tolerance else { continue }
            let isGiving = power(i, step) >= 0 && !sheet.isLoad(i)
            let own = isGiving ? sheet.deliver[at] : sheet.absorb[at]
            cheapest = min(cheapest, own + 2 * sheet.problem.offers[i].cost.quadratic * power(i, step))
        }
        return EnergyCost(cheapest)
    }
}

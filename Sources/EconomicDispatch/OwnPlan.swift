public import Grid
import Timeline

// A dispatcher of the author's own hands over powers; what they do to stores, loads and balances follows.

extension Plan {
    /// Why powers are no plan.
    public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// The plan that `powers` are: one array an offer, one value a step.
    ///
    /// Within a thousandth of an offer's range beyond its bounds, or of what its store can follow, powers are
    /// cut to what is possible; what that unbalances goes to connections first. What then still differs from
    /// the losses is `shortage` or `surplus`.
    ///
    /// `price`: of one more Wh, one a step; nil: that of the cheapest offer that could give more in the step.
    /// - Throws: powers that are not finite, not as many as there are steps, or beyond what an offer can do.
    public init(
        _ problem: DispatchProblem, powers: [[Power]], price: [EnergyCost]? = nil
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
            price: price ?? (0..<sheet.steps).map { draft.nextPrice(sheet, at: $0) },
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
    /// What one more Wh costs in a step when the other steps stay as they are.
    fileprivate func nextPrice(_ sheet: Sheet, at step: Int) -> EnergyCost {
        var cheapest = sheet.slackPrice
        for i in sheet.offers {
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

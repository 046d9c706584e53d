public import Grid
public import Scheduling
import Timeline

// A dispatcher outside this module hands over powers; contents, loads shed and balances follow from them.

extension Plan {
    /// Why powers do not make a plan.
    public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        /// Place of the offer in the problem; nil if no single device is meant.
        public let device: Int?
        /// Step of the plan, from 0; nil if no single step is meant.
        public let step: Int?
        /// What was found and what is allowed.
        public let detail: String

        /// The device and the step where they are known, then the detail.
        public var description: String {
            let place = [device.map { "device \($0)" }, step.map { "in step \($0)" }].compactMap(\.self)
            return place.isEmpty ? detail : "\(place.joined(separator: " ")): \(detail)"
        }

        fileprivate init(device: Int? = nil, step: Int? = nil, _ detail: String) {
            (self.device, self.step, self.detail) = (device, step, detail)
        }
    }

    /// Creates the plan with these `powers` (one array an offer, one value a step) and `flows` (one array a
    /// tie; zero without them).
    ///
    /// A power that is beyond the bounds of its offer, or of its store, by less than a thousandth of the
    /// range is cut to what is possible; grid connections first make up for the difference. What then still
    /// differs from the losses is `shortage` or `surplus`.
    ///
    /// `price` is the cost of one more Wh, laid out as `Plan.price`; nil: the price of the cheapest offer of
    /// the area that could give more in the step.
    /// - Throws: powers or flows that are not finite, not as many as there are steps, or beyond what an offer
    ///   or a tie can do; flows that Kirchhoff's voltage law does not allow.
    public init(
        _ problem: DispatchProblem, powers: [[Power]], flows: [[Power]] = [], price: [EnergyCost]? = nil
    ) throws(Refusal) {
        let layout = ProblemLayout(problem)
        guard powers.count == layout.offers.count else {
            throw Refusal("powers of \(powers.count) devices where there are \(layout.offers.count)")
        }
        var draft = TentativeSchedule(layout, tolerance: 1e-6 * max(layout.largestPower, 1))
        for i in layout.offers {
            guard powers[i].count == layout.steps else {
                throw Refusal(device: i, "\(powers[i].count) powers for \(layout.steps) steps")
            }
            for step in 0..<layout.steps {
                draft.set(i, step, try Self.possible(powers[i][step].value, i, step, layout))
            }
        }
        try draft.take(flows, layout)
        let asked = draft
        draft.settle(layout)
        for i in layout.offers where problem.offers[i].reservoir != nil {
            for step in 0..<layout.steps {
                let lacking = abs(asked.power(i, step) - draft.power(i, step))
                guard lacking <= 1e-3 * layout.largest[i] + draft.tolerance else {
                    throw Refusal(
                        device: i, step: step,
                        "\(asked.power(i, step) / 1000) kW, but its store can follow only "
                            + "\(draft.power(i, step) / 1000) kW")
                }
            }
        }
        self = draft.plan(
            layout, status: .ruleBased, iterations: 0,
            price: price
                ?? (0..<problem.areas.count).flatMap { area in
                    (0..<layout.steps).map { draft.nextPrice(layout, in: area, at: $0) }
                },
            objective: draft.objective(layout))
    }

    private static func possible(
        _ power: Double, _ i: Int, _ step: Int, _ layout: ProblemLayout
    ) throws(Refusal) -> Double {
        let offer = layout.problem.offers[i]
        let (lower, upper) = (offer.lower[step].value, offer.upper[step].value)
        let slack = 1e-3 * max(upper - lower, layout.largest[i] * 1e-3) + 1e-6
        guard power >= lower - slack, power <= upper + slack else {
            throw Refusal(
                device: i, step: step,
                "\(power / 1000) kW is outside \(lower / 1000 + 0)…\(upper / 1000 + 0) kW")
        }
        return min(max(power, lower), upper)
    }
}

extension TentativeSchedule {
    /// Flows within limits and, to a thousandth of the largest, within Kirchhoff's voltage law.
    fileprivate mutating func take(_ flows: [[Power]], _ layout: ProblemLayout) throws(Plan.Refusal) {
        let areas = layout.problem.areas
        guard !flows.isEmpty else { return }
        guard flows.count == areas.ties.count, flows.allSatisfy({ $0.count == layout.steps }) else {
            throw Plan.Refusal(
                "flows have one array for each tie (\(areas.ties.count)) and one value for each step")
        }
        for step in 0..<layout.steps {
            var largest = 0.0
            for (l, tie) in areas.ties.enumerated() {
                let (flow, most) = (flows[l][step].value, max(tie.forward(at: step), tie.backward(at: step)))
                guard flow.isFinite, flow <= tie.forward(at: step) + 1e-3 * most,
                    flow >= -tie.backward(at: step) - 1e-3 * most
                else {
                    throw Plan.Refusal(
                        "tie \(l) in step \(step): \(flow / 1000) kW is outside "
                            + "\(-tie.backward(at: step) / 1000 + 0)…\(tie.forward(at: step) / 1000) kW")
                }
                largest = max(largest, abs(flow))
                setFlow(l, step, min(max(flow, -tie.backward(at: step)), tie.forward(at: step)))
            }
            for cycle in areas.cycles {
                let sum = cycle.reduce(0) { $0 + $1.share * flows[$1.tie][step].value }
                guard abs(sum) <= 1e-3 * largest else {
                    throw Plan.Refusal(
                        "ties \(cycle.map(\.tie)) in step \(step): Kirchhoff's voltage law "
                            + "does not allow these flows")
                }
            }
        }
    }

    /// What one more Wh costs in an area in a step when the other steps and the flows stay as they are.
    fileprivate func nextPrice(_ layout: ProblemLayout, in area: Int, at step: Int) -> EnergyCost {
        var cheapest = layout.slackPrice
        for i in layout.offers where layout.problem.areas.area(of: i) == area {
            let at = step + i * layout.steps
            var upper = layout.upper[at]
            if let reservoir = layout.problem.offers[i].reservoir {
                upper = min(
                    upper,
                    power(i, step)
                        + reservoir.powers(
                            from: content(i, step), at: step, hours: layout.hours, taking: 0
                        ).upperBound)
            }
            guard upper > power(i, step) + tolerance else { continue }
            let isGiving = power(i, step) >= 0 && !layout.isLoad(i)
            let own = isGiving ? layout.deliver[at] : layout.absorb[at]
            cheapest = min(cheapest, own + 2 * layout.problem.offers[i].cost.quadratic * power(i, step))
        }
        return EnergyCost(cheapest)
    }
}

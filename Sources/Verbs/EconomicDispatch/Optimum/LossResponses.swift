import Glibc
import Grid
import Scheduling

// `MarginalLosses` as the program and its plans count them.

extension ProblemLayout {
    func response(_ i: Int) -> MarginalLosses.Response? { problem.marginalLosses?.responses[i] }

    /// What the reactive power of an offer must keep to; nil where it plans none.
    func capability(_ i: Int) -> ReactiveCapability? { capabilities.isEmpty ? nil : capabilities[i] }

    /// The greatest reactive power of an offer in a step, var.
    func reach(_ i: Int, at step: Int) -> Double {
        switch capability(i) {
        case .apparentPower(let size): size.value
        case .perActive(let ratio): ratio * max(upper[step + i * steps], 0)
        case nil: 0
        }
    }

    /// Yuan per Wh of losses beyond the linear ones.
    var lossPrice: Double { max(replacedPrice, 1e-3 * slackPrice) }

    /// Sides of the polygon that stands for a circle of apparent power: inside it, with corners where only
    /// active or only reactive power is given. At worst 3.4 % of the circle's radius is given away.
    private static let sides = 12

    /// Limits of the reactive powers.
    static func capabilities(of problem: DispatchProblem) -> [LinearLimit] {
        guard let marginal = problem.marginalLosses else { return [] }
        return problem.offers.indices.flatMap { i -> [LinearLimit] in
            guard marginal.responses[i] != nil, let capability = problem.offers[i].capability else {
                return []
            }
            switch capability {
            case .apparentPower(let size):
                // A side and the one across from it are one limit.
                return (0..<sides / 2).map { side in
                    let angle = (Double(side) + 0.5) * 2 * .pi / Double(sides)
                    let reach = size.value * cos(.pi / Double(sides))
                    return beside(i, cos(angle), sin(angle), lower: -reach, upper: reach)
                }
            case .perActive(let ratio):
                return [
                    beside(i, -ratio, 1, lower: -.infinity, upper: 0),
                    beside(i, ratio, 1, lower: 0, upper: .infinity),
                ]
            }
        }
    }

    /// Dearer than other limits: what passes it cannot be had at all.
    private static func beside(
        _ i: Int, _ active: Double, _ reactive: Double, lower: Double, upper: Double
    ) -> LinearLimit {
        var limit = LinearLimit(
            "apparent power", [.init(i, [active]), .init(i, [reactive], of: .reactive)], lower: [lower],
            upper: [upper])
        limit.weight = 8
        return limit
    }
}

extension MarginalLosses.Response {
    /// Σ m·p₀ + n·q₀: what the expected losses hold of the answers, W.
    func constant(at step: Int) -> Double {
        active[step] * power[step] + reactive[step] * reactivePower[step]
    }
}

extension TentativeSchedule {
    /// Adds what the powers lose beyond the expected losses; of area a at step t at t + a·steps.
    func addMarginalLosses(_ layout: ProblemLayout, to missing: inout [Double]) {
        guard layout.problem.marginalLosses != nil else { return }
        for i in layout.offers {
            guard let response = layout.response(i) else { continue }
            let first = layout.problem.areas.area(of: i) * steps
            for step in 0..<steps { missing[first + step] += more(response, i, step) }
        }
    }

    /// The same of one area in one step.
    func marginalLosses(_ layout: ProblemLayout, among offers: [Int], _ step: Int) -> Double {
        offers.reduce(0) { sum, i in layout.response(i).map { sum + more($0, i, step) } ?? sum }
    }

    private func more(_ response: MarginalLosses.Response, _ i: Int, _ step: Int) -> Double {
        response.active[step] * power(i, step) + response.reactive[step] * reactive(i, step)
            - response.constant(at: step)
    }

    /// Yuan for losses of second order.
    func curvedLosses(_ layout: ProblemLayout) -> Double {
        layout.curvedLosses { i, step in
            let response = layout.response(i)!
            return (power(i, step) - response.power[step], reactive(i, step) - response.reactivePower[step])
        }
    }
}

extension ProblemLayout {
    /// What the program leaves out of `TentativeSchedule.curvedLosses`, since it is constant, yuan.
    var curvedConstant: Double {
        curvedLosses { i, step in
            let response = response(i)!
            return (response.power[step], response.reactivePower[step])
        }
    }

    /// Yuan where the powers of offer i at step t are apart from the expected ones by `apart`.
    fileprivate func curvedLosses(_ apart: (Int, Int) -> (Double, Double)) -> Double {
        guard problem.marginalLosses != nil else { return 0 }
        var sum = 0.0
        for i in offers {
            guard let response = response(i) else { continue }
            let plansReactive = capability(i) != nil
            for step in 0..<steps {
                let (active, reactive) = apart(i, step)
                sum += response.activeCurvature[step] / 2 * active * active
                if plansReactive { sum += response.curvature[step] / 2 * reactive * reactive }
            }
        }
        return sum * lossPrice * hours
    }
}

import Devices
import EconomicDispatch
import Export
import Grid
import Planning
import Scheduling
public import Simulator
public import Studies
import Timeline

/// An explanation in sentences.
public struct ExplanationText: CustomStringConvertible {
    private let scenario: Scenario
    let explanation: Explanation
    private let infeasibility: Infeasibility?
    private let reality: PlanAndReality?
    var plan: Plan { explanation.plan }
    var step: Int { explanation.step }

    /// `infeasibility`: of the plan's problem, where load is not served and it could be found.
    /// `reality`: what happened in the step.
    public init(
        _ scenario: Scenario, _ explanation: Explanation, _ infeasibility: Infeasibility? = nil,
        reality: PlanAndReality? = nil
    ) {
        self.infeasibility = infeasibility
        self.reality = reality
        self.scenario = scenario
        self.explanation = explanation
    }

    /// Several lines without a line break at the end.
    public var description: String {
        ([headline, ""] + happened + priceLines + [""] + unserved + limits + [""] + worths + [""] + [planLine])
            .joined(separator: "\n")
    }

    private var happened: [String] {
        guard let reality else { return [] }
        return RealityText(scenario: scenario, reality: reality, area: explanation.area).lines + [""]
    }

    func name(_ offer: Int) -> String {
        scenario.devices[plan.problem.offers[offer].device.index].name
    }

    private func clock(_ step: Int) -> String {
        let begin = plan.horizon.start + step * plan.horizon.step
        let text = scenario.zone.iso8601(begin)
        let isSameDay = text.prefix(10) == scenario.zone.iso8601(plan.horizon[self.step].start).prefix(10)
        return isSameDay ? String(text.dropFirst(11).prefix(5)) : moment(text)
    }

    private func moment(_ text: String) -> String { "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))" }

    func kilowatts(_ power: Power) -> String { "\(Markup.number(power.kilowatts, 1)) kW" }

    func yuan(_ cost: EnergyCost) -> String { Markup.number(cost.yuanPerKilowattHour, 3) }

    private var headline: String {
        moment(scenario.zone.iso8601(plan.horizon[step].start)) + ", by the plan: " + powers
    }

    /// What every device does.
    private var powers: String {
        let parts = plan.problem.offers.indices.compactMap { i -> String? in
            let power = plan.power(of: i, at: step)
            guard abs(power.kilowatts) >= 0.05, !isLoad(i) else { return nil }
            let verb =
                plan.problem.offers[i].reservoir != nil
                ? (power > .zero ? "discharges" : "charges") : power > .zero ? "gives" : "takes"
            return "\(name(i)) \(verb) \(kilowatts(power > .zero ? power : -power))"
        }
        let load = plan.problem.offers.indices.reduce(Power.zero) {
            isLoad($1) ? $0 - plan.power(of: $1, at: step) : $0
        }
        return (["loads take \(kilowatts(load))"] + parts + flows).joined(separator: ", ") + "."
    }

    private var areas: PlanAreas? { scenario.planning.rules.areas }

    private func name(ofArea area: Int) -> String { areas?.names[area] ?? "" }

    private func name(ofTie tie: Int) -> String {
        areas.map { scenario.network.branches[$0.crossings[tie].branch].name } ?? ""
    }

    /// What every branch between two areas carries.
    private var flows: [String] {
        plan.problem.areas.ties.enumerated().compactMap { tie, ends in
            let flow = plan.flow(over: tie, at: step)
            guard abs(flow.kilowatts) >= 0.05 else { return nil }
            let to = name(ofArea: flow > .zero ? ends.to : ends.from)
            return "\(name(ofTie: tie)) brings \(kilowatts(flow > .zero ? flow : -flow)) to \(to)"
        }
    }

    func isLoad(_ i: Int) -> Bool {
        if case .load = scenario.devices[plan.problem.offers[i].device.index].kind { true } else { false }
    }

    private var priceLines: [String] {
        let (up, down) = (explanation.price, explanation.saving)
        let same = abs(up.value - down.value) <= 1e-3 * max(abs(up.value), abs(down.value)) + 1e-9
        let first =
            "One more kWh \(areas == nil ? "" : "in \(name(ofArea: explanation.area)) ")would cost "
            + "\(yuan(up)) yuan"
            + (same
                ? ", one less would save as much."
                : "; one less would save \(yuan(down)) yuan: the marginal cost jumps here.")
        return [first] + parts + otherPrices
    }

    private var otherPrices: [String] {
        let others = (0..<plan.problem.areas.count).filter { $0 != explanation.area }
        guard !others.isEmpty else { return [] }
        let told = others.map { "\(yuan(plan.price(in: $0, at: step))) in \(name(ofArea: $0))" }
        return ["Elsewhere a kWh costs, in yuan: \(told.joined(separator: ", "))."]
    }

    /// Who moves for one more kWh, when, and for how much of the price.
    func maker(_ maker: Explanation.Maker) -> String {
        let when =
            maker.steps == step...step
            ? "now"
            : maker.steps.lowerBound == maker.steps.upperBound
                ? "at \(clock(maker.steps.lowerBound))"
                : "between \(clock(maker.steps.lowerBound)) and \(clock(maker.steps.upperBound + 1))"
        let amount = "\(Markup.number(abs(maker.energy), 2)) kWh"
        if plan.problem.offers[maker.offer].reservoir != nil {
            let does =
                abs(maker.energy) < 0.02
                ? "moves its energy"
                : maker.energy > 0
                    ? "gives \(amount) more" : "takes \(amount) more"
            return "\(name(maker.offer)) \(does) \(when) (wear, and what is left at the end)"
        }
        if isLoad(maker.offer) { return "\(name(maker.offer)) goes without \(amount) \(when)" }
        let does = maker.energy > 0 ? "gives \(amount) more" : "takes \(amount) more"
        return "\(name(maker.offer)) \(does) \(when)"
    }

    private var unserved: [String] {
        let missing = plan.problem.sum(plan.shortage, at: step)
        guard !explanation.shed.isEmpty || missing > .zero else { return [] }
        let total = explanation.shed.reduce(missing) { $0 + $1.power }
        var lines = ["NOT SERVED: \(kilowatts(total)) short in this step."]
        lines += explanation.shed.map { "  \(name($0.offer)) lacks \(kilowatts($0.power))" }
        if missing > .zero { lines.append("  \(kilowatts(missing)) more that no device can give") }
        let near = areasThatReach
        let reaching = explanation.bindings.compactMap { binding -> String? in
            guard near.contains(plan.problem.areas.area(of: binding.offer)) else { return nil }
            return switch binding.limit {
            case .greatest:
                "\(kilowatts(total)) more of \(name(binding.offer)) (it gives all its "
                    + "\(kilowatts(plan.power(of: binding.offer, at: step))))"
            case .empty:
                "\(Markup.number(total.energy(hours: plan.horizon.stepHours).kilowattHours, 1)) kWh more, "
                    + "delivered, in \(name(binding.offer)) (it is empty)"
            default: nil
            }
        }
        let wider = explanation.full.filter { near.contains($0.to) }
            .map { "\(kilowatts(total)) more over \(name(ofTie: $0.tie)) (it is full)" }
        if !(reaching + wider).isEmpty {
            lines.append("  it would be cured by \((reaching + wider).joined(separator: ", or by "))")
        }
        lines += reasons
        return lines + conflict + [""]
    }

    /// Where load is not served, and every area from which a branch with room leads there.
    private var areasThatReach: Set<Int> {
        let areas = plan.problem.areas
        var near = Set(explanation.shed.map { areas.area(of: $0.offer) })
        for area in 0..<areas.count where plan.shortage[step + area * plan.horizon.count] > .zero {
            near.insert(area)
        }
        for _ in 0..<areas.count {
            for (tie, ends) in areas.ties.enumerated() {
                for (from, to) in [(ends.from, ends.to), (ends.to, ends.from)]
                where near.contains(to) && !plan.isFull(tie, toward: to, at: step) { near.insert(from) }
            }
        }
        return near
    }

    /// What cannot be kept together over the horizon, and what would have to give way.
    private var conflict: [String] {
        guard let infeasibility else { return [] }
        func told(_ parts: [Infeasibility.Part], _ text: (Infeasibility.Part) -> String) -> String {
            let shown = parts.prefix(8).map(text).joined(separator: "; ")
            return parts.count > 8 ? "\(shown); and \(parts.count - 8) more" : shown
        }
        return [
            "  These cannot be kept together: \(told(infeasibility.conflict, limit)).",
            "  The smallest relaxation of the whole plan: "
                + told(infeasibility.relaxation) { "\(limit($0)) by \(kilowatts($0.amount))" } + ".",
        ]
    }

    private func limit(_ part: Infeasibility.Part) -> String {
        let own = part.offer.map { name($0) } ?? ""
        let isLoad = part.offer.map { self.isLoad($0) } ?? false
        let what =
            switch part.limit {
            case .balance: areas == nil ? "the balance" : "the balance of \(name(ofArea: part.place ?? 0))"
            case .greatestFlow: "the limit of \(name(ofTie: part.place ?? 0))"
            case .leastPower: isLoad ? "the demand of \(own)" : "the least power of \(own)"
            case .greatestPower: "the greatest power of \(own)"
            case .leastContent: "the least content of \(own)"
            case .greatestContent: "the greatest content of \(own)"
            case .contentChange: "the store of \(own)"
            case .ramp: "the ramp of \(own)"
            case .other: "a limit"
            }
        return "\(what) at \(clock(part.step))"
    }

    private var limits: [String] {
        let told = explanation.bindings.map { binding in
            let until = binding.until.map { "until \(clock($0))" } ?? "to the end of the plan"
            let own = name(binding.offer)
            return switch binding.limit {
            case .greatest:
                "  \(own) gives all it may, \(kilowatts(plan.power(of: binding.offer, at: step)))"
            case .least: "  \(own) takes all it may, \(kilowatts(-plan.power(of: binding.offer, at: step)))"
            case .full: "  \(own) is full \(until)"
            case .empty: "  \(own) is empty \(until)"
            case .ramp: "  \(own) cannot change faster"
            }
        }
        let full = explanation.full.map { tie, to in
            let flow = plan.flow(over: tie, at: step)
            return "  \(name(ofTie: tie)) brings all it may to \(name(ofArea: to)), "
                + kilowatts(flow > .zero ? flow : -flow)
        }
        let all = told + full + explanation.pressures.map { "  " + pressure($0) }
        return all.isEmpty
            ? ["Nothing binds: no limit of a device, and no requirement."] : ["What binds:"] + all
    }

    private var worths: [String] {
        let sorted = explanation.worths.sorted { ($0.power, $1.offer) > ($1.power, $0.offer) }
        let hours = Markup.number(Double(plan.horizon.count) * plan.horizon.stepHours, 0)
        let lines = sorted.map { worth in
            var text = "  \(name(worth.offer)): \(Markup.number(worth.power * 1000, 3)) yuan"
            if worth.now * 1000 >= 0.0005 {
                text += ", \(Markup.number(worth.now * 1000, 3)) of it in this step"
            }
            if let content = worth.content {
                text += "; one more kWh of store: \(Markup.number(content * 1000, 3)) yuan"
            }
            return text
        }
        return ["What one more kW would be worth over the \(hours) hours of this plan:"] + lines
    }

    private var planLine: String {
        let made = moment(scenario.zone.iso8601(plan.horizon.start))
        let excess =
            explanation.excess > 0.005
            ? " It costs \(Markup.number(explanation.excess, 2)) yuan more than the least, which the prices above are of."
            : ""
        return
            "The plan was made at \(made) by \(scenario.planning.dispatcher.name) (\(plan.status.rawValue)).\(excess)"
    }
}

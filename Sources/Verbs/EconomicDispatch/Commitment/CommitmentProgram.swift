import Grid
import Optimization
import Scheduling

/// The plan with units on and off as a mixed-integer program: `HorizonProgram` as it is, and for each group
/// of equal units and step t whole numbers u of units on, v of starts and w of stops,
///
///     u_t − u_t−1 = v_t − w_t                    what starts or stops
///     Σ v over the last minimumUp steps ≤ u_t     stays on
///     Σ w over the last minimumDown steps ≤ n − u_t    stays off
///     Σ p_t = p_min·u_t + Σ_k s_k,   0 ≤ s_k ≤ width·u_t
///
/// The cost of power is replaced by its secants over `segments` equal parts: exact at their ends and nowhere
/// too low. A start costs the cold start; a hot one earns the difference back by being matched, y_q,t, with a
/// stop q not longer ago than a start stays hot: each stop and each start is matched at most once. (The three
/// kinds of numbers after Rajan & Takriti, IBM RC23628, 2005; matched starts after Knueven, Ostrowski &
/// Watson, INFORMS J. Comput. 32 (2020) 857–876.)
struct CommitmentProgram {
    let groups: [UnitGroup]
    var draft: MixedIntegerDraft
    /// Columns of u, v, w of group g at step t, at t + g·steps.
    private(set) var on: [Int] = []
    private(set) var starting: [Int] = []
    private(set) var stopping: [Int] = []
    /// How much the secants may lie above the true cost, in the program's unit of cost.
    var excess = 0.0
    let segments: Int
    let steps: Int
    let hours: Double

    /// `form` filled with no commitment.
    init(
        _ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ form: borrowing HorizonProgram,
        segments: Int
    ) {
        groups = UnitGroup.all(layout, aggregates, form)
        draft = MixedIntegerDraft(form.program)
        self.segments = segments
        (steps, hours) = (layout.steps, layout.hours)
        for group in groups {
            addStates(group, layout)
            for step in 0..<steps { addPower(group, step, layout, form) }
            addLimits(layout.problem.offers[group.offer].rules(hours: hours), group)
            addStarts(layout.problem.offers[group.offer], group, form)
        }
        for step in 0..<steps { addReserve(step, layout, form) }
        straighten(form.program)
    }

    var program: MixedIntegerProgram { draft.program }

    /// The program in which nothing is short, too much, or missing of the reserve. (Where they may be, at
    /// whatever price, the search for the least cost takes twice as long.)
    func strict(_ form: borrowing HorizonProgram, _ layout: ProblemLayout) -> MixedIntegerProgram {
        var program = draft.program
        var closed = Array(form.slacks)
        if layout.problem.requirements.spinning?.penalty == nil, let place = form.reserve {
            closed.append(place.missing)
        }
        for step in 0..<steps { for column in closed { program.upper[step * form.width + column] = 0 } }
        return program
    }

    /// u, v, w of one group, with what its past demands.
    private mutating func addStates(_ group: UnitGroup, _ layout: ProblemLayout) {
        let count = Double(group.count)
        let rules = layout.problem.offers[group.offer].rules(hours: hours)
        let at = group.offer * steps
        let firstNeeded = (0..<steps).first { layout.lower[at + $0] > 0 } ?? steps
        for step in 0..<steps {
            let mustRun = layout.lower[at + step] > 0 || (rules.isOn && step < rules.bound)
            let mustRest = !rules.isOn && step < min(rules.bound, firstNeeded)
            on.append(
                draft.addColumn((mustRun ? count : 0)...(mustRest ? 0 : count), isInteger: true))
            starting.append(draft.addColumn(0...count, isInteger: true))
            stopping.append(draft.addColumn(0...count, isInteger: true))
        }
        let first = on.count - steps
        for step in 0..<steps {
            let now = first + step
            let change = [(on[now], 1.0), (starting[now], -1), (stopping[now], 1)]
            if step == 0 {
                let before = rules.isOn ? count : 0
                draft.addRow(change, from: before, to: before)
            } else {
                draft.addRow(change + [(on[now - 1], -1)], from: 0, to: 0)
            }
        }
    }

    /// Power of the group in one step, its secants, and the freedom to start and stop past the ramp.
    private mutating func addPower(
        _ group: UnitGroup, _ step: Int, _ layout: ProblemLayout, _ form: borrowing HorizonProgram
    ) {
        let offer = layout.problem.offers[group.offer]
        let (least, most) = offer.committedRange(true, at: step, base: form.base)
        let place = form.places[group.aggregates[0]]
        let columns = group.aggregates.map { step * form.width + form.places[$0].give }
        let u = on[on.count - steps + step]
        // The first stands for all.
        for (k, column) in columns.enumerated() {
            (draft.cost[column], draft.quadratic[column]) = (0, 0)
            draft.lower[column] = 0
            draft.upper[column] = k == 0 ? Double(group.count) * most : 0
        }
        let price = layout.deliver[step + group.offer * steps] / form.priceBase
        let curve = offer.cost.quadratic * form.base / form.priceBase
        let perHour = offer.cost.perHourOn / (form.base * form.priceBase)
        draft.cost[u] = perHour + (price + curve * least) * least
        let parts = curve == 0 ? 1 : segments
        let width = (most - least) / Double(parts)
        var power = [(column: columns[0], value: 1.0), (column: u, value: -least)]
        for k in 0..<parts where width > 0 {
            let slope = price + curve * (2 * least + Double(2 * k + 1) * width)
            let segment = draft.addColumn(cost: slope, 0...(Double(group.count) * width))
            draft.addRow([(segment, 1), (u, -width)], to: 0)
            power.append((segment, -1))
        }
        draft.addRow(power, from: 0, to: 0)
        excess += curve * width * width / 4 * Double(group.count)
        guard place.change >= 0 else { return }
        let (change, now) = (step * form.width + place.change, on.count - steps + step)
        let ramp = offer.rampPerStep / form.base
        draft.lower[change] = -.infinity
        draft.upper[change] = .infinity
        guard ramp < most else { return }
        draft.addRow([(change, 1), (starting[now], -(most - ramp))], to: ramp)
        draft.addRow([(change, 1), (stopping[now], layout.largest[group.offer] / form.base)], from: -ramp)
    }
}

public import Grid
public import Scheduling
public import Timeline

/// One step cleared by bid curves: what every offer of a plan gives at one price of its area.
///
/// A plan says what a Wh in each store is worth, which content it should have, and which units are on. What
/// the sun, the wind, the water and the loads really do is measured. The powers then follow from one price:
/// that at which the powers of all sum to the losses.
///
/// ```swift
/// let clearing = StepClearing(of: plan, at: 0, measured: measurements, losses: [plan.problem.losses[0]])
/// print(clearing.price[0].yuanPerKilowattHour, clearing.powers)
/// ```
///
/// Areas with ties are cleared as a tree below the area of the connection (`AreaTree`): the curve of an area,
/// clipped to its tie, joins the curve of the area above. Behind a full tie an area has a price of its own.
public struct StepClearing: Hashable, Sendable {
    /// Power of each offer of the plan.
    public private(set) var powers: [Power]
    /// Price of each area.
    public private(set) var price: [EnergyCost]
    /// Exchange of the connection that its price allows: within this range the connection takes what is left
    /// over or lacking within the step, and at its ends the stores do. Nil without a connection.
    public private(set) var exchange: ClosedRange<Power>?
    /// Flow over each tie, positive from → to.
    public private(set) var flows: [Power]

    /// Finds the price that each offer knows from the curves of all, and from what the powers of each area
    /// have to sum to beside what flows over its tree of ties (`AreaTree`).
    public typealias Agreement = ([BidCurve], [Power]) -> [BidCurve.Clearing?]

    /// Clears one step of a plan, or the part of it that is `interval`.
    ///
    /// `measured` has one place an offer, nil where nothing was heard of it: then the offer itself counts.
    /// `losses` are those of each area in this step; nil: those that the plan expected. `agreement` may
    /// find the prices in place of the sum of all curves; an offer that knows none keeps to its planned
    /// power.
    /// - Complexity: one sort of the points of all curves an area.
    public init(
        of plan: Plan, at step: Int, over interval: Interval? = nil, measured: [Measurement?],
        losses: [Power]? = nil,
        ceiling: ImportCeiling? = nil, deviation: EnergyCost = .zero, agreement: Agreement? = nil
    ) {
        precondition(measured.count == plan.problem.offers.count && plan.horizon.indices.contains(step))
        let planned = PlannedStep(plan, at: step, of: interval, deviation: deviation, ceiling: ceiling)
        let areas = plan.problem.areas
        let losses =
            losses ?? (0..<areas.count).map { plan.problem.losses[step + $0 * plan.horizon.count] }
        precondition(losses.count == areas.count)
        powers = Array(repeating: .zero, count: measured.count)
        price = Array(repeating: .zero, count: areas.count)
        exchange = nil
        flows = areas.ties.indices.map { plan.flow(over: $0, at: step) }
        var isOn = plan.problem.offers.indices.map { planned.isOn($0) }
        clear(planned, measured, losses, isOn, agreement)
        // Units that the plan left off start where loads would otherwise be shed.
        let idle = plan.problem.offers.indices.filter {
            plan.problem.offers[$0].minimumWhenOn != nil && !isOn[$0]
        }
        guard !idle.isEmpty else { return }
        let unserved = unserved(planned, measured)
        guard unserved > .zero else { return }
        let before = self
        for offer in idle { isOn[offer] = true }
        clear(planned, measured, losses, isOn, agreement)
        if self.unserved(planned, measured) >= unserved { self = before }
    }

    /// Demand that loads do not get.
    private func unserved(_ planned: PlannedStep, _ measured: [Measurement?]) -> Power {
        var (sum, demand) = (0.0, 0.0)
        for offer in powers.indices where planned.plan.problem.offers[offer].role == .load {
            let wanted = measured[offer]?.lower ?? planned.plan.problem.offers[offer].lower[planned.step]
            sum += (powers[offer] - wanted).value
            demand -= wanted.value
        }
        return Power(sum > 1e-6 * demand ? sum : 0)
    }

    private mutating func clear(
        _ planned: PlannedStep, _ measured: [Measurement?], _ losses: [Power], _ isOn: [Bool],
        _ agreement: Agreement?
    ) {
        let problem = planned.plan.problem
        let curves = problem.offers.indices.map {
            planned.curve(of: $0, measured[$0], isOn: isOn[$0])
        }
        guard problem.areas.count > 1 else {
            if let agreement { return take(agreement(curves, losses), planned, curves) }
            let clearing = BidCurve.clearing(of: curves, giving: losses[0])
            price[0] = clearing.price
            for offer in curves.indices { powers[offer] = curves[offer].power(at: clearing) }
            setExchange(problem, curves)
            return
        }
        let tree = AreaTree(problem)
        var needed = losses
        for l in tree.closing {
            needed[problem.areas.ties[l].from] += flows[l]
            needed[problem.areas.ties[l].to] -= flows[l]
        }
        if let agreement {
            take(agreement(curves, needed), planned, curves)
            setFlows(tree, problem, needed)
        } else {
            clear(tree, problem, planned.step, curves, needed)
            setExchange(problem, curves)
        }
    }

    /// What flows over the tree of ties is what an area and those below it have too much.
    private mutating func setFlows(_ tree: AreaTree, _ problem: DispatchProblem, _ needed: [Power]) {
        let areas = problem.areas
        var left = needed.map { -$0 }
        for offer in powers.indices { left[areas.area(of: offer)] += powers[offer] }
        for area in tree.order.reversed() {
            guard let l = tree.tieAbove[area] else { continue }
            let tie = areas.ties[l]
            flows[l] = tie.from == area ? left[area] : -left[area]
            left[tie.end(beside: area)] += left[area]
        }
    }

    /// Takes the prices that the offers know.
    private mutating func take(
        _ known: [BidCurve.Clearing?], _ planned: PlannedStep, _ curves: [BidCurve]
    ) {
        for offer in curves.indices {
            let curve = curves[offer]
            let kept = planned.plan.power(of: offer, at: planned.step)
            powers[offer] =
                known[offer].map { curve.power(at: $0) } ?? min(max(kept, curve.least), curve.most)
        }
        let problem = planned.plan.problem
        for area in price.indices { price[area] = planned.plan.price(in: area, at: planned.step) }
        var isKnown = price.map { _ in false }
        for offer in curves.indices {
            let area = problem.areas.area(of: offer)
            guard let own = known[offer]?.price, !isKnown[area] || problem.offers[offer].role == .connection
            else { continue }
            (price[area], isKnown[area]) = (own, true)
        }
        setExchange(problem, curves)
    }

    /// Looks at offers in place: a copy of one would count some ten references.
    private static func connection(of problem: DispatchProblem) -> Int? {
        for offer in problem.offers.indices where problem.offers[offer].role == .connection { return offer }
        return nil
    }

    private mutating func setExchange(_ problem: DispatchProblem, _ curves: [BidCurve]) {
        let connection = Self.connection(of: problem)
        exchange = connection.map { curves[$0].power(at: price[problem.areas.area(of: $0)]) }
    }

    /// Up: each area's curve, less what it needs, clipped to its tie. Down: what flows over the tie.
    private mutating func clear(
        _ tree: AreaTree, _ problem: DispatchProblem, _ step: Int, _ curves: [BidCurve], _ needed: [Power]
    ) {
        let areas = problem.areas
        var own: [[BidCurve]] = Array(repeating: [], count: areas.count)
        for offer in curves.indices { own[areas.area(of: offer)].append(curves[offer]) }
        var exported = [BidCurve?](repeating: nil, count: areas.count)
        for area in tree.order.reversed() {
            guard let l = tree.tieAbove[area] else { continue }
            let tie = areas.ties[l]
            let (forward, backward) = (Power(tie.forward(at: step)), Power(tie.backward(at: step)))
            let curve = BidCurve.sum(of: own[area] + [BidCurve(from: -needed[area])])
            exported[area] = curve.clipped(to: tie.from == area ? -backward...forward : -forward...backward)
            own[tie.from == area ? tie.to : tie.from].append(exported[area]!)
        }
        var clearings = [BidCurve.Clearing?](repeating: nil, count: areas.count)
        for area in tree.order {
            var wanted = needed[area]
            if let l = tree.tieAbove[area] {
                let tie = areas.ties[l]
                let flow = exported[area]!.power(at: clearings[tie.from == area ? tie.to : tie.from]!)
                flows[l] = tie.from == area ? flow : -flow
                wanted += flow
            }
            clearings[area] = BidCurve.clearing(of: own[area], giving: wanted)
            price[area] = clearings[area]!.price
        }
        for offer in curves.indices {
            powers[offer] = curves[offer].power(at: clearings[areas.area(of: offer)]!)
        }
    }
}

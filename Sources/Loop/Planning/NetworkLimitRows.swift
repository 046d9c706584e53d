import Grid
import PowerFlow
import Scheduling

// The rows that a plan gets, all linearised at the power flow of the expected powers p₀ and q₀:
//
//     |V|₀ + Σ ∂|V|/∂p·(p − p₀) + Σ ∂|V|/∂q·(q − q₀)          within its limits, currents likewise
//     Q₀ + Σ ∂Q/∂p·(p − p₀) + Σ ∂Q/∂q·(q − q₀)               ≤ tan φ·|P| either way, at the connection
//
// with the sign of P as expected, because |P| is no linear bound. The curvature of the losses limits how far
// powers move: the second derivative of the losses by Q_i and Q_j (and by P_i and P_j) is 2·R_ij/|V|², and
// ∂|V_j|/∂P_i is R_ij/|V|, where R is the resistance of the common path. The sum over j bounds the effect of
// several devices at once (a majorant), so that no round overshoots.
extension NetworkLimits {
    /// Price of a varh beyond the power factor, yuan: about the tariffs' adjustment for the power factor
    /// (力调电费), some 0.5 % of the bill for each 0.01. Less than the price of any Wh.
    private static let penalty = 1e-4
    /// Margin of tan φ for errors of second order.
    private static let powerFactorMargin = 0.01

    /// Adds to a problem the losses and the limits of the network, linearised at the expected powers and
    /// their voltages.
    func linearise(
        _ problem: inout DispatchProblem, _ watch: Watched, around expected: ExpectedPowers,
        _ voltages: VoltageSeries
    ) {
        let movable = problem.offers.indices.filter { canMove(problem.offers[$0]) }
        let steps = problem.horizon.count
        var answers = movable.map { _ in MarginalLosses.Response(steps: steps) }
        var rows = Kind.allCases.map { kind in
            let count = watch.places[kind.rawValue].map(\.count).max() ?? 0
            return (0..<count).map { _ in Row(movable.count, steps) }
        }
        var exchange = PowerFactorRows(movable.count, steps)
        var local = Answers(movable.count, linearisation.blank)
        for step in 0..<steps where linearisation.move(to: voltages, at: step) {
            for (k, place) in movable.enumerated() {
                let bus = map.device(of: problem.offers[place]).bus
                linearisation.respond(atBus: bus, into: &local.active[k])
                guard problem.offers[place].capability != nil else { continue }
                linearisation.respond(atBus: bus, active: 0, reactive: 1, into: &local.reactive[k])
            }
            let given = movable.map { (expected.active[$0][step], expected.reactive[$0][step]) }
            for k in movable.indices {
                answers[k].active[step] = local.active[k].losses
                answers[k].reactive[step] = local.reactive[k].losses
                (answers[k].power[step], answers[k].reactivePower[step]) = given[k]
                for other in movable {
                    let bus = map.device(of: problem.offers[other]).bus
                    let magnitude = max(voltages.magnitude(bus: bus, step: step), 0.1)
                    let curve = 2 * abs(local.active[k].voltage[bus]) / magnitude
                    answers[k].activeCurvature[step] += curve
                    if problem.offers[other].capability != nil { answers[k].curvature[step] += curve }
                }
            }
            for kind in Kind.allCases {
                for (slot, place) in watch.places[kind.rawValue][step].enumerated() {
                    guard let (value, limit) = value(kind, place, voltages, at: step) else { continue }
                    rows[kind.rawValue][slot].set(
                        step, value, bound(kind, limit), given, local.slopes(kind, place))
                }
            }
            if powerFactor != nil { exchange.set(step, own(problem, expected, step), given, local) }
        }
        problem.marginalLosses = MarginalLosses(
            responses: problem.offers.indices.map { place in
                movable.firstIndex(of: place).map { answers[$0] }
            })
        for kind in Kind.allCases {
            for (slot, row) in rows[kind.rawValue].enumerated() {
                problem.requirements.limits.append(row.limit("\(kind) \(slot + 1)", kind, movable))
            }
        }
        if watch.holdsExchange { problem.requirements.limits += exchangeLimits(problem) }
        if let powerFactor, let place = place(of: map.connection, problem) {
            let ratio = (1 / (powerFactor * powerFactor) - 1).squareRoot() * (1 - Self.powerFactorMargin)
            problem.requirements.limits += exchange.limits(ratio, movable, place, Self.penalty)
        }
        if !problem.requirements.limits.isEmpty { problem.requirements.optimum = .networkLimits }
    }

    /// Returns the expected power of the grid connection: what flows into the network less what others give
    /// at its bus.
    private func own(
        _ problem: DispatchProblem, _ expected: ExpectedPowers, _ step: Int
    ) -> (active: Double, reactive: Double) {
        var own = linearisation.inflow
        for (place, offer) in problem.offers.enumerated() where offer.device != map.connection {
            let device = map.device(of: offer)
            guard device.bus == map.network.source else { continue }
            let power = expected.active[place][step]
            own.active -= power
            own.reactive -= power * device.reactiveRatio + expected.reactive[place][step]
        }
        return own
    }

    /// Whether a plan decides its power; the grid connection takes the remainder.
    private func canMove(_ offer: Offer) -> Bool {
        !map.device(of: offer).isLoad && offer.device != map.connection
    }

    private func place(of device: DeviceID?, _ problem: DispatchProblem) -> Int? {
        problem.offers.firstIndex { $0.device == device }
    }

    /// Returns the limit less its margin.
    private func bound(_ kind: Kind, _ limit: Double) -> Double {
        switch kind {
        case .undervoltage: limit + Self.voltageMargin
        case .overvoltage: limit - Self.voltageMargin
        case .overload: limit * (1 - Self.currentMargin)
        }
    }

    /// Limits of the grid connection less a margin for losses.
    private func exchangeLimits(_ problem: DispatchProblem) -> [LinearLimit] {
        guard let place = problem.reference else { return [] }
        let offer = problem.offers[place]
        let inside = 1 - Self.exchangeMargin
        return [
            LinearLimit(
                "exchange", [LinearLimit.Term(place, [1])], lower: offer.lower.map { $0.value * inside },
                upper: offer.upper.map { $0.value * inside })
        ]
    }
}

/// Effects of one more watt and of one more var at each movable device, in one step.
private struct Answers {
    var active: [Linearisation.Response]
    var reactive: [Linearisation.Response]

    init(_ count: Int, _ blank: Linearisation.Response) {
        active = Array(repeating: blank, count: count)
        reactive = active
    }

    func slopes(_ kind: NetworkLimits.Kind, _ place: Int) -> [(Double, Double)] {
        zip(active, reactive).map {
            kind == .overload
                ? ($0.current[place], $1.current[place]) : ($0.voltage[place], $1.voltage[place])
        }
    }
}

/// Slopes of one quantity by the powers of the movable offers, and its value if they gave nothing.
private struct Row {
    /// By movable offer and step.
    var active: [[Double]]
    var reactive: [[Double]]
    var rest: [Double]
    /// Its bound; infinite where there is none.
    var bound: [Double]

    init(_ offers: Int, _ steps: Int) {
        active = Array(repeating: Array(repeating: 0, count: steps), count: offers)
        reactive = active
        rest = Array(repeating: 0, count: steps)
        bound = Array(repeating: .infinity, count: steps)
    }

    mutating func set(
        _ step: Int, _ value: Double, _ bound: Double, _ given: [(Double, Double)],
        _ slopes: [(Double, Double)]
    ) {
        rest[step] = value
        for (k, slope) in slopes.enumerated() {
            (active[k][step], reactive[k][step]) = slope
            rest[step] -= slope.0 * given[k].0 + slope.1 * given[k].1
        }
        self.bound[step] = bound
    }

    func terms(_ offers: [Int]) -> [LinearLimit.Term] {
        zip(offers, active).map { LinearLimit.Term($0, $1) }
            + zip(offers, reactive).map { LinearLimit.Term($0, $1, of: .reactive) }
    }

    func limit(_ name: String, _ kind: NetworkLimits.Kind, _ offers: [Int]) -> LinearLimit {
        let bounds = zip(bound, rest).map { $0 - $1 }
        guard kind == .undervoltage else { return LinearLimit(name, terms(offers), upper: bounds) }
        return LinearLimit(name, terms(offers), lower: bounds.map { $0.isFinite ? $0 : -$0 })
    }
}

/// Reactive power of the grid connection against its active power.
private struct PowerFactorRows {
    private var row: Row
    /// Sign of the expected active power.
    private var sign: [Double]

    init(_ offers: Int, _ steps: Int) {
        row = Row(offers, steps)
        sign = Array(repeating: 1, count: steps)
    }

    mutating func set(
        _ step: Int, _ own: (active: Double, reactive: Double), _ given: [(Double, Double)], _ local: Answers
    ) {
        let slopes = zip(local.active, local.reactive).map { ($0.sourceReactive, $1.sourceReactive) }
        row.set(step, own.reactive, 0, given, slopes)
        sign[step] = own.active < 0 ? -1 : 1
    }

    func limits(_ ratio: Double, _ offers: [Int], _ connection: Int, _ penalty: Double) -> [LinearLimit] {
        let given = sign.map { ratio * $0 }
        return [
            LinearLimit(
                "power factor, taken", row.terms(offers) + [.init(connection, given.map { -$0 })],
                upper: row.rest.map { -$0 }, penalty: penalty),
            LinearLimit(
                "power factor, given", row.terms(offers) + [.init(connection, given)],
                lower: row.rest.map { -$0 }, penalty: penalty),
        ]
    }
}

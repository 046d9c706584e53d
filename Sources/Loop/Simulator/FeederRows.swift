import Devices
import Grid
import PowerFlow
import Scheduling

// Of the rows a plan gets, all linearised at the power flow of expected powers p₀ and q₀:
//
//     |V|₀ + Σ ∂|V|/∂p·(p − p₀) + Σ ∂|V|/∂q·(q − q₀)          within its limits, currents likewise
//     Q₀ + Σ ∂Q/∂p·(p − p₀) + Σ ∂Q/∂q·(q − q₀)               ≤ tan φ·|P| either way, at the connection
//
// with the sign of P as expected, since |P| alone is no linear bound. How far powers reach before the losses
// they save are spent is kept by their curvature: the losses' second derivative by Q_i and Q_j (and by P_i
// and P_j) is 2·R_ij/|V|² and ∂|V_j|/∂P_i is R_ij/|V|, where R is the resistance of the common path. The sum
// over j bounds what several devices do at once (a majorant), so that no round overshoots.
extension FeederLimits {
    /// Yuan per varh beyond the power factor: about what the tariffs' adjustment for the power factor
    /// (力调电费) makes of it, some 0.5 % of the bill for each 0.01. Less than any watt is worth.
    private static let penalty = 1e-4
    /// Of tan φ; for errors of second order.
    private static let powerFactorMargin = 0.01

    /// What the wires make of a problem whose offers do what is `expected`, at the `voltages` of that.
    func linearise(
        _ problem: inout DispatchProblem, _ watch: Watch, around expected: ExpectedPowers,
        _ voltages: VoltageSeries
    ) {
        let movable = problem.offers.indices.filter { canMove(problem.offers[$0].device.index) }
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
                let bus = devices[problem.offers[place].device.index].bus
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
                    let bus = devices[problem.offers[other].device.index].bus
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
        if let powerFactor, let place = place(of: connection, problem) {
            let ratio = (1 / (powerFactor * powerFactor) - 1).squareRoot() * (1 - Self.powerFactorMargin)
            problem.requirements.limits += exchange.limits(ratio, movable, place, Self.penalty)
        }
        if !problem.requirements.limits.isEmpty { problem.requirements.optimum = .networkLimits }
    }

    /// What the connection is expected to give: what flows into the network less what others give at its bus.
    private func own(
        _ problem: DispatchProblem, _ expected: ExpectedPowers, _ step: Int
    ) -> (active: Double, reactive: Double) {
        var own = linearisation.inflow
        for (place, offer) in problem.offers.enumerated() where offer.device.index != connection {
            let device = devices[offer.device.index]
            guard device.bus == network.source else { continue }
            let power = expected.active[place][step]
            own.active -= power
            own.reactive -= device.reactive(Power(power)).value + expected.reactive[place][step]
        }
        return own
    }

    /// What a plan decides besides loads; the connection is what is left over.
    private func canMove(_ device: Int) -> Bool {
        if case .load = devices[device].kind { return false }
        return device != connection
    }

    private func place(of device: Int, _ problem: DispatchProblem) -> Int? {
        problem.offers.firstIndex { $0.device.index == device }
    }

    /// The limit less its margin.
    private func bound(_ kind: Kind, _ limit: Double) -> Double {
        switch kind {
        case .undervoltage: limit + Self.voltageMargin
        case .overvoltage: limit - Self.voltageMargin
        case .overload: limit * (1 - Self.currentMargin)
        }
    }

    /// The connection's own limits less a margin for losses.
    private func exchangeLimits(_ problem: DispatchProblem) -> [LinearLimit] {
        guard let place = place(of: connection, problem) else { return [] }
        let offer = problem.offers[place]
        let inside = 1 - Self.exchangeMargin
        return [
            LinearLimit(
                "exchange", [LinearLimit.Term(place, [1])], lower: offer.lower.map { $0.value * inside },
                upper: offer.upper.map { $0.value * inside })
        ]
    }
}

/// What one watt and one var more at each movable device do, in one step.
private struct Answers {
    var active: [Linearisation.Response]
    var reactive: [Linearisation.Response]

    init(_ count: Int, _ blank: Linearisation.Response) {
        active = Array(repeating: blank, count: count)
        reactive = active
    }

    func slopes(_ kind: FeederLimits.Kind, _ place: Int) -> [(Double, Double)] {
        zip(active, reactive).map {
            kind == .overload
                ? ($0.current[place], $1.current[place]) : ($0.voltage[place], $1.voltage[place])
        }
    }
}

/// Slopes of one quantity by the powers of the movable offers, and what it would be if they gave nothing.
private struct Row {
    /// By movable offer and step.
    var active: [[Double]]
    var reactive: [[Double]]
    var rest: [Double]
    /// What it must keep to; infinite where there is no place.
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

    func limit(_ name: String, _ kind: FeederLimits.Kind, _ offers: [Int]) -> LinearLimit {
        let bounds = zip(bound, rest).map { $0 - $1 }
        guard kind == .undervoltage else { return LinearLimit(name, terms(offers), upper: bounds) }
        return LinearLimit(name, terms(offers), lower: bounds.map { $0.isFinite ? $0 : -$0 })
    }
}

/// The reactive power at the connection against its active power.
private struct PowerFactorRows {
    private var row: Row
    /// Of the active power expected.
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

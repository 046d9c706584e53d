// A plan knows sums of powers; what the wires allow shows when the plan's own power flow is solved. Where it
// breaks a limit, the limit enters the plan as a row, linearised at that power flow,
//
//     |V|₀ + Σ ∂|V|/∂p_i·(p_i − p_i,0) ≥ |V| least          (likewise the greatest |V|, and currents),
//
// and the plan is made again: sequential linear programming, with the few rows that bind. Each round is
// linearised where the last one ended, so that errors of second order die out; the margins are for what is
// left of them.

import Devices
import EconomicDispatch
import Grid
import PowerFlow
import Timeline

/// Turns what the power flow of a plan breaks into limits of the next. Loads are not asked to give way: they
/// are served first.
struct FeederLimits {
    /// In the order of rows.
    enum Kind: Int, CaseIterable {
        case undervoltage, overvoltage, overload
    }

    /// Rows stay inside their limits by this: p.u. of a voltage, part of an ampacity, part of an exchange.
    static let voltageMargin = 1e-4
    static let currentMargin = 1e-3
    static let exchangeMargin = 2e-4

    /// Which places are held to their limits, by kind and step, and how much the last plan broke.
    struct Watch {
        fileprivate var places: [[[Int]]]
        fileprivate var holdsExchange = false
        fileprivate var excess = Double.infinity
    }

    private let devices: [Device]
    private let connection: Int
    private let network: Network
    private let perUnit: PerUnitNetwork
    private let linearisation: Linearisation

    init(_ scenario: Scenario) {
        devices = scenario.devices
        connection = scenario.connection
        network = scenario.network
        perUnit = PerUnitNetwork(scenario.network)
        linearisation = Linearisation(network: scenario.network)
    }

    func watch(over horizon: Horizon) -> Watch {
        Watch(places: Kind.allCases.map { _ in Array(repeating: [], count: horizon.count) })
    }

    /// Looks for what `plan` breaks at `voltages` and adds it to `watch`: of each kind the worst place of a
    /// step, and once a kind occurs, its worst place in every step, so that what moves to other steps breaks
    /// nothing there. False where nothing is broken, or no less than last time.
    func finds(_ watch: inout Watch, in plan: Plan, _ voltages: VoltageSeries, _ losses: [Power]) -> Bool {
        var total = 0.0
        for kind in Kind.allCases {
            let worst = plan.horizon.indices.map { self.worst(kind, voltages, at: $0) }
            let excess = worst.reduce(0) { $0 + max($1.excess, 0) }
            guard excess > 0 else { continue }
            total += excess
            let isNew = watch.places[kind.rawValue].allSatisfy(\.isEmpty)
            for (step, worst) in worst.enumerated() where isNew || worst.excess > 0 {
                guard let place = worst.place, !watch.places[kind.rawValue][step].contains(place) else {
                    continue
                }
                watch.places[kind.rawValue][step].append(place)
            }
        }
        let beyond = excessExchange(plan, losses)
        if beyond > 0 { watch.holdsExchange = true }
        total += beyond
        defer { watch.excess = total }
        return total > 0 && total < 0.9 * watch.excess
    }

    /// The place of a kind furthest beyond its limit, or nearest to it, and how far beyond, as a fraction.
    private func worst(_ kind: Kind, _ voltages: VoltageSeries, at step: Int) -> (place: Int?, excess: Double)
    {
        var worst: (place: Int?, excess: Double) = (nil, -.infinity)
        guard voltages.status[step].isSolved else { return worst }
        let places = kind == .overload ? network.branches.indices : network.buses.indices
        for place in places where place != network.source || kind == .overload {
            guard let (value, limit) = value(kind, place, voltages, at: step) else { continue }
            let excess = kind == .undervoltage ? limit - value : (value - limit) / max(limit, 1)
            if excess > worst.excess { worst = (place, excess) }
        }
        return worst
    }

    /// Nil where there is no limit, or no voltage.
    private func value(_ kind: Kind, _ place: Int, _ voltages: VoltageSeries, at step: Int) -> (
        value: Double, limit: Double
    )? {
        if kind == .overload {
            guard let ampacity = network.branches[place].ampacity else { return nil }
            let current = voltages.current(in: perUnit.branches[place], of: perUnit, step: step)
            return (current, ampacity.value)
        }
        let (value, limits) = (voltages.magnitude(bus: place, step: step), network.buses[place].limits)
        guard value > 0 else { return nil }
        return (value, kind == .undervoltage ? limits.lowerBound : limits.upperBound)
    }

    /// Sum over the steps of what the connection would carry beyond its limits once the wires have taken
    /// theirs, as a fraction.
    private func excessExchange(_ plan: Plan, _ losses: [Power]) -> Double {
        guard let place = plan.problem.offers.firstIndex(where: { $0.device.index == connection }) else {
            return 0
        }
        let offer = plan.problem.offers[place]
        return plan.horizon.indices.reduce(0) { sum, step in
            let missing = plan.problem.sum(losses, at: step) - plan.problem.sum(plan.problem.losses, at: step)
            let power = plan.power(of: place, at: step) + missing
            let (beyond, size) = (
                max(power - offer.upper[step], offer.lower[step] - power, .zero),
                max(offer.upper[step], -offer.lower[step], Power(1))
            )
            return sum + max(beyond.value / size.value - 1e-6, 0)
        }
    }
}

// Rows.
extension FeederLimits {
    /// A row for the first place of every step, one for the second …, of each kind; and the connection's.
    func limits(_ watch: Watch, around plan: Plan, _ voltages: VoltageSeries) -> [LinearLimit] {
        let movable = plan.problem.offers.indices.filter { canMove(plan.problem.offers[$0].device.index) }
        var rows = Kind.allCases.map { kind in
            let count = watch.places[kind.rawValue].map(\.count).max() ?? 0
            return (0..<count).map { _ in Row(movable.count, plan.horizon.count) }
        }
        var responses = movable.map { _ in linearisation.blank }
        for step in plan.horizon.indices {
            guard watch.places.contains(where: { !$0[step].isEmpty }),
                linearisation.move(to: voltages, at: step)
            else { continue }
            for (k, place) in movable.enumerated() {
                let device = devices[plan.problem.offers[place].device.index]
                linearisation.respond(
                    atBus: device.bus, reactive: device.reactive(Power(1)).value, into: &responses[k])
            }
            for kind in Kind.allCases {
                for (slot, place) in watch.places[kind.rawValue][step].enumerated() {
                    guard let (value, limit) = value(kind, place, voltages, at: step) else { continue }
                    var rest = value
                    for (k, offer) in movable.enumerated() {
                        let slope =
                            kind == .overload ? responses[k].current[place] : responses[k].voltage[place]
                        rows[kind.rawValue][slot].slopes[k][step] = slope
                        rest -= slope * plan.power(of: offer, at: step).value
                    }
                    rows[kind.rawValue][slot].bound[step] = bound(kind, limit) - rest
                }
            }
        }
        let limits = Kind.allCases.flatMap { kind in
            rows[kind.rawValue].enumerated().map { $1.limit("\(kind) \($0 + 1)", kind, movable) }
        }
        return limits + (watch.holdsExchange ? exchange(plan) : [])
    }

    private struct Row {
        /// By offer and step.
        var slopes: [[Double]]
        /// Infinite where there is no place.
        var bound: [Double]

        init(_ offers: Int, _ steps: Int) {
            slopes = Array(repeating: Array(repeating: 0, count: steps), count: offers)
            bound = Array(repeating: .infinity, count: steps)
        }

        func limit(_ name: String, _ kind: Kind, _ offers: [Int]) -> LinearLimit {
            let terms = zip(offers, slopes).map { LinearLimit.Term($0, $1) }
            guard kind == .undervoltage else { return LinearLimit(name, terms, upper: bound) }
            return LinearLimit(name, terms, lower: bound.map { $0.isFinite ? $0 : -$0 })
        }
    }

    /// What a plan decides besides loads; the connection is what is left over.
    private func canMove(_ device: Int) -> Bool {
        if case .load = devices[device].kind { return false }
        return device != connection
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
    private func exchange(_ plan: Plan) -> [LinearLimit] {
        guard let place = plan.problem.offers.firstIndex(where: { $0.device.index == connection }) else {
            return []
        }
        let offer = plan.problem.offers[place]
        let inside = 1 - Self.exchangeMargin
        return [
            LinearLimit(
                "exchange", [LinearLimit.Term(place, [1])], lower: offer.lower.map { $0.value * inside },
                upper: offer.upper.map { $0.value * inside })
        ]
    }
}

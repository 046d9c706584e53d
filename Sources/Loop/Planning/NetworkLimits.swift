// A plan knows sums of powers only. The losses and the limits of the network show in the power flow of the
// plan. Losses enter the next plan by their derivatives there (`MarginalLosses`). A limit that is violated
// enters it as a row, linearised at that power flow,
//
//     |V|₀ + Σ ∂|V|/∂p_i·(p_i − p_i,0) ≥ |V| least          (likewise the greatest |V|, and currents),
//
// and the plan is made again: sequential linear programming with the few rows that bind. Each round is
// linearised at the end of the last one, so that errors of second order vanish; the margins cover the rest.

import Grid
import PowerFlow
import Scheduling
import Timeline

/// Turns the limits that the power flow of a plan violates into limits of the next plan. Loads do not respond
/// to them: they are served first.
struct NetworkLimits {
    /// Kinds of limits, in the order of their rows.
    enum Kind: Int, CaseIterable {
        case undervoltage, overvoltage, overload
    }

    /// Margins inside the limits: p.u. of a voltage, fraction of an ampacity, fraction of an exchange.
    static let voltageMargin = 1e-4
    static let currentMargin = 1e-3
    static let exchangeMargin = 2e-4

    /// Buses and branches whose limits are rows, by kind and step, and by how much the last plan violated
    /// them.
    struct Watched {
        var places: [[[Int]]]
        var holdsExchange = false
        fileprivate var excess = Double.infinity
        /// Error of the last plan about its losses, as a fraction.
        fileprivate var lossError = Double.infinity

        /// No rows yet.
        init(steps: Int) {
            places = Kind.allCases.map { _ in Array(repeating: [], count: steps) }
        }
    }

    let map: PlantMap
    let powerFactor: Double?
    private let perUnit: PerUnitNetwork
    let linearisation: Linearisation

    init(_ map: PlantMap, powerFactor: Double?) {
        self.map = map
        self.powerFactor = powerFactor
        perUnit = PerUnitNetwork(map.network)
        linearisation = Linearisation(network: map.network)
    }

    /// Error of the power flow of a plan: nearer to a limit than this counts as a violation.
    private static let tolerance = 1e-5
    /// Error that a plan may have about its losses, as a fraction of them.
    private static let lossTolerance = 0.02

    /// Finds what `plan` violates at `voltages` and adds it to `watch`: of each kind the worst place of a
    /// step, and once a kind occurs, its worst place in every step, so that power moved to other steps
    /// violates nothing there. Returns false where nothing is violated and losses are as planned, or where
    /// nothing is added and neither gets less.
    func finds(_ watch: inout Watched, in plan: Plan, _ voltages: VoltageSeries, _ losses: [Power]) -> Bool {
        var (total, isNewlyWatched) = (0.0, false)
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
                isNewlyWatched = true
            }
        }
        let beyond = excessExchange(plan, losses)
        if beyond > 0 {
            isNewlyWatched = isNewlyWatched || !watch.holdsExchange
            watch.holdsExchange = true
        }
        total += beyond
        let lossError = lossError(plan, losses)
        defer { (watch.excess, watch.lossError) = (total, lossError) }
        return (total > 0 && (isNewlyWatched || total < 0.9 * watch.excess))
            || (lossError > Self.lossTolerance && lossError < 0.9 * watch.lossError)
    }

    /// Returns the place of a kind furthest beyond its limit, or nearest to it, and how far beyond, as a
    /// fraction.
    private func worst(_ kind: Kind, _ voltages: VoltageSeries, at step: Int) -> (place: Int?, excess: Double)
    {
        var worst: (place: Int?, excess: Double) = (nil, -.infinity)
        guard voltages.status[step].isSolved else { return worst }
        let places = kind == .overload ? map.network.branches.indices : map.network.buses.indices
        for place in places where place != map.network.source || kind == .overload {
            guard let (value, limit) = value(kind, place, voltages, at: step) else { continue }
            let beyond = kind == .undervoltage ? limit - value : (value - limit) / max(limit, 1)
            let excess = beyond + Self.tolerance
            if excess > worst.excess { worst = (place, excess) }
        }
        return worst
    }

    /// Returns a voltage, p.u., or current, A, and its limit; nil where there is no limit, or no voltage.
    func value(_ kind: Kind, _ place: Int, _ voltages: VoltageSeries, at step: Int) -> (
        value: Double, limit: Double
    )? {
        if kind == .overload {
            return voltages.loadedCurrent(
                in: map.network.branches[place], perUnit.branches[place], of: perUnit, step: step)
        }
        let (value, limits) = (voltages.magnitude(bus: place, step: step), map.network.buses[place].limits)
        guard value > 0 else { return nil }
        return (value, kind == .undervoltage ? limits.lowerBound : limits.upperBound)
    }

    /// Returns what the grid connection would carry beyond its limits with the losses of the power flow, as a
    /// fraction summed over the steps. Up to one watt is rounding, also at a limit of zero.
    private func excessExchange(_ plan: Plan, _ losses: [Power]) -> Double {
        guard let place = plan.problem.reference else { return 0 }
        let offer = plan.problem.offers[place]
        return plan.horizon.indices.reduce(0) { sum, step in
            let missing = plan.problem.sum(losses, at: step) - plan.losses(at: step)
            let power = plan.power(of: place, at: step) + missing
            let (beyond, size) = (
                max(power - offer.upper[step], offer.lower[step] - power, .zero),
                max(offer.upper[step], -offer.lower[step], Power(1))
            )
            return sum + max((beyond.value - 1) / size.value - 1e-6, 0)
        }
    }

    private func lossError(_ plan: Plan, _ losses: [Power]) -> Double {
        let wrong = plan.horizon.indices.reduce(0) {
            $0 + abs((plan.losses(at: $1) - plan.problem.sum(losses, at: $1)).value)
        }
        return wrong / max(losses.reduce(0) { $0 + $1.value }, 1)
    }
}

extension Plan {
    /// Losses that its powers leave room for.
    fileprivate func losses(at step: Int) -> Power {
        problem.offers.indices.reduce(.zero) { $0 + power(of: $1, at: step) }
    }
}

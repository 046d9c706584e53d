// A plan knows sums of powers; what the wires lose and allow shows when its own power flow is solved. Losses
// enter the plan by their derivatives there (`MarginalLosses`). Where a limit is broken, it
// enters the plan as a row, linearised at that power flow,
//
//     |V|₀ + Σ ∂|V|/∂p_i·(p_i − p_i,0) ≥ |V| least          (likewise the greatest |V|, and currents),
//
// and the plan is made again: sequential linear programming, with the few rows that bind. Each round is
// linearised where the last one ended, so that errors of second order die out; the margins are for what is
// left of them.

import Devices
import Grid
import PowerFlow
import Scheduling
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
        var places: [[[Int]]]
        var holdsExchange = false
        fileprivate var excess = Double.infinity
        /// By how much the last plan was wrong about its losses, as a fraction.
        fileprivate var misjudged = Double.infinity
    }

    let devices: [Device]
    let connection: Int
    let network: Network
    let powerFactor: Double?
    private let perUnit: PerUnitNetwork
    let linearisation: Linearisation

    init(_ scenario: Scenario) {
        devices = scenario.devices
        connection = scenario.connection
        network = scenario.network
        powerFactor = scenario.planning.rules.powerFactor
        perUnit = PerUnitNetwork(scenario.network)
        linearisation = Linearisation(network: scenario.network)
    }

    func watch(over horizon: Horizon) -> Watch {
        Watch(places: Kind.allCases.map { _ in Array(repeating: [], count: horizon.count) })
    }

    /// What the power flow of a plan may err by: as near to a limit it counts as broken.
    private static let tolerance = 1e-5
    /// How wrong a plan may be about its losses, as a fraction of them.
    private static let lossTolerance = 0.02

    /// Looks for what `plan` breaks at `voltages` and adds it to `watch`: of each kind the worst place of a
    /// step, and once a kind occurs, its worst place in every step, so that what moves to other steps breaks
    /// nothing there. False where nothing is broken and losses are as planned, or where nothing new is
    /// watched and neither gets less.
    func finds(_ watch: inout Watch, in plan: Plan, _ voltages: VoltageSeries, _ losses: [Power]) -> Bool {
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
        let misjudged = misjudged(plan, losses)
        defer { (watch.excess, watch.misjudged) = (total, misjudged) }
        return (total > 0 && (isNewlyWatched || total < 0.9 * watch.excess))
            || (misjudged > Self.lossTolerance && misjudged < 0.9 * watch.misjudged)
    }

    /// The place of a kind furthest beyond its limit, or nearest to it, and how far beyond, as a fraction.
    private func worst(_ kind: Kind, _ voltages: VoltageSeries, at step: Int) -> (place: Int?, excess: Double)
    {
        var worst: (place: Int?, excess: Double) = (nil, -.infinity)
        guard voltages.status[step].isSolved else { return worst }
        let places = kind == .overload ? network.branches.indices : network.buses.indices
        for place in places where place != network.source || kind == .overload {
            guard let (value, limit) = value(kind, place, voltages, at: step) else { continue }
            let beyond = kind == .undervoltage ? limit - value : (value - limit) / max(limit, 1)
            let excess = beyond + Self.tolerance
            if excess > worst.excess { worst = (place, excess) }
        }
        return worst
    }

    /// Nil where there is no limit, or no voltage.
    func value(_ kind: Kind, _ place: Int, _ voltages: VoltageSeries, at step: Int) -> (
        value: Double, limit: Double
    )? {
        if kind == .overload {
            return voltages.loadedCurrent(
                in: network.branches[place], perUnit.branches[place], of: perUnit, step: step)
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
            let missing = plan.problem.sum(losses, at: step) - plan.losses(at: step)
            let power = plan.power(of: place, at: step) + missing
            let (beyond, size) = (
                max(power - offer.upper[step], offer.lower[step] - power, .zero),
                max(offer.upper[step], -offer.lower[step], Power(1))
            )
            return sum + max(beyond.value / size.value - 1e-6, 0)
        }
    }

    private func misjudged(_ plan: Plan, _ losses: [Power]) -> Double {
        let wrong = plan.horizon.indices.reduce(0) {
            $0 + abs((plan.losses(at: $1) - plan.problem.sum(losses, at: $1)).value)
        }
        return wrong / max(losses.reduce(0) { $0 + $1.value }, 1)
    }
}

extension Plan {
    /// What its powers leave to the network.
    fileprivate func losses(at step: Int) -> Power {
        problem.offers.indices.reduce(.zero) { $0 + power(of: $1, at: step) }
    }
}

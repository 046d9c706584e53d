import EconomicDispatch
import Forecasting
import Grid
public import Market
import PowerFlow
public import Scheduling
public import Timeline

/// Makes one plan after another from the offers that a controller received and the map of its plant. It also
/// reads the meters of the grid connections, because the tariff may charge for the highest import of a month.
///
/// ```swift
/// let map = PlantMap(
///     devices: [
///         .init(name: "village", bus: 1, forecastSource: .demand),
///         .init(name: "grid", bus: 0, forecastSource: nil),
///     ],
///     connections: [.init(DeviceID(1))], network: network, zone: .utc, horizon: day)
/// let settings = PlanSettings(
///     method: .rollingOptimum, forecast: .perfect, horizonSteps: 24, replanSteps: 1)
/// var planner = Planner(map, settings, seed: 1)
/// let plan = planner.plan(offers, over: day)
/// print(plan.power(of: 1, at: 0).kilowatts)  // The load of 50 kW and the expected losses.
/// ```
///
/// Not thread-safe: it holds the workspaces of its dispatcher and of the power flow.
public struct Planner {
    let map: PlantMap
    private let rules: PlanRules
    private let replanSteps: Int
    private let seed: UInt64
    /// The dispatcher that makes the plans.
    public let dispatcher: any Dispatcher
    let settings: PlanSettings
    private let losses: LossEstimate
    /// Nil where plans ignore the limits of the network.
    private let limits: NetworkLimits?
    /// By connection of the map.
    private(set) var peaks: [PeakRegister]
    private(set) var last: Plan?

    /// Creates a planner. `seed` decides the other forecasts that a stochastic plan hedges against.
    public init(_ map: PlantMap, _ settings: PlanSettings, seed: UInt64) {
        self.map = map
        self.seed = seed
        self.settings = settings
        rules = settings.rules
        replanSteps = settings.replanSteps / settings.stepsInPlanStep
        dispatcher = settings.dispatcher.make()
        losses = LossEstimate(map, areas: rules.areas)
        limits = rules.keepsNetworkLimits ? NetworkLimits(map, powerFactor: rules.powerFactor) : nil
        peaks = map.connections.map { PeakRegister(map, of: $0) }
    }

    /// Takes what the meter of each connection of the map counted as import.
    public mutating func read(_ imported: [WattHours], over interval: Interval) {
        for (place, energy) in zip(peaks.indices, imported) { peaks[place].add(energy, over: interval) }
    }

    /// Takes the months' peaks that another planner of the same plant has metered.
    public mutating func takePeaks(of other: Planner) { peaks = other.peaks }

    /// Returns a plan of `horizon`. Offers over an earlier horizon are moved to it: see `Offer.aligned(to:)`.
    public mutating func plan(_ offers: [Offer], over horizon: Horizon) -> Plan {
        let offers = offers.map { $0.aligned(to: horizon) }
        let expected = ExpectedPowers(of: offers, over: horizon, after: last)
        let voltages = losses.voltages(expected, of: offers)
        var problem = DispatchProblem(
            horizon: horizon, offers: offers, losses: losses.losses(at: voltages, expected, of: offers),
            requirements: rules.requirements(map, offers, over: horizon, peaks),
            areas: rules.areas?.areas(of: offers, map) ?? .one)
        if dispatcher.hedges { hedge(&problem) }
        let plan =
            limits.map { keeping($0, problem, around: expected, voltages) } ?? dispatcher.plan(problem)
        last = plan
        return plan
    }

    /// Greatest number of plans made of one problem.
    private static let rounds = 8

    /// Plans with the losses and limits that the power flow of the last plan shows, until nothing is
    /// violated.
    private func keeping(
        _ limits: NetworkLimits, _ problem: DispatchProblem, around expected: ExpectedPowers,
        _ voltages: VoltageSeries
    ) -> Plan {
        var (expected, voltages) = (expected, voltages)
        var watched = NetworkLimits.Watched(steps: problem.horizon.count)
        var plan: Plan
        var round = 0
        repeat {
            var limited = problem
            limited.losses = losses.losses(at: voltages, expected, of: problem.offers)
            limits.linearise(&limited, watched, around: expected, voltages)
            plan = dispatcher.plan(limited)
            expected = ExpectedPowers(plan)
            voltages = losses.voltages(expected, of: problem.offers)
            round += 1
        } while round < Self.rounds
            && limits.finds(
                &watched, in: plan, voltages, losses.losses(at: voltages, expected, of: problem.offers))
        plan.unsolvedSteps = voltages.status.count { !$0.isSolved }
        return plan
    }

    /// Number of other forecasts that a stochastic plan hedges against.
    private static let worlds = 4

    /// Adds other forecasts, with one decision for all until the next plan.
    private func hedge(_ problem: inout DispatchProblem) {
        let step = problem.horizon.start.seconds(since: map.horizon.start) / map.horizon.step
        problem.alternatives = ForecastErrors(seed: seed)
            .worlds(
                of: problem.offers, by: map.devices.map(\.forecastSource), at: step, count: Self.worlds)
        problem.sharedSteps = replanSteps
    }
}

extension Offer {
    /// Returns this offer moved to a later horizon of the same step: steps that both know stay, and the last
    /// known one fills the rest.
    public func aligned(to later: Horizon) -> Offer {
        guard horizon != later else { return self }
        let shift = later.start.seconds(since: horizon.start) / horizon.step
        let source = later.indices.map { Swift.min($0 + shift, horizon.count - 1) }
        func moved<Value>(_ values: [Value]) -> [Value] {
            values.count == 1 ? values : source.map { values[$0] }
        }
        var offer = self
        offer.horizon = later
        (offer.lower, offer.upper) = (source.map { lower[$0] }, source.map { upper[$0] })
        (offer.cost.deliver, offer.cost.absorb) = (moved(cost.deliver), moved(cost.absorb))
        offer.reservoir = reservoir?.picking(source)
        return offer
    }
}

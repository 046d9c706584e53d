import Devices
import EconomicDispatch
import Events
import Forecasting
public import Grid
import Planning
public import Scheduling
public import Simulator
import Timeline

// The least a scenario could have cost. Whoever knew its weather and demand to the end, and whose microgrid
// stood on one bus without losses, would solve one program over the whole of it:
//
//     minimise   energy bought − energy sold + fuel + wear + demand not served + months' peaks − stored
//
// Units may run at any power there, pay their hours in proportion and start for nothing. Whatever really
// happened is, with the losses taken off the connection, one of the points that program may choose from, at
// no higher cost; so no dispatcher comes out below it. What the connection gave beyond its limit counts as
// demand not served, at the highest value of lost load, for that is what the program would have had to do.

/// A scenario as it looks to someone who knows it to the end, with its outages, failures and absences.
public struct Hindsight: Sendable {
    /// The scenario.
    public let scenario: Scenario
    /// All devices' offers over the whole scenario, in the order of the devices; no losses.
    public let problem: DispatchProblem
    /// The highest value of lost load, or the problem's slack price where there is no load.
    public let beyondPrice: EnergyCost

    /// Builds the program from the true weather and demand of `scenario`.
    public init(_ scenario: Scenario) {
        self.scenario = scenario
        let truth = scenario.devices.map { $0.potentials(under: scenario.weather) }
        var forecaster = Forecaster(
            method: .perfect, devices: scenario.devices, horizon: scenario.horizon, truth: truth)
        let offers = forecaster.offers(
            over: scenario.horizon.indices, states: scenario.devices.map(\.initialState)
        ).map { $0.limited(by: scenario) }
        var problem = DispatchProblem(horizon: scenario.horizon, offers: offers)
        let map = PlantMap(scenario)
        problem.requirements.demandCharges = map.connections.compactMap {
            PeakRegister(map, of: $0).charge(on: $0.device.index, over: scenario.horizon, shared: false)
        }
        self.problem = problem
        let values = scenario.devices.compactMap { device -> EnergyCost? in
            guard case .load(let load) = device.kind else { return nil }
            return load.valueOfLostLoad
        }
        beyondPrice = values.max { $0.value < $1.value } ?? problem.slackPrice
    }

    /// Yuan below which no dispatcher can come, and the plan that comes near it; the bound is nil where the
    /// program was not solved.
    public func optimum() -> (plan: Plan, bound: Double?) {
        let plan = RollingOptimum().plan(problem)
        return (plan, plan.certificate?.bound)
    }
}

extension Offer {
    /// The offer as events leave it: nothing of a connection during an outage, of what is absent, and of
    /// what has failed; a failed load still wants what it wants.
    fileprivate func limited(by scenario: Scenario) -> Offer {
        guard !scenario.events.isEmpty else { return self }
        var offer = self
        for step in horizon.indices {
            let now = scenario.events.disturbance(in: step)
            let isOut =
                now.absent.contains(device.index) || now.failed.contains(device.index) && !isLoad
                || now.outages.contains(device.index)
            if isOut { (offer.lower[step], offer.upper[step]) = (.zero, .zero) }
        }
        return offer
    }
}

/// What the devices did in every step of a simulation.
public struct Conduct: Sendable {
    private var powers: [[Power]]
    private var stored: [Energy]

    /// Creates the conduct of no step.
    public init(_ scenario: Scenario) {
        powers = scenario.devices.map { _ in [] }
        stored = scenario.devices.map { $0.initialState.stored }
    }

    /// Adds the record of the next step.
    public mutating func take(_ record: Record) {
        for (index, power) in record.power.enumerated() { powers[index].append(power) }
        stored = record.stored
    }

    /// What it cost; all steps must have been taken.
    public func costs(in hindsight: Hindsight) -> Costs {
        hindsight.problem.costs(of: powers, contents: stored, beyondPrice: hindsight.beyondPrice)
    }
}

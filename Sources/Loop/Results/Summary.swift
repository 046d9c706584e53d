public import Devices
public import Grid
import Messaging
public import Monitoring
import Planning
public import Scheduling
public import Settlement
public import Simulator
public import Timeline
import Weather

/// The results of a run: a value that grows with every record.
///
/// ```swift
/// var summary = Summary(scenario)
/// for record in Simulation(scenario) { summary.add(record) }
/// print(summary.bill, summary.curtailed.kilowattHours, summary.unserved.kilowattHours)
/// ```
public struct Summary: Sendable {
    /// The scenario that was run.
    public let scenario: Scenario
    /// Records added so far.
    public private(set) var steps = 0
    /// Months that the records touch, in local time and in order.
    public private(set) var months: [CivilMonth] = []
    /// Energies by month, then by device.
    public private(set) var tallies: [[Tally]] = []
    /// Network losses (I²R) by month.
    public private(set) var losses: [Energy] = []
    /// Diesel burnt by each device, L; zero except for gensets.
    public private(set) var fuel: [Double]
    /// Energy that the use of each device asked for and did not get: vehicles that left with too little, work
    /// not done by its deadline, heat below the band. Zero except for flexible demand.
    public private(set) var missed: [Energy]
    /// Ageing of each battery whose scenario asks for it; nil for other devices.
    public private(set) var ageing: [BatteryAgeing?]
    /// Content of each device's store after the last record.
    private var stored: [Energy]
    /// Starts of each device; zero except for gensets.
    public private(set) var starts: [Starts]
    /// Highest power that all loads together wanted, W.
    public private(set) var peakDemand: Extreme?
    /// Highest import, W.
    public private(set) var peakImport: Extreme?
    /// Lowest |V| of an energised bus, fraction of nominal.
    public private(set) var lowestVoltage: Extreme?
    /// Highest |V|, fraction of nominal.
    public private(set) var highestVoltage: Extreme?
    /// Alarms by limit and place, in the order of their first step.
    public private(set) var alarms: [AlarmTally] = []
    /// Message counts of all steps.
    public private(set) var messages = Record.Conversation()
    /// Number of plans by how planning ended, in order of first occurrence.
    public private(set) var plans: [(status: Plan.Status, count: Int)] = []
    /// How far plans may be above the least cost; counts plans that agents agreed on.
    public private(set) var gaps = GapTally()
    /// Energy that no offer could give in the steps until the next plan, as the plans saw it.
    public private(set) var plannedShortage = Energy.zero
    /// Energy that no offer could take in these steps.
    public private(set) var plannedSurplus = Energy.zero
    /// Plans that do not keep the network limits as asked, because the power flow of some of their steps has
    /// no solution.
    public private(set) var plansWithoutNetwork = 0
    /// Energy balance and solutions of the power flow.
    public private(set) var checks = RunChecks()
    /// Errors of the forecasts.
    public private(set) var forecasts: ForecastScores
    /// Settlements of the months, in order; only the last keeps its ledger, which has all months.
    public private(set) var settlements: [MonthlySettlement] = []
    /// Series of the whole run.
    public private(set) var traces: Traces
    /// Planned flows over the branches between two areas, by branch.
    public private(set) var ties: [TieTally]
    /// The phases and controls of a feeder; nil where the network is balanced.
    public private(set) var feeder: FeederTally?
    /// How the run came through its events.
    public private(set) var resilience: Resilience
    private let batteries: [(index: Int, capacity: Energy)]
    private var alarmPlaces: [AlarmKey: Int] = [:]
    private var plan: Plan?

    private struct AlarmKey: Hashable {
        let kind: Alarm.Kind
        let place: Int
        let phase: Feeder.Pair?
    }

    /// Creates the results of no step.
    public init(_ scenario: Scenario) {
        self.scenario = scenario
        fuel = Array(repeating: 0, count: scenario.devices.count)
        missed = Array(repeating: .zero, count: scenario.devices.count)
        stored = scenario.devices.map(\.initialState.stored)
        ageing = scenario.devices.map { $0.battery?.newAgeing }
        starts = scenario.devices.map { Starts(from: $0.initialState) }
        forecasts = ForecastScores(scenario.devices, step: scenario.horizon.step)
        batteries = scenario.devices.enumerated().compactMap { index, device in
            device.storeCapacity.map { (index, $0) }
        }
        resilience = Resilience(scenario)
        feeder = scenario.feeder.map { _ in FeederTally() }
        let areas = scenario.planning.rules.areas
        traces = Traces(
            batteries: batteries.count, areas: areas?.names.count ?? 0, over: scenario.horizon)
        ties = (areas?.crossings ?? []).map { _ in TieTally() }
    }

    /// Whether the network had a solution in every step, and no limit was violated.
    public var keptAllLimits: Bool { alarms.isEmpty && checks.diverged == 0 }

    /// Adds the record of the next step and returns what it says of the whole microgrid.
    @discardableResult
    public mutating func add(_ record: Record) -> StepFacts {
        if let plan = record.plan { count(plan) }
        if let gap = record.gap { gaps.add(gap) }
        let facts = StepFacts(record, of: scenario, plan: plan)
        let hours = record.interval.hours
        openMonth(of: record.interval)
        for (index, device) in scenario.devices.enumerated() {
            tallies[months.count - 1][index].add(
                record.power[index], of: record.potential[index], kind: device.deviceKind, hours: hours)
            missed[index] =
                missed[index]
                + device.missed(
                    record.power[index], potential: record.potential[index], after: stored[index],
                    hours: hours)
            if case .genset(let genset) = device.kind {
                fuel[index] += genset.fuel(power: record.power[index], hours: hours)
                starts[index].add(record.power[index], of: genset, hours: hours)
            }
        }
        for (index, capacity) in batteries where ageing[index] != nil {
            ageing[index]?.add(record.stored[index] / capacity, hours: hours)
        }
        stored = record.stored
        losses[months.count - 1] = losses[months.count - 1] + facts.losses.energy(hours: hours)
        note(facts, at: record.interval.start)
        for alarm in record.alarms { count(alarm, at: record.interval.start) }
        count(record.conversation)
        let sun = scenario.weather.conditions[record.step].sun
        forecasts.add(record, isDay: sun.apparentZenith <= 90)
        checks.add(
            record.point.status, residual: facts.residual.energy(hours: hours),
            unserved: facts.unserved.energy(hours: hours))
        resilience.add(record, facts, of: scenario)
        if let own = scenario.feeder, let step = record.feeder {
            feeder?.add(
                step, isSolved: record.point.status.isSolved, of: own, at: record.interval.start)
        }
        if let settlement = record.settlement {
            if let last = settlements.indices.last { settlements[last].ledger = Ledger() }
            settlements.append(settlement)
        }
        for (tie, flow) in facts.tieFlows.enumerated() {
            guard let flow else { continue }
            let limit = scenario.planning.rules.areas!.crossings[tie].limit
            ties[tie].add(flow, limit: limit, hours: hours)
        }
        traces.add(facts, stateOfCharge: batteries.map { record.stored[$0.index] / $0.capacity })
        steps += 1
        return facts
    }

    private mutating func openMonth(of interval: Interval) {
        let month = CivilMonth(of: scenario.zone.civil(interval.start).date)
        guard months.last != month else { return }
        months.append(month)
        tallies.append(Array(repeating: Tally(), count: scenario.devices.count))
        losses.append(.zero)
    }

    private mutating func note(_ facts: StepFacts, at instant: Instant) {
        let (demand, exchange) = (facts.demand.value, facts.exchange.value)
        peakDemand = .greatest(peakDemand, Extreme(demand, at: instant), demand)
        peakImport = .greatest(peakImport, Extreme(exchange, at: instant), exchange)
        guard let band = facts.voltage else { return }
        if band.lowest < lowestVoltage?.value ?? .infinity {
            lowestVoltage = Extreme(band.lowest, at: instant, bus: band.lowestBus)
        }
        highestVoltage = .greatest(
            highestVoltage, Extreme(band.highest, at: instant, bus: band.highestBus), band.highest)
    }

    private mutating func count(_ alarm: Alarm, at instant: Instant) {
        let key = AlarmKey(kind: alarm.kind, place: alarm.place, phase: alarm.phase)
        guard let index = alarmPlaces[key] else {
            alarmPlaces[key] = alarms.count
            alarms.append(AlarmTally(alarm, place: scenario.network.placeName(of: alarm), at: instant))
            return
        }
        alarms[index].add(alarm, at: instant)
    }

    private mutating func count(_ conversation: Record.Conversation) {
        messages.traffic = messages.traffic + conversation.traffic
        messages.held += conversation.held
        messages.fallback += conversation.fallback
    }

    private mutating func count(_ new: Plan) {
        plan = new
        if new.unsolvedSteps > 0 { plansWithoutNetwork += 1 }
        if let index = plans.firstIndex(where: { $0.status == new.status }) {
            plans[index].count += 1
        } else {
            plans.append((new.status, 1))
        }
        let planning = scenario.planning
        let steps = planning.replanSteps / planning.stepsInPlanStep
        for step in 0..<Swift.min(steps, new.horizon.count) {
            plannedShortage =
                plannedShortage + new.problem.sum(new.shortage, at: step).energy(hours: new.horizon.stepHours)
            plannedSurplus =
                plannedSurplus + new.problem.sum(new.surplus, at: step).energy(hours: new.horizon.stepHours)
        }
    }
}

extension Network {
    /// Name of the bus or branch an alarm is about, with the phase where it is about one.
    public func placeName(of alarm: Alarm) -> String {
        let name = alarm.kind.isOfBranch ? branches[alarm.place].name : buses[alarm.place].name
        return alarm.phase.map { "\(name) \($0.name)" } ?? name
    }
}

import Devices
public import EconomicDispatch
public import Grid
import Messaging
import Monitoring
public import Settlement
public import Simulator
public import Timeline

/// What a run came to: a value that grows with every record.
public struct Summary: Sendable {
    public let scenario: Scenario
    public private(set) var steps = 0
    public private(set) var months: [CivilMonth] = []
    /// By month, then by device.
    public private(set) var tallies: [[Tally]] = []
    /// I²R of the wires, by month.
    public private(set) var losses: [Energy] = []
    /// Litres each device burnt, by device.
    public private(set) var fuel: [Double]
    /// Starts of each device; zero except for gensets.
    public private(set) var starts: [Starts]
    /// The highest demand that was wanted, W, and the highest import.
    public private(set) var peakDemand: Extreme?
    public private(set) var peakImport: Extreme?
    /// |V|, fractions of nominal.
    public private(set) var lowestVoltage: Extreme?
    public private(set) var highestVoltage: Extreme?
    /// In the order in which they first rang.
    public private(set) var alarms: [AlarmTally] = []
    public private(set) var messages = Record.Conversation()
    /// Plans by how they ended, in the order in which that first happened.
    public private(set) var plans: [(status: Plan.Status, count: Int)] = []
    /// What no offer could give or take in the steps the plans were made for.
    public private(set) var plannedShortage = Energy.zero
    public private(set) var plannedSurplus = Energy.zero
    public private(set) var checks = Checks()
    public private(set) var settlements: [MonthlySettlement] = []
    public private(set) var ledger = Ledger()
    public private(set) var traces: Traces
    private let batteries: [(index: Int, capacity: Energy)]
    private var alarmPlaces: [AlarmKey: Int] = [:]
    private var plan: Plan?

    private struct AlarmKey: Hashable {
        let kind: Alarm.Kind
        let place: Int
    }

    public init(_ scenario: Scenario) {
        self.scenario = scenario
        fuel = Array(repeating: 0, count: scenario.devices.count)
        starts = scenario.devices.map { Starts(from: $0.initialState) }
        batteries = scenario.devices.enumerated().compactMap { index, device in
            device.battery.map { (index, $0.capacity) }
        }
        let areas = scenario.planning.rules.areas
        traces = Traces(
            batteries: batteries.count, areas: areas?.names.count ?? 0, ties: areas?.crossings.count ?? 0)
    }

    @discardableResult
    public mutating func add(_ record: Record) -> StepFacts {
        if let plan = record.plan { count(plan) }
        let facts = StepFacts(record, of: scenario, plan: plan)
        let hours = record.interval.hours
        openMonth(of: record.interval)
        for (index, device) in scenario.devices.enumerated() {
            tallies[months.count - 1][index].add(
                record.power[index], potential: record.potential[index], kind: device.sort, hours: hours)
            if case .genset(let genset) = device.kind {
                fuel[index] += genset.fuel(power: record.power[index], hours: hours)
                starts[index].add(record.power[index], of: genset, hours: hours)
            }
        }
        losses[months.count - 1] = losses[months.count - 1] + facts.losses.energy(hours: hours)
        note(facts, at: record.interval.start)
        for alarm in record.alarms { count(alarm, at: record.interval.start) }
        count(record.conversation)
        checks.add(record.point.status, residual: facts.residual.energy(hours: hours))
        if let settlement = record.settlement { close(settlement) }
        traces.add(facts, stateOfCharge: batteries.map { record.stored[$0.index] / $0.capacity })
        steps += 1
        return facts
    }

    private mutating func close(_ settlement: MonthlySettlement) {
        settlements.append(settlement)
        for entry in settlement.entries where ledger.post(entry) != .posted { checks.refusedPostings += 1 }
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
        let key = AlarmKey(kind: alarm.kind, place: alarm.place)
        guard let index = alarmPlaces[key] else {
            alarmPlaces[key] = alarms.count
            alarms.append(AlarmTally(alarm, place: scenario.network.placeName(of: alarm), at: instant))
            return
        }
        alarms[index].add(alarm, at: instant)
    }

    private mutating func count(_ conversation: Record.Conversation) {
        messages.messages.sent += conversation.messages.sent
        messages.messages.delivered += conversation.messages.delivered
        messages.messages.lost += conversation.messages.lost
        messages.held += conversation.held
        messages.fallback += conversation.fallback
    }

    private mutating func count(_ new: Plan) {
        plan = new
        if let index = plans.firstIndex(where: { $0.status == new.status }) {
            plans[index].count += 1
        } else {
            plans.append((new.status, 1))
        }
        for step in 0..<Swift.min(scenario.planning.replanSteps, new.horizon.count) {
            plannedShortage =
                plannedShortage + new.problem.sum(new.shortage, at: step).energy(hours: new.horizon.stepHours)
            plannedSurplus =
                plannedSurplus + new.problem.sum(new.surplus, at: step).energy(hours: new.horizon.stepHours)
        }
    }
}

extension Network {
    /// Name of the bus or branch an alarm is about.
    func placeName(of alarm: Alarm) -> String {
        alarm.kind == .overload ? branches[alarm.place].name : buses[alarm.place].name
    }
}

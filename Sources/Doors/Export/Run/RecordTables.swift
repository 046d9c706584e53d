import Devices
import DistributedDispatch
import Grid
import Messaging
import Monitoring
import Results
import Scheduling
import Simulator
import Timeline

/// The open CSV files of a run. A record is written when it comes; none is held back.
struct RecordTables {
    private let scenario: Scenario
    private let stamp: TimeStamp
    private let batteries: [(index: Int, capacity: Energy)]
    /// Devices that follow setpoints, and whether they are asked for reactive power.
    private let followers: [(index: Int, givesReactive: Bool)]
    private let devicePower: TableWriter
    private let balance: TableWriter
    private let stateOfCharge: TableWriter
    private let busVoltage: TableWriter
    private let branchFlow: TableWriter
    private let branchCurrent: TableWriter
    /// Empty where no device can be asked for reactive power.
    private let deviceReactive: [TableWriter]
    /// Nil where the network is balanced.
    private let feeder: FeederTables?
    private let setpoints: TableWriter
    private let planPower: TableWriter
    private let price: TableWriter
    /// Empty where the plans know no areas.
    private let tieFlow: [TableWriter]
    private let messages: TableWriter
    private let plans: TableWriter
    private let alarms: TableWriter
    /// The plan in force and, of each device, its place among the plan's offers.
    private var plan: (plan: Plan, places: [Int?])?
    private let events: EventTables

    init(_ scenario: Scenario, in directory: String) throws(ExportError) {
        self.scenario = scenario
        stamp = TimeStamp(zone: scenario.zone)
        batteries = scenario.devices.enumerated().compactMap { index, device in
            device.storeCapacity.map { (index, $0) }
        }
        followers = RunTables.followers(scenario)
        devicePower = try TableWriter(RunTables.devicePower(scenario), in: directory)
        balance = try TableWriter(RunTables.balance, in: directory)
        stateOfCharge = try TableWriter(RunTables.stateOfCharge(scenario), in: directory)
        busVoltage = try TableWriter(RunTables.busVoltage(scenario), in: directory)
        branchFlow = try TableWriter(RunTables.branchFlow(scenario), in: directory)
        branchCurrent = try TableWriter(RunTables.branchCurrent(scenario), in: directory)
        deviceReactive = try RunTables.deviceReactive(scenario).map { table throws(ExportError) in
            try TableWriter(table, in: directory)
        }
        feeder = try FeederTables(scenario, in: directory)
        setpoints = try TableWriter(RunTables.setpoint(scenario), in: directory)
        planPower = try TableWriter(RunTables.planPower(scenario), in: directory)
        price = try TableWriter(RunTables.price(scenario), in: directory)
        tieFlow = try RunTables.tieFlow(scenario).map { table throws(ExportError) in
            try TableWriter(table, in: directory)
        }
        messages = try TableWriter(RunTables.messages, in: directory)
        plans = try TableWriter(RunTables.plan(scenario), in: directory)
        alarms = try TableWriter(RunTables.alarms, in: directory)
        events = try EventTables(scenario, in: directory)
    }

    /// One row a step.
    private var regular: [TableWriter] {
        [devicePower, balance, stateOfCharge, busVoltage, branchFlow, branchCurrent]
            + (feeder?.writers ?? []) + deviceReactive + [setpoints, planPower, price] + tieFlow + [messages]
    }

    private var writers: [TableWriter] { regular + [plans, alarms] + events.writers }

    var tables: [Table] { writers.map(\.table) }

    mutating func write(_ record: Record, _ facts: StepFacts) throws(ExportError) {
        if let plan = record.plan { take(plan) }
        let time = stamp.bytes(record.interval.start)
        for writer in regular { writer.begin(time) }
        for power in record.power { devicePower.append(power.kilowatts) }
        for battery in batteries {
            stateOfCharge.append(record.stored[battery.index] / battery.capacity * 100)
        }
        for power in [facts.demand, facts.unserved, facts.curtailed, facts.exchange, facts.losses] {
            balance.append(power.kilowatts)
        }
        write(record.point)
        feeder?.write(record)
        for writer in deviceReactive { for power in record.reactive { writer.append(power.kilovars) } }
        write(sent: record.sent, inForce: record.inForce)
        writePlanned(record.interval)
        price.append(facts.importPrice.yuanPerKilowattHour)
        price.append(facts.feedIn.yuanPerKilowattHour)
        price.append(facts.marginalPrice?.yuanPerKilowattHour ?? .nan)
        price.append(facts.clearedPrice?.yuanPerKilowattHour ?? .nan)
        for prices in facts.furtherPrices {
            price.append(prices.imported.yuanPerKilowattHour)
            price.append(prices.exported.yuanPerKilowattHour)
        }
        for cost in facts.areaPrices { price.append(cost?.yuanPerKilowattHour ?? .nan) }
        for flow in facts.tieFlows { tieFlow[0].append(flow?.kilowatts ?? .nan) }
        let traffic = record.conversation.traffic
        for count in [traffic.sent, traffic.delivered, traffic.lost, traffic.dropped, traffic.duplicated] {
            messages.append(count.messages)
        }
        for count in [traffic.sent, traffic.delivered, traffic.relayed] { messages.append(count.bytes) }
        messages.append(record.conversation.held)
        messages.append(record.conversation.fallback)
        for writer in regular { try writer.end() }
        if let plan = record.plan { try write(plan, record.gap, time) }
        for alarm in record.alarms { try write(alarm, time) }
        try events.write(record, time)
    }

    func close() throws(ExportError) {
        for writer in writers { try writer.close() }
    }

    private mutating func take(_ plan: Plan) {
        var places = [Int?](repeating: nil, count: scenario.devices.count)
        for (place, offer) in plan.problem.offers.enumerated() { places[offer.device.index] = place }
        self.plan = (plan, places)
    }

    /// A cell stays empty where the plan in force says nothing.
    private func writePlanned(_ interval: Interval) {
        let step = plan?.plan.step(of: interval)
        for index in scenario.devices.indices {
            let power = step.flatMap { step in
                plan!.places[index].map { plan!.plan.power(of: $0, at: step).kilowatts }
            }
            planPower.append(power ?? .nan)
        }
    }

    /// A cell stays empty where there is no setpoint.
    private func write(sent: [Setpoint?], inForce: [Setpoint?]) {
        for (index, givesReactive) in followers {
            setpoints.append(sent[index]?.power.kilowatts ?? .nan)
            setpoints.append(inForce[index]?.power.kilowatts ?? .nan)
            guard givesReactive else { continue }
            setpoints.append(sent[index]?.reactive.kilovars ?? .nan)
            setpoints.append(inForce[index]?.reactive.kilovars ?? .nan)
        }
    }

    /// What is not known, because no solution was found, stays empty.
    private func write(_ point: OperatingPoint) {
        let unknown = point.status.isSolved ? 0 : Double.nan
        for (index, bus) in scenario.network.buses.enumerated() {
            busVoltage.append(point.voltage[index] / bus.nominalVoltage + unknown)
        }
        for power in point.powerFrom { branchFlow.append(power.kilowatts + unknown) }
        for current in point.current { branchCurrent.append(current.value + unknown) }
    }

    private func write(_ plan: Plan, _ gap: DispatchGap?, _ time: [UInt8]) throws(ExportError) {
        plans.begin(time)
        plans.append(plan.status.rawValue)
        plans.append(plan.certificate?.optimum.rawValue ?? "")
        plans.append(plan.iterations)
        plans.append(plan.objective)
        for figure in [\OptimalityCertificate.bound, \.primalResidual, \.dualResidual, \.gap] {
            plans.append(plan.certificate?[keyPath: figure] ?? .nan)
        }
        plans.append(plan.unserved.kilowattHours)
        if scenario.peers != nil {
            plans.append(gap?.imbalance.kilowatts ?? .nan)
            plans.append(gap?.priceSpread.yuanPerKilowattHour ?? .nan)
            plans.append(gap.map { Double($0.missing.count) } ?? .nan)
            plans.append(gap?.views.map { Double($0) } ?? .nan)
        }
        try plans.end()
    }

    private func write(_ alarm: Alarm, _ time: [UInt8]) throws(ExportError) {
        alarms.begin(time)
        alarms.append(alarm.kind.rawValue)
        alarms.append(scenario.network.placeName(of: alarm))
        alarms.append(alarm.value / alarm.kind.scale)
        alarms.append(alarm.limit / alarm.kind.scale)
        alarms.append(alarm.kind.unit)
        try alarms.end()
    }
}

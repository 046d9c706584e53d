import Devices
import EconomicDispatch
import Grid
import Market
import Messaging
import Monitoring
import Scheduling
import Settlement
public import Simulator
import Timeline

/// Four quarters of an hour over the end of January in which no two numbers agree, so that none can stand for
/// another: one exports, in one a bus is dead, in the last the power flow diverges.
public struct UnevenRun: Sendable {
    public let scenario: Scenario = SampleRun(
        steps: 4, start: "2026-01-31T23:30", capability: .apparentPower(ApparentPower(80_000))
    ).scenario

    /// Sun, wind, water, battery, genset, load, grid, kW.
    public static let powers: [[Double]] = [
        [40, 3, 7, 20, 25, -90, -4], [30, 3, 7, -30, 0, -85, 77], [10, 2, 5, -10, 0, -80, 76],
        [0, 1, 5, 10, 0, -70, 54],
    ]
    /// kW: exact in the first and the last step, 0.1 too little and 0.5 too much between.
    public static let losses = [1, 1.9, 3.5, 0]

    public init() {}

    public func records() -> [Record] {
        (0..<4).map { step in
            var record = Record(step: step, interval: scenario.horizon[step], point: point(step))
            record.potential = [55, 3, 7, 40, 50, 100, 200].map { Power(kilowatts: $0) }
            record.sent = sent(step)
            record.inForce = step == 1 ? sent(0) : record.sent
            record.power = Self.powers[step].map { Power(kilowatts: $0) }
            record.reactive = Array(repeating: .zero, count: 7)
            record.stored = Array(repeating: .zero, count: 7)
            record.alarms = alarms(step)
            record.readings = Array(repeating: Reading.zero, count: 7)[...]
            record.settlement = step == 1 ? settlement : nil
            record.conversation = talk
            record.plan = step == 0 ? plan : nil
            return record
        }
    }

    /// To sun and battery in the first two steps, to nobody later.
    private func sent(_ step: Int) -> [Setpoint?] {
        guard step < 2 else { return Array(repeating: nil, count: 7) }
        return (0..<7).map { device in
            guard device == 0 || device == 3 else { return nil }
            return Setpoint(
                device: DeviceID(device), interval: scenario.horizon[step],
                power: Power(kilowatts: Double(60 - 10 * step - 25 * device)),
                reactive: ReactivePower(kilovars: Double(-2 - step)))
        }
    }

    private func point(_ step: Int) -> OperatingPoint {
        var point = OperatingPoint(buses: 3, branches: 3)
        let voltages: [[Double]] = [[1, 0.98, 0.96], [1.01, 0.97, 0], [1.01, 0.97, 0.95], [0, 0, 0]]
        point.status = [.converged, .islanded, .converged, .diverged][step]
        point.voltage = voltages[step].map { Voltage($0 * 10_000) }
        point.current = [Current(125), Current(130), Current(0)]
        point.losses = Power(kilowatts: Self.losses[step])
        return point
    }

    private func alarms(_ step: Int) -> [Alarm] {
        switch step {
        case 0: [Alarm(kind: .exportLimit, place: 0, value: 4000, limit: 3000)]
        case 1:
            [
                Alarm(kind: .deenergised, place: 2, value: 0, limit: 0.93),
                Alarm(kind: .overload, place: 1, value: 130, limit: 120),
            ]
        case 2: [Alarm(kind: .overload, place: 1, value: 125, limit: 120)]
        default: [Alarm(kind: .diverged, place: 0, value: 0, limit: 0)]
        }
    }

    private var talk: Record.Conversation {
        var talk = Record.Conversation()
        (talk.traffic.sent.messages, talk.traffic.sent.bytes) = (14, 1410)
        (talk.traffic.delivered.messages, talk.traffic.delivered.bytes) = (11, 1105)
        talk.traffic.lost.messages = 3
        talk.traffic.dropped.messages = 4
        talk.traffic.duplicated.messages = 6
        talk.traffic.relayed.bytes = 70
        (talk.held, talk.fallback) = (5, 2)
        return talk
    }

    /// Eight steps of one source, 1 kW at a price that rises by 0.1 yuan/kWh, asked for 3 kW, then to take 4.
    private var plan: Plan {
        let horizon = Horizon(start: scenario.horizon.start, step: 900, count: 8)
        let prices = (1...8).map { EnergyCost(yuanPerKilowattHour: Double($0) / 10) }
        let source = Offer(
            device: DeviceID(4), horizon: horizon, lower: Array(repeating: .zero, count: 8),
            upper: Array(repeating: Power(kilowatts: 1), count: 8),
            cost: Cost(deliver: prices, absorb: prices))
        let asked = [3, -4, 0.5, 0.5, 3, -4, 0.5, 0.5].map { Power(kilowatts: $0) }
        return MeritOrder().plan(DispatchProblem(horizon: horizon, offers: [source], losses: asked))
    }

    /// In a quarter of an hour at night the sun gives 3 MWh of which the village buys two green; 200 kWh are
    /// imported, 500 kWh exported.
    private var settlement: MonthlySettlement {
        let terms = scenario.terms
        func yuan(_ price: Int64) -> Price { Price(microyuanPerKilowattHour: price * 10_000) }
        let contract = GreenPowerContract(
            name: "green", seller: Participant("sun"), buyer: Participant("village"),
            volume: WattHours(megawattHours: 2), energyPrice: yuan(38), environmentalPrice: yuan(3),
            deviationPrice: yuan(3))
        var settler = Settler(
            Terms(
                rules: terms.rules, zone: terms.zone, gridCompany: terms.gridCompany,
                microgridOperator: terms.microgridOperator, meteringPoints: terms.meteringPoints,
                feedIn: terms.feedIn, contracts: [contract], partialMonths: .full))
        var readings = Array(repeating: Reading.zero, count: 7)
        readings[0] = Reading(given: WattHours(megawattHours: 3), taken: .zero)
        readings[5] = Reading(given: .zero, taken: WattHours(megawattHours: 3))
        readings[6] = Reading(given: WattHours(kilowattHours: 200), taken: WattHours(kilowattHours: 500))
        let early = scenario.horizon[0].start - 16 * 3600
        _ = settler.add(readings, losses: .zero, over: Interval(start: early, seconds: 900))
        return settler.close()!
    }
}

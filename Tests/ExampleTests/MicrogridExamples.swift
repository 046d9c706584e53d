import Agents
import CaseFile
import Events
import Foundation
import Grid
import Market
import Messaging
import PowerFlow
import Results
import ScenarioFile
import Scheduling
import Settlement
import Simulator
import Studies
import TestSupport
import Testing
import Timeline

private struct Text: Payload {
    let text: String
    init(_ text: String) { self.text = text }
    var byteCount: Int { 32 + text.utf8.count }
}

/// Sends back the first message that it receives, and none that comes back.
private struct Echo: Agent {
    private(set) var heard: [String] = []

    mutating func receive(_ message: Message<Text>, at now: VirtualTime, _ outbox: inout Outbox<Text>) {
        heard.append(message.body.text)
        if message.sender < NodeID(1) { outbox.send(message.body, to: message.sender) }
    }

    mutating func begin(_ seen: Observation, at now: VirtualTime, _ outbox: inout Outbox<Text>) {}
    mutating func wake(at now: VirtualTime, _ outbox: inout Outbox<Text>) {}
    mutating func forget() { heard = [] }
    func decision(for interval: Interval) -> Setpoint? { nil }
}

/// The examples in the doc comments of time, messages, settlement, simulation and studies, and what they
/// answer.
@Suite("Examples: microgrid")
struct MicrogridExamples {
    @Test("the quarters of an afternoon")
    func horizon() {
        let shanghai = TimeZoneTable(name: "Asia/Shanghai", initialOffset: 8 * 3600, transitions: [])
        guard let noon = CivilTime(iso8601: "2026-07-03T12:00") else { return }
        let afternoon = Horizon(start: noon.instant(offset: 8 * 3600), step: 900, count: 24)
        for quarter in afternoon { print(shanghai.iso8601(quarter.start), quarter.hours) }
        // 2026-07-03T12:00:00+08:00 0.25 …

        #expect(shanghai.iso8601(afternoon[23].start) == "2026-07-03T17:45:00+08:00")
    }

    @Test("an echo over a slow ring")
    func conversation() {
        let network = CommunicationNetwork.ring(nodes: 3, link: Link(latency: VirtualTime(seconds: 0.04)))
        var conversation = Conversation(agents: [Echo(), Echo(), Echo()], network: network, seed: 1)
        conversation.act(NodeID(0), at: .zero) { _, outbox in outbox.send(Text("hello"), to: NodeID(1)) }
        conversation.run(until: VirtualTime(seconds: 1))
        print(conversation[NodeID(0)].heard, conversation.traffic.delivered.messages)  // ["hello"] 2

        #expect(conversation[NodeID(0)].heard == ["hello"])
        #expect(conversation.traffic.delivered.messages == 2 && conversation.traffic.delivered.bytes == 74)
    }

    @Test("an outage and a cut that overlap")
    func events() {
        let schedule = EventSchedule(
            [Event(.outage(connection: 4), in: 40..<52), Event(.cut(branch: 3), in: 48..<60)], devices: 5)
        print(schedule.disturbance(in: 50).outages, schedule.disturbance(in: 50).cut)  // [4] [3]
        print(schedule.disturbance(in: 55).outages)  // []: the cut branch alone is still open.

        #expect(schedule.disturbance(in: 50).outages == [4] && schedule.disturbance(in: 50).cut == [3])
        #expect(schedule.disturbance(in: 55).outages.isEmpty && schedule.disturbance(in: 55).cut == [3])
    }

    @Test("a month settled")
    func settlement() {
        let utc8 = TimeZoneTable(name: "Asia/Shanghai", initialOffset: 8 * 3600, transitions: [])
        let (grid, mill) = (Participant("grid"), Participant("mill"))
        var settler = Settler(
            Terms(
                rules: .guizhouSample2026, zone: utc8, gridCompany: grid,
                microgridOperator: Participant("operator"),
                meteringPoints: [
                    MeteringPoint(name: "connection", owner: grid), MeteringPoint(name: "mill", owner: mill),
                ],
                feedIn: Price(microyuanPerKilowattHour: 230_000)))
        let begin = CivilTime(date: CivilDate(year: 2026, month: 2, day: 1)!, secondOfDay: 0)
        let (import10, use10) = (
            Reading(given: WattHours(kilowattHours: 10), taken: .zero),
            Reading(given: .zero, taken: WattHours(kilowattHours: 10))
        )
        for hour in Horizon(start: begin.instant(offset: 8 * 3600), step: 3600, count: 28 * 24) {
            guard let month = settler.add([import10, use10], losses: .zero, over: hour) else { continue }
            for statement in month.statements { print(statement.participant.name, statement.net) }
        }

        #expect(settler.ledger.balance(of: .participant(mill), .money) < 0)
        #expect(settler.ledger.sum(of: .money) == 0)
    }

    @Test("a day simulated")
    func simulation() throws {
        let path = Checkout.root.appending(path: "Scenarios/first-day/scenario.yaml").path

        let scenario = try ScenarioFile.load(path: path).template.scenario(seed: 7)
        var imported = Energy.zero
        for record in Simulation(scenario) {
            for connection in scenario.connections {
                imported += record.power[connection].energy(hours: record.interval.hours)
            }
        }
        print(imported.kilowattHours)

        #expect(imported > .zero)

        var summary = Summary(scenario)
        for record in Simulation(scenario) { summary.add(record) }
        print(summary.bill, summary.curtailed.kilowattHours, summary.unserved.kilowattHours)

        #expect(summary.steps == scenario.horizon.count && summary.unserved == .zero)
    }

    @Test("the worst outage of a network")
    func contingencies() throws {
        let path = Checkout.golden.appending(path: "opf/case30.m").path

        let networkCase = try CaseFile.load(path: path).networkCase
        let report = ContingencyAnalysis().study(networkCase)
        if let worst = report?.contingencies.first { print(worst.outage, worst.severity) }

        #expect(report?.contingencies.isEmpty == false)
    }

    @Test("the solar plant that a bus can take")
    func hostingCapacity() {
        let network = Network(
            buses: ["substation", "village"].map {
                Bus(name: $0, nominalVoltage: Voltage(10_000), limits: 0.93...1.07)
            },
            branches: [
                Branch(
                    name: "cable", from: 0, to: 1, resistance: Impedance(1.2), reactance: Impedance(0.7),
                    ampacity: Current(250))
            ], source: 0, sourceVoltage: 1)

        let study = HostingCapacity(
            network: network, injections: InjectionSeries(buses: 2, steps: 3), sunshine: [0, 0.5, 0.9])
        let result = study.study(study.candidates)
        for site in result.sites { print(site.bus, site.finding.rating, site.finding.binding as Any) }

        #expect(result.sites.first?.finding.rating ?? .zero > Power(kilowatts: 4000))
    }
}

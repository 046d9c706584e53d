import Devices
import Events
import Islanding
import ScenarioFile
import Simulator
import Testing
import TextFile

@Suite("The sections events and islands")
struct EventSectionTests {
    private func mistakes(_ events: String, at device: (String, String)? = nil) throws -> [String] {
        let workshop = try Workshop()
        var text = Workshop.good + events
        if let device { text = text.replacing(device.0, with: device.1) }
        try workshop.write("scenario.yaml", text)
        return workshop.mistakes().map { String($0.drop { $0 != ":" }.dropFirst()) }
    }

    private func template(_ events: String, _ changes: (String, String)...) throws -> LoadedScenario {
        let workshop = try Workshop()
        try workshop.write(
            "scenario.yaml", changes.reduce(Workshop.good + events) { $0.replacing($1.0, with: $1.1) })
        return try workshop.load()
    }

    @Test("every kind is read, in steps from the begin of the run")
    func good() throws {
        let loaded = try template(
            """
            events:
              - {at: 2026-07-15T01:00, for: 2 h, cut: 1-2}
              - {at: 2026-07-15T01:00, until: 2026-07-15T02:30, open: 3-2}
              - {at: 2026-07-15T18:00+08:00, for: 3 h, outage: grid}
              - {at: 2026-07-15T08:00, for: 1 h, partition: [[roof, battery], [houses], rest]}
              - {at: 2026-07-15T09:00, for: 30 min, crash: battery, state: lost}
              - {at: 2026-07-15T09:00, for: 30 min, crash: roof}
              - {at: 2026-07-15T09:00, fail: standby}
              - {at: 2026-07-15T10:00, join: ridge}
              - {at: 2026-07-15T12:00, for: 1 h, leave: ridge}
              - {at: 2026-07-15T12:00, for: 1 h, link: {of: gorge, loss: 60 %, latency: 2 s}}
            """, ("ridge: {kind: wind", "ridge: {present: false, kind: wind"))
        #expect(loaded.warnings.isEmpty)
        let events = loaded.template.scenario().events
        #expect(
            events.events == [
                Event(.cut(branch: 0), in: 4..<12), Event(.open(branch: 1), in: 4..<10),
                Event(.outage, in: 72..<84), Event(.partition(groups: [[2, 5], [0]]), in: 32..<36),
                Event(.crash(device: 5, keepsState: false), in: 36..<38),
                Event(.crash(device: 2, keepsState: true), in: 36..<38),
                Event(.fail(device: 6), in: 36..<96), Event(.join(device: 3), in: 40..<96),
                Event(.leave(device: 3), in: 48..<52),
                Event(.link(device: 4, loss: 0.6, latency: 2), in: 48..<52),
            ])
        #expect(events.absentAtFirst == [3])
        #expect(events.fibreRoutes == [[0], [0, 1], [0, 1], [0, 1], [0], [0], [0, 1], []])
    }

    @Test("all mistakes at once, each at its place with what is allowed")
    func mistakesTogether() throws {
        let found = try mistakes(
            """
            events:
              - {at: 2026-07-15T01:00, for: 2 h, cut: 1-4}
              - {at: 2026-07-15T05:00, until: 2026-07-15T04:00, outage: grid}
              - {at: 2026-07-16T01:00, fail: standby}
              - {at: 2026-07-15T01:00, crash: batery}
              - {at: 2026-07-15T01:00, for: 2 h, outage: houses}
              - {at: 2026-07-15T01:00, fail: grid}
              - {at: noon, for: 2 h, outage: grid}
              - {at: 2026-07-15T01:00, for: 2 h}
              - {at: 2026-07-15T01:00, for: 2 h, cut: 1-2, open: 1-2}
              - {at: 2026-07-15T01:00, fail: roof, state: lost}
              - {at: 2026-07-15T01:00, partition: [[roof, roof]]}
              - {at: 2026-07-15T01:00, link: {of: roof}}
              - {at: 2026-07-15T01:00, fial: roof}
            """)
        #expect(
            found == [
                "54:43: error: events[0].cut: no branch is called '1-4'; did you mean '1-2'?",
                "55:35: error: events[1].until: the event ends at 2026-07-15T04:00:00+08:00, not after its begin",
                "56:10: error: events[2].at: 2026-07-16T01:00:00+08:00 is not within the run, from 2026-07-15T00:00:00+08:00 to 2026-07-16T00:00:00+08:00",
                "57:35: error: events[3].crash: no device is called 'batery'; did you mean 'battery'?",
                "58:46: error: events[4].outage: no grid connection is called 'houses'; there are 'grid'",
                "59:34: error: events[5].fail: 'grid' is the grid connection; write 'outage' for it",
                "60:10: error: events[6].at: 'noon' is not a time such as '2026-07-03T14:00'",
                "61:5: error: events[7]: what happens is missing; write one of cut, open, outage, partition, crash, fail, join, leave, link, attack",
                "62:54: error: events[8].open: 'open' not allowed beside 'cut'; write one event for each",
                "63:47: error: events[9].state: only allowed beside 'crash'",
                "64:47: error: events[10].partition[0][1]: 'roof' is in a group already",
                "65:34: error: events[11].link: nothing changes; write 'loss', 'latency' or both",
                "66:5: error: events[12]: what happens is missing; write one of cut, open, outage, partition, crash, fail, join, leave, link, attack",
                "66:28: error: events[12]: unknown key 'fial'; did you mean 'fail'?",
            ])
    }

    @Test(
        "every kind of attack is read; sizes that it does not have, and devices that it cannot be on, are refused"
    )
    func attacks() throws {
        let loaded = try template(
            """
            events:
              - {at: 2026-07-15T01:00, for: 1 h, attack: {kind: false-power, of: houses, size: 20 kW}}
              - {at: 2026-07-15T01:00, for: 1 h, attack: {kind: false-price, of: battery, size: -10 %}}
              - {at: 2026-07-15T01:00, for: 1 h, attack: {kind: replay, of: roof, size: 2 h}}
              - {at: 2026-07-15T01:00, for: 1 h, attack: {kind: hijack, of: battery}}
              - {at: 2026-07-15T01:00, for: 1 h, attack: {kind: shifted-meter, of: works, size: -5 %}}
            """)
        let attacks = loaded.template.scenario().events.attacks
        #expect(
            attacks.map(\.attack) == [
                .falsePower(20_000), .falsePrice(-0.1), .replay(steps: 8), .hijack, .shiftedMeter(-0.05),
            ])
        #expect(attacks.map(\.device) == [0, 5, 2, 5, 1] && attacks.allSatisfy { $0.steps == 4..<8 })
        let found = try mistakes(
            """
            events:
              - {at: 2026-07-15T01:00, attack: {kind: lie, of: houses}}
              - {at: 2026-07-15T01:00, attack: {kind: hijack, of: grid}}
              - {at: 2026-07-15T01:00, attack: {kind: hijack, of: battery, size: 3 kW}}
              - {at: 2026-07-15T01:00, attack: {kind: false-power, of: battery, size: 3 kW}}
              - {at: 2026-07-15T01:00, attack: {kind: replay, of: roof}}
              - {at: 2026-07-15T01:00, attack: {kind: false-price, of: roof, size: -120 %}}
            """)
        #expect(
            found == [
                "54:43: error: events[0].attack.kind: 'lie' is not an attack; allowed are false-power, false-price, replay, hijack, shifted-meter",
                "55:55: error: events[1].attack.of: 'grid' is the grid connection; attacks are on the other devices",
                "56:70: error: events[2].attack.size: a hijacked device does the opposite of its setpoint; leave 'size' out",
                "57:60: error: events[3].attack.of: a false power is that of a load or of a sun, wind or water plant; write replay, hijack, false-price or shifted-meter for others",
                "58:36: error: events[4].attack: the key 'size' is missing",
                "59:72: error: events[5].attack.size: -120 % is less than -100 %",
            ])
    }

    @Test("only what is absent joins, and only what is present leaves")
    func presence() throws {
        let found = try mistakes(
            """
            events:
              - {at: 2026-07-15T01:00, join: roof}
              - {at: 2026-07-15T02:00, leave: gorge}
              - {at: 2026-07-15T03:00, leave: gorge}
              - {at: 2026-07-15T04:00, join: gorge}
              - {at: 2026-07-15T05:00, for: 1 h, leave: works}
              - {at: 2026-07-15T07:00, leave: works}
            """)
        #expect(
            found == [
                "54:5: error: events[0]: 'roof' is present already; write 'present: false' at the device",
                "56:5: error: events[2]: 'gorge' is absent already",
            ])
    }

    @Test("times between steps and ends after the run are told")
    func warnings() throws {
        let loaded = try template(
            """
            events:
              - {at: 2026-07-15T01:07, for: 10 min, outage: grid}
              - {at: 2026-07-15T23:00, for: 2 h, cut: 1-2}
            """)
        #expect(loaded.template.events.events.map(\.steps) == [4..<6, 92..<96])
        #expect(
            loaded.warnings.map(\.message) == [
                "events[0].at: the event acts in whole steps: from the begin of the one it begins in",
                "events[0].for: the event acts in whole steps: to the end of the one it ends in",
                "events[1].for: the event goes on after the run, which ends 2026-07-16T00:00:00+08:00",
            ])
    }

    @Test("settings of islands and of devices that form them")
    func islands() throws {
        let loaded = try template(
            """
            islands: {frequency: 60 Hz, endurance: 2 h, step_load: 25 %, reconnect_delay: 10 min,
                      cold_load: {factor: 1.5, time: 20 min}, block_interval: 30 s}
            """, ("wear: 0.10 yuan/kWh", "wear: 0.10 yuan/kWh\n    grid_forming: true\n    droop: 3 %"),
            ("minimum_load: 30 %", "minimum_load: 30 %\n    grid_forming: true\n    black_start: 12 min"),
            ("works: {kind: load", "works: {priority: 2, kind: load"))
        let template = loaded.template
        var settings = IslandSettings()
        (settings.frequency, settings.endurance, settings.stepLoad) = (60, 7200, 0.25)
        (settings.reconnectDelay, settings.blockInterval) = (600, 30)
        (settings.coldLoadFactor, settings.coldLoadTime) = (1.5, 1200)
        #expect(template.islanding == settings)
        #expect(template.devices[5].forming == GridForming(droop: 0.03))
        #expect(template.devices[6].forming == GridForming(startTime: 720))
        #expect(template.devices[1].load?.priority == 2 && template.scenario().devices[1].load?.priority == 2)
        let found = try mistakes(
            "islands: {step_load: 0 %, endurance: 2}",
            at: ("minimum_load: 30 %", "minimum_load: 30 %\n    black_start: true\n    droop: 5 %"))
        #expect(
            found == [
                "37:18: error: devices.standby.black_start: only allowed with grid_forming: true",
                "38:12: error: devices.standby.droop: only allowed with grid_forming: true",
                "55:22: error: islands.step_load: 0 % is not allowed; it must be more than 0 %",
                "55:38: error: islands.endurance: '2' has no unit; a duration is written in s, ms, min, h, day or days, such as '2 s'",
            ])
    }
}

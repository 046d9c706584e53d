import Foundation
import ScenarioFile
import Testing
import TextFile

@Suite("Mistakes together, overrides and warnings")
struct SeveralMistakesTests {
    @Test("all mistakes come at once, in the order of the files, and are counted")
    func together() throws {
        let workshop = try Workshop()
        let text = Workshop.good
            .replacingOccurrences(of: "charge: 95 %", with: "charge: 950 %")
            .replacingOccurrences(of: "minimum_load", with: "minimum_laod")
            .replacingOccurrences(of: "buyer: cement-works", with: "buyer: cement-work")
            .replacingOccurrences(of: "elevation: 1070 m", with: "elevation: 1070")
            .replacingOccurrences(of: "forecast: {method: persistence}", with: "forecast: {method: hope}")
        try workshop.write("scenario.yaml", text)
        try workshop.write("curve.csv", "speed_m_s,power_kw\n3,none\n12,250\n")
        let mistakes = workshop.mistakes()
        #expect(
            mistakes == [
                "scenario.yaml:4:56: error: place.elevation: '1070' has no unit; a length is written in m or km, "
                    + "such as '1070 m'",
                "scenario.yaml:29:26: error: devices.battery.efficiency.charge: 950 % is more than 100 %",
                "scenario.yaml:36:5: error: devices.standby: unknown key 'minimum_laod'; "
                    + "did you mean 'minimum_load'?",
                "scenario.yaml:44:20: error: forecast.method: 'hope' is not a forecast method; "
                    + "allowed are smart, perfect, persistence, noisy",
                "scenario.yaml:48:63: error: market.contracts[0].buyer: no participant is called 'cement-work'; "
                    + "did you mean 'cement-works'?",
                "curve.csv:2:3: error: power_kw: 'none' is not a number",
            ])
        do throws(ScenarioMistakes) {
            _ = try workshop.load()
        } catch {
            #expect(error.description.hasSuffix("\n6 errors"))
        }
    }

    @Test("the cause alone is told: what depends on a shape that cannot be read is silent")
    func cause() throws {
        let workshop = try Workshop()
        let shapes = Workshop.shapes.replacingOccurrences(
            of: "flat\n1,workday,0,0.5", with: "flat\n1,workday,0,nan")
        try workshop.write("shapes.csv", shapes)
        #expect(workshop.mistakes() == ["shapes.csv:2:13: error: flat: 'nan' is not a number"])
        try workshop.write(
            "shapes.csv",
            Workshop.shapes.replacingOccurrences(of: "flat\n1,workday,0,0.5", with: "flat\n1,workday,0.5,0.5")
        )
        #expect(workshop.mistakes() == ["shapes.csv:2:11: error: hour: '0.5' is not a whole number"])
    }

    @Test("powers that are allowed one by one are refused where their sum is too large")
    func sum() throws {
        let mistakes = try Workshop().mistakes(replacing: "active: 180 kW", with: "active: 999 GW")
        #expect(mistakes.count == 1)
        #expect(
            mistakes.first?.hasPrefix("scenario.yaml:19:3: error: devices.houses: the largest powers of all")
                == true, "\(mistakes)")
        #expect(mistakes.first?.hasSuffix("at most 100000000 kW are simulated") == true, "\(mistakes)")
    }

    @Test("durations that are counted in whole seconds have no fraction")
    func wholeSeconds() throws {
        let mistakes = try Workshop().mistakes(
            replacing: "  topology: star", with: "  topology: star\n  hold: 1500 ms")
        #expect(mistakes.count == 1)
        #expect(
            mistakes.first?.hasSuffix("'1500 ms' is not a whole number of seconds") == true, "\(mistakes)")
    }

    @Test("a horizon that the rules refuse is refused before weather is spread over it")
    func years() throws {
        let mistakes = try Workshop().mistakes(replacing: "duration: 1 day", with: "duration: 50 years")
        #expect(mistakes.count == 1 && mistakes[0].contains("hold from 2026-01-01"), "\(mistakes)")
    }

    @Test("an empty mapping is told everything it lacks")
    func empty() throws {
        let workshop = try Workshop()
        try workshop.write("scenario.yaml", "{}")
        #expect(
            workshop.mistakes()
                == ["name", "place", "time", "weather", "network", "devices", "market"].map {
                    "scenario.yaml:1:1: error: the key '\($0)' is missing"
                })
    }

    @Test("every load without a value is told so")
    func lostLoad() throws {
        let mistakes = try Workshop().mistakes(replacing: "  value_of_lost_load: 20 yuan/kWh\n", with: "")
        #expect(
            mistakes == [
                "scenario.yaml:18:11: error: devices.houses: value_of_lost_load is missing; "
                    + "give it here, or in the section 'loads' for all loads",
                "scenario.yaml:19:10: error: devices.works: value_of_lost_load is missing; "
                    + "give it here, or in the section 'loads' for all loads",
            ])
    }

    @Test("a table of loads names what it does not find")
    func loadTable() throws {
        let workshop = try Workshop()
        try workshop.write(
            "loads.csv",
            """
            name,bus,active_kw,reactive_kvar,shape,owner
            old-town,9,50,25,flat,
            Old Town,3,50,25,flat,
            houses,3,50,25,flat,
            =HYPERLINK(),3,50,25,flatt,
            mill,3,-5,0,flat,
            """)
        let mistakes = try workshop.mistakes(replacing: "  variation: 5 %", with: "  table: loads.csv")
        #expect(mistakes == ["loads.csv:6:8: error: active_kw: '-5' is not between 0 and 1000000000"])
        try workshop.write(
            "loads.csv",
            """
            name,bus,active_kw,reactive_kvar,shape,owner
            old-town,9,50,25,flat,
            houses,3,50,25,flat,
            =HYPERLINK(),3,50,25,flatt,
            """)
        let rest = workshop.mistakes()
        #expect(rest.count == 4)
        #expect(rest[0] == "loads.csv:2:10: error: bus: no bus is called '9'; there are '1', '2', '3'")
        #expect(rest[1] == "loads.csv:3:1: error: name: two devices are called 'houses'")
        #expect(rest[2].hasPrefix("loads.csv:4:1: error: name: '=HYPERLINK()' is not a name; "))
        #expect(rest[3] == "loads.csv:4:22: error: shape: no shape is called 'flatt'; did you mean 'flat'?")
    }

    @Test("an override that is not there, or leads nowhere")
    func overrides() throws {
        let workshop = try Workshop()
        #expect(
            workshop.mistakes("bad-coms")
                == [
                    "scenario.yaml:1:1: error: overrides: no override is called 'bad-coms'; did you mean 'bad-comms'?"
                ])
        #expect(
            workshop.mistakes("winter")
                == [
                    "scenario.yaml:1:1: error: overrides: no override is called 'winter'; there are bad-comms, no-battery"
                ])
        let path = try workshop.mistakes(replacing: "{devices.battery: null}", with: "{devices.batery: null}")
        #expect(path.isEmpty)
        #expect(
            workshop.mistakes("no-battery") == [
                "scenario.yaml:52:16: error: overrides.no-battery: there is no key 'batery' for 'devices.batery'; "
                    + "did you mean 'battery'?"
            ])
        _ = try workshop.mistakes(
            replacing: "communication.link.loss: 30 %", with: "communication.link.loss: 300 %")
        #expect(
            workshop.mistakes("bad-comms")
                == ["scenario.yaml:51:40: error: communication.link.loss: 300 % is more than 100 %"])
        _ = try workshop.mistakes(replacing: "communication.link.loss: 30 %", with: "seed.more: 1")
        #expect(
            workshop.mistakes("bad-comms") == [
                "scenario.yaml:51:15: error: overrides.bad-comms: 'seed.more' goes through a single value, "
                    + "which has no keys"
            ])
    }

    @Test("what may be meant, but is dear, is a warning")
    func warnings() throws {
        let workshop = try Workshop()
        var text = Workshop.good.replacingOccurrences(
            of: "feed_in: 0.2 yuan/kWh", with: "feed_in: 0.5 yuan/kWh")
        text = text.replacingOccurrences(
            of: "value_of_lost_load: 20 yuan/kWh", with: "value_of_lost_load: 1 yuan/kWh")
        try workshop.write("scenario.yaml", text)
        let warnings = try workshop.load().warnings.map(\.description)
        #expect(warnings.count == 3)
        #expect(
            warnings[0].contains(
                "scenario.yaml:19:3: warning: devices.houses: its value_of_lost_load is below"))
        #expect(
            warnings[2].contains(
                "scenario.yaml:39:102: warning: devices.grid.feed_in: feed_in is above the lowest import price"
            ))
    }

    @Test("a hydro plant on a dry river is a warning")
    func dryRiver() throws {
        let workshop = try Workshop()
        let dry = Workshop.climatology.replacingOccurrences(of: ",2,3,0.3", with: ",2,0,0.3")
        try workshop.write("climatology.csv", dry)
        #expect(
            try workshop.load().warnings.map(\.line) == [23])
    }

    @Test("a clock change skips the start")
    func skipped() throws {
        let workshop = try Workshop()
        let text = Workshop.good.replacingOccurrences(of: "Asia/Shanghai", with: "Europe/Berlin")
            .replacingOccurrences(of: "2026-07-15", with: "2026-03-29T02:30")
        try workshop.write("scenario.yaml", text)
        #expect(
            workshop.mistakes() == [
                "scenario.yaml:5:15: error: time.start: 2026-03-29T02:30:00 does not exist in Europe/Berlin, "
                    + "because clocks go forward; choose another start"
            ])
    }

    @Test("the list of allowed keys is complete, also beside other mistakes")
    func allowedKeys() throws {
        let roof = "capacity: 150 kW, inverter: 120 kW, tilt: 15 deg, azimuth: 180 deg, meter: on-grid"
        let solar = try Workshop().mistakes(replacing: roof, with: "zzzzzzzz: 1, apparent_power: 200 kVA")
        let known = "kind, bus, owner, meter, output, capacity, inverter, tilt, azimuth, albedo, losses, "
        let end =
            "unknown key 'zzzzzzzz'; allowed are \(known)temperature_coefficient, degradation, apparent_power, "
            + "forecast, present, volt_var, volt_watt, phases"
        #expect(solar.contains { $0.hasSuffix(end) })
        #expect(!solar.contains { $0.contains("'apparent_power'") })
        let root = try Workshop().mistakes(replacing: "seed: 7", with: "seed: 7\nzzzzzzzz: 1")
        #expect(root.count == 1 && root[0].hasSuffix(", market, overrides"))
        let weather = try Workshop().mistakes(
            replacing: "{climatology: climatology.csv}", with: "{climatology: climatology.csv, format: epw}")
        #expect(
            weather == [
                "scenario.yaml:6:49: error: weather.format: only allowed with 'file'; a climatology has its own columns"
            ])
    }

    @Test("every name and link of the zone database is a time zone; a misspelt link is offered")
    func zones() throws {
        for zone in [
            "Asia/Kolkata", "US/Pacific", "Etc/GMT+5", "PRC", "Asia/Ho_Chi_Minh", "America/Buenos_Aires",
        ] {
            #expect(try Workshop().mistakes(replacing: "Asia/Shanghai", with: zone).isEmpty)
        }
        let misspelt = try Workshop().mistakes(replacing: "Asia/Shanghai", with: "Asia/Kolkatta")
        #expect(misspelt.first?.hasSuffix("called 'Asia/Kolkatta'; did you mean 'Asia/Kolkata'?") == true)
        for unknown in ["Factory", "GMT+3", "IST", "posix/Asia/Kolkata"] {
            #expect(try Workshop().mistakes(replacing: "Asia/Shanghai", with: unknown).count == 1)
        }
    }

    @Test("a longitude that does not fit the time zone warns, with the hour of the sun's noon")
    func place() throws {
        func warnings(_ old: String, _ new: String) throws -> [String] {
            let workshop = try Workshop()
            #expect(try workshop.mistakes(replacing: old, with: new).isEmpty)
            return try workshop.load().warnings.map(\.message)
        }
        let end = "by the clocks of Asia/Shanghai; is the sign of the longitude wrong?"
        #expect(
            try warnings("longitude: 106.98", "longitude: -106.98") == [
                "place: at longitude -106.98 the sun is highest at 03:08 \(end)"
            ])
        #expect(
            try warnings("latitude: 27.06, longitude: 106.98", "latitude: 74, longitude: 27.06").first?
                .hasPrefix("place: at longitude 27.06 the sun is highest at 18:12") == true)
        #expect(try warnings("Asia/Shanghai", "UTC").isEmpty)
        let doubled =
            "longitude: 15, elevation: 1070 m, timezone: Europe/Berlin}\n"
            + "time: {start: '2026-10-25T02:15', duration: 6 h"
        let first =
            "time.start: 2026-10-25T02:15:00 comes twice in Europe/Berlin, because clocks go back; "
            + "the first is meant, 2026-10-25T02:15:00+02:00"
        let shipped =
            "longitude: 106.98, elevation: 1070 m, timezone: Asia/Shanghai}\n"
            + "time: {start: 2026-07-15, duration: 1 day"
        #expect(try warnings(shipped, doubled).contains(first))
        #expect(try warnings("longitude: 106.98", "longitude: 75.99").isEmpty)
    }
}

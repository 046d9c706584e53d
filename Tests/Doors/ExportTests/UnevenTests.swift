import Export
import Foundation
import GRDB
import Grid
import Messaging
import RunSamples
import Simulator
import Testing
import Timeline

/// Cells of a run in which no two numbers agree, worked out by hand.
@Suite struct UnevenTests {
    private let run = UnevenRun()

    private func write(to path: String) throws {
        let writer = try RunWriter(
            run.scenario, build: SampleRun.build, inputs: [], in: RunDirectory(at: path))
        for record in run.records() { try writer.take(record) }
        try writer.finish()
        try writer.publish(StageClock().timing(steps: 4))
    }

    @Test func cellsStandUnderTheirHeadings() throws {
        let folder = Folder()
        try write(to: folder.path + "/one")
        func row(_ number: Int, of name: String) throws -> String {
            let lines = try folder.text("one/timeseries/\(name).csv").split(separator: "\n")
            return String(lines[number].drop { $0 != "," }.dropFirst())
        }
        #expect(
            try row(0, of: "balance") == "demand_kw,unserved_kw,curtailed_kw,exchange_kw,losses_kw")
        #expect(try row(1, of: "balance") == "100.000,10.000,15.000,-4.000,1.000")
        #expect(try row(2, of: "bus_voltage") == "1.010000,0.970000,0.000000")
        #expect(try row(1, of: "branch_current") == "125.000,130.000,0.000")
        #expect(
            try row(0, of: "messages")
                == "sent,delivered,lost,dropped,duplicated,sent_bytes,delivered_bytes,relayed_bytes,"
                + "held,fallback")
        #expect(try row(1, of: "messages") == "14,11,3,4,6,1410,1105,70,5,2")
        #expect(try row(1, of: "price") == "0.500000,0.200000,0.100000,")
        #expect(try row(4, of: "price") == "0.500000,0.200000,0.400000,")
        // 1.7 kWh/h at rising prices for a quarter of an hour; 1 kWh short and 2 too many at four times 0.8.
        #expect(try row(1, of: "plan") == "by rule,,0,10.025,,,,,1.000")
        #expect(try row(1, of: "alarms") == "export-limit,1,4.000000,3.000000,kW")
        #expect(try row(3, of: "alarms") == "overload,2-3,130.000000,120.000000,A")
    }

    @Test func setpointsSentAndInForceStandSideBySide() throws {
        let folder = Folder()
        try write(to: folder.path + "/one")
        let lines = try folder.text("one/timeseries/setpoint.csv").split(separator: "\n").map {
            $0.drop { $0 != "," }.dropFirst()
        }
        #expect(
            lines[0]
                == "roof_sent_kw,roof_in_force_kw,roof_sent_kvar,roof_in_force_kvar,mill_sent_kw,mill_in_force_kw,"
                + "weir_sent_kw,weir_in_force_kw,store_sent_kw,store_in_force_kw,standby_sent_kw,standby_in_force_kw,"
                + "house_sent_kw,house_in_force_kw")
        #expect(lines[1] == "60.000,60.000,-2.000,-2.000,,,,,-15.000,-15.000,,,,")
        #expect(lines[2] == "50.000,60.000,-3.000,-2.000,,,,,-25.000,-15.000,,,,")
        #expect(lines[3] == ",,,,,,,,,,,,,")
    }

    /// The plan knows the genset alone, and was made in the first step only: its next steps are in force.
    @Test func thePlanInForceStandsBesideSetpoints() throws {
        let folder = Folder()
        try write(to: folder.path + "/one")
        let lines = try folder.text("one/timeseries/plan_power.csv").split(separator: "\n").map {
            $0.drop { $0 != "," }.dropFirst()
        }
        #expect(lines[0] == "roof_kw,mill_kw,weir_kw,store_kw,standby_kw,house_kw,grid_kw")
        #expect(lines.dropFirst() == [",,,,1.000,,", ",,,,0.000,,", ",,,,0.500,,", ",,,,0.500,,"])
    }

    @Test func theDatabaseHoldsTheSameSums() throws {
        let folder = Folder()
        try write(to: folder.path + "/one")
        let queue = try DatabaseQueue(path: folder.path + "/one/results.sqlite")
        try queue.read { database in
            func number(_ sql: String) throws -> Double? {
                try Double.fetchOne(database, sql: "SELECT " + sql)
            }
            let energy = " FROM monthly_energy WHERE month = '2026-01' AND device = "
            #expect(try number("given_kwh" + energy + "'store'") == 5)
            #expect(try number("taken_kwh" + energy + "'store'") == 7.5)
            #expect(try number("curtailed_kwh" + energy + "'roof'") == 10)
            #expect(try number("unserved_kwh" + energy + "'house'") == 6.25)
            #expect(try number("losses_kwh FROM monthly_losses WHERE month = '2026-02'") == 0.875)
            // Two MWh green at 0.38 + 0.03, the third at 0.2 yuan/kWh.
            #expect(try number("received_fen FROM statement WHERE participant = 'sun'") == 102_000)
            #expect(try number("paid_fen FROM statement WHERE participant = 'sun'") == 0)
            #expect(try number("certificates FROM statement WHERE participant = 'sun'") == 1)
            #expect(try number("count(*) FROM entry WHERE price_microyuan_per_kwh = 380000") == 1)
            let rings = try Row.fetchOne(
                database, sql: "SELECT first, last FROM alarm WHERE kind = 'overload'")
            let (first, last): (String?, String?) = (rings?["first"], rings?["last"])
            #expect(first?.contains("2026-01-31T23:45") == true && last?.contains("2026-02-01T00:00") == true)
        }
    }

    @Test func everyColumnStatesTheUnitItsNameEndsWith() throws {
        let folder = Folder()
        try write(to: folder.path + "/one")
        let resources = try folder.json("one/datapackage.json")["resources"] as? [[String: Any]] ?? []
        let units = [
            ("_kw", "kW"), ("_kvar", "kvar"), ("_percent", "%"), ("_pu", "1"), ("_a", "A"),
            ("_yuan_per_kwh", "yuan/kWh"),
        ]
        var found = 0
        for resource in resources {
            let schema = resource["schema"] as? [String: Any]
            for field in schema?["fields"] as? [[String: Any]] ?? [] {
                let name = field["name"] as? String ?? ""
                guard let unit = units.first(where: { name.hasSuffix($0.0) })?.1 else { continue }
                #expect(field["unit"] as? String == unit, "\(name)")
                found += 1
            }
        }
        // Power, balance, charge, voltage, flow, current, price; reactive power, setpoints,
        // planned powers; forecast errors.
        #expect(found == 7 + 5 + 1 + 3 + 3 + 3 + 4 + 7 + 14 + 7 + 5)
    }

    @Test(arguments: [(-12_600, "-03:30"), (20_700, "+05:45"), (0, "+00:00")])
    func clocksCarryTheirOffset(offset: Int, written: String) throws {
        let folder = Folder()
        var run = SampleRun(steps: 2)
        run.offset = offset
        let writer = try RunWriter(
            run.scenario, build: SampleRun.build, inputs: [], in: RunDirectory(at: folder.path + "/one"))
        for record in run.records() { try writer.take(record) }
        try writer.finish()
        try writer.publish(StageClock().timing(steps: 2))
        let balance = try folder.text("one/timeseries/balance.csv").split(separator: "\n")
        #expect(balance[1].hasPrefix("2026-01-31T00:00:00\(written),"))
    }
}

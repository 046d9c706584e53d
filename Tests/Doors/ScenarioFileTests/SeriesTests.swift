import Devices
import Foundation
import ScenarioFile
import Simulator
import Testing
import TextFile

@Suite("A measured series names its fault once, in the scenario's zone")
struct SeriesTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private func mistakes(_ table: String) throws -> [String] {
        try workshop.write("demand.csv", table)
        return try workshop.mistakes(measuring: "demand.csv")
    }

    /// The day's rows, of which each time is rewritten.
    private func day(_ rewrite: (String) -> String) -> String {
        let lines = Workshop.demand(Array(0..<96)).split(separator: "\n")
        return lines.enumerated().map { index, line in
            index == 0 ? String(line) : rewrite(String(line.prefix(25))) + line.dropFirst(25)
        }.joined(separator: "\n")
    }

    @Test(
        "every step once, in order",
        arguments: [
            (
                Array(1..<96),
                "2:1: error: time: 2026-07-15T00:15:00+08:00 leaves a gap; 2026-07-15T00:00:00+08:00 is expected"
            ),
            (Array(0..<95), "96:1: error: time: the series ends here, after 95 of 96 steps"),
            (
                Array(0..<97),
                "98:1: error: time: this row is after the end of the scenario, which has 96 steps"
            ),
            (
                [0, 1, 1] + Array(3..<96),
                "4:1: error: time: 2026-07-15T00:15:00+08:00 goes back; 2026-07-15T00:30:00+08:00 is expected"
            ),
            (
                Array(1..<97),
                "2:1: error: time: all 96 rows are one step (15 min) late: labelled by the end of the step? "
                    + "The time of a row is the begin of its step; 2026-07-15T00:00:00+08:00 is expected first"
            ),
            (
                Array(96..<192),
                "2:1: error: time: all 96 rows are 1 day late: the series of other days?; "
                    + "2026-07-15T00:00:00+08:00 is expected first"
            ),
            (
                Array(stride(from: 0, to: 96, by: 4)),
                "3:1: error: time: the rows are 1 h apart, but a step of the scenario has 15 min"
            ),
        ])
    func order(steps: [Int], mistake: String) throws {
        #expect(try mistakes(Workshop.demand(steps)) == ["demand.csv:" + mistake])
    }

    @Test("times in UTC without saying so, local times that say UTC, and unreadable times")
    func zones() throws {
        let early = "demand.csv:2:1: error: time: all 96 rows are"
        let expected = "2026-07-15T00:00:00+08:00 is expected first"
        // 00:00 of the scenario is 16:00 UTC of the day before.
        let utc = day { time in
            let step = Int(time.dropFirst(11).prefix(2))! * 4 + Int(time.dropFirst(14).prefix(2))! / 15
            let at = (step + 64) % 96
            return "2026-07-\(step < 32 ? 14 : 15) \(at / 4):\(at % 4 == 0 ? "00" : "\(at % 4 * 15)")"
        }
        #expect(
            try mistakes(utc) == [
                "\(early) 8 h early: written in UTC? Then write the offset, such as '2026-07-14T16:00:00Z'; \(expected)"
            ])
        #expect(
            try mistakes(day { $0.replacingOccurrences(of: "+08:00", with: "Z") }) == [
                "\(early) 8 h late: local times with another UTC offset than that of Asia/Shanghai?; \(expected)"
            ])
        #expect(
            try mistakes(day { _ in "15/07/2026 0:00" }) == [
                "demand.csv:2:1: error: time: '15/07/2026 0:00' is not a time; write it with its UTC offset, "
                    + "such as '2026-07-15T00:00:00+08:00', or as local time of Asia/Shanghai, such as "
                    + "'2026-07-15T00:00:00'"
            ])
    }

    @Test("times of pandas and JavaScript are read; those without offset are local, with a warning")
    func forms() throws {
        #expect(try mistakes(day { $0.replacingOccurrences(of: "T", with: " ") }).isEmpty)
        #expect(try mistakes(day { $0.replacingOccurrences(of: "+", with: ".000+") }).isEmpty)
        let excel = day { time in
            "2026/7/15 \(Int(time.dropFirst(11).prefix(2))!)\(time.dropFirst(13).prefix(3))"
        }
        #expect(try mistakes(excel).isEmpty)
        let loaded = try workshop.load()
        #expect(
            loaded.warnings.map(\.message) == [
                "time: '2026/7/15 0:00' has no UTC offset; such times are read as local time of Asia/Shanghai"
            ])
        #expect(loaded.scenario.devices.contains { $0.name == "houses" })
    }

    /// A day of New York in half hours, by its clocks: 23 or 25 hours long.
    private func newYork(_ date: String, _ clocks: [String]) throws -> (
        mistakes: [String], warnings: [String]
    ) {
        try workshop.write(
            "demand.csv", "time,school_kw\n" + clocks.map { "\(date) \($0),1\n" }.joined())
        let good = Workshop.good
            .replacingOccurrences(of: "longitude: 106.98", with: "longitude: -74")
            .replacingOccurrences(of: "Asia/Shanghai", with: "America/New_York")
            .replacingOccurrences(of: "start: 2026-07-15", with: "start: \(date)")
            .replacingOccurrences(of: "step: 15 min", with: "step: 30 min")
            .replacingOccurrences(
                of: "active: 180 kW, power_factor: 0.95, shape: flat",
                with: "demand: {file: demand.csv, column: school_kw}")
        try workshop.write("scenario.yaml", good)
        let mistakes = workshop.mistakes()
        return (mistakes, mistakes.isEmpty ? try workshop.load().warnings.map(\.message) : [])
    }

    private func clocks(_ hours: [Int]) -> [String] {
        hours.flatMap { ["\($0):00", "\($0):30"] }
    }

    @Test("local times across a clock change: the repeated hour twice, the skipped hour never")
    func clockChanges() throws {
        let autumn = try newYork("2026-11-01", clocks([0, 1, 1] + Array(2..<24)))
        #expect(autumn.mistakes.isEmpty)
        #expect(
            autumn.warnings.contains {
                $0.hasSuffix(
                    "America/New_York; on 2026-11-01 clocks go back: the hour that comes twice is read twice")
            })
        let once = try newYork("2026-11-01", clocks(Array(0..<24)))
        #expect(
            once.mistakes == [
                "demand.csv:6:1: error: time: 2026-11-01T01:00:00 comes twice in America/New_York, because clocks "
                    + "go back; give the hour twice, or write times with their UTC offset; "
                    + "2026-11-01T01:00:00-05:00 is expected"
            ])
        let spring = try newYork("2026-03-08", clocks([0, 1] + Array(3..<24)))
        #expect(spring.mistakes.isEmpty)
        let winter = try newYork("2026-03-08", clocks(Array(0..<24)))
        #expect(
            winter.mistakes == [
                "demand.csv:6:1: error: time: 2026-03-08T02:00:00 does not exist in America/New_York, because "
                    + "clocks go forward then; write local time, or times with their UTC offset; "
                    + "2026-03-08T03:00:00-04:00 is expected"
            ])
    }

    @Test("one table of several loads names its fault once")
    func shared() throws {
        try workshop.write("demand.csv", Workshop.demand(Array(1..<97)))
        let demand = "demand: {file: demand.csv, column: school_kw}"
        let good = Workshop.good.replacingOccurrences(
            of: "active: 180 kW, power_factor: 0.95, shape: flat", with: demand)
        let more = (1...5).map { "\n  more-\($0): {kind: load, bus: 2, \(demand)}" }.joined()
        try workshop.write(
            "scenario.yaml", good.replacingOccurrences(of: "devices:", with: "devices:" + more))
        #expect(workshop.mistakes().count == 1)
    }

    @Test(
        "a column whose name says another unit is never read as kW",
        arguments: [
            (
                "school_kwh", "kWh",
                "divide the energy of each step by its length in hours, and let the name end with _kw"
            ),
            (
                "Load (MWh)", "MWh",
                "divide the energy of each step by its length in hours, and let the name end with _kw"
            ),
            (
                "SchoolKWh", "kWh",
                "divide the energy of each step by its length in hours, and let the name end with _kw"
            ),
            (
                "kwh_per_15min", "kWh",
                "divide the energy of each step by its length in hours, and let the name end with _kw"
            ),
            (
                "用电量（千瓦时）", "千瓦时",
                "divide the energy of each step by its length in hours, and let the name end with _kw"
            ),
            ("load_mw", "MW", "convert the numbers to kW and let the name end with _kw"),
            ("school_kvar", "kvar", "name a column in kW"), ("school_kva", "kVA", "name a column in kW"),
            ("load %", "%", ""),
        ])
    func units(column: String, unit: String, advice: String) throws {
        try workshop.write(
            "demand.csv", Workshop.demand(Array(0..<96)).replacingOccurrences(of: "school_kw", with: column))
        let mistakes = try workshop.mistakes(
            replacing: "active: 180 kW, power_factor: 0.95, shape: flat",
            with: "demand: {file: demand.csv, column: '\(column)'}")
        if column == "load %" {
            #expect(mistakes.isEmpty)
            #expect(try workshop.load().warnings.contains { $0.message.contains("if its numbers are in %") })
            return
        }
        #expect(mistakes.count == 1)
        let end = "the name of the column '\(column)' says \(unit), but a demand is a power in kW; \(advice)"
        #expect(mistakes.first?.hasSuffix(end) == true)
    }

    @Test(
        "columns in kW, or without a unit, are read",
        arguments: ["school_kw", "kW", "P [kW]", "a_w_kw", "demand", "kwartier"])
    func kilowatts(column: String) throws {
        try workshop.write(
            "demand.csv", Workshop.demand(Array(0..<96)).replacingOccurrences(of: "school_kw", with: column))
        let mistakes = try workshop.mistakes(
            replacing: "active: 180 kW, power_factor: 0.95, shape: flat",
            with: "demand: {file: demand.csv, column: '\(column)'}")
        #expect(mistakes.isEmpty)
        #expect(try workshop.load().warnings.isEmpty)
    }
}

import Devices
import Foundation
import Grid
import Market
import ScenarioFile
import Scheduling
import Settlement
import Simulator
import Testing
import Timeline

@Suite("Any year, several years, and a month begun")
struct YearTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private func scenario(_ changes: [(String, String)]) throws -> Scenario {
        var text = Workshop.good
        for (old, new) in changes {
            precondition(text.contains(old))
            text = text.replacingOccurrences(of: old, with: new)
        }
        try workshop.write("scenario.yaml", text)
        #expect(workshop.mistakes() == [])
        return try workshop.load().scenario
    }

    private static let anyYear = ("rules: guizhou-sample-2026", "rules: guizhou-sample-any-year")

    @Test(
        "rules of 2026 refuse other years and name those that do not",
        arguments: ["2025-12-31", "2028-02-29"])
    func refusal(start: String) throws {
        let mistakes = try workshop.mistakes(replacing: "start: 2026-07-15", with: "start: \(start)")
        #expect(
            mistakes.count == 1
                && mistakes[0].hasSuffix("; a study of other years takes 'guizhou-sample-any-year'"))
    }

    @Test("a leap day runs, in steps of a minute too")
    func leapDay() throws {
        let day = try scenario([Self.anyYear, ("start: 2026-07-15", "start: 2028-02-29")])
        #expect(day.zone.civil(day.horizon.end).date == CivilDate(year: 2028, month: 3, day: 1))
        let minutes = try scenario([
            Self.anyYear, ("start: 2026-07-15", "start: 2028-02-29T12:00"),
            ("duration: 1 day", "duration: 20 min"),
            ("step: 15 min", "step: 1 min"), ("horizon: 24 h, replan: 1 h", "horizon: 10 min, replan: 5 min"),
        ])
        let records = Array(Simulation(minutes))
        #expect(records.count == 20)
        for record in records {
            #expect(abs((record.power.reduce(.zero, +) - record.point.losses).value) < 1)
        }
    }

    @Test("three years with a leap year have every hour, and loads grow from each to the next")
    func growth() throws {
        let years = try scenario([
            Self.anyYear, ("start: 2026-07-15", "start: 2026-01-01"),
            ("duration: 1 day", "duration: 3 years"),
            ("step: 15 min", "step: 1 h"), ("variation: 5 %", "variation: 0 %\n  growth: 10 %/year"),
        ])
        #expect(years.horizon.count == (365 + 365 + 366) * 24)
        let houses = try #require(years.devices.first { $0.name == "houses" }?.load)
        let first = [0, 365 * 24, 730 * 24]
        for (year, kilowatts) in [90, 99, 108.9].enumerated() {
            #expect(abs(houses.demand[first[year]].kilowatts - kilowatts) < 1e-9)
            // The last hour of the year is still of this year.
            #expect(abs(houses.demand[year < 2 ? first[year + 1] - 1 : 26_303].kilowatts - kilowatts) < 1e-9)
        }
    }

    @Test("a holiday is a weekend day to a shape")
    func holiday() throws {
        try workshop.write(
            "shapes.csv",
            Workshop.shapes.split(separator: "\n").map {
                $0.contains("weekend") ? $0.replacingOccurrences(of: "0.5", with: "0.2") : String($0)
            }.joined(separator: "\n"))
        // A Wednesday and a Thursday, which is a holiday.
        let days = try scenario([
            ("duration: 1 day", "duration: 2 days"),
            ("variation: 5 %", "variation: 0 %\n  holidays: [2026-07-16]"),
        ])
        let houses = try #require(days.devices.first { $0.name == "houses" }?.load)
        #expect(abs(houses.demand[48].kilowatts - 90) < 1e-9)
        #expect(abs(houses.demand[144].kilowatts - 36) < 1e-9)
        let wrong = try workshop.mistakes(
            replacing: "variation: 5 %", with: "variation: 5 %\n  holidays: [2026-02-30]")
        #expect(wrong.count == 1 && wrong[0].contains("loads.holidays"))
    }

    @Test("plans and the bill begin with the peak that was metered before")
    func begunMonth() throws {
        let day = try scenario([("import_limit: 5 MW", "import_limit: 5 MW, peak_so_far: 640 kW")])
        #expect(day.terms.peakSoFar == 640_000)
        var (watts, soFar) = (Int64(0), Power.zero)
        for record in Simulation(day) {
            if record.step == 0, let plan = record.plan {
                soFar = plan.problem.requirements.demandCharge?.months.first?.soFar ?? .zero
            }
            for entry in record.settlement?.entries ?? [] {
                if case .demand(let demand, _, _) = entry.basis { watts = demand }
            }
        }
        #expect(soFar == Power(640e3))
        #expect(watts == 640_000)
    }
}

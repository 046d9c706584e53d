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

    @Test("modules and batteries lose what is stated in each year")
    func degradation() throws {
        let years = try scenario([
            Self.anyYear, ("start: 2026-07-15", "start: 2026-01-01"),
            ("duration: 1 day", "duration: 3 years"),
            ("step: 15 min", "step: 1 h"), ("tilt: 15 deg", "degradation: 1 %/year, tilt: 15 deg"),
            ("    wear:", "    degradation: 3 %/year\n    wear:"),
        ])
        let roof = try #require(years.devices.first { $0.name == "roof" })
        guard case .solar(let solar) = roof.kind else { return #expect(Bool(false)) }
        #expect(solar.degradation == 0.01)
        #expect(years.devices.first { $0.name == "battery" }?.battery?.degradation == 0.03)
        var whole = solar
        whole.degradation = 0
        let device = Device(name: "new", bus: 0, kind: .solar(whole))
        let (aged, new) = (roof.potentials(under: years.weather), device.potentials(under: years.weather))
        // Below the inverter's limit an hour of the last day has 0.99³ of the light's output, almost.
        let late = (years.horizon.count - 24..<years.horizon.count).filter {
            (Power(5000)...Power(80e3)).contains(new[$0])
        }
        #expect(!late.isEmpty)
        for step in late { #expect(abs(aged[step] / new[step] - pow(0.99, 3)) < 3e-3) }
    }

    @Test("prices grow from year to year, on the first of a month, in plans and bills")
    func priceGrowth() throws {
        let years = try scenario([
            Self.anyYear, ("duration: 1 day", "duration: 3 years"), ("step: 15 min", "step: 1 h"),
            ("  rules: guizhou", "  growth: 5 %/year\n  rules: guizhou"),
        ])
        let grid = try #require(years.devices.last?.externalGrid)
        // The second year begins on 15 July 2027; August is the first month that begins in it.
        func hours(_ date: String) -> Int {
            CivilTime(iso8601: date)!.instant(offset: 8 * 3600).seconds(since: years.horizon.start) / 3600
        }
        let flat = [hours("2026-07-15T09:00"), hours("2027-07-31T09:00"), hours("2027-08-01T09:00")]
        #expect(
            flat.map { (grid.importPrice[$0].yuanPerKilowattHour * 1e6).rounded() }
                == [562_000, 562_000, 590_100])
        #expect(
            flat.map { (grid.feedIn(at: $0).yuanPerKilowattHour * 1e6).rounded() }
                == [200_000, 200_000, 210_000])
        let terms = years.terms
        let factors = [(2026, 7), (2027, 7), (2027, 8), (2028, 8)].map {
            terms.factor(in: CivilMonth(of: CivilDate(year: $0, month: $1, day: 1)!))
        }
        for (factor, power) in zip(factors, [0.0, 0, 1, 2]) {
            #expect(abs(factor - pow(1.05, power)) < 1e-12)
        }
        // The bill has the grown prices too.
        var settler = Settler(terms)
        var prices: Set<Int64> = []
        let use = terms.meteringPoints.map { point in
            point.owner == terms.gridCompany
                ? Reading(given: WattHours(kilowattHours: 5), taken: .zero)
                : Reading(given: .zero, taken: .zero)
        }
        for step in years.horizon.prefix(24 * 420) {
            guard let month = settler.add(use, losses: .zero, over: step) else { continue }
            for entry in month.entries where entry.clause == .imported && entry.segment == .flat {
                if case .energy(_, let price) = entry.basis { prices.insert(price.microyuanPerKilowattHour) }
            }
            for entry in month.entries where entry.clause == .demand {
                guard case .demand(_, let price, _) = entry.basis else { continue }
                let isLater = (month.period.year, month.period.month) >= (2027, 8)
                #expect(price.fen == (isLater ? 3675 : 3500))
            }
        }
        #expect(prices == [562_000, 590_100])
    }

    @Test("a holiday is forecast as a Sunday")
    func forecastHoliday() throws {
        let days = try scenario([("variation: 5 %", "variation: 5 %\n  holidays: [2026-07-15]")])
        #expect(days.holidays == [CivilDate(year: 2026, month: 7, day: 15)!])
    }
}

import Foundation
import Grid
import Report
import Results
import RunSamples
import Simulator
import Testing

@Suite struct RunReportTests {
    private func page(_ run: SampleRun = SampleRun(), _ libraries: ChartLibraries? = nil) -> String {
        var summary = Summary(run.scenario)
        for record in run.records() { summary.add(record) }
        let stub = ChartLibraries(
            dygraphs: "/* dygraphs '</script>' */", dygraphsStyle: ".d{}", chart: "/* chart */")
        return String(decoding: RunReport(summary, libraries: libraries ?? stub).html(), as: UTF8.self)
    }

    private func data(_ page: String) throws -> [String: Any] {
        let open = try #require(page.range(of: "<script type=\"application/json\" id=\"data\">"))
        let close = try #require(page.range(of: "</script>", range: open.upperBound..<page.endIndex))
        let json = Data(page[open.upperBound..<close.lowerBound].utf8)
        return try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    }

    private func decoded(_ series: Any?) throws -> [Double?] {
        let series = try #require(series as? [String: Any])
        let scale = try #require(series["scale"] as? Double)
        var last = 0
        return try #require(series["differences"] as? String)
            .split(separator: ",", omittingEmptySubsequences: false).map { text in
                guard text != "x" else { return nil }
                last += Int(text) ?? 0
                return Double(last) / scale
            }
    }

    @Test func hostileNamesStayText() throws {
        let image = "<img src=x onerror=alert(1)>"
        let script = "</script><script>alert(2)</script>"
        let run = SampleRun(
            names: [image, "mill", "weir", script, "standby", "a&b", "grid"], title: "<b>\(script)")
        let page = page(run)
        #expect(!page.contains("<img"))
        #expect(!page.contains("<script>alert"))
        #expect(!page.contains("<b></script>"))
        #expect(page.contains("&lt;img src=x onerror=alert(1)&gt;"))
        // Two libraries, the data and the page's own script.
        #expect(page.components(separatedBy: "</script>").count - 1 == 4)
        let batteries = try #require(try data(page)["stateOfCharge"] as? [[String: Any]])
        #expect(batteries[0]["name"] as? String == script)
    }

    @Test func needsNoNetwork() {
        let page = page(SampleRun(), .find())
        for mark in ["<link", " src=\"", "@import", "url(http", "<iframe"] {
            #expect(!page.contains(mark), "\(mark)")
        }
        #expect(page.contains("default-src 'none'"))
    }

    @Test func comesOutWithoutLibraries() {
        let page = page(SampleRun(), ChartLibraries.none)
        #expect(page.contains("install libjs-dygraphs and libjs-chart.js"))
        #expect(!page.contains("<script"))
        #expect(page.contains("Capacity factor"))
        #expect(page.contains("village"))
    }

    @Test func theSameRunGivesTheSamePage() {
        #expect(page() == page())
        #expect(!page().contains(NSTemporaryDirectory()))
        #expect(!page().contains(FileManager.default.currentDirectoryPath))
    }

    @Test func seriesAreTheRun() throws {
        let data = try data(page())
        let powers = try #require(data["powers"] as? [String: Any])
        let battery = try decoded(powers["battery"])
        #expect(battery == SampleRun().records().map { ($0.power[3].value / 100).rounded() / 10 })
        let marginal = try decoded(data["marginalPrice"])
        #expect(marginal.count == 96 && marginal.allSatisfy { $0 == nil })
        let energy = try #require(data["energy"] as? [String: [Double]])
        #expect(energy["solar"] == [0.96])
        #expect(energy["load"] == [-2.16])
    }

    @Test func weeksStandOut() throws {
        let run = SampleRun(steps: 96 * 30, start: "2026-03-01")
        let weeks = try #require(try data(page(run))["weeks"] as? [[String: Any]])
        // 2 March 2026 is a Monday.
        #expect(weeks.first?["title"] as? String == "Highest import: week of 2026-03-02")
        #expect(weeks.allSatisfy { $0["count"] as? Int == 672 })
    }

    @Test func numbersAreGrouped() {
        let page = page(SampleRun(steps: 96 * 30, start: "2026-03-01"))
        #expect(page.contains("2,880 steps of 15 min"))
    }

    @Test func aNamedFolderOfLibrariesIsTheOnlyOne() {
        let found = ChartLibraries.find(environment: ["KARST_JS": "/nowhere"])
        #expect(found.dygraphs == nil && found.chart == nil)
    }
}

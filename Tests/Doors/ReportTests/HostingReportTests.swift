import Devices
import Foundation
import Grid
import PowerFlow
import Report
import RunSamples
import Simulator
import Studies
import Testing
import Timeline

@Suite struct HostingReportTests {
    /// The three buses of the sample run, without load; full sun in step 48, noon; 100 kW may flow out.
    private struct Sample {
        let scenario: Scenario
        let study: HostingCapacity
        let result: HostingCapacity.Result

        init(title: String = "Sample run", exportLimit: Power? = Power(kilowatts: 100)) {
            var run = SampleRun()
            run.title = title
            scenario = run.scenario
            let network = scenario.network
            study = HostingCapacity(
                network: network,
                injections: InjectionSeries(buses: network.buses.count, steps: scenario.horizon.count),
                sunshine: (0..<96).map { $0 == 48 ? 1 : 0 }, exportLimit: exportLimit)
            result = study.study(study.candidates)
        }

        var table: HostingTable { HostingTable(scenario, study, result) }

        var page: String {
            String(
                decoding: HostingReport(scenario, study, result, solar: scenario.typicalSolar).html(),
                as: UTF8.self)
        }
    }

    @Test func tellsCapacityReasonAndTime() {
        let page = Sample().page
        // 100 kW and the watts lost in the wires on the way.
        #expect(page.contains("bus 2 · 100 kW · export limit"))
        #expect(page.contains("2026-01-31 12:00"))
        #expect(page.contains("export limit of 100 kW"))
        #expect(page.contains("face 180° at a tilt of 20°, with 80 % inverter, at unity power factor"))
    }

    /// A tree of three buses and one wire that closes a loop.
    @Test func drawsEveryBusAndBranchOnce() {
        let page = Sample().page
        #expect(page.components(separatedBy: "<g class=\"bus").count - 1 == 3)
        #expect(page.components(separatedBy: "<path class=\"wire").count - 1 == 3)
        #expect(page.components(separatedBy: "<path class=\"wire chord").count - 1 == 1)
        #expect(page.components(separatedBy: "class=\"track").count - 1 == 2)
        // What binds is the connection, at the source.
        #expect(page.contains("<g class=\"bus source binds\"><title>bus 1</title>"))
    }

    @Test func hostileNamesStayText() {
        let page = Sample(title: "</title><script>alert(1)</script>").page
        #expect(!page.contains("<script"))
        #expect(page.contains("&lt;script&gt;"))
    }

    @Test func needsNoNetwork() {
        let page = Sample().page
        for mark in ["<link", " src=\"", "@import", "url(http", "<iframe", "<script"] {
            #expect(!page.contains(mark), "\(mark)")
        }
        #expect(page.contains("default-src 'none'"))
    }

    @Test func tableAsCSV() {
        let lines = String(decoding: Sample().table.csv, as: UTF8.self).split(separator: "\n")
        #expect(
            lines == [
                "bus,capacity_kw,limit,place,begin", "2,100,export-limit,,2026-01-31T12:00:00+08:00",
                "3,100,export-limit,,2026-01-31T12:00:00+08:00",
            ])
    }

    @Test func tableAsJSON() throws {
        let json = try JSONSerialization.jsonObject(with: Sample(exportLimit: nil).table.json)
        let found = try #require(json as? [String: Any])
        let (rows, together) = (found["buses"] as? [[String: Any]], found["together"] as? [String: Any])
        #expect(rows?.map { $0["bus"] as? String } == ["2", "3"])
        #expect(rows?.allSatisfy { $0["limit"] as? String == "overvoltage" } == true)
        #expect(together?["capacity_kw"] as? Double ?? 0 > 0 && together?["bus"] == nil)
        #expect(found["resolution_kw"] as? Double == 1 && found["steps_with_a_broken_limit"] as? Int == 0)
    }
}

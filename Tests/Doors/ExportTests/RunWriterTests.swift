import Export
import Foundation
import GRDB
import Grid
import Results
import RunSamples
import Simulator
import Testing
import Timeline

@Suite struct RunWriterTests {
    private func write(_ run: SampleRun = SampleRun(), to path: String) throws {
        let writer = try RunWriter(
            run.scenario, build: SampleRun.build,
            inputs: [FileDigest(name: "a.yaml", contents: Data("abc".utf8))],
            in: RunDirectory(at: path))
        for record in run.records() { try writer.take(record) }
        try writer.finish()
        try writer.add(Data("<p>page</p>".utf8), as: "report.html")
        try writer.publish(StageClock().timing(steps: writer.summary.steps))
    }

    private func table(_ text: String) -> [[String]] {
        text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    @Test func seriesReadBackAsTheyWere() throws {
        let folder = Folder()
        let run = SampleRun()
        try write(run, to: folder.path + "/one")
        let power = table(try folder.text("one/timeseries/device_power.csv"))
        #expect(
            power[0] == [
                "time", "roof_kw", "mill_kw", "weir_kw", "store_kw", "standby_kw", "house_kw", "grid_kw",
            ])
        #expect(power[1][0] == "2026-01-31T00:00:00+08:00")
        #expect(power[96][0] == "2026-01-31T23:45:00+08:00")
        for (row, record) in zip(power.dropFirst(), run.records()) {
            #expect(row.dropFirst().map { Double($0)! } == record.power.map { $0.value / 1000 })
        }
        let charge = table(try folder.text("one/timeseries/state_of_charge.csv"))
        #expect(charge[96] == ["2026-01-31T23:45:00+08:00", "50.095"])
        let flow = try folder.text("one/timeseries/branch_flow.csv")
        #expect(
            flow.hasPrefix("time,1-2_kw,2-3_kw,2-3#2_kw\n2026-01-31T00:00:00+08:00,21.000,-20.500,0.000\n"))
        let price = table(try folder.text("one/timeseries/price.csv"))
        #expect(price[1] == ["2026-01-31T00:00:00+08:00", "0.500000", "0.200000", "", ""])
        let alarms = table(try folder.text("one/timeseries/alarms.csv"))
        #expect(alarms.count == 4)
        #expect(alarms[3].dropFirst() == ["undervoltage", "3", "0.918000", "0.930000", "1"])
    }

    @Test func thePackageDescribesEveryFile() throws {
        let folder = Folder()
        try write(to: folder.path + "/one")
        let package = try folder.json("one/datapackage.json")
        let resources = try #require(package["resources"] as? [[String: Any]])
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/one/timeseries")
            .map { "timeseries/\($0)" }
        #expect(
            resources.compactMap { $0["path"] as? String }.sorted() == (files + ["forecast.csv"]).sorted())
        for resource in resources {
            let schema = try #require(resource["schema"] as? [String: Any])
            let fields = try #require(schema["fields"] as? [[String: Any]])
            let path = try #require(resource["path"] as? String)
            #expect(table(try folder.text("one/\(path)"))[0] == fields.compactMap { $0["name"] as? String })
        }
    }

    @Test func theManifestKnowsEveryByte() throws {
        let folder = Folder()
        try write(to: folder.path + "/one")
        let manifest = try JSONDecoder().decode(Manifest.self, from: folder.data("one/manifest.json"))
        #expect(manifest.status == .complete)
        #expect(manifest.steps == 96)
        // FIPS 180-2's "abc".
        #expect(
            manifest.inputs.first?.sha256
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(manifest.outputs.map(\.name) == manifest.outputs.map(\.name).sorted())
        #expect(manifest.outputs.contains { $0.name == "report.html" && $0.bytes == 11 })
        for output in manifest.outputs {
            #expect(FileDigest(name: output.name, contents: try folder.data("one/\(output.name)")) == output)
        }
        let entries = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/one")
        #expect(
            Set(entries).subtracting(["manifest.json", "timing.json", "timeseries"]) == [
                "datapackage.json", "forecast.csv", "report.html", "results.sqlite",
            ])
    }

    @Test func twoRunsDifferInNothingButTheirTiming() throws {
        let folder = Folder()
        try write(to: folder.path + "/one")
        try write(to: folder.path + "/two")
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path + "/one")
        where name != "timing.json" && name != "timeseries" {
            #expect(try folder.data("one/\(name)") == folder.data("two/\(name)"), "\(name)")
        }
    }

    @Test func nothingDeterministicNamesThePlace() throws {
        let folder = Folder()
        try write(to: folder.path + "/one")
        for name in ["manifest.json", "datapackage.json", "results.sqlite"] {
            #expect(try folder.data("one/\(name)").range(of: Data(folder.path.utf8)) == nil)
        }
    }

    @Test func theDatabaseAnswersQueries() throws {
        let folder = Folder()
        try write(to: folder.path + "/one")
        let queue = try DatabaseQueue(path: folder.path + "/one/results.sqlite")
        try queue.read { database in
            let unserved = try Double.fetchOne(
                database, sql: "SELECT value FROM key_figure WHERE name = 'energy_unserved'")
            #expect(abs((unserved ?? 0) - 240) < 1e-9)
            #expect(
                try Int.fetchOne(database, sql: "SELECT sum(quantity) FROM balance WHERE asset = 'money'")
                    == 0)
            #expect(
                try Int.fetchOne(
                    database, sql: "SELECT sum(quantity) FROM statement_line WHERE asset = 'money'") == 0)
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM monthly_energy") == 7)
        }
    }

    @Test func namesThatSpreadsheetsWouldRunAreDisarmed() throws {
        let folder = Folder()
        let run = SampleRun(names: ["=1+1", "@SUM(A1)", "-2", "+3", "a,\"b\"", "house", "grid"])
        try write(run, to: folder.path + "/one")
        let header = try folder.text("one/timeseries/device_power.csv").split(separator: "\n")[0]
        #expect(
            header
                == "time,\"'=1+1_kw\",\"'@SUM(A1)_kw\",\"'-2_kw\",\"'+3_kw\",\"a,\"\"b\"\"_kw\",house_kw,grid_kw"
        )
        #expect(CSVText.cell("plain name") == "plain name")
    }
}

import Foundation
import TestSupport
import Testing

/// What the commands say of networks whose right answer is known.
@Suite struct CaseFileCommandTests {
    private static let network = "Tests/Golden/casefile/network"

    private func table(_ path: String) throws -> [[String: String]] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let head = lines[0].split(separator: ",").map(String.init)
        return lines.dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(uniqueKeysWithValues: zip(head, cells))
        }
    }

    /// pandapower's distributed slack: 15.153468 MW and 65.460403 MW.
    @Test func aRemainderIsSharedByTheWeightsOfTheFile() throws {
        let folder = try TemporaryFolder()
        let arguments = ["powerflow", "\(Self.network)/weights.json", "--share-remainder"]
        _ = try Karst.run(arguments + ["--output", folder.path("out")])
        let buses = try table(folder.path("out/bus.csv"))
        #expect(abs(Double(buses[0]["injected_kw"]!)! - 15153.467704) < 0.01)
        #expect(abs(Double(buses[1]["injected_kw"]!)! - 65460.403113) < 0.01)
    }

    /// In proportion to 250 and 100 MW at most, where no weights are given.
    @Test func aRemainderIsSharedByTheLargestPowersOtherwise() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            """
            function mpc = tiny
            mpc.version = '2'; mpc.baseMVA = 100;
            mpc.bus = [1 3 0 0 0 0 1 1 0 110 1 1.1 0.9; 2 1 60 10 0 0 1 1 0 110 1 1.1 0.9
                3 2 0 0 0 0 1 1 0 110 1 1.1 0.9];
            mpc.gen = [1 0 0 300 -300 1.02 100 1 250 0; 3 30 0 50 -50 1 100 1 100 0];
            mpc.branch = [1 2 0.01 0.1 0 0 0 0 0 0 1 -360 360; 2 3 0.01 0.1 0 0 0 0 0 0 1 -360 360];
            """, to: "tiny.m")
        let apf = try folder.write(
            String(contentsOfFile: path, encoding: .utf8)
                .replacing("1 250 0;", with: "1 250 0 0 0 0 0 0 0 0 0 0 0 1;")
                .replacing("1 100 0]", with: "1 100 0 0 0 0 0 0 0 0 0 0 0 4]"), to: "apf.m")
        for (file, ratio) in [(path, 2.5), (apf, 0.25)] {
            let out = folder.path("\(ratio)")
            _ = try Karst.run("powerflow", file, "--share-remainder", "--output", out)
            let given = try table("\(out)/bus.csv").map { Double($0["injected_kw"]!)! }
            #expect(abs(given[0] - ratio * (given[2] - 30000)) < 0.05, "\(given)")
        }
    }

    @Test func everyBusOfTheFileHasItsRow() throws {
        let folder = try TemporaryFolder()
        let case4 = "\(Self.network)/fused.json"
        _ = try Karst.run("powerflow", case4, "--output", folder.path("out"))
        let buses = try table(folder.path("out/bus.csv"))
        #expect(buses.map { $0["bus"] } == ["b0", "b1", "b2", "b3"])
        #expect(buses[1]["voltage_pu"] == buses[2]["voltage_pu"])
        // Each has the powers of its own loads.
        #expect(buses.dropFirst().map { Double($0["injected_kw"]!)!.rounded() } == [-1000, -2000, -1000])
        let branches = try table(folder.path("out/branch.csv"))
        #expect(branches.map { $0["from_bus"]! + "-" + $0["to_bus"]! } == ["b0-b1", "b0-b2", "b2-b3"])
        let profile = try folder.write("step,b2_scale\n0,1\n1,2\n", to: "profile.csv")
        let outcome = try Karst.run(
            "powerflow", case4, "--profile", profile, "--output", folder.path("series"))
        #expect(outcome.code == 0, "\(outcome.errors)")
        let steps = try table(folder.path("series/voltages.csv"))
        #expect(steps[0]["b2_pu"] == steps[0]["b1_pu"] && steps[0]["b2_pu"]! > steps[1]["b2_pu"]!)
    }

    /// pandapower: without the one transformer, the other's windings carry 76.857, 85.928 and 54.975 %.
    @Test func aThreeWindingTransformerGoesOutAsOne() throws {
        let outcome = try Karst.run("contingencies", "\(Self.network)/three.json", "--ac", "all", "--json")
        let all = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let rows = try #require(all["contingencies"] as? [[String: Any]])
        #expect(Set(rows.map { $0["name"] as? String }) == ["A", "B"])
        let lost = try #require(rows.first { $0["name"] as? String == "A" })
        #expect(lost["kind"] as? String == "unit" && lost["most_loaded"] as? String == "B mv")
        #expect(abs((lost["loading_percent"] as? Double ?? 0) - 85.92759325) < 1e-4)
    }

    @Test func aSourceBeyondItsReactiveLimitsIsTold() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            """
            function mpc = tight
            mpc.version = '2'; mpc.baseMVA = 100;
            mpc.bus = [1 3 5 3 0 0 1 1 0 110 1 1.1 0.9; 2 1 60 40 0 0 1 1 0 110 1 1.1 0.9
                3 1 30 0 0 0 1 1 0 110 1 1.1 0.9];
            mpc.gen = [1 0 0 20 -20 1.02 100 1 250 0; 3 20 0 0 0 1 100 1 50 0];
            mpc.branch = [1 2 0.01 0.1 0 0 0 0 0 0 1 -360 360; 2 3 0.01 0.1 0 0 0 0 0 0 0 -360 360];
            """, to: "tight.m")
        let text = try Karst.run("powerflow", path).output
        #expect(
            text.contains(
                #/source at bus 1 gives 4\d,\d+\.\d+ kvar, beyond its limits -20,000.000 to 20,000.000/#),
            "\(text)")
        // What is generated at the dead bus does not serve its load.
        #expect(text.contains("1 buses without voltage, 30,000.000 kW not served"), "\(text)")
        let wide = try folder.write(
            String(contentsOfFile: path, encoding: .utf8).replacing("20 -20 1.02", with: "60 -60 1.02"),
            to: "wide.m")
        #expect(!(try Karst.run("powerflow", wide).output.contains("beyond its limits")))
    }
}

import Foundation
import TestSupport
import Testing

/// `karst comms`: a study of communication, its parts, and how it goes on after a stop.
@Suite struct CommunicationTests {
    private static let words = [
        "comms", "Scenarios/first-day/scenario.yaml", "--topologies", "star,along-the-cable", "--links",
        "lan",
        "--losses", "30", "--quiet",
    ]

    private func table(_ folder: URL, _ name: String) throws -> [[String: String]] {
        let text = try String(
            contentsOf: folder.appending(path: "\(name)/communication.csv"), encoding: .utf8)
        let lines = text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        return lines.dropFirst().map { line in
            Dictionary(uniqueKeysWithValues: zip(lines[0].map(String.init), line.map(String.init)))
        }
    }

    @Test("the parts of each cost add up to it, and a study that goes on gives the same bytes")
    func resumed() throws {
        let folder = try Workspace.make()
        func study(_ name: String, _ more: [String]) throws {
            let outcome = try Karst.run(Self.words + ["--output", name] + more, in: folder.url)
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        try study("whole", ["--resume", "points.csv"])
        let rows = try table(folder.url, "whole")
        // Along the cable the controller alone; perfect links of controller and agents, and three points.
        #expect(
            rows.map { "\($0["coordinator"]!) \($0["topology"]!) \($0["link"]!)" } == [
                "centre star perfect", "r-admm star perfect", "centre star lan", "centre along-the-cable lan",
                "r-admm star lan",
            ])
        for row in rows {
            let parts = ["foresight_yuan", "information_yuan", "coordination_yuan", "communication_yuan"]
            let sum = try parts.reduce(0) { $0 + (try #require(Double(row[$1] ?? ""))) }
            // Each is rounded to a hundredth.
            #expect(near(Double(row["cost_yuan"] ?? ""), sum, relative: 0, absolute: 0.03))
        }
        // A message over one link of 30 % loss; over the cable one to three.
        let delivered = try rows.map { try #require(Double($0["delivery_ratio"] ?? "")) }
        #expect(delivered[0] == 1 && abs(delivered[2] - 0.7) < 0.04 && (0.35..<0.65).contains(delivered[3]))
        // The controller decides after 5 s, and one message takes 3 to 10 ms. Agents on perfect links
        // agree in one tick after the 60 of the plan.
        #expect((5.003...5.010).contains(Double(rows[2]["agreement_p50_s"] ?? "") ?? 0))
        #expect(rows[1]["agreement_p99_ticks"] == "61.0")
        #expect([rows[0]["age_p99_s"], rows[2]["age_p50_s"]] == ["5.000", "5.000"])
        // All but three points, the last of them cut short.
        let path = folder.url.appending(path: "points.csv")
        let points = try String(contentsOf: path, encoding: .utf8)
        let kept = points.split(separator: "\n").dropLast(2).joined(separator: "\n")
        try Data(kept.dropLast(5).utf8).write(to: path)
        try study("continued", ["--resume", "points.csv", "--workers", "1"])
        for file in ["communication.csv", "report.html"] {
            #expect(
                try Data(contentsOf: folder.url.appending(path: "whole/\(file)"))
                    == Data(contentsOf: folder.url.appending(path: "continued/\(file)")))
        }
    }

    @Test("another scenario's points and unknown words are refused")
    func refused() throws {
        let folder = try Workspace.make()
        _ = try folder.write("karst-comms,0\n", to: "other.csv")
        for more in [
            ["--resume", "other.csv"], ["--links", "wifi"], ["--losses", "120"], ["--plan", "nobody"],
            ["--seeds", "0"], ["--topologies", "star,star"], ["--topologies", "line"],
            ["--topologies", "along-the-cable"],
        ] {
            let outcome = try Karst.run(Self.words + ["--output", "new"] + more, in: folder.url)
            #expect(outcome.code == 2, "\(more)")
        }
    }
}

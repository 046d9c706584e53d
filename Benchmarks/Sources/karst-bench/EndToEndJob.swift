import CaseFile
import Foundation
import Grid
import Lanes
import PowerFlow

extension Job {
    static let endToEnd = Job(name: EndToEndJob.name, run: EndToEndJob.run)
}

/// A planner's year on a feeder of 1,041 buses, from file to file: a case and 8,760 rows of power at every
/// bus in, the voltage of every bus and step out, by the command `karst powerflow`. Seconds of CPU time.
private enum EndToEndJob {
    static let name = "end-to-end"
    private static let runs = 3

    @Sendable static func run() throws -> [JobResult] {
        let year = try FeederYear(.feeder1041)
        print("\(name): \(year.injections.steps) steps of \(year.injections.buses) buses, s of CPU time")
        let folder = try Peers.exchange(name)
        defer { try? FileManager.default.removeItem(at: folder) }
        try year.writeNetwork(to: folder)
        let file = folder.appending(path: "feeder.m")
        try CaseFile.text(numbered(year.network), as: .matpower).write(
            to: file, atomically: true, encoding: .utf8)
        let profile = folder.appending(path: "profile.csv")
        try writeProfile(year, to: profile)
        let output = folder.appending(path: "output")
        var timings: [Timing] = []
        for _ in 0..<runs {
            try? FileManager.default.removeItem(at: output)
            timings.append(
                try Stopwatch.command(
                    Peers.root.appending(path: "../.build/release/karst"),
                    [
                        "powerflow", file.path(), "--profile", profile.path(), "--output", output.path(),
                        "--quiet",
                    ]))
        }
        let cpu = Stopwatch.median(timings.map(\.cpu))
        print("  karst: \(cpu.short) (wall \(Stopwatch.median(timings.map(\.wall)).short))")
        let peers = try Peers.run("endtoend", packages: Peers.powerFlow, arguments: [folder.path()])
        for peer in peers {
            print(
                "  \(peer.tool): \(peer.cpu.short) (wall \(peer.wall.short)), |V| differs by \(peer.difference) p.u."
            )
        }
        func result(_ part: String, _ peers: [Peers.Measurement]) -> JobResult {
            let best = peers.min { $0.cpu < $1.cpu }
            return JobResult(
                part: part, ours: cpu, unit: "s",
                peer: best.map { .init(tool: "\($0.tool.prefix { $0 != "," })", value: $0.cpu) },
                target: .ofPeer(0.2), isRight: peers.allSatisfy { $0.difference < 1e-6 })
        }
        return [
            result("CSV to CSV", peers.filter { $0.tool.hasSuffix("CSV out") }),
            result("CSV to any file", peers),
        ]
    }

    /// The network alone, its buses called 1, 2, 3 …
    private static func numbered(_ network: Network) -> NetworkCase {
        NetworkCase(
            name: "feeder",
            buses: network.buses.indices.map {
                Bus(
                    name: "\($0 + 1)", nominalVoltage: network.buses[$0].nominalVoltage,
                    limits: network.buses[$0].limits)
            }, branches: network.branches, sources: network.sources, loads: [], generators: [],
            basePower: network.basePower)
    }

    /// Whole watts and vars that are taken, as kilowatts and kilovars, of the buses that have any.
    private static func writeProfile(_ year: FeederYear, to file: URL) throws {
        let series = year.injections
        let buses = (0..<series.buses).filter { bus in
            (0..<series.steps).contains { series.active[bus, $0] != 0 || series.reactive[bus, $0] != 0 }
        }
        var text = Array(("step" + buses.map { ",\($0 + 1)_kw,\($0 + 1)_kvar" }.joined() + "\n").utf8)
        for step in 0..<series.steps {
            text += Array("\(step)".utf8)
            for bus in buses {
                for table in [series.active, series.reactive] {
                    text.append(UInt8(ascii: ","))
                    append(Int(-table[bus, step].rounded()), to: &text)
                }
            }
            text.append(UInt8(ascii: "\n"))
        }
        try Data(text).write(to: file)
    }

    /// Thousandths, as a decimal.
    private static func append(_ thousandths: Int, to text: inout [UInt8]) {
        if thousandths < 0 { text.append(UInt8(ascii: "-")) }
        let size = thousandths.magnitude
        text += Array("\(size / 1000).".utf8)
        for divisor in [100, 10, 1] as [UInt] { text.append(UInt8(ascii: "0") + UInt8(size / divisor % 10)) }
    }
}

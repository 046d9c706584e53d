import FeederFile
import Foundation
import Grid
import UnbalancedPowerFlow

extension Job {
    static let unbalanced13 = UnbalancedJob(feeder: "ieee13").job
    static let unbalanced123 = UnbalancedJob(feeder: "ieee123").job
}

/// A year of quarter-hours on an IEEE test feeder, its regulators moving: from the load shapes in memory to
/// the voltages of every phase of every bus in memory. Seconds of CPU time, solved to 1e-8 of base power.
private struct UnbalancedJob {
    let feeder: String
    private static let steps = 35_040
    /// Steps whose voltages and taps are compared.
    private static let checked = 2_000

    var job: Job { Job(name: "unbalanced-\(feeder)", run: run) }

    private var folder: URL { Peers.golden.appending(path: "unbalanced/\(feeder)") }

    @Sendable private func run() throws -> JobResult {
        let network = try FeederFolder.load(path: folder.path()).network
        let shapes = Self.shapes
        let demand = DemandSeries(shapes: shapes, loads: network.loads.indices.map { $0 % 3 })
        let solver = try UnbalancedTimeSeries(network: network)
        var series = solver.series(steps: Self.steps)
        print("unbalanced-\(feeder): \(Self.steps) steps of \(network.buses.count) buses, s of CPU time")
        let timing = Stopwatch.measure { solver.solve(demand, into: &series) }
        let unsolved = series.status.count { !$0.isSolved }
        report("karst", timing.cpu, timing.wall, "\(unsolved) steps unsolved")

        let exchange = try Peers.exchange("unbalanced-\(feeder)")
        try write(network, shapes, series, to: exchange)
        let peers = try Peers.run(
            "unbalanced", packages: Peers.powerFlow,
            arguments: [exchange.path(), folder.path(), "\(Self.steps)", "\(Self.checked)"])
        for peer in peers { report(peer.tool, peer.cpu, peer.wall, "|V| differs by \(peer.difference) p.u.") }
        let best = peers.min { $0.cpu < $1.cpu }
        return JobResult(
            ours: timing.cpu, unit: "s", peer: best.map { .init(tool: "OpenDSS", value: $0.cpu) },
            target: .ofPeer(0.1), isRight: unsolved == 0 && peers.allSatisfy { $0.difference < 1e-5 })
    }

    /// Days with an evening peak, a week's and a year's wave, and noise; 0.2 … 1.2.
    private static var shapes: [[Double]] {
        (0..<3).map { kind in
            (0..<steps).map { step in
                let day = Double(step % 96) / 96
                let wave = 0.25 * sin(2 * .pi * (day - 0.35 - 0.1 * Double(kind)))
                let peak = 0.25 * exp(-pow((day - 0.8 + 0.15 * Double(kind)) * 12, 2))
                let season = 0.12 * cos(2 * .pi * Double(step) / Double(steps))
                var noise = UInt64(step + kind << 20) &* 0x9E37_79B9_7F4A_7C15
                noise = (noise ^ noise >> 29) &* 0xBF58_476D_1CE4_E5B9
                return 0.55 + wave + peak + season + 0.1 * (Double(noise >> 11) * 0x1p-53 - 0.5)
            }
        }
    }

    private func write(
        _ network: UnbalancedNetwork, _ shapes: [[Double]], _ series: UnbalancedSeries, to exchange: URL
    ) throws {
        func file(_ name: String, _ values: [Double]) throws {
            try values.withUnsafeBytes { try Data($0).write(to: exchange.appending(path: name)) }
        }
        try file("shapes.f64", shapes.flatMap { $0 })
        try file(
            "voltages.f64",
            (0..<Self.checked).flatMap { step in
                network.buses.indices.flatMap { bus in
                    (0..<3).map {
                        series.magnitude(bus: bus, phase: $0, step: step)
                            * network.buses[bus].nominalPhaseVoltage
                    }
                }
            })
        try file(
            "taps.f64",
            (0..<Self.checked).flatMap { step in
                network.controls.indices.map { Double(series.tap($0, step: step)) }
            })
        let names = network.buses.map(\.name).joined(separator: "\n")
        try Data(names.utf8).write(to: exchange.appending(path: "buses.txt"))
    }

    private func report(_ tool: String, _ cpu: Double, _ wall: Double, _ note: String) {
        print("  \(tool): \(cpu.short) (wall \(wall.short)), \(note)")
    }
}

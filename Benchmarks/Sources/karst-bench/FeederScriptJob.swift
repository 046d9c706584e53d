import FeederFile
import Foundation
import Grid
import UnbalancedPowerFlow

extension Job {
    /// Published feeders as OpenDSS files, from the folder that KARST_FEEDERS names, beside OpenDSS itself.
    static let feederScripts: [Job] = [
        FeederScriptJob(
            name: "feeder-ieee34-year", script: "34Bus/ieee34Mod1.dss", steps: 35_040, interval: 900, roofs: 0
        ),
        FeederScriptJob(
            name: "feeder-lv-day", script: "LVTestCase/Master.dss", steps: 1_440, interval: 60, roofs: 0),
        FeederScriptJob(
            name: "feeder-lv-roofs", script: "LVTestCase/Master.dss", steps: 1_440, interval: 60, roofs: 28),
    ].map(\.job)
}

/// A series on a published feeder, its regulators moving, all voltages written to memory; with `roofs` every
/// other load has an inverter with Volt-VAR. Seconds of CPU time, solved to 1e-8 of ⅓ MVA.
private struct FeederScriptJob {
    let name: String
    let script: String
    let steps: Int
    /// s.
    let interval: Double
    let roofs: Int
    /// Steps whose voltages and taps are compared.
    private static let checked = 200

    var job: Job { Job(name: name, run: run) }

    @Sendable private func run() throws -> [JobResult] {
        guard let folder = ProcessInfo.processInfo.environment["KARST_FEEDERS"] else {
            print("\(name): skipped, KARST_FEEDERS names no folder of published feeders")
            return []
        }
        let path = "\(folder)/\(script)"
        var feeder = try OpenDSSFile.load(path: path, root: folder).feeder
        for load in feeder.loads.indices where load % 2 == 0 && feeder.inverters.count < roofs {
            feeder.inverters.append(roof(feeder.loads[load]))
        }
        var shapes = try self.shapes(folder)
        let own = shapes.count
        if roofs > 0 { shapes.append(sun) }
        let demand = DemandSeries(
            shapes: shapes,
            loads: feeder.loads.indices.map { $0 % own } + feeder.inverters.map { _ in own },
            interval: interval)
        let solver = try FeederTimeSeries(feeder: feeder)
        var voltages = [Double](repeating: 0, count: 2 * feeder.nodes.count * steps)
        var taps: [Double] = []
        var unsolved = 0
        print("\(name): \(steps) steps of \(feeder.nodes.count) nodes, s of CPU time")
        let timing = Stopwatch.measure {
            (taps, unsolved) = ([], 0)
            solver.solve(demand) { states in
                states.copy(to: &voltages)
                for step in states.steps {
                    unsolved += states.status(step).isSolved ? 0 : 1
                    taps += feeder.tapControls.indices.map { Double(states.position($0, step)) }
                }
            }
        }
        print("  karst: \(timing.cpu.short) (wall \(timing.wall.short)), \(unsolved) steps unsolved")
        let exchange = try Peers.exchange(name)
        try write(shapes, feeder, voltages, taps, to: exchange)
        let peers = try Peers.run(
            "feeders", packages: Peers.powerFlow,
            arguments: [exchange.path(), path, "\(steps)", "\(interval)", "\(roofs)", "\(Self.checked)"])
        for peer in peers {
            print("  \(peer.tool): \(peer.cpu.short), V differs by \(peer.difference) p.u.")
        }
        let best = peers.min { $0.cpu < $1.cpu }
        return [
            JobResult(
                ours: timing.cpu, unit: "s", peer: best.map { .init(tool: "OpenDSS", value: $0.cpu) },
                target: .ofPeer(1.0 / 15),
                isRight: unsolved == 0 && peers.allSatisfy { $0.difference < 1e-5 })
        ]
    }

    private func roof(_ load: Feeder.Load) -> Feeder.Inverter {
        Feeder.Inverter(
            name: load.name, bus: load.bus, pairs: load.pairs, voltage: load.voltage,
            rating: ApparentPower(5_000), active: Power(4_500), reactiveLimit: ReactivePower(2_200),
            prefersReactive: true,
            voltVar: VoltageCurve([.init(0.92, 1), .init(0.98, 0), .init(1.02, 0), .init(1.08, -1)]),
            range: .init(lower: 0.5, upper: 1.5, lowest: 0.5))
    }

    private var sun: [Double] {
        (0..<steps).map { step in
            let day = Double(step) / Double(steps)
            return max(0, sin(2 * .pi * (day - 0.25))) * (0.6 + 0.4 * sin(Double(step) * 0.7))
        }
    }

    /// The profiles of the feeder's folder where it has some; else days with an evening peak and noise.
    private func shapes(_ folder: String) throws -> [[Double]] {
        if script.hasPrefix("LV") {
            return try (1...55).map { k in
                let file = "\(folder)/LVTestCase/Daily_1min_100profiles/load_profile_\(k).txt"
                let text = try String(contentsOfFile: file, encoding: .utf8)
                return text.split(whereSeparator: \.isNewline).prefix(steps).map {
                    Double($0.trimmingCharacters(in: .whitespaces)) ?? 0
                }
            }
        }
        return (0..<3).map { kind in
            (0..<steps).map { step in
                let day = Double(step % 96) / 96
                let wave = 0.25 * sin(2 * .pi * (day - 0.35 - 0.1 * Double(kind)))
                let peak = 0.25 * exp(-pow((day - 0.8 + 0.15 * Double(kind)) * 12, 2))
                return 0.55 + wave + peak + 0.1 * (Profile.uniform(34, kind, step) - 0.5)
            }
        }
    }

    private func write(
        _ shapes: [[Double]], _ feeder: Feeder, _ voltages: [Double], _ taps: [Double], to exchange: URL
    ) throws {
        func file(_ name: String, _ values: [Double]) throws {
            try values.withUnsafeBytes { try Data($0).write(to: exchange.appending(path: name)) }
        }
        try file("shapes.f64", shapes.flatMap { $0 })
        try file("voltages.f64", Array(voltages.prefix(2 * feeder.nodes.count * Self.checked)))
        try file("taps.f64", Array(taps.prefix(feeder.tapControls.count * Self.checked)))
        let names = feeder.nodes.map {
            "\(feeder.buses[$0.bus].name).\($0.conductor),\(feeder.buses[$0.bus].nominalPhaseVoltage)"
        }
        try Data(names.joined(separator: "\n").utf8).write(to: exchange.appending(path: "nodes.csv"))
    }
}

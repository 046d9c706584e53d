import ControlledPowerFlow
import Foundation
import Grid
import Lanes
import PowerFlow

extension Job {
    static let controls = Job(name: ControlsJob.name, run: ControlsJob.run)
}

/// The year of `ieee33` with controls inside the solution: a tap changer at its head holds bus 5, five solar
/// plants follow IEEE 1547's category B Volt-VAR curve, loads are 30 % constant current and 30 % constant
/// impedance. From the powers in memory to voltages, taps and powers in memory; ns of CPU time per bus and
/// step.
private enum ControlsJob {
    static let name = "ieee33-controls"
    /// Steps whose voltages and taps are compared.
    private static let checked = 2_000
    private static let (resistance, reactance, rating) = (0.005, 0.06, 5e6)

    @Sendable static func run() throws -> [JobResult] {
        let year = try FeederYear(.ieee33)
        let suns = try FeederYear.suns(.ieee33)
        let (network, controls) = (network(year.network), controls(suns))
        let demand = demand(year, suns)
        let steps = demand.active.steps
        print("\(name): \(steps) steps of \(network.buses.count) buses, ns of CPU time per bus-step")
        var series = ControlledSeries(network: network, controls: controls, steps: steps)
        func measure(workers: Int) throws -> Timing {
            let solver = try ControlledTimeSeries(network: network, controls: controls, workers: workers)
            return Stopwatch.measure { solver.solve(demand, into: &series) }
        }
        let busSteps = Double(network.buses.count * steps)
        func report(_ tool: String, _ timing: Timing, _ note: String) {
            let (cpu, wall) = (timing.cpu / busSteps * 1e9, timing.wall / busSteps * 1e9)
            print("  \(tool): \(cpu.short) (wall \(wall.short)), \(note)")
        }
        let one = try measure(workers: 1)
        let unsolved = series.status.count { !$0.isSolved }
        let sweeps = Double(series.iterations.reduce(0, +)) / Double(steps)
        let moves = (1..<steps).count { series.tap(0, step: $0) != series.tap(0, step: $0 - 1) }
        report(
            "karst", one,
            "\(unsolved) steps unsolved, \(sweeps.short) sweeps a step, the tap moves \(moves) times")
        let two = try measure(workers: 2)
        report("karst, two threads", two, "\((one.wall / two.wall).short) times as fast on the wall")

        let folder = try Peers.exchange(name)
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(network, demand, suns.map(\.peak), series, to: folder)
        let peers = try Peers.run(
            "controls", packages: Peers.powerFlow, arguments: [folder.path(), "\(steps)", "\(checked)"])
        for peer in peers {
            report(
                peer.tool, Timing(wall: peer.wall, cpu: peer.cpu), "|V| differs by \(peer.difference) p.u.")
        }
        let best = peers.min { $0.cpu < $1.cpu }
        return [
            JobResult(
                ours: one.cpu / busSteps * 1e9, unit: "ns",
                peer: best.map { .init(tool: "OpenDSS", value: $0.cpu / busSteps * 1e9) },
                target: .ofPeer(0.05), isRight: unsolved == 0),
            JobResult(part: "two threads", ours: one.wall / two.wall, unit: "×", target: .atLeast(1.8)),
        ]
    }

    /// With a transformer before it: its tap sits at bus 0, and the grid is the bus added last.
    private static func network(_ feeder: Network) -> Network {
        let volts = feeder.buses[0].nominalVoltage.value
        let unit = volts * volts / rating
        let head = Branch(
            name: "", from: 0, to: feeder.buses.count, resistance: Impedance(resistance * unit),
            reactance: Impedance(reactance * unit))
        return Network(
            buses: feeder.buses + [feeder.buses[0]], branches: feeder.branches + [head],
            source: feeder.buses.count, sourceVoltage: 1)
    }

    private static func controls(_ suns: [(bus: Int, peak: Double, power: [Double])]) -> VoltageControls {
        VoltageControls(
            tapChangers: [TapChanger(branch: 32, bus: 5, voltage: 1, deadband: 0.02)],
            inverters: suns.map {
                InverterControl(
                    bus: $0.bus, rating: ApparentPower(1.1 * $0.peak), voltVar: .voltVarCategoryB)
            },
            loadMixes: (1..<33).map { LoadMix(bus: $0, constantCurrent: 0.3, constantImpedance: 0.3) })
    }

    private static func demand(
        _ year: FeederYear, _ suns: [(bus: Int, peak: Double, power: [Double])]
    ) -> ControlledDemand {
        let steps = year.injections.steps
        var active = StepTable(rows: 34, steps: steps)
        var reactive = active
        var available = StepTable(rows: suns.count, steps: steps)
        for step in 0..<steps {
            for bus in 0..<33 {
                active[bus, step] = year.injections.active[bus, step]
                reactive[bus, step] = year.injections.reactive[bus, step]
            }
            for (row, sun) in suns.enumerated() {
                active[sun.bus, step] -= sun.power[step]
                available[row, step] = sun.power[step]
            }
        }
        return ControlledDemand(active: active, reactive: reactive, available: available)
    }

    /// What `peers/controls.py` reads.
    private static func write(
        _ network: Network, _ demand: ControlledDemand, _ peaks: [Double], _ series: ControlledSeries,
        to folder: URL
    ) throws {
        struct Feeder: Encodable {
            let volts: Double
            let branches: [[Double]]
            let transformer: [Double]
            let plants: [[Double]]
        }
        let plants = try FeederYear.suns(.ieee33).map { Double($0.bus) }
        let feeder = Feeder(
            volts: network.buses[0].nominalVoltage.value,
            branches: network.branches.dropLast().map {
                [Double($0.from), Double($0.to), $0.resistance.value, $0.reactance.value]
            }, transformer: [resistance, reactance, rating], plants: zip(plants, peaks).map { [$0, $1] })
        try JSONEncoder().encode(feeder).write(to: folder.appending(path: "feeder.json"))
        func file(_ name: String, _ rows: Int, _ steps: Int, _ value: (Int, Int) -> Double) throws {
            let numbers = (0..<rows).flatMap { row in (0..<steps).map { value(row, $0) } }
            try numbers.withUnsafeBytes { try Data($0).write(to: folder.appending(path: name)) }
        }
        let steps = series.steps
        try file("active.f64", 33, steps) { -demand.active[$0, $1] / 1e3 }
        try file("reactive.f64", 33, steps) { -demand.reactive[$0, $1] / 1e3 }
        try file("sun.f64", peaks.count, steps) { demand.available[$0, $1] / peaks[$0] }
        try file("voltages.f64", 33, checked) { series.magnitude(bus: $0, step: $1) }
        try file("taps.f64", 1, checked) { Double(series.tap($0, step: $1)) }
    }
}

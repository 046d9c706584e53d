import Foundation
import Grid
import LinearAlgebra
import PowerFlow

extension Job {
    /// A year of steps on a feeder, from the injections in memory to the voltages in memory, to a mismatch of
    /// 1e-8 p.u. Nanoseconds of CPU time per bus and step; then the speed of two threads on the wall.
    static let feederYears: [Job] = [
        feederYear(.ieee33, .radial, 1.0 / 40), feederYear(.ieee33, .meshed, 1.0 / 15),
        feederYear(.ieee33, .regulated, 1.0 / 15), feederYear(.feeder1041, .radial, 1.0 / 16),
        feederYear(.feeder1041, .meshed, 1.0 / 10), feederYear(.feeder1041, .regulated, 1.0 / 10),
    ]

    private static func feederYear(_ feeder: FeederYear.Feeder, _ shape: FeederYear.Shape, _ target: Double)
        -> Job
    {
        Job(name: feeder.rawValue + shape.rawValue) {
            let year = try FeederYear(feeder, shape)
            return try FeederYearJob(year: year).run(target: target)
        }
    }
}

private struct FeederYearJob {
    let year: FeederYear

    private var busSteps: Double { Double(year.injections.buses * year.injections.steps) }

    func run(target: Double) throws -> [JobResult] {
        let (buses, steps) = (year.injections.buses, year.injections.steps)
        print("\(year.name): \(steps) steps of \(buses) buses, ns of CPU time per bus-step")
        var voltages = VoltageSeries(
            buses: buses, regulators: year.network.regulators.count, steps: steps)
        let one = measure(workers: 1, &voltages)
        let solved = voltages.status.count { $0.isSolved }
        let difference = distance(voltages)
        report(
            "karst", one,
            "\(solved) of \(steps) steps solved, |V| differs by \(difference) p.u. from the golden steps")
        explain(one, voltages)
        measureNewton(voltages)
        let two = measure(workers: 2, &voltages)
        report("karst, two threads", two, "\((one.wall / two.wall).short) times as fast on the wall")

        let folder = try Peers.exchange(year.name)
        defer { try? FileManager.default.removeItem(at: folder) }
        try year.writeNetwork(to: folder)
        try year.writeSeries(to: folder, voltages)
        let peers = try Peers.run("powerflow", packages: Peers.powerFlow, arguments: [folder.path()])
        for peer in peers {
            report(peer.tool, Timing(wall: peer.wall, cpu: peer.cpu), "V differs by \(peer.difference) p.u.")
        }
        let best = peers.min { $0.cpu < $1.cpu }
        return [
            JobResult(
                ours: perBusStep(one.cpu), unit: "ns",
                peer: best.map { .init(tool: $0.tool, value: perBusStep($0.cpu)) }, target: .ofPeer(target),
                isRight: solved == steps && difference < 1e-6),
            JobResult(part: "two threads", ours: one.wall / two.wall, unit: "×", target: .atLeast(1.8)),
        ]
    }

    private func measure(workers: Int, _ voltages: inout VoltageSeries) -> Timing {
        let solver = TimeSeriesPowerFlow(network: year.network, workers: workers)
        return Stopwatch.measure(runs: 9) { solver.solve(year.injections, into: &voltages) }
    }

    /// Newton's method with a sparse factorisation, step by step, at some steps of the year; and what
    /// LAPACK's dense factors of its equations alone would take.
    private func measureNewton(_ voltages: VoltageSeries) {
        let (buses, stride) = (year.injections.buses, 300)
        let steps = Array(Swift.stride(from: 0, to: year.injections.steps, by: stride))
        let injections = steps.map { year.injections.injections(at: $0) }
        let solver = PowerFlowSolver(network: year.network, method: .newton)
        var point = OperatingPoint(
            buses: buses, branches: year.network.branches.count, regulators: year.network.regulators.count)
        let timing = Stopwatch.measure(runs: 3, warmUp: 1) {
            for step in injections { solver.solve(step, into: &point) }
        }
        let scale = Double(year.injections.steps) / Double(steps.count)
        let nominal = year.network.buses[0].nominalVoltage.value
        let worst = (0..<buses).map {
            abs(point.voltage[$0].value / nominal - voltages.magnitude(bus: $0, step: steps.last!))
        }
        report(
            "karst Newton, step by step", Timing(wall: timing.wall * scale, cpu: timing.cpu * scale),
            "every \(stride)th step, |V| differs by \(worst.max()!) p.u.")
        let order = 2 * (buses - 1)
        let dense = LU(order: order)
        let factors = Stopwatch.measure(runs: 3, warmUp: 1) {
            _ = dense.factor { matrix in
                for k in matrix.indices { matrix[k] = k % (order + 1) == 0 ? 4 : 1 / Double(k + 1) }
            }
        }
        let all = Double(point.iterations * year.injections.steps)
        report(
            "LAPACK, dense factors alone", Timing(wall: factors.wall * all, cpu: factors.cpu * all),
            "of as many Newton steps")
    }

    /// Largest difference of |V| to the golden steps, p.u.
    private func distance(_ voltages: VoltageSeries) -> Double {
        var worst = 0.0
        for (bus, row) in year.golden.magnitudes.enumerated() {
            for (step, magnitude) in zip(year.golden.steps, row) {
                let error = abs(voltages.magnitude(bus: bus, step: step) - magnitude)
                worst = error <= worst ? worst : error
            }
        }
        return worst
    }

    /// How far this is from what the machine could do at most. From and to memory go at least 32 bytes for a
    /// bus and step: its two powers and the two parts of its voltage. One sweep of a tree takes 26 additions
    /// and multiplications a bus, 12 backward and 14 forward.
    private func explain(_ timing: Timing, _ voltages: VoltageSeries) {
        let iterations = Double(voltages.iterations.reduce(0, +)) / Double(voltages.steps)
        let nanoseconds = perBusStep(timing.cpu)
        func part(_ amount: Double, _ limit: Double, _ unit: String) -> String {
            "\((amount / nanoseconds * 1e11 / limit).short) % of \((limit * 1e-9).short) \(unit)"
        }
        let memory = part(32, Yardstick.bandwidth, "GB/s of memory")
        let isTree = year.network.branches.count < voltages.buses
        let arithmetic = isTree ? ", " + part(26 * iterations, Yardstick.arithmetic, "GFLOP/s") : ""
        print(
            "    \(iterations.short) iterations, \((nanoseconds / iterations).short) ns each; \(memory)\(arithmetic)"
        )
    }

    private func perBusStep(_ seconds: Double) -> Double { seconds / busSteps * 1e9 }

    private func report(_ tool: String, _ timing: Timing, _ note: String) {
        print("  \(tool): \(perBusStep(timing.cpu).short) (wall \(perBusStep(timing.wall).short)), \(note)")
    }
}

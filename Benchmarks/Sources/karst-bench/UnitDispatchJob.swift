import Foundation
import Grid
import UnitDispatch

extension Job {
    static let unitDispatch: [Job] = [unitDispatch("ed_1000", 1), unitDispatch("ed_100000", 0.6 / 33)]

    /// One period of many units at equal incremental cost. Milliseconds of CPU time, from the units and the
    /// demand in memory to the powers in memory; what depends on the units alone is done before, as the
    /// peers' arrays and models are.
    private static func unitDispatch(_ name: String, _ target: Double) -> Job {
        Job(name: name) { try UnitDispatchJob(name: name).run(target: target) }
    }
}

private struct UnitDispatchJob {
    let name: String

    func run(target: Double) throws -> [JobResult] {
        print("\(name): ms of CPU time")
        let folder = try Peers.exchange(name)
        defer { try? FileManager.default.removeItem(at: folder) }
        let peers = try Peers.run(
            "unitdispatch", packages: ["numpy", "scipy", "piqp", "clarabel"],
            arguments: [folder.path(), name])
        guard let data = try? Data(contentsOf: folder.appending(path: "units.f64")) else {
            print("\(name): skipped, the units are drawn by peers/unitdispatch.py, which did not run")
            return []
        }
        let numbers = data.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
        let (demand, objective) = (Power(numbers[0] * 1e6), numbers[1])
        let units = stride(from: 2, to: numbers.count, by: 5).map { (at: Int) -> GeneratingUnit in
            let (least, most) = (Power(numbers[at] * 1e6), Power(numbers[at + 1] * 1e6))
            let (linear, quadratic): (Double, Double) = (numbers[at + 3] / 1e6, numbers[at + 4] / 1e12)
            return GeneratingUnit(
                limits: least...most,
                cost: .polynomial(constant: numbers[at + 2], linear: linear, quadratic: quadratic))
        }
        let solver = try EqualIncrementalCost(units: units)
        var schedule = UnitSchedule(units: units.count)
        let loops = max(1, 1_000_000 / units.count)
        let timing = Stopwatch.measure(runs: 15) {
            for _ in 0..<loops { solver.solve(demand: demand, into: &schedule) }
        }
        let difference = abs(schedule.cost / objective - 1)
        let ours = timing.cpu / Double(loops) * 1000
        print("  karst: \(ours.short), \(schedule.status), cost differs by \(difference) of numpy's")
        for peer in peers {
            print("  \(peer.tool): \((peer.cpu * 1000).short), cost differs by \(peer.difference)")
        }
        let best = peers.min { $0.cpu < $1.cpu }
        return [
            JobResult(
                ours: ours, unit: "ms", peer: best.map { .init(tool: $0.tool, value: $0.cpu * 1000) },
                target: .ofPeer(target), isRight: schedule.status == .optimal && difference < 1e-10)
        ]
    }
}

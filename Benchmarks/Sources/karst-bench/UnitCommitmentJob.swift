import EconomicDispatch
import Foundation
import Grid
import Optimization
import Scheduling
import Timeline
import UnitDispatch

extension Job {
    static let unitCommitment = Job(name: "unit-commitment", run: UnitCommitmentJob.run)
    static let valvePoints = Job(name: "valve-points", run: ValvePointJob.run)
}

/// The day of Kazarlis' ten units, and its replications: seconds of CPU time from the problem in memory to
/// the plan in memory. The peers read the units written here, in the formulation that is usual (one set of
/// numbers a unit), to the same gap.
private enum UnitCommitmentJob {
    static let name = "unit-commitment"
    /// Units, gap, and how often.
    static let cases: [(units: Int, gap: Double, runs: Int)] = [
        (10, 1e-6, 3), (20, 1e-3, 3), (40, 1e-3, 3), (100, 1e-3, 3), (100, 1e-4, 1),
    ]

    @Sendable static func run() throws -> [JobResult] {
        if let missing = UnitCommitment.missing {
            print("\(name): skipped, \(missing)")
            return []
        }
        let tables = DispatchTables()
        let (units, demand) = (try tables.numbers("uc_units.csv"), try tables.numbers("uc_demand.csv"))
        return try cases.map { size, gap, runs in
            let problem = problem(units, demand.map { $0[0] }, copies: size / 10)
            let dispatcher = UnitCommitment(options: .init(gap: gap))
            var plan = dispatcher.plan(problem)
            let timing = Stopwatch.measure(runs: runs, warmUp: 0) { plan = dispatcher.plan(problem) }
            print("\(name) \(size) units, gap \(gap): s of CPU time")
            print("  karst: \(timing.cpu.short), cost \(plan.objective), bound \(plan.certificate!.bound)")
            let peers = try Peers.run(
                "unitcommitment", packages: ["highspy", "numpy", "scipy"],
                arguments: [tables.folder.path(), "\(size)", "\(gap)", "\(plan.objective)"])
            for peer in peers {
                print("  \(peer.tool): \(peer.cpu.short), cost differs by \(peer.difference) of ours")
            }
            let best = peers.min { $0.cpu < $1.cpu }
            // Within the gap above the peer's, and of our own bound (which the secants lower by 3e-5).
            let isRight =
                plan.gap! <= gap + 1e-4 && peers.allSatisfy { $0.difference >= -gap - 1e-6 }
            return JobResult(
                part: "\(size) at \(gap)", ours: timing.cpu, unit: "s",
                peer: best.map { .init(tool: $0.tool, value: $0.cpu) }, target: .ofPeer(1.1),
                isRight: isRight)
        }
    }

    private static func problem(_ units: [[Double]], _ day: [Double], copies: Int) -> DispatchProblem {
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: day.count)
        let demand = day.map { Power($0 * 1e6 * Double(copies)) }
        let rows = (0..<copies).flatMap { _ in units }
        var offers = rows.enumerated().map { place, row in
            let price = EnergyCost(row[3] / 1e6)
            return Offer(
                device: DeviceID(place), horizon: horizon, lower: day.map { _ in .zero },
                upper: day.map { _ in Power(row[1] * 1e6) },
                cost: Cost(deliver: [price], absorb: [price], quadratic: row[4] / 1e12, perHourOn: row[2]),
                minimumWhenOn: Power(row[0] * 1e6),
                cycling: Cycling(
                    minimumUp: row[5], minimumDown: row[6], hotStart: row[7], coldStart: row[8],
                    coldAfter: row[6] + row[9], isOn: row[10] > 0, since: abs(row[10])))
        }
        offers.append(
            Offer(
                device: DeviceID(offers.count), horizon: horizon, lower: demand.map { -$0 },
                upper: demand.map { -$0 }, cost: Cost(constant: EnergyCost(1e-3))))
        var requirements = Requirements()
        requirements.spinning = SpinningReserve(
            required: demand.map { $0 * 0.1 }, providers: Array(0..<rows.count), hours: 1)
        return DispatchProblem(horizon: horizon, offers: offers, requirements: requirements)
    }
}

/// Three and forty units with valve points: seconds of CPU time to a gap of 1e-6. The peer is HiGHS on arcs
/// sampled once, which proves nothing about the true cost.
private enum ValvePointJob {
    static let name = "valve-points"

    @Sendable static func run() throws -> [JobResult] {
        if let missing = UnitCommitment.missing {
            print("\(name): skipped, \(missing)")
            return []
        }
        let tables = DispatchTables()
        return try [("ed_3_valve", 850.0, 8234.071730), ("ed_40_valve", 10500, 121412.535519)].map {
            name, demand, least in
            let units = try tables.numbers("\(name).csv").map { row in
                NonconvexUnit(
                    limits: Power(row[0] * 1e6)...Power(row[1] * 1e6),
                    cost: .polynomial(constant: row[2], linear: row[3] / 1e6, quadratic: row[4] / 1e12),
                    valves: .init(amplitude: row[5], frequency: row[6] / 1e6))
            }
            let dispatch = try NonconvexDispatch(units: units)
            var schedule = dispatch.schedule(demand: Power(demand * 1e6))
            let timing = Stopwatch.measure(runs: 3, warmUp: 0) {
                schedule = dispatch.schedule(demand: Power(demand * 1e6))
            }
            print("\(name): s of CPU time")
            print("  karst: \(timing.cpu.short), cost \(schedule.cost), bound \(schedule.bound)")
            let peers = try Peers.run(
                "valvepoints", packages: ["highspy", "numpy", "scipy"],
                arguments: [tables.folder.path(), name, "\(demand)", "\(schedule.cost)"])
            for peer in peers {
                print("  \(peer.tool): \(peer.cpu.short), cost differs by \(peer.difference) of ours")
            }
            return JobResult(
                part: name, ours: timing.cpu, unit: "s",
                peer: peers.first.map { .init(tool: $0.tool, value: $0.cpu) }, target: .ofPeer(1.1),
                isRight: schedule.status == .optimal && abs(schedule.cost / least - 1) < 1e-6)
        }
    }
}

/// The tables of `Tests/Golden/dispatch`.
private struct DispatchTables {
    let folder = Peers.golden.appending(path: "dispatch")

    /// Below the header.
    func numbers(_ name: String) throws -> [[Double]] {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n")
            .dropFirst().map { $0.split(separator: ",").map { Double($0) ?? .nan } }
    }
}

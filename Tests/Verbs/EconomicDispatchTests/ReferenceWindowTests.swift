import EconomicDispatch
import Scheduling
import TestSupport
import Testing

/// Windows of a year of rolling-horizon control whose optima other solvers agree on:
/// `Tests/Golden/rolling-windows/README.md`.
@Suite struct ReferenceWindowTests {
    private let hours: [Int: [Double]]
    private let windows: [[Double]]

    init() throws {
        func rows(_ name: String) throws -> [[Double]] { try GoldenTable("rolling-windows/" + name).numbers }
        hours = Dictionary(
            uniqueKeysWithValues: try rows("mpc-hours").map { (Int($0[0]), Array($0.dropFirst())) })
        windows = try rows("mpc-windows")
    }

    private func problem(_ k: Int, stored: Double, running: Double, quadratic: Double) -> DispatchProblem {
        let rows = (0..<24).map { hours[(k + $0) % 8760]! }
        return Microgrid(quadratic: quadratic).window(rows, from: k, stored: stored, running: running)
    }

    @Test(arguments: [true, false]) func linearWindows(merging: Bool) {
        #expect(windows.count == 41)
        let dispatcher = RollingOptimum(merging: merging)
        for row in windows {
            let plan = dispatcher.plan(problem(Int(row[0]), stored: row[1], running: row[2], quadratic: 0))
            #expect(plan.status == .optimal)
            #expect(
                abs(plan.objective - row[3]) < max(1e-3, 1e-6 * abs(row[3])),
                "window \(row[0]): \(plan.objective)")
        }
    }

    @Test func quadraticWindows() {
        let dispatcher = RollingOptimum()
        for row in windows {
            let plan = dispatcher.plan(
                problem(Int(row[0]), stored: row[4], running: row[5], quadratic: 0.0001))
            #expect(plan.status == .optimal)
            #expect(
                abs(plan.objective - row[6]) < max(1e-3, 1e-6 * abs(row[6])),
                "window \(row[0]): \(plan.objective)")
        }
    }

    @Test func theRulesNeverBeatTheOptimum() {
        for row in windows {
            let asked = problem(Int(row[0]), stored: row[1], running: row[2], quadratic: 0)
            #expect(MeritOrder().plan(asked).objective > row[3] - 1e-3)
        }
    }
}

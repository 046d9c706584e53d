import EconomicDispatch
import Foundation
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

/// Windows of a year of rolling-horizon control whose optima other solvers agree on:
/// `Tests/Golden/rolling-windows/README.md`.
@Suite struct ReferenceWindowTests {
    private let hours: [Int: [Double]]
    private let windows: [[Double]]

    init() throws {
        func rows(_ name: String) throws -> [[Double]] {
            let folder = Checkout.golden.appending(path: "rolling-windows")
            let text = try String(
                contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            return text.split(separator: "\n").dropFirst().map {
                $0.split(separator: ",").map { Double($0)! }
            }
        }
        hours = Dictionary(
            uniqueKeysWithValues: try rows("mpc-hours.csv").map { (Int($0[0]), Array($0.dropFirst())) })
        windows = try rows("mpc-windows.csv")
    }

    private func problem(_ k: Int, stored: Double, running: Double, quadratic: Double) -> DispatchProblem {
        let horizon = Horizon(start: Instant(secondsSinceEpoch: Int64(k) * 3600), step: 3600, count: 24)
        let data = (0..<24).map { hours[(k + $0) % 8760]! }
        func device(
            _ i: Int, _ lower: [Double], _ upper: [Double], _ cost: Cost, reservoir: Reservoir? = nil,
            ramp: Double? = nil
        ) -> Offer {
            Offer(
                device: DeviceID(i), horizon: horizon, lower: lower.map { Power(kilowatts: $0) },
                upper: upper.map { Power(kilowatts: $0) }, cost: cost, reservoir: reservoir, ramp: ramp,
                power: Power(kilowatts: running))
        }
        func flat(_ kilowatts: Double) -> [Double] { Array(repeating: kilowatts, count: 24) }
        func price(_ euros: Double) -> EnergyCost { EnergyCost(yuanPerKilowattHour: euros) }
        let store = Reservoir(
            stored: Energy(kilowattHours: stored), minimum: .zero, maximum: Energy(kilowattHours: 2000),
            chargeEfficiency: 0.95, dischargeEfficiency: 0.95, selfDischarge: 0.0002)
        let offers = [
            device(0, data.map { -$0[0] }, flat(0), Cost(constant: price(5))),
            device(1, flat(0), data.map { $0[1] }, .free),
            device(2, flat(0), data.map { $0[2] }, .free),
            device(3, flat(-500), flat(500), Cost(deliver: [price(0.01)], absorb: [.zero]), reservoir: store),
            device(
                4, flat(0), flat(400),
                Cost(deliver: [price(0.3)], absorb: [.zero], quadratic: quadratic / 1e6),
                ramp: 100_000 / 3600),
            device(5, flat(-300), flat(450), Cost(deliver: data.map { price($0[3]) }, absorb: [price(0.05)])),
        ]
        return DispatchProblem(horizon: horizon, offers: offers, storedValue: price(0.15))
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

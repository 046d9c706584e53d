import Foundation
import Grid
import TestSupport
import Testing
import UnitDispatch

/// Known answers.
@Suite struct PublishedTests {
    @Test(
        "least costs of the published and drawn problems",
        arguments: [
            ("ed_3_ww", 8194.35612127), ("ed_10", 43593.7269343087), ("ed_1000", 4071728.54049945),
            ("ed_1000_mixed", 3915620.88387077),
        ])
    func costs(name: String, cost: Double) throws {
        let solver = try EqualIncrementalCost(units: Problems.units(name))
        let schedule = try solver.schedule(demand: Problems.demand(name))
        #expect(schedule.status == .optimal)
        #expect(abs(schedule.cost / cost - 1) < 1e-11)
        #expect(try schedule.mismatch.value < 1e-13 * Problems.demand(name).value)
    }

    private static let folder = ProcessInfo.processInfo.environment["KARST_DISPATCH_DATA"]

    @Test(
        "a hundred thousand units",
        .enabled(if: folder != nil, "KARST_DISPATCH_DATA names no folder that holds ed_100000.csv"))
    func large() throws {
        let table = URL(filePath: try #require(Self.folder)).appending(path: "ed_100000.csv")
        let units = try Problems.units(GoldenTable(contentsOf: table))
        let schedule = try EqualIncrementalCost(units: units).schedule(demand: Problems.demand("ed_100000"))
        #expect(schedule.status == .optimal)
        #expect(abs(schedule.cost / 411634112.96300 - 1) < 1e-11)
    }

    /// Wood & Wollenberg, examples 3A and 3B.
    @Test(
        "Wood & Wollenberg",
        arguments: [
            (7.92, 0.001562, 9.148263, [393.170, 334.604, 122.226]),
            (6.48, 0.00128, 8.576065, [600, 187.130, 62.870]),
        ])
    func woodAndWollenberg(b: Double, c: Double, price: Double, powers: [Double]) throws {
        var units = try Problems.units("ed_3_ww")
        units[0] = GeneratingUnit(
            limits: units[0].limits, cost: .polynomial(constant: 0, linear: b / 1e6, quadratic: c / 1e12))
        let schedule = try EqualIncrementalCost(units: units).schedule(demand: Power(850e6))
        for (power, known) in zip(schedule.powers, powers) { #expect(abs(power / 1e6 - known) < 6e-4) }
        #expect(schedule.price.lowest == schedule.price.highest)
        #expect(abs(schedule.price.lowest!.value * 1e6 - price) < 6e-7)
    }

    @Test(
        "losses by B-matrix",
        arguments: [
            ("ed_6_loss", 15449.8995249, 12.95824 as Double?), ("ed_15_loss", 32553.3041444, nil),
        ])
    func losses(name: String, cost: Double, loss: Double?) throws {
        let solver = try LossyDispatch(units: Problems.units(name), losses: Problems.losses(name))
        let schedule = try solver.schedule(demand: Problems.demand(name))
        #expect(schedule.status == .optimal)
        // The reference is Ipopt's, at a tolerance of 1e-10.
        #expect(abs(schedule.cost / cost - 1) < 1e-10)
        if let loss { #expect(abs(schedule.loss.value / 1e6 - loss) < 6e-6) }
        #expect(schedule.mismatch.value < 1e-3)
    }
}

import CaseFile
import Grid
import TestSupport
import Testing
import TextFile

/// What does not run need not be right: MATPOWER leaves such rows out before it looks at them.
@Suite("Rows of MATPOWER files that are out of service")
struct MatpowerStatusTests {
    private static let small = MatpowerTests.small
    private static let open = "\t10\t20\t0.02\t0.3\t0\t0\t0\t0\t0\t0\t0\t-360\t360;"
    private static let off = "\t20\t9\t9\t9\t-9\t1.01\t100\t0\t9\t0;"
    private static let offCost = "2 0 0 3 0.1 1.2 600 0 ]"

    @Test(arguments: [
        (open, "\t10\t20\tNaN\tInf\tNaN\t-1\t0\t0\t-3\tNaN\t0\t20\t-20;"),
        (open, "\t10\t20\t0\t0\t0\tNaN\t0\t0\t0\t0\t0\tInf\tInf;"),
        (open, "\t10\t10\t0\t0\t0\t0\t0\t0\tNaN\tInf\t-1\tNaN\tNaN;"),
        (off, "\t20\tNaN\tInf\t-9\t9\t-1\t100\t0\t-9\t9;"),
        (off, "\t20\tNaN\tNaN\tNaN\tNaN\tNaN\tNaN\t-1\tNaN\tNaN;"),
        (offCost, "7 0 0 3 0.1 1.2 600 0 ]"), (offCost, "1 0 0 2 5 6 5 7 ]"),
        (offCost, "2 NaN NaN 90 NaN NaN NaN NaN ]"),
    ])
    func badNumbersDoNoHarm(old: String, new: String) throws {
        #expect(Self.small.contains(old))
        let good = try read(Self.small).networkCase
        let loaded = try read(Self.small.replacing(old, with: new))
        let bad = loaded.networkCase
        #expect(loaded.warnings == [] && loaded.costMistakes == [])
        #expect(bad.injections == good.injections && bad.network.regulators == good.network.regulators)
        #expect(
            bad.network.branches.filter(\.isClosed) == good.network.branches.filter(\.isClosed)
                && bad.network.branches.count == good.network.branches.count)
        let perUnit = PerUnitNetwork(bad.network)
        #expect(perUnit.branches.allSatisfy { ($0.resistance + $0.charging + $0.shift).isFinite })
        // What is written of it is read again, with its costs.
        let again = try read(CaseFile.text(bad, as: .matpower)).networkCase
        #expect(again.generators.allSatisfy { $0.cost != nil } && again.injections == good.injections)
    }

    /// The same numbers in service are mistakes.
    @Test(arguments: [
        (open, "\t10\t20\tNaN\t0.3\t0\t0\t0\t0\t0\t0\t1\t-360\t360;", "r is nan"),
        (open, "\t10\t20\t0.02\t0.3\t0\tNaN\t0\t0\t0\t0\t1\t-360\t360;", "rateA nan is below 0"),
        (off, "\t20\t9\t9\t-9\t9\t1.01\t100\t1\t9\t0;", "Qmin 9 is above Qmax -9"),
        (off, "\t20\t9\t9\t9\t-9\t1.01\t100\t1\tInf\tInf;", "Pmin inf and Pmax inf leave no power"),
    ])
    func inServiceTheyAreRefused(old: String, new: String, message: String) {
        #expect(mistakes(in: Self.small.replacing(old, with: new)).first?.contains(message) ?? false)
    }

    /// At a bus of type 4 nothing runs: neither the bus nor what stands at it is looked at.
    @Test func isolatedBusesAreNotLookedAt() throws {
        let text = Self.small
            .replacing(
                "\t7\t1\t25\t-5\t0\t0\t1\t1\t0\t20\t1\t1.05, 0.95",
                with: "\t7 4 NaN Inf NaN NaN 1 NaN NaN NaN 1 0 2"
            )
            .replacing("\t7\t2\t1\t0\t0\t1\t100\t1\t2\t0;", with: "\t7 NaN NaN -1 1 NaN 100 1 -2 0;")
            .replacing("20\t7\t0.005\t0.2", with: "20\t7\tNaN\t-Inf")
        #expect(text.contains("7 4 NaN") && text.contains("7 NaN NaN -1") && text.contains("NaN\t-Inf"))
        let loaded = try read(text)
        #expect(loaded.warnings == [])
        #expect(loaded.networkCase.network.branches.map(\.isClosed) == [true, false, false])
        #expect(loaded.networkCase.injections.active.map(\.value) == [70e6, -10e6, 0])
    }

    private func limits(low: String, high: String) throws -> ClosedRange<Double>? {
        let row = "150\t0\t0\t0\t0\t1\t-360\t360"
        #expect(Self.small.contains(row))
        let text = Self.small.replacing(row, with: "150\t0\t0\t0\t0\t1\t\(low)\t\(high)")
        return try read(text).networkCase.network.branches[0].angleLimits
    }

    /// Limits of angles as MATPOWER takes them: a whole turn or more is none, unless it leaves none out.
    @Test(
        arguments: [
            ("400", "500", 400.0, Double.infinity), ("-500", "-400", -.infinity, -400),
            ("-360", "30", -360, 30),
            ("-Inf", "30", -360, 30), ("0", "30", 0, 30), ("-30", "0", -30, 0), ("-500", "20", -360, 20),
            ("360", "360", 360, 360), ("10", "Inf", 10, 360),
        ] as [(String, String, Double, Double)])
    func angles(low: String, high: String, lower: Double, upper: Double) throws {
        #expect(try limits(low: low, high: high) == lower * .pi / 180...upper * .pi / 180)
    }

    @Test(arguments: [("0", "0"), ("-360", "360"), ("-Inf", "Inf"), ("-400", "720"), ("-360", "Inf")])
    func noAngles(low: String, high: String) throws {
        #expect(try limits(low: low, high: high) == nil)
    }

    @Test(arguments: [("Inf", "Inf"), ("-Inf", "-Inf"), ("NaN", "30"), ("30", "NaN"), ("20", "10")])
    func impossibleAngles(low: String, high: String) {
        let mistakes = #expect(throws: FileMistakes.self) { try limits(low: low, high: high) }
        #expect(mistakes?.all.first?.message.contains("leave no angle") ?? false)
    }
}

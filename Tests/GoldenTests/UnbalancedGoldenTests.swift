import FeederFile
import Foundation
import Grid
import TestSupport
import Testing
import UnbalancedPowerFlow

/// Every folder of Tests/Golden/unbalanced, against the published tables and against another tool.
@Suite struct UnbalancedGoldenTests {
    static let root = Checkout.golden.appending(path: "unbalanced")

    static let cases: [String] = {
        let folders = try? FileManager.default.contentsOfDirectory(atPath: root.path())
        return (folders ?? []).sorted()
    }()

    private static func network(_ feeder: String) throws -> UnbalancedNetwork {
        try FeederFolder.load(path: root.appending(path: feeder).path()).network
    }

    private static func rows(_ feeder: String, _ table: String) throws -> [GoldenTable.Row] {
        try GoldenTable("unbalanced/\(feeder)/answers/\(table)").rows
    }

    private static func publishedTaps(_ feeder: String) throws -> [Int] {
        try rows(feeder, "taps").map { Int($0["published_tap"]) }
    }

    private static func cell(_ row: GoldenTable.Row, bus: String, _ network: UnbalancedNetwork) throws
        -> Int
    {
        let index = network.buses.firstIndex { $0.name.lowercased() == row.text(bus).lowercased() }
        return 3 * (try #require(index)) + (try #require(["a", "b", "c"].firstIndex(of: row.text("phase"))))
    }

    private static func magnitude(_ point: UnbalancedPoint, _ network: UnbalancedNetwork, _ cell: Int)
        -> Double
    {
        point.voltage[cell].value / network.buses[cell / 3].nominalPhaseVoltage
    }

    /// Difference of two angles, degrees.
    private static func turn(_ radians: Double, _ degrees: Double) -> Double {
        (radians * 180 / .pi - degrees).remainder(dividingBy: 360).magnitude
    }

    /// At the published taps, where the regulators rest, every voltage is the published one.
    @Test func agreesWithThePublishedTables() throws {
        let network = try Self.network("ieee13")
        let taps = try Self.publishedTaps("ieee13")
        let point = try UnbalancedPowerFlowSolver(network: network).solve(taps: taps)
        #expect(point.status == .converged)
        #expect(point.taps == taps)
        for row in try Self.rows("ieee13", "published") {
            let cell = try Self.cell(row, bus: "bus", network)
            let magnitude = Self.magnitude(point, network, cell)
            let turn = Self.turn(point.angle[cell], row["angle_degrees"])
            let isNear = (magnitude - row["voltage_pu"]).magnitude <= 2e-4 && turn <= 0.02
            #expect(isNear, "\(row.text("bus")).\(row.text("phase")): \(magnitude), \(point.angle[cell])")
        }
    }

    @Test(arguments: ["ieee13", "ieee123"]) func regulatorsRestAtThePublishedTaps(feeder: String) throws {
        let taps = try Self.publishedTaps(feeder)
        #expect(
            try UnbalancedPowerFlowSolver(network: Self.network(feeder)).solve(taps: taps).taps == taps)
    }

    @Test func casesAreThere() {
        #expect(Self.cases.count >= 10)
    }

    /// From every start of the table: taps the same, voltages to 2e-6.
    @Test(arguments: cases) func agreesWithOpenDSS(feeder: String) throws {
        let starts = Dictionary(grouping: try Self.rows(feeder, "opendss")) { $0.text("start") }
        for start in starts.keys.sorted() {
            var network = try Self.network(feeder)
            if start == "ties" { network = network.allClosed }
            let taps = start == "published" ? try Self.publishedTaps(feeder) : nil
            let point = try UnbalancedPowerFlowSolver(network: network).solve(taps: taps)
            #expect(point.status == .converged)
            for row in starts[start]! { try Self.compare(row, point, network) }
        }
    }

    private static func compare(
        _ row: GoldenTable.Row, _ point: UnbalancedPoint, _ network: UnbalancedNetwork
    ) throws {
        let expected = row["value"]
        let start = row.text("start")
        switch row.text("quantity") {
        case "voltage":
            let cell = try cell(row, bus: "name", network)
            let magnitude = magnitude(point, network, cell)
            let turn = turn(point.angle[cell], row["angle_degrees"])
            let isNear = (magnitude - expected).magnitude <= 2e-6 && turn <= 2e-4
            #expect(
                isNear, "\(start): \(row.text("name")).\(row.text("phase")): \(magnitude), not \(expected)")
        case "tap": #expect(point.taps[Int(row["name"])] == Int(expected), "\(start)")
        case "losses_kw": #expect((point.losses.kilowatts / expected - 1).magnitude < 2e-4, "\(start)")
        case "source_kw":
            let given = point.sourcePower.reduce(.zero, +).kilowatts
            #expect((given / expected - 1).magnitude < 1e-5, "\(start)")
        default:
            let given = point.sourceReactive.reduce(.zero, +).kilovars
            #expect((given / expected - 1).magnitude < 1e-5, "\(start)")
        }
    }

    /// A day of quarter-hours: the taps of every step, and one bus.
    @Test(arguments: ["ieee13", "ieee34", "ieee123"]) func agreesWithADayOfOpenDSS(feeder: String) throws {
        let network = try Self.network(feeder)
        let rows = try Self.rows(feeder, "day")
        let shapes = (0..<3).map { k in rows.map { $0["shape_\(k)"] } }
        let demand = DemandSeries(shapes: shapes, loads: network.loads.indices.map { $0 % 3 })
        let series = try UnbalancedTimeSeries(network: network).solve(demand)
        for (step, row) in rows.enumerated() {
            let taps = network.controls.indices.map { "\(series.tap($0, step: step))" }
            #expect(taps.joined(separator: " ") == row.text("taps"), "step \(step)")
            let bus = try #require(network.buses.firstIndex { $0.name == row.text("bus") })
            for (phase, letter) in ["a", "b", "c"].enumerated() {
                let magnitude = series.magnitude(bus: bus, phase: phase, step: step)
                let isNear = (magnitude - row["voltage_pu_\(letter)"]).magnitude <= 2e-6
                #expect(isNear, "step \(step), \(letter): \(magnitude)")
            }
        }
    }
}

extension UnbalancedNetwork {
    fileprivate var allClosed: UnbalancedNetwork {
        UnbalancedNetwork(
            buses: buses,
            branches: branches.map {
                Branch(name: $0.name, from: $0.from, to: $0.to, phases: $0.phases, element: $0.element)
            }, loads: loads, capacitors: capacitors, source: source)
    }
}

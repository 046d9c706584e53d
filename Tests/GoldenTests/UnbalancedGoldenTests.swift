import Foundation
import Grid
import Testing
import UnbalancedPowerFlow

/// Every folder of Tests/Golden/unbalanced, against the published tables and against another tool.
@Suite struct UnbalancedGoldenTests {
    static let cases = [
        "ieee13", "ieee123", "four-node-ynyn0", "four-node-dyn1", "four-node-dyn11", "four-node-dd0",
        "four-node-yd1", "four-node-yd11",
    ]

    private static func cell(_ row: [String: String], bus: String, _ network: UnbalancedNetwork) throws -> Int
    {
        let index = network.buses.firstIndex { $0.name.lowercased() == row[bus]!.lowercased() }
        return 3 * (try #require(index)) + (try #require(["a", "b", "c"].firstIndex(of: row["phase"]!)))
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
        var folder = FeederFolder("ieee13")
        let network = try folder.network(atPublishedTaps: true)
        let point = try UnbalancedPowerFlowSolver(network: network).solve()
        #expect(point.status == .converged)
        #expect(point.taps == network.controls.map(\.tap))
        for row in try folder.rows("expected") {
            let cell = try Self.cell(row, bus: "bus", network)
            let magnitude = Self.magnitude(point, network, cell)
            let turn = Self.turn(point.angle[cell], try row.number("angle_degrees"))
            let isNear = (magnitude - (try row.number("voltage_pu"))).magnitude <= 2e-4 && turn <= 0.02
            #expect(isNear, "\(row["bus"]!).\(row["phase"]!): \(magnitude), \(point.angle[cell])")
        }
    }

    @Test(arguments: ["ieee13", "ieee123"]) func regulatorsRestAtThePublishedTaps(feeder: String) throws {
        var folder = FeederFolder(feeder)
        let network = try folder.network(atPublishedTaps: true)
        let point = try UnbalancedPowerFlowSolver(network: network).solve()
        #expect(point.taps == (try folder.rows("regulator").map { try $0.index("published_tap") }))
    }

    /// From every start of the table: taps the same, voltages to 2e-6.
    @Test(arguments: cases) func agreesWithOpenDSS(feeder: String) throws {
        let starts = Dictionary(grouping: try FeederFolder(feeder).rows("opendss")) { $0["start"]! }
        for (start, rows) in starts {
            var folder = FeederFolder(feeder)
            let network = try folder.network(
                atPublishedTaps: start == "published", closing: start == "ties" ? ["151-300", "54-94"] : [])
            let point = try UnbalancedPowerFlowSolver(network: network).solve()
            #expect(point.status == .converged)
            for row in rows {
                let expected = try row.number("value")
                switch row["quantity"] {
                case "voltage":
                    let cell = try Self.cell(row, bus: "name", network)
                    let magnitude = Self.magnitude(point, network, cell)
                    let turn = Self.turn(point.angle[cell], try row.number("angle_degrees"))
                    let isNear = (magnitude - expected).magnitude <= 2e-6 && turn <= 2e-4
                    #expect(
                        isNear, "\(start): \(row["name"]!).\(row["phase"]!): \(magnitude), not \(expected)")
                case "tap": #expect(point.taps[try row.index("name")] == Int(expected), "\(start)")
                case "losses_kw": #expect((point.losses.kilowatts / expected - 1).magnitude < 2e-4)
                case "source_kw":
                    let given = point.sourcePower.reduce(.zero, +).kilowatts
                    #expect((given / expected - 1).magnitude < 1e-5)
                default:
                    let given = point.sourceReactive.reduce(.zero, +).kilovars
                    #expect((given / expected - 1).magnitude < 1e-5)
                }
            }
        }
    }

    /// A day of quarter-hours: the taps of every step, and one bus.
    @Test(arguments: ["ieee13", "ieee123"]) func agreesWithADayOfOpenDSS(feeder: String) throws {
        var folder = FeederFolder(feeder)
        let network = try folder.network()
        let rows = try folder.rows("day")
        let shapes = try (0..<3).map { k in try rows.map { try $0.number("shape_\(k)") } }
        let demand = DemandSeries(shapes: shapes, loads: network.loads.indices.map { $0 % 3 })
        let series = try UnbalancedTimeSeries(network: network).solve(demand)
        for (step, row) in rows.enumerated() {
            let taps = network.controls.indices.map { "\(series.tap($0, step: step))" }.joined(separator: " ")
            #expect(taps == row["taps"], "step \(step)")
            let bus = try #require(network.buses.firstIndex { $0.name == row["bus"] })
            for (phase, letter) in ["a", "b", "c"].enumerated() {
                let magnitude = series.magnitude(bus: bus, phase: phase, step: step)
                let isNear = (magnitude - (try row.number("voltage_pu_\(letter)"))).magnitude <= 2e-6
                #expect(isNear, "step \(step), \(letter): \(magnitude)")
            }
        }
    }
}

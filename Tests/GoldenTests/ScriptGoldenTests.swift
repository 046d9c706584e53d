import FeederFile
import Foundation
import Grid
import LinearAlgebra
import TestSupport
import Testing
import UnbalancedPowerFlow

/// Every script of Tests/Golden/opendss against the answers of OpenDSS.
@Suite struct ScriptGoldenTests {
    private static let root = Checkout.golden.appending(path: "opendss")

    static let scripts = [
        "secondaries", "wires", "network", "banks", "plants", "utility", "controls", "inverters",
        "language/main",
    ]

    private static func rows(_ script: String, _ table: String) throws -> [GoldenTable.Row] {
        try GoldenTable("opendss/answers/\(table)").rows.filter { $0.text("script") == script }
    }

    /// Voltages to a hundred-thousandth of nominal, in size and direction; positions equal; losses to a
    /// thousandth.
    @Test(arguments: scripts) func agreesWithOpenDSS(script: String) throws {
        let feeder = try OpenDSSFile.load(
            path: Self.root.appending(path: "\(script).dss").path(), root: Self.root.path()
        ).feeder
        let point = try FeederPowerFlow(feeder: feeder).solve()
        try #require(point.status.isSolved, "\(point.status)")
        let answers = try Self.rows(script, "nodes")
        let positions = Dictionary(
            uniqueKeysWithValues: zip(
                feeder.tapControls.map(\.name) + feeder.shuntControls.map(\.name),
                point.positions + point.closed))
        for row in try Self.rows(script, "controls") {
            // A locked regulator has no control; its tap is compared through the voltages.
            guard let found = positions.first(where: { $0.key.lowercased() == row.text("control") }) else {
                continue
            }
            #expect(found.value == Int(row["position"]), "\(row)")
        }
        let numbers = Dictionary(
            uniqueKeysWithValues: feeder.nodes.enumerated().map { index, node in
                ("\(feeder.buses[node.bus].name.lowercased()).\(node.conductor)", index)
            })
        for row in answers {
            // Behind an open switch OpenDSS lists buses that no element feeds.
            guard let index = numbers["\(row.text("bus")).\(row.text("node"))"] else {
                #expect(script == "language/main" && row.text("bus") == "x", "\(row)")
                continue
            }
            let angle = row["angle_degree"] * .pi / 180
            let answer = Complex(row["voltage_v"] * cos(angle), row["voltage_v"] * sin(angle))
            let difference = (point.voltage[index] - answer).magnitude / row["base_v"]
            #expect(difference < 1e-5, "\(row): \(point.voltage[index])")
        }
        let sums = try #require(try Self.rows(script, "sums").first)
        let losses = (point.lineLoss + point.transformerLoss).reduce(Power.zero, +).kilowatts
        #expect(near(losses, sums["losses_kw"], relative: 1e-3))
        let given = point.sourcePower.reduce(Complex.zero, +)
        #expect(near(given.real / 1000, sums["source_kw"], relative: 1e-4, absolute: 1e-3))
        #expect(near(given.imaginary / 1000, sums["source_kvar"], relative: 1e-4, absolute: 1e-3))
    }
}

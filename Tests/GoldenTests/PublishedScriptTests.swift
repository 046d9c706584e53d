import FeederFile
import Foundation
import Grid
import LinearAlgebra
import TestSupport
import Testing
import TextFile
import UnbalancedPowerFlow

/// The published feeders in the folder that `KARST_FEEDERS` names, which is never part of the checkout.
@Suite struct PublishedScriptTests {
    private static let folder = ProcessInfo.processInfo.environment["KARST_FEEDERS"]

    /// Script, buses, nodes; what OpenDSS 0.14.5 gives: losses in kW and the position of every regulator.
    static let feeders: [(script: String, nodes: Int, losses: Double, taps: [Int])] = [
        ("13Bus/IEEE13Nodeckt.dss", 41, 112.3914, [9, 6, 9]),
        ("34Bus/ieee34Mod1.dss", 95, 273.5132, [14, 4, 5, 13, 13, 13]),
        ("34Bus/ieee34Mod2.dss", 138, 273.5378, [13, 5, 5, 12, 12, 12]),
        ("37Bus/ieee37.dss", 117, 152.3446, [16, 14]),
        ("123Bus/IEEE123Master.dss", 278, 95.9776, [6, 0, 2, 0, 10, 4, 6]),
        ("LVTestCase/Master.dss", 2721, 0.8803, []),
    ]

    @Test(.enabled(if: folder != nil, "KARST_FEEDERS names no folder"), arguments: feeders.map(\.script))
    func agreesWithOpenDSS(script: String) throws {
        let answer = try #require(Self.feeders.first { $0.script == script })
        let root = try #require(Self.folder)
        let feeder = try OpenDSSFile.load(path: "\(root)/\(script)", root: root).feeder
        #expect(feeder.nodes.count == answer.nodes)
        let point = try FeederPowerFlow(feeder: feeder).solve()
        #expect(point.status == .converged)
        #expect(point.positions == answer.taps)
        let losses = (point.lineLoss + point.transformerLoss).reduce(Power.zero, +).kilowatts
        #expect(near(losses, answer.losses, relative: 1e-3))
    }

    /// A script whose files lie outside of its folder says so.
    @Test(.enabled(if: folder != nil, "KARST_FEEDERS names no folder"))
    func theFolderIsNotLeftWithoutLeave() throws {
        let root = try #require(Self.folder)
        #expect(throws: FileMistakes.self) { try OpenDSSFile.load(path: "\(root)/13Bus/IEEE13Nodeckt.dss") }
    }
}

import CaseFile
import Foundation
import Grid
import Testing
import TextFile

@Suite("SimBench folders")
struct SimbenchTests {
    @Test func kirchhoffHoldsAtPandapowersVoltages() throws {
        let loaded = try CaseFile.load(path: vector("simbench"))
        #expect(loaded.networkCase.name == "simbench" && loaded.warnings.count == 1)
        #expect(loaded.warnings[0].message.hasPrefix("trafo 1: pfe_kw is 0.83, more than i0_percent of the"))
        try expectBalance(of: loaded.networkCase, at: "simbench/voltages.csv")
        #expect(loaded.networkCase.network.branches.first { $0.name == "Line 1" }?.ampacity == Current(315))
    }

    @Test(arguments: [
        (
            "Line.csv", "MV Bus 3;overhead", "MV Bus 9;overhead",
            "Line.csv:3:17: error: nodeB: there is no node 'MV Bus 9'"
        ),
        ("Line.csv", ";overhead;6", ";overhead;six", "Line.csv:3:35: error: length: 'six' is not a number"),
        ("Line.csv", ";cable;4", ";wire;4", "Line.csv:4:26: error: type: there is no type 'wire'"),
        ("Node.csv", "LV Bus;node", "HV Bus;node", "Node.csv:8:1: error: id: 'HV Bus' is given twice"),
        ("Load.csv", "pLoad;", "p;", "Load.csv:1: error: there is no column 'pLoad'"),
        (
            "Line.csv", ";cable;4", ";dcline 1_type;4",
            "Line.csv:4:26: error: type: DC lines are not understood, and 'Line 3' is one"
        ),
        (
            "ExternalNet.csv", "vavm;1", "xWard;1",
            "ExternalNet.csv:2:13: error: calc_type: 'xWard' is not allowed"
        ),
        ("ExternalNet.csv", "vavm;1", "pq;1", "error: sgen 2: p_mw is missing"),
        ("LineType.csv", "0.206", "NULL", "error: line 0: r_ohm_per_km is missing"),
    ])
    func oneMistake(file: String, old: String, new: String, expected: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.copyItem(atPath: vector("simbench"), toPath: folder.path)
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        #expect(text.contains(old))
        try text.replacing(old, with: new).write(
            to: folder.appending(path: file), atomically: true, encoding: .utf8)
        try "id;pDCLine\ndcline 1_type;100\n".write(
            to: folder.appending(path: "DCLineType.csv"), atomically: true, encoding: .utf8)
        do {
            _ = try CaseFile.load(path: folder.path)
            Issue.record("read")
        } catch {
            #expect("\(error)".contains(expected), "\(error)")
        }
    }

    /// A table under a name that is not quite its own would be passed over, and its elements with it.
    @Test(arguments: [("Load.csv", "Loads.csv"), ("RES.csv", "res.csv"), ("Switch.csv", "Switch.CSV")])
    func aMisspeltTableIsRefused(table: String, name: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.copyItem(atPath: vector("simbench"), toPath: folder.path)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.moveItem(
            at: folder.appending(path: table), to: folder.appending(path: name))
        let error = #expect(throws: FileMistakes.self) { try CaseFile.load(path: folder.path) }
        #expect(
            error?.all.map(\.message).contains("there is no such table; did you mean '\(table)'?") == true)
    }

    @Test func aFolderWithoutNodesIsRefused() {
        #expect(throws: FileMistakes.self) { try CaseFile.load(path: vector("")) }
    }
}

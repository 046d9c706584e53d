import CaseFile
import Foundation
import Grid
import Testing
import TextFile

@Suite("pandapower networks with one peculiarity")
struct PandapowerNetworkTests {
    private func read(_ name: String) throws -> LoadedCase {
        try CaseFile.load(path: vector("network/\(name).json"))
    }

    private func again(_ networkCase: NetworkCase, _ format: CaseFile.Format) throws -> NetworkCase {
        let text = try CaseFile.text(networkCase, as: format)
        return try CaseFile.parse(Array(text.utf8), name: "again", format: format).networkCase
    }

    /// What only turns may stand at either end of its winding.
    @Test(arguments: ["hv", "mv", "lv"])
    func anIdealTapChangerAtTheStarPointTurnsAsAtItsTerminal(side: String) throws {
        try expectBalance(of: try read("star_\(side)").networkCase, at: "network/star_\(side).csv")
    }

    @Test func busesThatClosedSwitchesJoinKeepTheirNames() throws {
        let loaded = try read("fused")
        let networkCase = loaded.networkCase
        try expectBalance(of: networkCase, at: "network/fused.csv")
        #expect(loaded.warnings == [] && networkCase.network.buses.map(\.name) == ["b0", "b1", "b3"])
        #expect(networkCase.namedBuses.map(\.name) == ["b0", "b1", "b2", "b3"])
        #expect(networkCase.namedBuses.map(\.bus) == [0, 1, 1, 2])
        #expect(networkCase.loads.indices.map { networkCase.place(ofLoad: $0) } == [1, 2, 3])
        #expect(networkCase.ends(ofBranch: 2) == .init(from: 2, to: 3))
        // Both buses' limits hold.
        #expect(networkCase.network.buses[1].limits == 0.95...1.1)
        let written = try again(networkCase, .pandapower)
        #expect(written.origin == networkCase.origin && written.network.buses == networkCase.network.buses)
        let text = try CaseFile.text(networkCase, as: .matpower)
        #expect(text.contains("\t'b1, b2';"))
    }

    @Test(arguments: CaseFile.Format.allCases)
    func weightsOfASharedRemainderAreReadAndWritten(format: CaseFile.Format) throws {
        let networkCase = try read("weights").networkCase
        for found in [networkCase, try again(networkCase, format)] {
            #expect(found.network.sources.map(\.participation) == [1])
            #expect(found.network.regulators.map(\.participation) == [3])
        }
        let text = try String(contentsOfFile: vector("network/weights.json"), encoding: .utf8)
        let older = text.replacing("slack_weight", with: "dspf")
        let network = try CaseFile.parse(Array(older.utf8), name: "old", format: .pandapower).networkCase
        #expect(network.network.regulators.map(\.participation) == [3])
    }

    /// Half way from ±0.2 Mvar at 1 MW to −0.4 and 0.3 Mvar at 2 MW.
    @Test func aCapabilityCurveGivesTheReactiveLimits() throws {
        let loaded = try read("capability")
        let limits = try #require(loaded.networkCase.network.regulators[0].reactive)
        #expect((limits.lowerBound.value + 0.3e6).magnitude < 1e-6)
        #expect((limits.upperBound.value - 0.25e6).magnitude < 1e-6)
        #expect(loaded.warnings.map(\.message).contains { $0.hasPrefix("gen 0: its reactive limits are") })
        let text = try String(contentsOfFile: vector("network/capability.json"), encoding: .utf8)
        for (old, new, message) in [
            ("[0,2.0,-0.4,0.3]", "[0,2.0,0.4,0.3]", "q_capability_curve_table 2: q_min_mvar is above"),
            ("straightLineYValues", "constantYValue", "gen 0: curve_style is 'constantYValue'; only"),
            (
                "[[0,0.0,-0.1,0.1],[0,1.0,-0.2,0.2],[0,2.0,-0.4,0.3]]", "[[7,0.0,0,0],[7,1,0,0],[7,2,0,0]]",
                "gen 0: id_q_capability_characteristic: q_capability_curve_table has no curve 0"
            ),
        ] {
            #expect(text.contains(old), "\(old)")
            let bytes = Array(text.replacing(old, with: new).utf8)
            let error = #expect(throws: (any Error).self) {
                try CaseFile.parse(bytes, name: "net.json", format: .pandapower)
            }
            #expect("\(error!)".contains(message), "\(error!)")
        }
    }

    /// Elements of the file are the two transformers; a ward's wire and source and an open line are none.
    @Test func threeWindingTransformersAreUnits() throws {
        let networkCase = try read("three").networkCase
        let origin = try #require(networkCase.origin)
        #expect(origin.units.map(\.name) == ["A", "B"] && origin.units.map(\.branches.count) == [3, 3])
        let names = networkCase.network.branches.map(\.name)
        #expect(origin.units[0].branches.map { names[$0] } == ["A hv", "A mv", "A lv"])
        #expect(origin.innerBranches.map { names[$0] }.sorted() == ["L", "X"])
        #expect(origin.innerGenerators.map { networkCase.generators[$0].name } == ["X"])
        #expect(networkCase.network.branches[origin.units[0].branches[0]].ratedEnd == .from)
        #expect(networkCase.network.branches[origin.units[0].branches[1]].ratedEnd == .to)
    }
}

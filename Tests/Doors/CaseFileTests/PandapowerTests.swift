import CaseFile
import Foundation
import Grid
import LinearAlgebra
import TestSupport
import Testing
import TextFile

@Suite("pandapower networks")
struct PandapowerTests {
    private func everything() throws -> LoadedCase { try CaseFile.load(path: vector("everything.json")) }

    @Test func kirchhoffHoldsAtPandapowersVoltages() throws {
        try expectBalance(of: try everything().networkCase, at: "everything.csv")
    }

    @Test func whatIsOffStaysOffAndWhatIsDeadIsLeftOut() throws {
        let networkCase = try everything().networkCase
        #expect(networkCase.name == "everything")
        #expect(!networkCase.network.buses.contains { $0.name == "dead" || $0.name == "twin" })
        #expect(networkCase.network.branches.filter { !$0.isClosed }.map(\.name) == ["off"])
        #expect(networkCase.loads.filter { !$0.isConnected }.map(\.name) == ["off load"])
        let beside = networkCase.loads.first { $0.name == "beside" }!
        #expect(networkCase.network.buses[beside.bus].name == "mv4")
        #expect(networkCase.network.branches.first { $0.name == "H" }?.ampacity == Current(540))
        #expect(networkCase.network.branches.first { $0.name == "T" }?.rating == ApparentPower(80e6))
    }

    @Test(arguments: CaseFile.Format.allCases)
    func whatIsWrittenIsTheSameNetwork(format: CaseFile.Format) throws {
        var networkCase = try everything().networkCase
        if format == .matpower {
            // MATPOWER has no constant current.
            for load in networkCase.loads.indices { networkCase.loads[load].constantCurrent = 0 }
        }
        let text = try CaseFile.text(networkCase, as: format)
        let again = try CaseFile.parse(Array(text.utf8), name: "again", format: format)
        // A line of negative charging stands for a magnetising current between equal voltages.
        #expect(again.warnings.allSatisfy { $0.message.contains("c_nf_per_km is -") })
        let (old, new) = (networkCase, again.networkCase)
        #expect(same(currents(of: new), currents(of: old), 1e-12))
        let (oldParts, newParts) = (old.injections, new.injections)
        #expect(same(newParts.active.map(\.value), oldParts.active.map(\.value), 1e-14))
        #expect(
            same(
                newParts.constantCurrent?.active.map(\.value) ?? [],
                oldParts.constantCurrent?.active.map(\.value) ?? [], 1e-14))
        #expect(new.network.sources.map(\.angle) == old.network.sources.map(\.angle))
        #expect(new.network.regulators.map(\.voltage) == old.network.regulators.map(\.voltage))
        #expect(new.network.regulators.map(\.reactive) == old.network.regulators.map(\.reactive))
    }

    /// The currents into branches, shunts and constant-impedance loads at some voltages.
    private func currents(of networkCase: NetworkCase) -> [Double] {
        let network = networkCase.network
        var random = SplitMix64(seed: 5)
        let voltages = network.buses.map { _ in
            Complex(1 + Double(random.whole(0..<1000)) / 5000, Double(random.whole(0..<1000)) / 5000)
        }
        var currents = admittance(network) * voltages
        if let part = networkCase.injections.constantImpedance {
            for bus in network.buses.indices {
                let power =
                    Complex(-part.active[bus].value, part.reactive[bus].value) * (1 / network.basePower.value)
                currents[bus] += power * voltages[bus]
            }
        }
        return currents.flatMap { [$0.real, $0.imaginary] }
    }

    private func same(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
        let scale = b.reduce(1e-300) { max($0, abs($1)) }
        return a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * scale }
    }
}

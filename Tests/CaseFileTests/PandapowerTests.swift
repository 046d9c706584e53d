import CaseFile
import Foundation
import Grid
import LinearAlgebra
import Testing
import TextFile

@Suite("pandapower networks")
struct PandapowerTests {
    private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")

    private func everything() throws -> LoadedCase {
        try CaseFile.load(path: folder.appending(path: "everything.json").path)
    }

    /// pandapower's voltages, by bus.
    private func voltages(of network: Network) throws -> [Complex] {
        let bytes = try InputFile.bytes(
            at: folder.appending(path: "everything.csv").path, name: "everything.csv")
        var mistakes: [FileMistake] = []
        let table = CSVTable(bytes, file: "everything.csv", mistakes: &mistakes)
        let names = table.texts("bus", mistakes: &mistakes)
        let magnitudes = table.numbers("vm_pu", mistakes: &mistakes)
        let angles = table.numbers("va_degree", mistakes: &mistakes)
        #expect(mistakes == [] && Set(names) == Set(network.buses.map(\.name)))
        return network.buses.map { bus in
            let row = names.firstIndex(of: bus.name) ?? 0
            let angle = angles[row] * .pi / 180
            return Complex(magnitudes[row] * cos(angle), magnitudes[row] * sin(angle))
        }
    }

    /// At the voltages pandapower found, the power that the branches and shunts take out of every bus is what is
    /// injected there: taps, shifts, three windings, wards, open ends and all mean the same.
    @Test func kirchhoffHoldsAtPandapowersVoltages() throws {
        let networkCase = try everything().networkCase
        let (network, injections) = (networkCase.network, networkCase.injections)
        let voltages = try voltages(of: network)
        let currents = admittance(network) * voltages
        let held =
            network.regulators.map { ($0.bus, $0.voltage) } + network.sources.map { ($0.bus, $0.voltage) }
        for (bus, voltage) in held { #expect(close(voltages[bus].magnitude, voltage, 1e-12)) }
        let base = network.basePower.value
        for bus in network.buses.indices where bus != network.source {
            let magnitude = voltages[bus].magnitude
            let power = voltages[bus] * currents[bus].conjugate
            let (current, impedance) = (injections.constantCurrent!, injections.constantImpedance!)
            let active =
                injections.active[bus].value + magnitude * current.active[bus].value
                + magnitude * magnitude * impedance.active[bus].value
            #expect(abs(power.real - active / base) < 1e-10, "\(network.buses[bus].name)")
            guard !network.regulators.contains(where: { $0.bus == bus }) else { continue }
            let reactive =
                injections.reactive[bus].value + magnitude * current.reactive[bus].value
                + magnitude * magnitude * impedance.reactive[bus].value
            #expect(abs(power.imaginary - reactive / base) < 1e-10, "\(network.buses[bus].name)")
        }
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
        #expect(again.warnings == [])
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
        var random = SplitMix(state: 5)
        let voltages = network.buses.map { _ in
            Complex(1 + Double(random.below(1000)) / 5000, Double(random.below(1000)) / 5000)
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

/// A matrix of bus admittances, p.u., row after row.
struct Admittance {
    var values: [Complex]
    let count: Int

    static func * (matrix: Admittance, vector: [Complex]) -> [Complex] {
        (0..<matrix.count).map { row in
            vector.indices.reduce(Complex.zero) { $0 + matrix.values[row * matrix.count + $1] * vector[$1] }
        }
    }
}

/// From the definition of a branch: an ideal transformer at `from`, behind it a π.
func admittance(_ network: Network) -> Admittance {
    let perUnit = PerUnitNetwork(network)
    let count = network.buses.count
    var values = [Complex](repeating: .zero, count: count * count)
    for bus in 0..<count {
        values[bus * count + bus] = Complex(perUnit.shuntConductance[bus], perUnit.shuntSusceptance[bus])
    }
    for branch in perUnit.branches where branch.isClosed {
        let series = Complex(branch.conductance, branch.susceptance)
        let own = series + Complex(branch.shuntConductance / 2, branch.charging / 2)
        let turn = Complex(cos(branch.shift), sin(branch.shift))
        values[branch.from * count + branch.from] += own * (1 / (branch.ratio * branch.ratio))
        values[branch.to * count + branch.to] += own
        values[branch.from * count + branch.to] -= series * turn * (1 / branch.ratio)
        values[branch.to * count + branch.from] -= series * turn.conjugate * (1 / branch.ratio)
    }
    return Admittance(values: values, count: count)
}

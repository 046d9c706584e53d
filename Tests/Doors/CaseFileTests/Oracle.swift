import Foundation
import Grid
import LinearAlgebra
import TestSupport
import Testing

/// A file of the folder beside.
func vector(_ name: String) -> String {
    Checkout.golden.appending(path: "casefile/" + name).path
}

/// At the voltages that another tool found, the power that branches and shunts take out of every bus is what
/// is injected there: taps, shifts, windings, wards, open ends and all mean the same.
func expectBalance(of networkCase: NetworkCase, at file: String) throws {
    let (network, injections) = (networkCase.network, networkCase.injections)
    let voltages = try voltages(of: networkCase, file)
    let currents = admittance(network) * voltages
    let held = network.regulators.map { ($0.bus, $0.voltage) } + network.sources.map { ($0.bus, $0.voltage) }
    for (bus, voltage) in held {
        #expect(near(voltages[bus].magnitude, voltage, relative: 1e-12, absolute: 0))
    }
    let regulated = Set(network.regulators.map(\.bus))
    for bus in network.buses.indices where bus != network.source {
        let magnitude = voltages[bus].magnitude
        var expected = Complex(injections.active[bus].value, injections.reactive[bus].value)
        for (part, weight) in [
            (injections.constantCurrent, magnitude), (injections.constantImpedance, magnitude * magnitude),
        ] {
            guard let part else { continue }
            expected += Complex(part.active[bus].value, part.reactive[bus].value) * weight
        }
        let power = voltages[bus] * currents[bus].conjugate
        let surplus = power - expected * (1 / network.basePower.value)
        #expect(abs(surplus.real) < 1e-9, "\(network.buses[bus].name)")
        #expect(regulated.contains(bus) || abs(surplus.imaginary) < 1e-9, "\(network.buses[bus].name)")
    }
}

/// By bus, as a table of the other tool has them.
private func voltages(of networkCase: NetworkCase, _ file: String) throws -> [Complex] {
    let rows = try GoldenTable(contentsOf: URL(filePath: vector(file))).rows
    #expect(Set(rows.map { $0.text("bus") }) == Set(networkCase.namedBuses.map(\.name)))
    var voltages = [Complex](repeating: .zero, count: networkCase.network.buses.count)
    for named in networkCase.namedBuses {
        let row = try #require(rows.first { $0.text("bus") == named.name })
        let angle = row["va_degree"] * .pi / 180
        let voltage = Complex(row["vm_pu"] * cos(angle), row["vm_pu"] * sin(angle))
        #expect(voltages[named.bus] == .zero || voltages[named.bus] == voltage)
        voltages[named.bus] = voltage
    }
    return voltages
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
        let series = branch.seriesAdmittance
        let own = series + Complex(branch.shuntConductance / 2, branch.charging / 2)
        let turn = Complex(cos(branch.shift), sin(branch.shift))
        values[branch.from * count + branch.from] += own * (1 / (branch.ratio * branch.ratio))
        values[branch.to * count + branch.to] += own
        values[branch.from * count + branch.to] -= series * turn * (1 / branch.ratio)
        values[branch.to * count + branch.from] -= series * turn.conjugate * (1 / branch.ratio)
    }
    return Admittance(values: values, count: count)
}

import Grid
import LinearAlgebra
import Testing

/// The tree in each bus's own unit of voltage.
@Suite struct ScaledTreeTests {
    /// 0 — 1 — 2 with a transformer between 0 and 1, a line that closes a loop.
    private let network = PerUnitNetwork(
        Network(
            buses: [Bus](
                repeating: Bus(name: "", nominalVoltage: Voltage(10_000), limits: 0.9...1.1), count: 3),
            branches: [
                Branch(
                    name: "t", from: 0, to: 1, resistance: Impedance(1), reactance: Impedance(2),
                    charging: 0.02, ratio: 1.25, phaseShift: 0.5),
                Branch(name: "a", from: 2, to: 1, resistance: Impedance(3), reactance: Impedance(4)),
                Branch(
                    name: "b", from: 1, to: 2, resistance: Impedance(5), reactance: Impedance(6),
                    charging: 0.04),
            ], source: 0, sourceVoltage: 1))

    private func isNear(_ a: Complex, _ b: Complex) -> Bool { (a - b).magnitude < 1e-12 }

    @Test func everyRatioIsOne() {
        let live = LiveNetwork(network)
        let tree = ScaledTree(live, of: network)
        for position in live.buses.indices where live.parents[position] >= 0 {
            let branch = network.branches[live.parentBranches[position]]
            let (from, to) = (live.positions[branch.from]!, live.positions[branch.to]!)
            #expect(isNear(tree.unit[from] * branch.inverseTurns, tree.unit[to]))
            let z = Complex(branch.resistance, branch.reactance)
            #expect(isNear(tree.impedance[position] * tree.unit[to].squared, z))
        }
        #expect(tree.impedance[0] == .zero && tree.unit[0] == Complex(1, 0))
    }

    /// Every branch stands with half its shunt at both ends; where it is tapped, not at its end `from`.
    @Test func shunts() {
        let live = LiveNetwork(network)
        let (whole, tapped) = (
            ScaledTree(live, of: network), ScaledTree(live, of: network, tapped: [0])
        )
        let square = whole.unit[1].squared
        let (first, loop) = (network.branches[0].halfShunt, network.branches[2].halfShunt)
        let ends = [1, 2].map { live.positions[$0]! }
        #expect(isNear(whole.shunt[0], first * square))
        #expect(isNear(whole.shunt[ends[0]], (first + loop) * square))
        #expect(isNear(whole.shunt[ends[1]], loop * square))
        #expect(tapped.shunt[0] == .zero && tapped.shunt.dropFirst() == whole.shunt.dropFirst())
    }

    /// A current drawn at a bus lowers the voltages by the impedance of the common way from the source.
    @Test func drawnCurrentsLowerVoltages() {
        let live = LiveNetwork(network)
        let tree = ScaledTree(live, of: network)
        for drawn in live.buses.indices {
            var current = [Complex](repeating: .zero, count: 3)
            current[drawn] = Complex(2, -1)
            let rise = tree.voltageRise(drawing: current)
            for position in live.buses.indices {
                let common = (0...min(drawn, position)).reduce(Complex.zero) { $0 + tree.impedance[$1] }
                #expect(isNear(rise[position], -common * current[drawn]))
            }
        }
        let inWatts = tree.inWatts(basePower: network.basePower)
        #expect(isNear(inWatts.impedance[1] * network.basePower, tree.impedance[1]))
        #expect(isNear(inWatts.shunt[1] * (1 / network.basePower), tree.shunt[1]))
    }
}

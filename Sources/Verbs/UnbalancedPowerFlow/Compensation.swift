// Loops on a sweep by compensation. Each closed line that the tree does not use is cut and stands for a pair
// of opposite currents at its ends, one for each of its phases. When every loop current i is right, no
// voltage is left around any loop:
//
//     e = v(from) − v(to) − Z·i = 0        ∂e/∂i ≈ −L
//
// L holds the impedances of the loops in the tree and of the cut lines, without loads and at neutral taps: it
// is factored once. After each sweep the currents move by L⁻¹·e, all lanes as right-hand sides of one
// solution (D. Shirmohammadi, H. W. Hong, A. Semlyen and G. X. Luo, "A compensation-based power flow method
// for weakly meshed distribution and transmission networks", IEEE Transactions on Power Systems 3(2), 1988).

import Grid
import Lanes
import LinearAlgebra

/// Owns the loop currents of one sweep's eight lanes.
final class Compensation {
    /// One phase of a cut line.
    private struct Cut {
        let from: Int
        let to: Int
        /// To the cuts of the same line: which, and the impedance they share.
        let coupled: [(cut: Int, impedance: Complex)]
    }

    private let tree: PhaseSweep
    private let cuts: [Cut]
    private let currents: UnsafeMutableBufferPointer<(real: Lanes, imaginary: Lanes)>
    private let factors: LU
    /// Lane after lane: real parts, then imaginary parts.
    private let residuals: UnsafeMutableBufferPointer<Double>

    /// For the loops of a network, nil where it has none.
    static func closing(_ sweep: PhaseSweep, _ network: UnbalancedNetwork) throws(FeederMistakes)
        -> Compensation?
    {
        guard !sweep.tree.chords.isEmpty else { return nil }
        guard let compensation = Compensation(sweep, network) else {
            let names = sweep.tree.chords.map { network.branches[$0].name }
            throw FeederMistakes(all: names.map { FeederMistakes.Mistake(name: $0, kind: .shortLoop) })
        }
        return compensation
    }

    /// Nil where a loop has no impedance to tell its current by.
    private init?(_ sweep: PhaseSweep, _ network: UnbalancedNetwork) {
        tree = sweep
        var cuts: [Cut] = []
        for index in sweep.tree.chords {
            let branch = network.branches[index]
            guard case .line(let matrix, _) = branch.element else { continue }
            let base = network.buses[branch.from].impedanceBase(network.basePower.value)
            let phases = branch.phases.indices
            let first = cuts.count
            for i in phases {
                let coupled = phases.enumerated().map { offset, j in
                    let z = Complex(matrix.real[3 * i + j], matrix.imaginary[3 * i + j])
                    return (cut: first + offset, impedance: z * (1 / base))
                }
                cuts.append(
                    Cut(
                        from: sweep.tree.cells[3 * branch.from + i]!,
                        to: sweep.tree.cells[3 * branch.to + i]!,
                        coupled: coupled))
            }
        }
        self.cuts = cuts
        let order = 2 * cuts.count
        factors = LU(order: order)
        currents = .filled(cuts.count, with: (.zero, .zero))
        residuals = .filled(order * Lanes.scalarCount, with: 0)
        let loops = Self.loopImpedance(cuts, sweep.tree)
        guard factors.factor(Matrix(realFormOfOrder: cuts.count) { loops[$1][$0] }) else { return nil }
    }

    deinit {
        currents.deallocate()
        residuals.deallocate()
    }

    func reset(_ lane: Int) {
        for index in currents.indices {
            currents[index].real[lane] = 0
            currents[index].imaginary[lane] = 0
        }
    }

    /// One sweep, with the loop currents corrected after it.
    func sweep() {
        tree.draw()
        inject()
        tree.backward()
        tree.forward()
        correct()
    }

    /// Adds the loop currents to what the loads draw.
    func inject() {
        for (index, cut) in cuts.enumerated() {
            tree.cells[cut.from].currentReal += currents[index].real
            tree.cells[cut.from].currentImaginary += currents[index].imaginary
            tree.cells[cut.to].currentReal -= currents[index].real
            tree.cells[cut.to].currentImaginary -= currents[index].imaginary
        }
    }

    private func correct() {
        let order = 2 * cuts.count
        var squares = Lanes.zero
        for (index, cut) in cuts.enumerated() {
            let (from, to) = (tree.cells[cut.from], tree.cells[cut.to])
            var (re, im) = (from.real - to.real, from.imaginary - to.imaginary)
            for (other, z) in cut.coupled {
                re -= z.real * currents[other].real - z.imaginary * currents[other].imaginary
                im -= z.real * currents[other].imaginary + z.imaginary * currents[other].real
            }
            squares += re * re + im * im
            for lane in 0..<Lanes.scalarCount {
                residuals[lane * order + index] = re[lane]
                residuals[lane * order + cuts.count + index] = im[lane]
            }
        }
        tree.add(change: squares)
        factors.solve(residuals, columns: Lanes.scalarCount)
        for index in cuts.indices {
            for lane in 0..<Lanes.scalarCount {
                currents[index].real[lane] += residuals[lane * order + index]
                currents[index].imaginary[lane] += residuals[lane * order + cuts.count + index]
            }
        }
    }

    /// Of a lane, through the cut lines: entering at `from`, in the order of the tree's chords and their
    /// phases.
    func current(_ cut: Int, _ lane: Int) -> Complex {
        Complex(currents[cut].real[lane], currents[cut].imaginary[lane])
    }

    /// Column by column: the voltages around all loops that one per unit of current in one loop takes.
    private static func loopImpedance(_ cuts: [Cut], _ tree: PhaseTree) -> [[Complex]] {
        cuts.map { cut in
            var current = [Complex](repeating: .zero, count: tree.cellCount)
            current[cut.from] += Complex(1, 0)
            current[cut.to] -= Complex(1, 0)
            let voltage = tree.response(to: current)
            var column = cuts.map { voltage[$0.to] - voltage[$0.from] }
            for (other, z) in cut.coupled { column[other] += z }
            return column
        }
    }
}

extension PhaseTree {
    /// The voltages that these currents, drawn at the cells, bring about beside those of the source.
    fileprivate func response(to drawn: [Complex]) -> [Complex] {
        var current = drawn
        for node in nodes.reversed() where node.parent >= 0 {
            let before = cells(of: nodes[node.parent].bus, node.phases)
            for (i, cell) in before.enumerated() {
                if case .turned(let turn) = node.link {
                    for j in 0..<3 { current[cell] += current[node.first + j] * turn[3 * j + i] }
                } else {
                    current[cell] += current[node.first + i]
                }
            }
        }
        var voltage = [Complex](repeating: .zero, count: cellCount)
        for node in nodes where node.parent >= 0 {
            let before = cells(of: nodes[node.parent].bus, node.phases)
            let count = node.phases.count
            for i in 0..<count {
                var v = voltage[before[i]]
                if case .turned(let turn) = node.link {
                    v = (0..<3).reduce(.zero) { $0 + voltage[before[$1]] * turn[3 * i + $1] }
                }
                for j in 0..<count { v -= node.impedance[i * count + j] * current[node.first + j] }
                voltage[node.first + i] = v
            }
        }
        return voltage
    }
}

// A backward/forward sweep in which each lane is a power flow of its own: eight times of the year side by
// side on one tree, each with its own taps.
//
// With the currents J through the branches known, the forward pass takes each branch's drop from its parent's
// voltage, w = w(parent) − z·J, and finds what each bus then draws:
//
//     own = conj(s)·w·(a + b·u + c·u²) + y·w,   u = 1/|w|,
//
// a, b and c the weights of constant impedance, constant current and constant power. The backward pass sums
// what is drawn into the currents of the branches. u is carried from sweep to sweep and refreshed by one step
// of Newton's method for the reciprocal root, u ← u·(3 − |w|²u²)/2: no division, no root; it is exact at the
// fixed point. Devices whose current follows the voltage act between the two passes.
//
// The voltages of a forward pass are in balance with the old own, so |w|·|own − old own| is a bus's power
// mismatch. The sum of its squares over all buses and devices bounds the largest.
//
// A tap at the near end of its branch divides the voltage that enters and the current that leaves the branch
// towards the source by its ratio; at the far end it multiplies the voltage beyond, and the current that
// enters the branch from there. So a changer is a pair of factors, `near` and `far`, one of which is 1.

import Grid
import Lanes
import LinearAlgebra

/// Owns the state of eight lanes; one for each worker.
final class LaneSweep {
    /// What a bus holds, p.u., in the unit of its own.
    struct Cell {
        /// Power taken at nominal voltage.
        var active = Lanes.zero
        var reactive = Lanes.zero
        var real = Lanes.zero
        var imaginary = Lanes.zero
        /// 1/|w|.
        var inverse = Lanes.zero
        /// Drawn here.
        var ownReal = Lanes.zero
        var ownImaginary = Lanes.zero
        /// Through the branch from the parent; between a forward and a backward pass the sum of what
        /// devices and other runs draw.
        var currentReal = Lanes.zero
        var currentImaginary = Lanes.zero

        @inline(__always) var squaredVoltage: Lanes { real * real + imaginary * imaginary }
    }

    struct Tap {
        let halfShunt: Complex
        let isNear: Bool
        var near = Lanes(repeating: 1)
        var far = Lanes(repeating: 1)
    }

    let tree: ControlledTree
    let cells: UnsafeMutableBufferPointer<Cell>
    let taps: UnsafeMutableBufferPointer<Tap>
    private let nodes: UnsafeMutableBufferPointer<ControlledTree.Node>
    private let runs: UnsafeMutableBufferPointer<ControlledTree.Run>
    private let rootVoltages: [Double]

    init(_ tree: ControlledTree, of network: PerUnitNetwork) {
        self.tree = tree
        rootVoltages = tree.live.roots.map { network.source(at: tree.live.buses[$0]).voltage }
        nodes = .copy(of: tree.nodes)
        runs = .copy(of: tree.runs)
        cells = .filled(tree.nodes.count, with: Cell())
        taps = .copy(of: tree.changers.map { Tap(halfShunt: $0.halfShunt, isNear: $0.isNear) })
        for lane in 0..<Lanes.scalarCount { reset(lane) }
    }

    deinit {
        nodes.deallocate()
        runs.deallocate()
        cells.deallocate()
        taps.deallocate()
    }

    /// The start of a lane: every bus at its source's voltage, no load and no current.
    func reset(_ lane: Int) {
        for run in runs {
            for position in run.first..<run.end {
                let voltage: Double
                if run.parent < 0, position == run.first {
                    voltage = rootVoltages[tree.live.roots.firstIndex(of: position)!]
                } else {
                    voltage = cells[tree.live.parents[position]].real[lane]
                }
                var cell = cells[position]
                cell.active[lane] = 0
                cell.reactive[lane] = 0
                cell.real[lane] = voltage
                cell.imaginary[lane] = 0
                cell.inverse[lane] = 1 / voltage
                cell.ownReal[lane] = 0
                cell.ownImaginary[lane] = 0
                cell.currentReal[lane] = 0
                cell.currentImaginary[lane] = 0
                cells[position] = cell
            }
        }
    }

    /// Sets the ratio of a tap in one lane.
    func setRatio(_ ratio: Double, of changer: Int, lane: Int) {
        if taps[changer].isNear {
            taps[changer].near[lane] = 1 / ratio
        } else {
            taps[changer].far[lane] = ratio
        }
    }

    /// From the currents to the voltages and what is drawn at them; clears the currents. Gives each lane's
    /// sum of squared power mismatches.
    func forward() -> Lanes {
        let cells = cells.baseAddress!
        let nodes = nodes.baseAddress!
        var change = Lanes.zero
        for run in runs {
            var k = run.first
            let start = run.parent < 0 ? k : run.parent
            var voltage = (real: cells[start].real, imaginary: cells[start].imaginary)
            if run.parent < 0 {
                cells[k].currentReal = .zero
                cells[k].currentImaginary = .zero
                k += 1
            } else if run.changer >= 0 {
                let tap = taps[run.changer]
                voltage = (voltage.real * tap.near, voltage.imaginary * tap.near)
                Self.drop(cells + k, nodes + k, &voltage)
                voltage = (voltage.real * tap.far, voltage.imaginary * tap.far)
                Self.draw(cells + k, nodes + k, voltage, &change)
                k += 1
            }
            while k < run.end {
                Self.drop(cells + k, nodes + k, &voltage)
                Self.draw(cells + k, nodes + k, voltage, &change)
                k += 1
            }
        }
        return change
    }

    @inline(__always)
    private static func drop(
        _ cell: UnsafeMutablePointer<Cell>, _ node: UnsafePointer<ControlledTree.Node>,
        _ voltage: inout (real: Lanes, imaginary: Lanes)
    ) {
        let (r, x) = (node.pointee.resistance, node.pointee.reactance)
        let (re, im) = (cell.pointee.currentReal, cell.pointee.currentImaginary)
        voltage.real = .fused(im, x, .fused(re, -r, voltage.real))
        voltage.imaginary = .fused(re, -x, .fused(im, -r, voltage.imaginary))
        cell.pointee.currentReal = .zero
        cell.pointee.currentImaginary = .zero
    }

    @inline(__always)
    private static func draw(
        _ cell: UnsafeMutablePointer<Cell>, _ node: UnsafePointer<ControlledTree.Node>,
        _ voltage: (real: Lanes, imaginary: Lanes), _ change: inout Lanes
    ) {
        let (re, im) = voltage
        let node = node.pointee
        let squared = Lanes.fused(re, re, im * im)
        let last = cell.pointee.inverse
        let u = last * .fused(squared * (last * last), -0.5, Lanes(repeating: 1.5))
        let linear = Lanes.fused(u, node.constantPower, Lanes(repeating: node.constantCurrent))
        let weight = Lanes.fused(u, linear, Lanes(repeating: node.constantImpedance))
        let p = Lanes.fused(cell.pointee.active, weight, Lanes(repeating: node.conductance))
        let q = Lanes.fused(cell.pointee.reactive, weight, Lanes(repeating: -node.susceptance))
        let ownReal = Lanes.fused(p, re, q * im)
        let ownImaginary = p * im - q * re
        let (dr, di) = (ownReal - cell.pointee.ownReal, ownImaginary - cell.pointee.ownImaginary)
        change = .fused(squared, .fused(dr, dr, di * di), change)
        cell.pointee.real = re
        cell.pointee.imaginary = im
        cell.pointee.inverse = u
        cell.pointee.ownReal = ownReal
        cell.pointee.ownImaginary = ownImaginary
    }

    /// From what is drawn to the currents, towards the sources.
    func backward() {
        let cells = cells.baseAddress!
        for index in stride(from: runs.count - 1, through: 0, by: -1) {
            let run = runs[index]
            var (real, imaginary) = (Lanes.zero, Lanes.zero)
            var k = run.end - 1
            while k >= run.first {
                real += cells[k].currentReal + cells[k].ownReal
                imaginary += cells[k].currentImaginary + cells[k].ownImaginary
                cells[k].currentReal = real
                cells[k].currentImaginary = imaginary
                k -= 1
            }
            guard run.parent >= 0 else { continue }
            if run.changer >= 0 { passTap(run, &real, &imaginary) }
            cells[run.parent].currentReal += real
            cells[run.parent].currentImaginary += imaginary
        }
    }

    /// Takes the current drawn at a run's head through its tap, and keeps what passes the branch's impedance.
    private func passTap(_ run: ControlledTree.Run, _ real: inout Lanes, _ imaginary: inout Lanes) {
        let tap = taps[run.changer]
        let behind = cells[tap.isNear ? run.parent : run.first]
        let factor = tap.isNear ? tap.near : 1 / tap.far
        let (g, b) = (tap.halfShunt.real, tap.halfShunt.imaginary)
        let shuntReal = factor * (g * behind.real - b * behind.imaginary)
        let shuntImaginary = factor * (g * behind.imaginary + b * behind.real)
        if tap.isNear {
            real = tap.near * (real + shuntReal)
            imaginary = tap.near * (imaginary + shuntImaginary)
        } else {
            real = tap.far * real + shuntReal
            imaginary = tap.far * imaginary + shuntImaginary
            cells[run.first].currentReal = real
            cells[run.first].currentImaginary = imaginary
        }
    }
}

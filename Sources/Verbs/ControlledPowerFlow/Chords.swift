// Loops. A branch that closes one, a chord, is left out of the tree; its current i is drawn at one end and
// given at the other, and is found with the sweep. With a and b what turns the voltages at its ends, each in
// its bus's own unit, into those at its series impedance z, behind ratio and shift, it misses
//
//     e = a·w(from) − b·w(to) − z·i,
//
// draws conj(a)·i at `from` and gives conj(b)·i at `to`. With d(l) by how much the voltages of the tree alone
// rise when chord l carries 1 p.u. (`ScaledTree.voltageRise`),
//
//     Z(k, l) = [k = l]·z − (a(k)·d(l)(from of k) − b(k)·d(l)(to of k))
//
// is how e answers to i, and after each forward pass i += Z⁻¹·e: exact, were all loads constant currents and
// all taps in the middle; as it is, a loop takes a few sweeps more. Z is small and dense and inverted once,
// by LAPACK.

import Grid
import Lanes
import LinearAlgebra

/// Owns the currents of the chords of eight lanes.
final class Chords {
    private struct Chord {
        let from: Int
        let to: Int
        let nearFactor: Complex
        let farFactor: Complex
        let impedance: Complex
        /// 1/|z|², of an impedance that is not below the least that voltages can tell.
        let weight: Double
        var real = Lanes.zero
        var imaginary = Lanes.zero
        var missingReal = Lanes.zero
        var missingImaginary = Lanes.zero
    }

    private let chords: UnsafeMutableBufferPointer<Chord>
    /// Z⁻¹, row after row.
    private let inverse: UnsafeMutableBufferPointer<Complex>

    /// Below 10⁻³ p.u. of impedance a chord is held to the voltages at its ends, not to the current between.
    private static let leastSquare = 1e-6

    /// Nil where the loops have no impedance that could be inverted.
    init?(_ tree: ControlledTree) {
        let chords = tree.chords.map {
            Chord(
                from: $0.from, to: $0.to, nearFactor: $0.nearFactor, farFactor: $0.farFactor,
                impedance: $0.impedance, weight: 1 / max($0.impedance.squared, Self.leastSquare))
        }
        guard let inverse = Self.inverse(chords, tree) else { return nil }
        self.chords = .copy(of: chords)
        self.inverse = .copy(of: inverse)
    }

    deinit {
        chords.deallocate()
        inverse.deallocate()
    }

    func reset(_ lane: Int) {
        for index in chords.indices {
            chords[index].real[lane] = 0
            chords[index].imaginary[lane] = 0
        }
    }

    /// Corrects the chords' currents at the voltages of the forward pass, and draws them. Gives each lane's
    /// sum of squares of what they were off, e/z.
    func follow(_ sweep: LaneSweep) -> Lanes {
        var change = Lanes.zero
        for index in chords.indices {
            measure(&chords[index], sweep)
            let (re, im) = (chords[index].missingReal, chords[index].missingImaginary)
            change += chords[index].weight * (re * re + im * im)
        }
        for row in chords.indices {
            var (real, imaginary) = (Lanes.zero, Lanes.zero)
            for column in chords.indices {
                let entry = inverse[row * chords.count + column]
                let (re, im) = (chords[column].missingReal, chords[column].missingImaginary)
                real += entry.real * re - entry.imaginary * im
                imaginary += entry.real * im + entry.imaginary * re
            }
            chords[row].real += real
            chords[row].imaginary += imaginary
            let chord = chords[row]
            Self.draw(chord, chord.nearFactor, &sweep.cells[chord.from])
            Self.draw(chord, -chord.farFactor, &sweep.cells[chord.to])
        }
        return change
    }

    @inline(__always)
    private func measure(_ chord: inout Chord, _ sweep: LaneSweep) {
        let (from, to) = (sweep.cells[chord.from], sweep.cells[chord.to])
        let (a, b, z) = (chord.nearFactor, chord.farFactor, chord.impedance)
        let near = (
            real: a.real * from.real - a.imaginary * from.imaginary,
            imaginary: a.real * from.imaginary + a.imaginary * from.real
        )
        let far = (
            real: b.real * to.real - b.imaginary * to.imaginary,
            imaginary: b.real * to.imaginary + b.imaginary * to.real
        )
        chord.missingReal = near.real - far.real - (z.real * chord.real - z.imaginary * chord.imaginary)
        chord.missingImaginary =
            near.imaginary - far.imaginary - (z.real * chord.imaginary + z.imaginary * chord.real)
    }

    /// conj(factor)·i.
    @inline(__always)
    private static func draw(_ chord: Chord, _ factor: Complex, _ cell: inout LaneSweep.Cell) {
        cell.currentReal += factor.real * chord.real + factor.imaginary * chord.imaginary
        cell.currentImaginary += factor.real * chord.imaginary - factor.imaginary * chord.real
    }

    /// A column for each chord, from a walk of the tree with 1 p.u. of current in that chord.
    private static func inverse(_ chords: [Chord], _ tree: ControlledTree) -> [Complex]? {
        let count = chords.count
        let rises = chords.map { chord in
            var current = [Complex](repeating: .zero, count: tree.nodes.count)
            current[chord.from] += chord.nearFactor.conjugate
            current[chord.to] -= chord.farFactor.conjugate
            return tree.scaled.voltageRise(drawing: current)
        }
        let response = Matrix(realFormOfOrder: count) { row, column in
            let (chord, rise) = (chords[row], rises[column])
            let own = row == column ? chord.impedance : .zero
            return own - (chord.nearFactor * rise[chord.from] - chord.farFactor * rise[chord.to])
        }
        guard let inverse = response.inverse(columns: count) else { return nil }
        return (0..<count * count).map { at in
            let (row, column) = (at / count, at % count)
            return Complex(inverse[row, column], inverse[row + count, column])
        }
    }
}

// Loops and held voltages on a sweep, by compensation (Shirmohammadi et al. 1988; Luo, Semlyen 1990).
//
// A branch that closes a loop is cut; its current i (two real unknowns) is drawn at one end and given at the
// other, and must close the gap d = v(from) − v(to) − z·i. A bus whose |v| is held gives the reactive power q
// (one unknown), until |v| is what it should be. Between two sweeps, with all f = (d, |v| − held) seen as
// linear in all unknowns y, y moves by −K⁻¹·f: loops and held voltages are corrected together, so that they
// do not work against each other. K is the response of the unloaded tree, found by walking it once for each
// unknown; LAPACK factors it once, and its inverse is applied to eight steps at a time.
//
// What is still wrong is measured by the move of a loop's current, a power at nominal voltage, and by the gap
// of a held voltage. The voltages move with y at once, by segments of the tree (`LoopSegments`): were they to
// wait for the next forward sweep, the buses' own currents would lag one sweep behind those of the loops.

import Grid
import Lanes
import LinearAlgebra

/// Owns the unknowns of one block; one a worker.
final class Compensation {
    struct Chord {
        /// Positions.
        let from: Int
        let to: Int
        let minusResistance: Double
        let reactance: Double
        let minusReactance: Double
    }

    struct Regulator {
        let position: Int
        let voltage: Double
        let least: Double
        let most: Double
    }

    /// v moves by base + z·current, the current taken beyond.
    struct Shift {
        var baseReal = Lanes.zero
        var baseImaginary = Lanes.zero
        var real = Lanes.zero
        var imaginary = Lanes.zero
    }

    /// Most unknowns for which it is worth while, and that a set of limited buses can name.
    static let capacity = 60
    /// Times that a bus may leave its limit in one step.
    static let releases = 3

    let chords: UnsafeMutableBufferPointer<Chord>
    let regulators: UnsafeMutableBufferPointer<Regulator>
    private let segments: UnsafeMutableBufferPointer<LoopSegments.Segment>
    private let isLimited: Bool
    let basePower: Double
    var response: Matrix
    /// −K⁻¹, row by row; and without limited buses, by set of them.
    let inverse: UnsafeMutableBufferPointer<Double>
    var inverses: [UInt64: [Double]] = [:]
    /// By unknown: real and imaginary part of each chord's current, then reactive power of each regulator;
    /// what f is, and what the unknown moved by.
    let unknowns: UnsafeMutableBufferPointer<Lanes>
    let gaps: UnsafeMutableBufferPointer<Lanes>
    let moves: UnsafeMutableBufferPointer<Lanes>
    /// By position.
    let places: UnsafeMutableBufferPointer<LoopSegments.Place>
    /// Two values a chord and a regulator: the current that its move draws.
    private let draws: UnsafeMutableBufferPointer<Lanes>
    private let terminals: UnsafeMutableBufferPointer<LoopSegments.Terminal>
    private let children: UnsafeMutableBufferPointer<Int>
    /// By segment: how voltages are to move in the next backward sweep.
    let shifts: UnsafeMutableBufferPointer<Shift>
    /// Of each lane: the regulators at a limit, those of them at the upper one, and how often each has left
    /// one.
    var limited = [UInt64](repeating: 0, count: Lanes.scalarCount)
    var upper = [UInt64](repeating: 0, count: Lanes.scalarCount)
    var released: [Int]

    /// Nil where the unknowns are too many or the response is singular.
    init?(_ tree: SweepTree, of network: PerUnitNetwork) {
        let count = 2 * tree.chords.count + tree.regulators.count
        guard count <= Self.capacity else { return nil }
        response = CompensationMatrix(tree, at: CompensationMatrix.idleVoltages(tree)).values
        guard let inverse = response.negativeInverse(without: []) else { return nil }
        let paths = LoopSegments(tree)
        let limits = network.regulators.map(\.reactive)
        basePower = network.basePower
        isLimited = tree.regulators.contains { limits[$0.index] != nil }
        chords = .copy(
            of: tree.chords.map {
                Chord(
                    from: $0.from, to: $0.to, minusResistance: -$0.impedance.real,
                    reactance: $0.impedance.imaginary, minusReactance: -$0.impedance.imaginary)
            })
        regulators = .copy(
            of: tree.regulators.map { index, position, voltage in
                Regulator(
                    position: position, voltage: voltage,
                    least: limits[index]?.lowerBound.value ?? -.infinity,
                    most: limits[index]?.upperBound.value ?? .infinity)
            })
        segments = .copy(of: paths.segments)
        places = .copy(of: paths.places)
        draws = .filled(2 * (tree.chords.count + tree.regulators.count), with: .zero)
        terminals = .copy(of: paths.terminals)
        children = .copy(of: paths.children)
        shifts = .filled(paths.segments.count, with: Shift())
        self.inverse = .copy(of: inverse)
        unknowns = .filled(count, with: .zero)
        gaps = .filled(count, with: .zero)
        moves = .filled(count, with: .zero)
        released = Array(repeating: 0, count: tree.regulators.count * Lanes.scalarCount)
    }

    deinit {
        chords.deallocate()
        regulators.deallocate()
        segments.deallocate()
        places.deallocate()
        draws.deallocate()
        terminals.deallocate()
        children.deallocate()
        shifts.deallocate()
        inverse.deallocate()
        unknowns.deallocate()
        gaps.deallocate()
        moves.deallocate()
    }

    /// From now on takes the response to be that at `voltage`, by position, where that is regular.
    func linearise(_ tree: SweepTree, at voltage: [Complex]) {
        let response = CompensationMatrix(tree, at: voltage).values
        guard let inverse = response.negativeInverse(without: []) else { return }
        self.response = response
        _ = self.inverse.update(from: inverse)
        inverses = [:]
    }

    /// Reactive power that a regulator gives, var.
    @inline(__always)
    func reactive(of regulator: Int) -> Lanes { unknowns[2 * chords.count + regulator] }

    /// What the regulator at a position gives, if one stands there.
    @inline(__always)
    func reactive(at position: Int) -> Lanes {
        let regulator = Int(places[position].regulator)
        return regulator >= 0 ? reactive(of: regulator) : .zero
    }

    /// Before the first sweep of a block. Cold: no current in any loop, no reactive power; else those of the
    /// last block.
    func start(isCold: Bool) {
        if isCold {
            unknowns.update(repeating: .zero)
            shifts.update(repeating: Shift())
        }
        guard isLimited else { return }
        for place in released.indices { released[place] = 0 }
        if isCold { for lane in limited.indices { limited[lane] = 0 } }
    }

    /// After a forward sweep: moves the unknowns and sets what they draw in the next. Gives the sum of the
    /// squares of what is still wrong, W²; infinite where a set of limited buses changed.
    func correct(_ cells: UnsafeMutablePointer<BatchedSweep.Cell>) -> Lanes {
        measure(cells)
        var wrong = Lanes.zero
        if isLimited {
            for lane in 0..<Lanes.scalarCount { wrong[lane] = moveWithLimits(lane) }
        } else {
            wrong = move()
        }
        shift(cells)
        draw(cells)
        return wrong
    }

    private func measure(_ cells: UnsafePointer<BatchedSweep.Cell>) {
        var place = 0
        for chord in chords {
            let (jr, ji) = (unknowns[place], unknowns[place + 1])
            let (from, to) = (cells + chord.from, cells + chord.to)
            let re = from.pointee.voltageReal - to.pointee.voltageReal
            let im = from.pointee.voltageImaginary - to.pointee.voltageImaginary
            gaps[place] = Lanes.fused(ji, chord.reactance, Lanes.fused(jr, chord.minusResistance, re))
            gaps[place + 1] = Lanes.fused(
                jr, chord.minusReactance, Lanes.fused(ji, chord.minusResistance, im))
            place += 2
        }
        for regulator in regulators {
            let cell = cells + regulator.position
            let (re, im) = (cell.pointee.voltageReal, cell.pointee.voltageImaginary)
            // |v| − held is (|v|² − held²)/2·held, nearly, and exactly zero together with it.
            let square = Lanes.fused(re, re, im * im) - regulator.voltage * regulator.voltage
            gaps[place] = square * (0.5 / regulator.voltage)
            place += 1
        }
    }

    private func move() -> Lanes {
        let count = unknowns.count
        let chordUnknowns = 2 * chords.count
        var wrong = Lanes.zero
        var row = inverse.baseAddress!
        for i in 0..<count {
            var move = Lanes.zero
            for j in 0..<count { move = Lanes.fused(gaps[j], row[j], move) }
            row += count
            unknowns[i] += move
            moves[i] = move
            let measure = i < chordUnknowns ? move : gaps[i] * basePower
            wrong = Lanes.fused(measure, measure, wrong)
        }
        return wrong
    }
}

// What the moves do to the tree.
extension Compensation {
    /// To the voltages of each segment: its current is that of its own terminals and of the segments that
    /// begin where it ends; its base moves with where it begins.
    private func shift(_ cells: UnsafeMutablePointer<BatchedSweep.Cell>) {
        let shifts = shifts.baseAddress!
        writeDraws(cells)
        var segment = segments.count - 1
        while segment > 0 {
            var real = Lanes.zero
            var imaginary = Lanes.zero
            for terminal in segments[segment].terminals {
                let source = terminals[terminal]
                real = Lanes.fused(draws[2 * source.unknown], source.sign, real)
                imaginary = Lanes.fused(draws[2 * source.unknown + 1], source.sign, imaginary)
            }
            for child in segments[segment].children {
                real += shifts[children[child]].real
                imaginary += shifts[children[child]].imaginary
            }
            shifts[segment].real = real
            shifts[segment].imaginary = imaginary
            segment -= 1
        }
        for segment in 1..<max(1, segments.count) {
            let move = shifts[segments[segment].parent].move(segments[segment].start)
            shifts[segment].baseReal = move.real
            shifts[segment].baseImaginary = move.imaginary
        }
    }

    /// What the moves draw: the chords' currents, and those of the regulators' reactive powers.
    private func writeDraws(_ cells: UnsafeMutablePointer<BatchedSweep.Cell>) {
        var unknown = 2 * chords.count
        for place in 0..<unknown { draws[place] = moves[place] }
        var place = unknown
        for regulator in regulators {
            let cell = cells + regulator.position
            let c = moves[unknown] * cell.pointee.reciprocal
            draws[place] = c * cell.pointee.voltageImaginary
            draws[place + 1] = -c * cell.pointee.voltageReal
            unknown += 1
            place += 2
        }
    }

    /// What the loops take beside a bus's own power in the next backward sweep.
    private func draw(_ cells: UnsafeMutablePointer<BatchedSweep.Cell>) {
        for chord in chords {
            cells[chord.from].clear()
            cells[chord.to].clear()
        }
        for regulator in regulators { cells[regulator.position].clear() }
        var unknown = 0
        for chord in chords {
            cells[chord.from].real += unknowns[unknown]
            cells[chord.from].imaginary += unknowns[unknown + 1]
            cells[chord.to].real -= unknowns[unknown]
            cells[chord.to].imaginary -= unknowns[unknown + 1]
            unknown += 2
        }
    }
}

extension Compensation.Shift {
    @inline(__always)
    func move(_ place: LoopSegments.Place) -> (real: Lanes, imaginary: Lanes) {
        (
            Lanes.fused(imaginary, place.reactance, Lanes.fused(real, place.minusResistance, baseReal)),
            Lanes.fused(
                real, place.minusReactance, Lanes.fused(imaginary, place.minusResistance, baseImaginary))
        )
    }
}

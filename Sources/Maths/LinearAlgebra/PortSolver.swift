// Of a large system A·x = b whose right-hand side is the same but at some equations, and of whose solution
// some unknowns are wanted again and again, only a small part takes part: the places that those equations
// reach through L, and the places on which those unknowns depend through U. They are closed under both, so a
// solve within them is exact; all other unknowns follow from them when asked for, by U alone, because
// nothing reaches them through L (J. R. Gilbert and T. Peierls, "Sparse partial pivoting in time proportional
// to arithmetic operations", SIAM J. Sci. Stat. Comput. 9(5), 1988).

public import Lanes

/// Some equations and unknowns of a factored system, its ports, and what of the factors takes part in solving
/// for them. Immutable; shared by any number of `PortSolver`.
public final class PortPattern: @unchecked Sendable {
    fileprivate struct Term {
        /// −value: what is taken away is added.
        let real: Double
        let imaginary: Double
        let row: Int32
    }

    /// Number of unknowns.
    public let order: Int
    /// Number of slots that take part.
    public let count: Int

    private let slotOfEquation: [Int32]
    private let slotOfUnknown: [Int32]
    private let scale: [Double]
    fileprivate let lower: Program
    fileprivate let upper: Program
    fileprivate let pivots: UnsafeMutableBufferPointer<Complex>
    /// How the others follow, from the last place on.
    fileprivate let others: Program

    /// Terms by slot.
    fileprivate struct Program {
        let starts: UnsafeMutableBufferPointer<Int32>
        let terms: UnsafeMutableBufferPointer<Term>

        func deallocate() {
            starts.deallocate()
            terms.deallocate()
        }
    }

    /// With the ports at these equations and unknowns.
    public init(_ lu: ComplexSparseLU, equations: [Int], unknowns: [Int]) {
        let n = lu.order
        order = n
        var isKept = [Bool](repeating: false, count: n)
        var isReached = isKept
        for unknown in unknowns { isKept[Int(lu.placeOfUnknown[unknown])] = true }
        for equation in equations { isReached[Int(lu.placeOfEquation[equation])] = true }
        for k in 0..<n where isReached[k] {
            isKept[k] = true
            for entry in Int(lu.lower.starts[k])..<Int(lu.lower.starts[k + 1]) {
                isReached[Int(lu.lower.rows[entry])] = true
            }
        }
        let rows = lu.upper.byRow(n)
        for k in 0..<n where isKept[k] {
            for entry in rows.starts[k]..<rows.starts[k + 1] { isKept[Int(rows.columns[Int(entry)])] = true }
        }
        // Kept places first, in order; behind them the slot of nothing, then the others from the last place.
        var slots = [Int32](repeating: 0, count: n)
        var next: Int32 = 0
        for k in 0..<n where isKept[k] {
            slots[k] = next
            next += 1
        }
        count = Int(next)
        next += 1
        for k in (0..<n).reversed() where !isKept[k] {
            slots[k] = next
            next += 1
        }
        slotOfEquation = lu.placeOfEquation.map { slots[Int($0)] }
        slotOfUnknown = lu.placeOfUnknown.map { slots[Int($0)] }
        scale = lu.placeOfEquation.map { lu.inverseScale[Int($0)] }
        lower = Self.program(lu.lower, slots) {
            isReached[$0]
        } row: { _ in
            true
        }
        upper = Self.program(lu.upper, slots) {
            isKept[$0]
        } row: {
            isKept[$0]
        }
        pivots = .copy(of: (0..<n).filter { isKept[$0] }.map { lu.inversePivots[$0] })
        others = Self.expansion(lu, rows, slots, isKept)
    }

    deinit {
        lower.deallocate()
        upper.deallocate()
        pivots.deallocate()
        others.deallocate()
    }

    /// Slot in which an unknown stands: below `count` for those that take part, above it for those that
    /// `expand` finds.
    public func slot(ofUnknown unknown: Int) -> Int { Int(slotOfUnknown[unknown]) }

    /// Slot to which the right-hand side of an equation belongs, and by what it must be multiplied.
    public func slot(ofEquation equation: Int) -> (slot: Int, scale: Double) {
        (Int(slotOfEquation[equation]), scale[equation])
    }

    /// Multiplications of complex numbers in a solve: what decides how long it takes.
    public var work: Int { lower.terms.count + upper.terms.count + pivots.count }

    /// The terms of the chosen columns, kept slot by kept slot.
    private static func program(
        _ triangle: ComplexSparseLU.Triangle, _ slots: [Int32], column isColumn: (Int) -> Bool,
        row isRow: (Int) -> Bool
    ) -> Program {
        var starts: [Int32] = [0]
        var terms: [Term] = []
        let kept = slots.indices.sorted { slots[$0] < slots[$1] }
        for k in kept {
            if isColumn(k) {
                for entry in Int(triangle.starts[k])..<Int(triangle.starts[k + 1]) {
                    let row = Int(triangle.rows[entry])
                    guard isRow(row) else { continue }
                    let value = triangle.values[entry]
                    terms.append(Term(real: -value.real, imaginary: -value.imaginary, row: slots[row]))
                }
            }
            starts.append(Int32(terms.count))
        }
        return Program(starts: .copy(of: starts), terms: .copy(of: terms))
    }

    private static func expansion(
        _ lu: ComplexSparseLU, _ rows: ComplexSparseLU.Rows, _ slots: [Int32], _ isKept: [Bool]
    ) -> Program {
        var starts: [Int32] = [0]
        var terms: [Term] = []
        for k in (0..<lu.order).reversed() where !isKept[k] {
            for entry in Int(rows.starts[k])..<Int(rows.starts[k + 1]) {
                let value = rows.values[entry] * lu.inversePivots[k]
                terms.append(
                    Term(
                        real: -value.real, imaginary: -value.imaginary,
                        row: slots[Int(rows.columns[entry])]))
            }
            starts.append(Int32(terms.count))
        }
        return Program(starts: .copy(of: starts), terms: .copy(of: terms))
    }
}

/// A solver for eight right-hand sides at once, at the ports of a factored system. Values are deviations from
/// a base solution that the caller knows.
///
/// Allocates once; a solve does not allocate. Not thread-safe: create one instance per thread.
public final class PortSolver {
    /// A complex number in each of eight lanes.
    public struct Cell {
        /// Real parts.
        public var real = Lanes.zero
        /// Imaginary parts.
        public var imaginary = Lanes.zero

        /// Zero.
        @inlinable public init() {}
    }

    /// Right-hand sides before, solutions after `solve`, by slot; and one slot behind them that belongs to no
    /// unknown: what is written there has no effect.
    public let cells: UnsafeMutableBufferPointer<Cell>
    private let pattern: PortPattern

    /// A workspace for this pattern.
    public init(_ pattern: PortPattern) {
        self.pattern = pattern
        cells = .filled(pattern.order + 1, with: Cell())
    }

    deinit { cells.deallocate() }

    /// Makes every right-hand side zero.
    public func clear() { cells.baseAddress!.update(repeating: Cell(), count: pattern.count + 1) }

    /// Replaces the right-hand sides in the first `count` cells by the solutions.
    public func solve() {
        let cells = cells.baseAddress!
        let (lower, upper) = (pattern.lower, pattern.upper)
        var first = 0
        for k in 0..<pattern.count {
            let end = Int(lower.starts[k + 1])
            if end > first { Self.eliminate(cells[k], lower.terms.baseAddress!, first, end, cells) }
            first = end
        }
        var k = pattern.count - 1
        while k >= 0 {
            let pivot = pattern.pivots[k]
            let (re, im) = (cells[k].real, cells[k].imaginary)
            cells[k].real = Lanes.fused(im, -pivot.imaginary, re * pivot.real)
            cells[k].imaginary = Lanes.fused(im, pivot.real, re * pivot.imaginary)
            Self.eliminate(
                cells[k], upper.terms.baseAddress!, Int(upper.starts[k]), Int(upper.starts[k + 1]), cells)
            k -= 1
        }
    }

    @inline(__always)
    private static func eliminate(
        _ x: Cell, _ terms: UnsafeMutablePointer<PortPattern.Term>, _ first: Int, _ end: Int,
        _ cells: UnsafeMutablePointer<Cell>
    ) {
        var index = first
        while index < end {
            let term = terms[index]
            let row = cells + Int(term.row)
            row.pointee.real = .fused(
                x.imaginary, -term.imaginary, .fused(x.real, term.real, row.pointee.real))
            row.pointee.imaginary = .fused(
                x.imaginary, term.real, .fused(x.real, term.imaginary, row.pointee.imaginary))
            index += 1
        }
    }

    /// From solutions in the first `count` cells finds all other unknowns, in the cells of their slots.
    public func expand() {
        let cells = cells.baseAddress!
        let others = pattern.others
        var (first, slot) = (0, pattern.count + 1)
        for at in 1..<others.starts.count {
            let end = Int(others.starts[at])
            var (re, im) = (Lanes.zero, Lanes.zero)
            while first < end {
                let term = others.terms[first]
                let x = cells[Int(term.row)]
                re = .fused(x.imaginary, -term.imaginary, .fused(x.real, term.real, re))
                im = .fused(x.imaginary, term.real, .fused(x.real, term.imaginary, im))
                first += 1
            }
            (cells[slot].real, cells[slot].imaginary) = (re, im)
            slot += 1
        }
    }
}

extension ComplexSparseLU {
    struct Rows {
        var starts: [Int32]
        var columns: [Int32]
        var values: [Complex]
    }
}

extension ComplexSparseLU.Triangle {
    func byRow(_ order: Int) -> ComplexSparseLU.Rows {
        var starts = [Int32](repeating: 0, count: order + 1)
        for row in rows { starts[Int(row) + 1] += 1 }
        for k in 0..<order { starts[k + 1] += starts[k] }
        var ends = starts
        var byRow = ComplexSparseLU.Rows(
            starts: starts, columns: rows, values: values)
        for column in 0..<order {
            for entry in Int(self.starts[column])..<Int(self.starts[column + 1]) {
                let at = Int(ends[Int(rows[entry])])
                ends[Int(rows[entry])] += 1
                byRow.columns[at] = Int32(column)
                byRow.values[at] = values[entry]
            }
        }
        return byRow
    }
}

// The complex factors of KLU (see `SparseLU`) with an order of elimination that the caller can bend: what is
// to stay to the end is ordered last, each part by approximate minimum degree (CAMD; Amestoy, Davis & Duff
// 2004, ACM TOMS 30(3), algorithm 837).

import CKLU
import Lanes

/// Factors of a general sparse square complex matrix, made once: L·U = (R⁻¹·A)(P, Q), R scaling rows, P and Q
/// permuting. Equations and unknowns are numbered by the caller, places by the order of elimination.
public struct ComplexSparseLU: Sendable {
    /// An entry of the matrix; entries at the same place add up.
    public struct Entry: Sendable {
        /// Its row.
        public let row: Int
        /// Its column.
        public let column: Int
        /// What stands there.
        public let value: Complex

        /// `value` in `row` and `column`.
        public init(_ row: Int, _ column: Int, _ value: Complex) {
            (self.row, self.column) = (row, column)
            self.value = value
        }
    }

    /// One factor by compressed columns, without its diagonal.
    struct Triangle: Sendable {
        var starts: [Int32] = [0]
        var rows: [Int32] = []
        var values: [Complex] = []
    }

    /// Number of rows and of columns.
    public let order: Int
    /// Below the diagonal, which is 1.
    let lower: Triangle
    /// Above the diagonal.
    let upper: Triangle
    let inversePivots: [Complex]
    /// By place: what its equation is divided by.
    let inverseScale: [Double]
    /// Place of each equation and each unknown.
    let placeOfEquation: [Int32]
    let placeOfUnknown: [Int32]
    /// Smallest pivot over the largest: a rough guess at 1/cond(A).
    public let reciprocalCondition: Double

    /// Nil where the matrix is singular to working precision. Unknowns for which `isLate` is true are
    /// eliminated after the others as far as pivots allow: one on the diagonal is taken where it is at least
    /// `diagonal` times the largest.
    public init?(order: Int, entries: [Entry], isLate: [Bool], diagonal: Double = 1e-3) {
        precondition(isLate.count == order)
        self.order = order
        var columns = Columns(order: order, entries)
        guard order > 0, columns.values.allSatisfy(\.isFinite) else { return nil }
        var permutation = [Int32](repeating: 0, count: order)
        let hasEarly = isLate.contains(false)
        let status = camd_order(
            Int32(order), columns.starts, columns.rows, &permutation, nil, nil,
            isLate.map { $0 && hasEarly ? 1 : 0 })
        precondition(status >= CAMD_OK, "no memory to order \(order) unknowns")
        var settings = klu_common()
        klu_defaults(&settings)
        settings.btf = 0
        settings.scale = 0
        settings.tol = diagonal
        var rowOrder = permutation
        var symbolic = klu_analyze_given(
            Int32(order), &columns.starts, &columns.rows, &rowOrder, &permutation, &settings)
        defer { klu_free_symbolic(&symbolic, &settings) }
        guard symbolic != nil else { return nil }
        var numeric = klu_z_factor(
            &columns.starts, &columns.rows, &columns.values, symbolic, &settings)
        defer { klu_z_free_numeric(&numeric, &settings) }
        guard numeric != nil else { return nil }
        klu_z_rcond(symbolic, numeric, &settings)
        guard settings.status == KLU_OK, settings.rcond > 0 else { return nil }
        reciprocalCondition = settings.rcond
        let parts = Parts(order, numeric, symbolic, &settings)
        (lower, upper, inversePivots) = (parts.lower, parts.upper, parts.inversePivots)
        inverseScale = parts.scale.map { 1 / $0 }
        placeOfEquation = Self.inverse(parts.rows)
        placeOfUnknown = Self.inverse(parts.columns)
    }

    /// The solution of A·x = b, by unknown; `right` is b by equation.
    public func solve(_ right: [Complex]) -> [Complex] {
        precondition(right.count == order)
        var x = [Complex](repeating: .zero, count: order)
        for equation in 0..<order {
            let place = Int(placeOfEquation[equation])
            x[place] = right[equation] * inverseScale[place]
        }
        for k in 0..<order where x[k] != .zero {
            for entry in Int(lower.starts[k])..<Int(lower.starts[k + 1]) {
                x[Int(lower.rows[entry])] -= lower.values[entry] * x[k]
            }
        }
        for k in (0..<order).reversed() {
            x[k] = x[k] * inversePivots[k]
            for entry in Int(upper.starts[k])..<Int(upper.starts[k + 1]) {
                x[Int(upper.rows[entry])] -= upper.values[entry] * x[k]
            }
        }
        return placeOfUnknown.map { x[Int($0)] }
    }

    private static func inverse(_ permutation: [Int32]) -> [Int32] {
        var inverse = [Int32](repeating: 0, count: permutation.count)
        for (place, index) in permutation.enumerated() { inverse[Int(index)] = Int32(place) }
        return inverse
    }
}

/// The matrix by compressed columns, real and imaginary parts in turn.
private struct Columns {
    var starts: [Int32] = [0]
    var rows: [Int32] = []
    var values: [Double] = []

    init(order: Int, _ entries: [ComplexSparseLU.Entry]) {
        var counts = [Int](repeating: 0, count: order + 1)
        for entry in entries { counts[entry.column + 1] += 1 }
        for k in 0..<order { counts[k + 1] += counts[k] }
        var sorted = [(row: Int32, value: Complex)](repeating: (0, .zero), count: entries.count)
        var ends = counts
        for entry in entries {
            sorted[ends[entry.column]] = (Int32(entry.row), entry.value)
            ends[entry.column] += 1
        }
        for column in 0..<order {
            let first = rows.count
            for (row, value) in sorted[counts[column]..<counts[column + 1]].sorted(by: { $0.row < $1.row }) {
                if rows.count > first, rows[rows.count - 1] == row {
                    values[values.count - 2] += value.real
                    values[values.count - 1] += value.imaginary
                } else {
                    rows.append(row)
                    values += [value.real, value.imaginary]
                }
            }
            starts.append(Int32(rows.count))
        }
    }
}

/// What KLU hands out.
private struct Parts {
    var lower = ComplexSparseLU.Triangle()
    var upper = ComplexSparseLU.Triangle()
    var inversePivots: [Complex] = []
    var rows: [Int32]
    var columns: [Int32]
    var scale: [Double]

    init(
        _ order: Int, _ numeric: UnsafeMutablePointer<klu_numeric>?,
        _ symbolic: UnsafeMutablePointer<klu_symbolic>?, _ settings: inout klu_common
    ) {
        rows = [Int32](repeating: 0, count: order)
        columns = rows
        scale = [Double](repeating: 1, count: order)
        klu_z_sort(symbolic, numeric, &settings)
        var l = Raw(order, Int(numeric!.pointee.lnz))
        var u = Raw(order, Int(numeric!.pointee.unz))
        var f = Raw(order, Int(numeric!.pointee.nzoff))
        var blocks = [Int32](repeating: 0, count: Int(numeric!.pointee.nblocks) + 1)
        klu_z_extract(
            numeric, symbolic, &l.starts, &l.rows, &l.real, &l.imaginary, &u.starts, &u.rows, &u.real,
            &u.imaginary, &f.starts, &f.rows, &f.real, &f.imaginary, &rows, &columns, &scale, &blocks,
            &settings)
        for k in 0..<order {
            lower.append(l, l.starts[k]..<l.starts[k + 1], to: k) { $0 > k }
            upper.append(u, u.starts[k]..<u.starts[k + 1], to: k) { $0 < k }
            let diagonal = (Int(u.starts[k])..<Int(u.starts[k + 1])).first { u.rows[$0] == k }!
            inversePivots.append(Complex(1, 0) / Complex(u.real[diagonal], u.imaginary[diagonal]))
        }
    }

    fileprivate struct Raw {
        var starts: [Int32]
        var rows: [Int32]
        var real: [Double]
        var imaginary: [Double]

        init(_ order: Int, _ count: Int) {
            starts = [Int32](repeating: 0, count: order + 1)
            rows = [Int32](repeating: 0, count: max(1, count))
            real = [Double](repeating: 0, count: max(1, count))
            imaginary = real
        }
    }
}

extension ComplexSparseLU.Triangle {
    fileprivate mutating func append(
        _ raw: Parts.Raw, _ range: Range<Int32>, to column: Int, _ isKept: (Int) -> Bool
    ) {
        for entry in range where isKept(Int(raw.rows[Int(entry)])) {
            let value = Complex(raw.real[Int(entry)], raw.imaginary[Int(entry)])
            guard value != .zero else { continue }
            rows.append(raw.rows[Int(entry)])
            values.append(value)
        }
        starts.append(Int32(rows.count))
    }
}

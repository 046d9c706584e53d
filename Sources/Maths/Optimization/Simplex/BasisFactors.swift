// L·U of a square matrix whose columns come one after the other (left-looking, Gilbert & Peierls 1988): with
// the columns before it, a column is L·(its column of U) plus what is left in rows that have no pivot yet;
// the largest of these becomes its pivot. Columns that come in the order of time touch few rows and few
// columns before them, so that both factors stay about as sparse as the matrix.

import Lanes

/// Factors of columns of a sparse matrix, allocated once. A column that depends on others is refused.
struct BasisFactors {
    let order: Int
    /// Of each column the row of its pivot; of each row its column, −1 before it has one.
    let pivotRow, columnOf: UnsafeMutableBufferPointer<Int32>
    private let inverse: UnsafeMutableBufferPointer<Double>
    private let lower, upper: Triangle
    /// Zero between calls; `touched`: which rows are not, some twice.
    private let work: UnsafeMutableBufferPointer<Double>
    private let touched: UnsafeMutableBufferPointer<Int32>
    private(set) var count = 0

    /// Columns of a triangular factor: rows of L, columns before this one of U.
    private struct Triangle {
        let starts, places: UnsafeMutableBufferPointer<Int32>
        let values: UnsafeMutableBufferPointer<Double>

        init(order: Int, capacity: Int) {
            starts = .filled(order + 1, with: 0)
            places = .filled(capacity, with: 0)
            values = .filled(capacity, with: 0)
        }

        func deallocate() {
            starts.deallocate()
            places.deallocate()
            values.deallocate()
        }
    }

    init(order: Int) {
        self.order = order
        let capacity = min(order * (order + 1) / 2, 32 * order)
        (lower, upper) = (.init(order: order, capacity: capacity), .init(order: order, capacity: capacity))
        pivotRow = .filled(order, with: 0)
        columnOf = .filled(order, with: -1)
        inverse = .filled(order, with: 0)
        work = .filled(order, with: 0)
        touched = .filled(8 * order, with: 0)
    }

    func deallocate() {
        lower.deallocate()
        upper.deallocate()
        for list in [pivotRow, columnOf, touched] { list.deallocate() }
        inverse.deallocate()
        work.deallocate()
    }

    mutating func clear() {
        count = 0
        columnOf.update(repeating: -1)
    }

    /// False where the column depends on those before it, or the factors grow beyond their memory.
    mutating func append(_ rows: UnsafeBufferPointer<Int32>, _ values: UnsafeMutablePointer<Double>) -> Bool {
        var (reached, first) = (0, count)
        var (low, up) = (Int(lower.starts[count]), Int(upper.starts[count]))
        for (e, row) in rows.enumerated() {
            work[Int(row)] = values[e]
            touched[reached] = row
            reached += 1
            if columnOf[Int(row)] >= 0 { first = min(first, Int(columnOf[Int(row)])) }
        }
        defer { for k in 0..<reached { work[Int(touched[k])] = 0 } }
        for k in first..<count {
            let factor = work[Int(pivotRow[k])]
            guard factor != 0 else { continue }
            let entries = Int(lower.starts[k])..<Int(lower.starts[k + 1])
            guard up < upper.values.count, reached + entries.count <= touched.count else { return false }
            (upper.places[up], upper.values[up]) = (Int32(k), factor)
            up += 1
            for e in entries {
                let row = Int(lower.places[e])
                if work[row] == 0 {
                    touched[reached] = Int32(row)
                    reached += 1
                }
                work[row] -= factor * lower.values[e]
            }
        }
        guard let row = pivot(among: reached), low + reached <= lower.values.count else { return false }
        let reciprocal = 1 / work[row]
        (pivotRow[count], columnOf[row], inverse[count]) = (Int32(row), Int32(count), reciprocal)
        for k in 0..<reached {
            let place = Int(touched[k])
            guard columnOf[place] < 0, work[place] != 0 else { continue }
            (lower.places[low], lower.values[low]) = (Int32(place), work[place] * reciprocal)
            work[place] = 0
            low += 1
        }
        count += 1
        (lower.starts[count], upper.starts[count]) = (Int32(low), Int32(up))
        return true
    }

    /// The first row without a pivot whose number is not much smaller than the largest.
    private func pivot(among reached: Int) -> Int? {
        var largest = 1e-9
        for k in 0..<reached where columnOf[Int(touched[k])] < 0 {
            largest = max(largest, abs(work[Int(touched[k])]))
        }
        var best = Int.max
        for k in 0..<reached {
            let row = Int(touched[k])
            if columnOf[row] < 0, row < best, abs(work[row]) >= max(0.1 * largest, 1e-9) { best = row }
        }
        return best < .max ? best : nil
    }

    /// B·x = b: `b` by rows, destroyed; `x` by columns.
    func solve(_ b: UnsafeMutablePointer<Double>, into x: UnsafeMutablePointer<Double>) {
        for k in 0..<order {
            let value = b[Int(pivotRow[k])]
            guard value != 0 else { continue }
            for e in Int(lower.starts[k])..<Int(lower.starts[k + 1]) {
                b[Int(lower.places[e])] -= lower.values[e] * value
            }
        }
        for k in (0..<order).reversed() {
            let value = b[Int(pivotRow[k])] * inverse[k]
            x[k] = value
            guard value != 0 else { continue }
            for e in Int(upper.starts[k])..<Int(upper.starts[k + 1]) {
                b[Int(pivotRow[Int(upper.places[e])])] -= upper.values[e] * value
            }
        }
    }

    /// Bᵀ·y = c: `c` by columns, destroyed; zero before `first`; `y` by rows.
    func solveTransposed(
        _ c: UnsafeMutablePointer<Double>, from first: Int = 0, into y: UnsafeMutablePointer<Double>
    ) {
        for k in 0..<first { y[Int(pivotRow[k])] = 0 }
        for k in first..<order {
            var sum = c[k]
            for e in Int(upper.starts[k])..<Int(upper.starts[k + 1]) {
                sum -= upper.values[e] * c[Int(upper.places[e])]
            }
            c[k] = sum * inverse[k]
            y[Int(pivotRow[k])] = c[k]
        }
        for k in (0..<order).reversed() {
            var sum = y[Int(pivotRow[k])]
            for e in Int(lower.starts[k])..<Int(lower.starts[k + 1]) {
                sum -= lower.values[e] * y[Int(lower.places[e])]
            }
            y[Int(pivotRow[k])] = sum
        }
    }
}

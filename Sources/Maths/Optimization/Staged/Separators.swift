import Lanes

/// The rows that join the segments: block ℓ, of the chain rows with which segment ℓ begins, is joined with
/// the next block, and in a cycle the last with the first. One scalar elimination, block after block; a block
/// reaches the next one and the last.
struct Separators {
    let block: Int
    let count: Int
    private let order: Int
    /// Row by row, the lower triangle; under the diagonal the multipliers after `factor`.
    private let matrix: UnsafeMutableBufferPointer<Double>
    private let inverse: UnsafeMutableBufferPointer<Double>
    /// Of each row the end of the next block.
    private let ends: UnsafeMutableBufferPointer<Int32>
    let vector: UnsafeMutableBufferPointer<Double>

    init(block: Int, count: Int) {
        self.block = block
        self.count = count
        order = block * count
        matrix = .filled(order * order, with: 0)
        inverse = .filled(order, with: 0)
        vector = .filled(order, with: 0)
        let order = order
        ends = .copy(of: (0..<order).map { Int32(min(($0 / block + 2) * block, order)) })
    }

    func deallocate() {
        matrix.deallocate()
        inverse.deallocate()
        ends.deallocate()
        vector.deallocate()
    }

    func clear() { matrix.update(repeating: 0) }

    /// To the element of row i of one block and row j of another.
    @inline(__always)
    func add(_ one: Int, _ i: Int, _ other: Int, _ j: Int, _ value: Double) {
        let (row, column) = (one &* block &+ i, other &* block &+ j)
        matrix[max(row, column) &* order &+ min(row, column)] += value
    }

    /// Rows below `column` that it can reach: up to the end of the next block, and the last block.
    @inline(__always)
    private func reach(_ column: Int) -> (near: Range<Int>, last: Range<Int>) {
        let near = Int(ends[column])
        return (column + 1..<near, max(near, order - block)..<order)
    }

    /// A pivot that rounding has emptied decides nothing, as in `SegmentMemory.eliminate`.
    func factor() {
        for i in 0..<order { inverse[i] = matrix[i * order + i] }
        let a = matrix.baseAddress!
        for c in 0..<order {
            let p = a[c * order + c]
            let least = 1e-14 * inverse[c]
            let reciprocal = p / (p * p + least * least + 1e-290)
            inverse[c] = reciprocal
            let (near, last) = reach(c)
            for i in near { reduce(a, c, i, near, last, reciprocal) }
            for i in last { reduce(a, c, i, near, last, reciprocal) }
            for i in near { a[i * order + c] *= reciprocal }
            for i in last { a[i * order + c] *= reciprocal }
        }
    }

    @inline(__always)
    private func reduce(
        _ a: UnsafeMutablePointer<Double>, _ c: Int, _ i: Int, _ near: Range<Int>, _ last: Range<Int>,
        _ reciprocal: Double
    ) {
        let factor = a[i * order + c] * reciprocal
        guard factor != 0 else { return }
        for j in near.lowerBound..<min(i + 1, near.upperBound) {
            a[i * order + j] -= factor * a[j * order + c]
        }
        guard i >= last.lowerBound else { return }
        for j in last.lowerBound...i { a[i * order + j] -= factor * a[j * order + c] }
    }

    /// Replaces `vector` by the solution.
    func solve() {
        let a = matrix.baseAddress!
        let vector = vector.baseAddress!
        for c in 0..<order {
            let (near, last) = reach(c)
            let own = vector[c]
            for i in near { vector[i] -= a[i * order + c] * own }
            for i in last { vector[i] -= a[i * order + c] * own }
            vector[c] = own * inverse[c]
        }
        for c in (0..<order).reversed() {
            let (near, last) = reach(c)
            var sum = vector[c]
            for i in near { sum -= a[i * order + c] * vector[i] }
            for i in last { sum -= a[i * order + c] * vector[i] }
            vector[c] = sum
        }
    }
}

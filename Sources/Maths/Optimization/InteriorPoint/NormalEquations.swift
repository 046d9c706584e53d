import LinearAlgebra

/// The normal equations A·Θ·Aᵀ·y = r with Θ diagonal. Which products make which element of the band is worked
/// out once, from the pattern; the products a_ij·a_kj once a program; then each Θ costs one pass.
final class NormalEquations {
    let rows: Int
    let bandwidth: Int
    private let kernel: BandKernel
    /// Entries of A, row by row.
    private let start: UnsafeMutableBufferPointer<Int32>
    private let column: UnsafeMutableBufferPointer<Int32>
    private let value: UnsafeMutableBufferPointer<Double>
    /// Element e of the band, at `place[e]`, is the sum of `product`·Θ[`weight`] over `first[e]..<first[e +
    /// 1]`.
    private let place: UnsafeMutableBufferPointer<Int32>
    private let first: UnsafeMutableBufferPointer<Int32>
    private let weight: UnsafeMutableBufferPointer<Int32>
    private let product: UnsafeMutableBufferPointer<Double>
    private let factors: [(Int, Int)]

    init(pattern: SparseRows.Pattern, lapack: Bool) {
        rows = pattern.rows
        let assembly = Assembly(pattern)
        bandwidth = assembly.bandwidth
        kernel = BandKernel(order: rows, bandwidth: bandwidth, lapack: lapack)
        start = copied(pattern.start.map(Int32.init))
        column = copied(pattern.column.map(Int32.init))
        value = copied(pattern.column.map { _ in 0 })
        place = copied(assembly.place)
        first = copied(assembly.first)
        weight = copied(assembly.weight)
        product = copied(assembly.weight.map { _ in 0 })
        factors = assembly.factors
    }

    deinit {
        start.deallocate()
        column.deallocate()
        value.deallocate()
        place.deallocate()
        first.deallocate()
        weight.deallocate()
        product.deallocate()
    }

    func load(_ values: [Double]) {
        _ = value.update(from: values)
        for (k, pair) in factors.enumerated() { product[k] = values[pair.0] * values[pair.1] }
    }

    /// Assembles and factors A·Θ·Aᵀ, with `regularisation` times its largest diagonal element added to the
    /// diagonal.
    func factor(_ theta: UnsafePointer<Double>, regularisation: Double) -> Bool {
        let band = kernel.lapack.band
        band.update(repeating: 0)
        for e in 0..<place.count {
            var sum = 0.0
            for k in Int(first[e])..<Int(first[e + 1]) { sum += product[k] * theta[Int(weight[k])] }
            band[Int(place[e])] = sum
        }
        var largest = 0.0
        for i in 0..<rows { largest = max(largest, band[i * (bandwidth + 1)]) }
        for i in 0..<rows {
            let pivot = band[i * (bandwidth + 1)] + regularisation * largest
            // A row whose variables are all fixed decides nothing: its multiplier stays where it is.
            band[i * (bandwidth + 1)] = pivot > 0 ? pivot : 1
        }
        return kernel.factor()
    }

    func solve(_ b: UnsafeMutableBufferPointer<Double>) { kernel.solve(b) }

    /// result = b − A·x.
    func residual(
        _ b: UnsafePointer<Double>, _ x: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>
    ) {
        for i in 0..<rows {
            var sum = b[i]
            for k in Int(start[i])..<Int(start[i + 1]) { sum -= value[k] * x[Int(column[k])] }
            result[i] = sum
        }
    }

    /// result = Aᵀ·y; `result` holds `count` values.
    func transposed(_ y: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>, count: Int) {
        result.update(repeating: 0, count: count)
        for i in 0..<rows {
            let yi = y[i]
            for k in Int(start[i])..<Int(start[i + 1]) { result[Int(column[k])] += value[k] * yi }
        }
    }
}

/// Which entries of A meet in which element of the lower band of A·Θ·Aᵀ.
private struct Assembly {
    var bandwidth = 0
    var place: [Int32] = []
    var first: [Int32] = [0]
    var weight: [Int32] = []
    var factors: [(Int, Int)] = []

    init(_ pattern: SparseRows.Pattern) {
        var inColumn = [[(row: Int, entry: Int)]](repeating: [], count: pattern.columns)
        for row in 0..<pattern.rows {
            for k in pattern.start[row]..<pattern.start[row + 1] {
                inColumn[pattern.column[k]].append((row, k))
            }
        }
        var terms: [(row: Int, above: Int, column: Int, a: Int, b: Int)] = []
        for (column, entries) in inColumn.enumerated() {
            for (i, low) in entries.enumerated() {
                for high in entries[i...] {
                    terms.append((high.row, low.row, column, low.entry, high.entry))
                    bandwidth = max(bandwidth, high.row - low.row)
                }
            }
        }
        terms.sort { ($0.above, $0.row, $0.column) < ($1.above, $1.row, $1.column) }
        for term in terms {
            let at = Int32(term.above * (bandwidth + 1) + term.row - term.above)
            if place.last != at {
                place.append(at)
                first.append(Int32(weight.count))
            }
            weight.append(Int32(term.column))
            factors.append((term.a, term.b))
            first[first.count - 1] = Int32(weight.count)
        }
    }
}

func copied<Element>(_ values: [Element]) -> UnsafeMutableBufferPointer<Element> {
    let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: values.count)
    _ = buffer.initialize(from: values)
    return buffer
}

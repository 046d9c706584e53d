import LinearAlgebra

/// Factors and solves the band matrix of the normal equations: by LAPACK, or, for narrow bands where the
/// calls cost more than the arithmetic, by the loops below. Both read the layout of `BandCholesky.band`.
final class BandKernel {
    let lapack: BandCholesky
    private let useLapack: Bool
    /// Reciprocals of the pivots of A = L·D·Lᵀ, where the loops factored.
    private let reciprocal: UnsafeMutableBufferPointer<Double>

    init(order: Int, bandwidth: Int, lapack useLapack: Bool) {
        lapack = BandCholesky(order: order, bandwidth: bandwidth)
        self.useLapack = useLapack
        reciprocal = .allocate(capacity: order)
        reciprocal.initialize(repeating: 0)
    }

    deinit { reciprocal.deallocate() }

    func factor() -> Bool {
        if useLapack { return lapack.factor() }
        let order = lapack.order
        let width = lapack.bandwidth
        guard order > 0 else { return true }
        let band = lapack.band.baseAddress!
        let inverse = reciprocal.baseAddress!
        for j in 0..<order {
            let pivot = band[j * (width + 1)]
            guard pivot > 0, pivot.isFinite else { return false }
            inverse[j] = 1 / pivot
            eliminate(
                band + j * (width + 1), inverse: inverse[j], reach: min(width, order - 1 - j), width: width)
        }
        return true
    }

    /// Takes column `column` out of the columns after it and leaves the multipliers in it.
    @inline(__always)
    private func eliminate(_ column: UnsafeMutablePointer<Double>, inverse: Double, reach: Int, width: Int) {
        var k = 1
        while k <= reach {
            let value = column[k]
            let multiplier = value * inverse
            if value != 0 {
                let target = column + k * (width + 1) - k
                var i = k
                while i <= reach {
                    target[i] -= multiplier * column[i]
                    i += 1
                }
            }
            k += 1
        }
        k = 1
        while k <= reach {
            column[k] *= inverse
            k += 1
        }
    }

    func solve(_ b: UnsafeMutableBufferPointer<Double>) {
        if useLapack { return lapack.solve(b) }
        guard lapack.order > 0 else { return }
        forward(b.baseAddress!)
        backward(b.baseAddress!)
    }

    /// L·x = b. The newest unknown comes last and from a register: the chain from row to row is one
    /// multiplication and one subtraction.
    private func forward(_ x: UnsafeMutablePointer<Double>) {
        let width = lapack.bandwidth
        let band = lapack.band.baseAddress!
        var last = 0.0
        for j in 0..<lapack.order {
            var value = x[j]
            var k = min(width, j)
            while k >= 2 {
                value -= band[(j - k) * (width + 1) + k] * x[j - k]
                k -= 1
            }
            if k == 1 { value -= band[(j - 1) * (width + 1) + 1] * last }
            x[j] = value
            last = value
        }
    }

    /// D·Lᵀ·x = b.
    private func backward(_ x: UnsafeMutablePointer<Double>) {
        let width = lapack.bandwidth
        let order = lapack.order
        var column = lapack.band.baseAddress! + (order - 1) * (width + 1)
        var last = 0.0
        var j = order - 1
        while j >= 0 {
            var value = x[j] * reciprocal[j]
            var k = min(width, order - 1 - j)
            while k >= 2 {
                value -= column[k] * x[j + k]
                k -= 1
            }
            if k == 1 { value -= column[1] * last }
            x[j] = value
            last = value
            column -= width + 1
            j -= 1
        }
    }
}

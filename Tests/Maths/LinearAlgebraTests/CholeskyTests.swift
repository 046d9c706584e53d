import LinearAlgebra
import Testing

@Suite struct CholeskyTests {
    /// Second differences with the diagonal raised: positive definite, bandwidth 2.
    private func element(_ i: Int, _ j: Int) -> Double {
        switch abs(i - j) {
        case 0: 7 + Double(i)
        case 1: -4
        case 2: 1
        default: 0
        }
    }

    @Test func denseAndBandSolveTheSameSystem() {
        let n = 9
        let wanted = (0..<n).map { Double($0 * $0) - 3 }
        let rightHandSide = (0..<n).map { i in (0..<n).reduce(0.0) { $0 + element(i, $1) * wanted[$1] } }

        let dense = Cholesky(order: n)
        #expect(dense.factor { a in for i in 0..<n { for j in 0...i { a[i + j * n] = element(i, j) } } })
        var x = rightHandSide + rightHandSide
        dense.solve(&x, columns: 2)
        for i in 0..<n { #expect(abs(x[i] - wanted[i]) < 1e-11 && x[n + i] == x[i]) }

        let banded = BandCholesky(order: n, bandwidth: 2)
        for j in 0..<n { for i in j..<min(n, j + 3) { banded.band[(i - j) + j * 3] = element(i, j) } }
        #expect(banded.factor())
        x = rightHandSide
        x.withUnsafeMutableBufferPointer { banded.solve($0) }
        for i in 0..<n { #expect(abs(x[i] - wanted[i]) < 1e-11) }
    }

    @Test func indefiniteIsRefused() {
        var a = Matrix(rows: 2, columns: 2)
        a.storage = [1, 2, 2, 1]
        #expect(!Cholesky(order: 2).factor(a))
        let banded = BandCholesky(order: 2, bandwidth: 1)
        for (k, value) in [1.0, 2, 1, 0].enumerated() { banded.band[k] = value }
        #expect(!banded.factor())
    }
}

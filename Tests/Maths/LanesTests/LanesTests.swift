import Lanes
import Testing

@Suite struct LanesTests {
    private let a = Lanes(-2, -0.5, 0, 0.25, 1, 3, 1e300, -1e-300)
    private let b = Lanes(1, -1, 0.5, 0.25, -1, 4, 1e-300, 0)

    private func each(_ body: (Double, Double) -> Double) -> Lanes {
        var result = Lanes.zero
        for lane in 0..<Lanes.scalarCount { result[lane] = body(a[lane], b[lane]) }
        return result
    }

    @Test func arithmetic() {
        #expect(a.magnitudes == each { x, _ in abs(x) })
        #expect(a.negated == each { x, _ in -x })
        #expect(larger(a, b) == each { max($0, $1) })
        #expect(smaller(a, b) == each { min($0, $1) })
        #expect(Lanes.fused(Lanes(repeating: 2), 3, b) == 6 + b)
    }

    /// The second where one is not a number.
    @Test func notANumber() {
        let nan = Lanes(repeating: .nan)
        #expect(larger(nan, b) == b)
        #expect(smaller(nan, b) == b)
        #expect(larger(b, nan) != larger(b, nan))
    }

    @Test func masks() {
        #expect(a.positivePart == each { x, _ in max(x, 0) })
        #expect(a.kept(where: a.negativeMask) == each { x, _ in min(x, 0) })
        #expect(a.kept(where: (b - a).negativeMask, else: b) == each { max($0, $1) })
        #expect(a.rootOfPositive == each { x, _ in max(x, 0).squareRoot() })
    }

    /// Memory begins at a cache line.
    @Test(arguments: [0, 1, 3, 100]) func memory(count: Int) {
        let filled = UnsafeMutableBufferPointer<Double>.filled(count, with: 2)
        let copy = UnsafeMutableBufferPointer<Double>.copy(of: filled)
        defer {
            filled.deallocate()
            copy.deallocate()
        }
        #expect(Array(copy) == Array(repeating: 2, count: count))
        #expect(UInt(bitPattern: filled.baseAddress!) % 64 == 0)
        #expect(UInt(bitPattern: copy.baseAddress!) % 64 == 0)
    }
}

@Suite struct WorkersTests {
    private final class Marks: @unchecked Sendable {
        let by: UnsafeMutableBufferPointer<Int>
        init(_ count: Int) { by = .filled(count, with: -1) }
        deinit { by.deallocate() }
    }

    @Test(arguments: [0, 1, 5, 100], [1, 2, 7]) func everyItemOnce(items: Int, workers: Int) {
        let marks = Marks(items)
        concurrently(items, workers: workers) { worker, item in marks.by[item] = worker }
        #expect(Array(marks.by) == (0..<items).map { $0 % min(workers, items) })
    }

    @Test func everyWorkerOnce() {
        let marks = Marks(4)
        concurrently(4) { marks.by[$0] = $0 }
        #expect(Array(marks.by) == [0, 1, 2, 3])
        concurrently(0) { marks.by[$0] = -1 }
        #expect(Array(marks.by) == [0, 1, 2, 3])
    }
}

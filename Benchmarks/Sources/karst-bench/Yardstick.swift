/// What one core of this machine can do at most, measured: the limits that kernels are held against.
enum Yardstick {
    private typealias Lanes = SIMD8<Double>

    /// Bytes per second of a ← b + s·c over arrays larger than the caches: STREAM's triad, counted as STREAM
    /// counts, 24 bytes an element.
    static let bandwidth: Double = {
        let count = 1 << 20
        let memory = UnsafeMutablePointer<Lanes>.allocate(capacity: 3 * count)
        defer { memory.deallocate() }
        memory.initialize(repeating: Lanes(repeating: 1), count: 3 * count)
        let (a, b, c) = (memory, memory + count, memory + 2 * count)
        let timing = Stopwatch.measure(runs: 5, warmUp: 1) {
            for k in 0..<count { a[k] = b[k] + c[k] * 3 }
        }
        return Double(24 * Lanes.scalarCount * count) / timing.cpu
    }()

    /// Additions and multiplications per second of fused multiply-adds on registers alone: twelve chains,
    /// more than the latency of two units asks for. On a machine without them it is a low figure.
    static let arithmetic: Double = {
        let rounds = 4_000_000
        var sum = Lanes.zero
        let timing = Stopwatch.measure(runs: 5, warmUp: 1) { sum += chains(rounds, sum * 0 + 0.5) }
        precondition(sum[0].isFinite)
        return Double(2 * 12 * Lanes.scalarCount * rounds) / timing.cpu
    }()

    @inline(never)
    private static func chains(_ rounds: Int, _ factor: Lanes) -> Lanes {
        var (a, b, c, d, e, f) = (factor, factor * 2, factor * 3, factor * 4, factor * 5, factor * 6)
        var (g, h, i, j, k, l) = (factor * 7, factor * 8, factor * 9, factor * 10, factor * 11, factor * 12)
        for _ in 0..<rounds {
            a = factor.addingProduct(a, factor)
            b = factor.addingProduct(b, factor)
            c = factor.addingProduct(c, factor)
            d = factor.addingProduct(d, factor)
            e = factor.addingProduct(e, factor)
            f = factor.addingProduct(f, factor)
            g = factor.addingProduct(g, factor)
            h = factor.addingProduct(h, factor)
            i = factor.addingProduct(i, factor)
            j = factor.addingProduct(j, factor)
            k = factor.addingProduct(k, factor)
            l = factor.addingProduct(l, factor)
        }
        return a + b + c + d + e + f + g + h + i + j + k + l
    }
}

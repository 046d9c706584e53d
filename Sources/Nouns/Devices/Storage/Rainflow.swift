/// Rainflow counting of one series as it comes (ASTM E1049-85, section 5.4.4).
///
/// ```swift
/// var counter = Rainflow()
/// for value in [-2.0, 1, -3, 5, -1, 3, -4, 4, -2] { counter.add(value) { print($0.range, $0.count) } }
/// print(counter.residue)
/// ```
public struct Rainflow: Hashable, Sendable {
    /// A cycle or half a cycle.
    public struct Cycle: Hashable, Sendable {
        /// From its least to its greatest value.
        public let range: Double
        /// Middle of the two.
        public let mean: Double
        /// 1, or ½ for half a cycle.
        public let count: Double

        fileprivate init(_ a: Double, _ b: Double, count: Double) {
            (range, mean, self.count) = (abs(a - b), (a + b) / 2, count)
        }
    }

    /// Reversals that no cycle has taken yet, then the last value.
    private var open: [Double] = []

    /// Creates a counter of no value.
    public init() {}

    /// Adds the next value of the series; `take` gets every cycle that it closes.
    /// - Complexity: constant, summed over the series.
    public mutating func add(_ value: Double, _ take: (Cycle) -> Void) {
        guard let last = open.last else { return open.append(value) }
        guard value != last else { return }
        // The last value was no reversal: the series goes on in the same direction.
        if open.count > 1, (value > last) == (last > open[open.count - 2]) { open.removeLast() }
        close(take)
        open.append(value)
    }

    /// Takes out what lies within the last reversal. The last of `open` is a reversal here, or the begin.
    private mutating func close(_ take: (Cycle) -> Void) {
        while open.count >= 3 {
            let n = open.count
            let (latest, before) = (abs(open[n - 1] - open[n - 2]), abs(open[n - 2] - open[n - 3]))
            guard latest >= before else { return }
            if n == 3 {
                take(Cycle(open[0], open[1], count: 0.5))
                open.removeFirst()
            } else {
                take(Cycle(open[n - 3], open[n - 2], count: 1))
                open.removeSubrange(n - 3..<n - 1)
            }
        }
    }

    /// Cycles and half cycles that would be counted if the series ended here.
    public var residue: [Cycle] {
        var (rest, cycles) = (self, [Cycle]())
        rest.close { cycles.append($0) }
        return cycles + zip(rest.open, rest.open.dropFirst()).map { Cycle($0, $1, count: 0.5) }
    }
}

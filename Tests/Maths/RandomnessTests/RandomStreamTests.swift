import Randomness
import Testing

@Suite struct RandomStreamTests {
    let stream = RandomStream(seed: 2026, entity: 3, purpose: 1)
    let count = 200_000

    @Test func anyOrderGivesTheSameNumbers() {
        let forward = (0..<100).map { stream.uniform(step: $0, draw: 2) }
        let backward = (0..<100).reversed().map { stream.uniform(step: $0, draw: 2) }
        #expect(forward == backward.reversed())
    }

    @Test func everyPartOfTheAddressMatters() {
        let near = [
            stream.bits(step: 7, draw: 5), stream.bits(step: 8, draw: 5), stream.bits(step: 7, draw: 6),
            stream.bits(step: 5, draw: 7), stream.bits(step: 7 + 1 << 32, draw: 5),
            stream.bits(step: -7, draw: 5),
            RandomStream(seed: 2027, entity: 3, purpose: 1).bits(step: 7, draw: 5),
            RandomStream(seed: 2026 + 1 << 32, entity: 3, purpose: 1).bits(step: 7, draw: 5),
            RandomStream(seed: 2026, entity: 4, purpose: 1).bits(step: 7, draw: 5),
            RandomStream(seed: 2026, entity: 3, purpose: 2).bits(step: 7, draw: 5),
            RandomStream(seed: 2026, entity: 1, purpose: 3).bits(step: 7, draw: 5),
        ]
        #expect(Set(near).count == near.count)
    }

    @Test func uniformMoments() {
        let numbers = (0..<count).map { stream.uniform(step: $0) }
        #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
        let (mean, variance) = moments(numbers)
        #expect(abs(mean - 0.5) < 0.003)
        #expect(abs(variance - 1.0 / 12) < 0.001)
        #expect(abs(correlation(numbers)) < 0.01)
        // χ² of 100 bins: mean 99, standard deviation 14.
        var bins = [Int](repeating: 0, count: 100)
        for number in numbers { bins[Int(number * 100)] += 1 }
        let expected = Double(count) / 100
        let chiSquared = bins.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        #expect((50...160).contains(chiSquared))
    }

    @Test func normalMoments() {
        let numbers = (0..<count).map { stream.normal(step: 11, draw: $0) }
        let (mean, variance) = moments(numbers)
        #expect(abs(mean) < 0.01)
        #expect(abs(variance - 1) < 0.02)
        let fourth = numbers.reduce(0) { $0 + $1 * $1 * $1 * $1 } / Double(count)
        #expect(abs(fourth - 3) < 0.1)
        #expect(abs(correlation(numbers)) < 0.01)
    }

    @Test func exponentialMoments() {
        let (mean, variance) = moments((0..<count).map { stream.exponential(mean: 4, step: $0) })
        #expect(abs(mean - 4) < 0.04)
        #expect(abs(variance - 16) < 0.5)
    }

    @Test func integersAreEven() {
        var seen = [Int](repeating: 0, count: 6)
        for step in 0..<count { seen[stream.integer(below: 6, step: step)] += 1 }
        #expect(seen.allSatisfy { abs(Double($0) - Double(count) / 6) < 700 })
    }

    @Test func rangeIsHalfOpen() {
        let numbers = (0..<count).map { stream.uniform(in: -2..<3, step: $0) }
        #expect(numbers.allSatisfy { $0 >= -2 && $0 < 3 })
        #expect(numbers.min()! < -1.999 && numbers.max()! > 2.999)
    }

    private func moments(_ numbers: [Double]) -> (mean: Double, variance: Double) {
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        return (mean, numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count))
    }

    /// Of each number with the next.
    private func correlation(_ numbers: [Double]) -> Double {
        let (mean, variance) = moments(numbers)
        let products = zip(numbers, numbers.dropFirst()).map { ($0 - mean) * ($1 - mean) }
        return products.reduce(0, +) / Double(products.count) / variance
    }
}

@Suite struct StandardNormalTests {
    /// Wichura's own check values, and a point of each branch.
    @Test(arguments: [
        (0.25, -0.674_489_750_196_081_7), (0.001, -3.090_232_306_167_814), (1e-20, -9.262_340_089_798_408),
        (0.975, 1.959_963_984_540_054), (0.5, 0),
    ])
    func quantile(p: Double, expected: Double) {
        #expect(abs(StandardNormal.quantile(p) - expected) <= 1e-14 * max(1, abs(expected)))
    }

    @Test func quantileUndoesCumulative() {
        for x in stride(from: -8.0, through: 5, by: 0.01) {
            #expect(abs(StandardNormal.quantile(StandardNormal.cumulative(x)) - x) < 1e-9)
        }
    }
}

import Glibc
import Randomness

// Within a quarter of an hour the sun shines, or a cloud hides it: the distribution of the clear-sky index
// over a minute has two peaks, of the gaps and of the clouds (Skartveit and Olseth, Solar Energy 49, 1992,
// 475–487). A quarter of an hour with the index k is in the gaps for the share p of its time,
//
//     k = p · 1.02 + (1 − p) · 0.35,    0 ≤ p ≤ 1,
//
// and is even where k is outside 0.35 … 1.02. A cloud is where a Gaussian noise that forgets within 5
// minutes is among the largest 1 − p of the quarter's 90 values, one every 10 s. Not every sky is broken:
// both levels lie a part c of the way from k, c = Φ(h)² with a Gaussian noise h that forgets within 2 hours.
// So the mean of a quarter is as without this, and steps of a quarter of an hour and longer know nothing of
// it. The levels, c and the times are assumed; a test holds the ramps that follow to published ones: of a
// point, 99 % of all changes from minute to minute are below 30–60 % of the clear sky.

/// The clear-sky index every ten seconds, for steps shorter than a quarter of an hour.
struct PassingClouds {
    /// Length of a value and of a block of values that keeps its mean, s.
    static let spacing = 10.0
    static let block = 900.0

    private static let (gap, cloud) = (1.02, 0.35)
    private let first: Int
    private let values: [Double]

    /// `slow` is the index at the middle of a quarter of an hour.
    init(seed: UInt64, over range: ClosedRange<Double>, slow: (Double) -> Double) {
        let count = Int(Self.block / Self.spacing)
        first = Int((range.lowerBound / Self.block).rounded(.down))
        let last = Int((range.upperBound / Self.block).rounded(.down))
        let noise = GaussianNoise(
            WeatherGenerator.stream(.passage, seed), spacing: 60, correlationTime: 300,
            over: Double(first) * Self.block...Double(last + 1) * Self.block)
        let brokenness = GaussianNoise(
            WeatherGenerator.stream(.breaks, seed), spacing: Self.block, correlationTime: 7200,
            over: Double(first) * Self.block...Double(last + 1) * Self.block)
        var values: [Double] = []
        values.reserveCapacity((last - first + 1) * count)
        for block in first...last {
            let start = Double(block) * Self.block
            let index = slow(start + Self.block / 2)
            guard index > Self.cloud, index < Self.gap else {
                values += repeatElement(index, count: count)
                continue
            }
            let noises = (0..<count).map { noise(start + (Double($0) + 0.5) * Self.spacing) }
            let order = noises.indices.sorted { noises[$0] < noises[$1] }
            let sunny = (index - Self.cloud) / (Self.gap - Self.cloud) * Double(count)
            let part = StandardNormal.cumulative(brokenness(start + Self.block / 2))
            let contrast = part * part
            var own = [Double](repeating: index + contrast * (Self.cloud - index), count: count)
            for (rank, place) in order.enumerated() {
                // The last one is sunny for a part of its ten seconds.
                own[place] += contrast * (Self.gap - Self.cloud) * min(1, max(0, sunny - Double(rank)))
            }
            values += own
        }
        self.values = values
    }

    /// The mean index from `start` to `end`, s since the epoch.
    func mean(from start: Double, to end: Double) -> Double {
        let origin = Double(first) * Self.block
        let places = (start - origin) / Self.spacing...(end - origin) / Self.spacing
        var sum = 0.0
        for place in Int(
            places.lowerBound)...max(Int(places.lowerBound), Int(places.upperBound.rounded(.up)) - 1)
        {
            let overlap = min(Double(place + 1), places.upperBound) - max(Double(place), places.lowerBound)
            sum += values[place] * max(0, overlap)
        }
        return sum / (places.upperBound - places.lowerBound)
    }
}

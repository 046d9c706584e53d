import Devices
import Grid
import Testing
import Timeline

@Suite("Shapes of loads and how they vary")
struct LoadShapeTests {
    /// Workdays follow the hour, weekends stand still.
    private let shape = LoadShape(
        fractions: (0..<12).flatMap { _ in (0..<24).map { Double($0) / 24 } + Array(repeating: 0.5, count: 24)
        })

    private func clock(_ text: String) -> CivilTime { CivilTime(iso8601: text)! }

    @Test("holds at the middle of an hour and is straight between two")
    func linear() {
        #expect(shape.fraction(at: clock("2026-01-06T06:30")) == 6.0 / 24)
        #expect(abs(shape.fraction(at: clock("2026-01-06T07:00")) - 6.5 / 24) < 1e-15)
    }

    @Test("joins days over midnight, also from a weekend to a workday")
    func midnight() {
        #expect(abs(shape.fraction(at: clock("2026-01-05T00:00")) - 0.25) < 1e-15)
        #expect(abs(shape.fraction(at: clock("2026-01-09T23:59:59")) - (23.0 / 24 + 0.5) / 2) < 2e-4)
    }

    @Test("follows the local clock, not UTC")
    func zone() {
        let shanghai = TimeZoneTable(name: "Asia/Shanghai", initialOffset: 8 * 3600, transitions: [])
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 1_767_571_200), step: 3600, count: 24)
        let local = shape.fractions(over: horizon, in: shanghai)
        let utc = shape.fractions(over: horizon, in: .utc)
        #expect(zip(local, utc.dropFirst(8)).allSatisfy { abs($0 - $1) < 0.3 } && local != utc)
        #expect(local[12] > utc[12] || local[3] > utc[3])
    }

    @Test("a long step is the mean of the short ones within it")
    func means() {
        let start = Instant(secondsSinceEpoch: 1_767_571_200)
        let short = shape.fractions(over: Horizon(start: start, step: 900, count: 96), in: .utc)
        let long = shape.fractions(over: Horizon(start: start, step: 21_600, count: 4), in: .utc)
        for index in long.indices {
            #expect(abs(short[24 * index..<24 * index + 24].reduce(0, +) / 24 - long[index]) < 1e-12)
        }
    }

    @Test("varies with the deviation and correlation it says, whatever the step", arguments: [60, 900, 3600])
    func noise(step: Int) {
        let variation = LoadVariation(deviation: 0.05, seed: 7, load: "old-town")
        let count = 200_000
        let values = variation.demand(
            nominal: Power(1), fractions: Array(repeating: 1, count: count), step: step
        ).map { $0.value - 1 }
        let variance = values.map { $0 * $0 }.reduce(0, +) / Double(count)
        #expect(abs(variance.squareRoot() - 0.05) < 0.003)
        let lag = 3600 / step
        let product = zip(values, values.dropFirst(lag)).map { $0 * $1 }.reduce(0, +) / Double(count - lag)
        #expect(abs(product / variance - 0.3679) < 0.06)
    }

    @Test("two loads stray apart, one load always alike, and without deviation not at all")
    func streams() {
        let flat = Array(repeating: 0.7, count: 100)
        func demand(_ name: String, _ deviation: Double) -> [Power] {
            LoadVariation(deviation: deviation, seed: 1, load: name)
                .demand(nominal: Power(1000), fractions: flat, step: 900)
        }
        #expect(demand("a", 0.1) == demand("a", 0.1))
        #expect(demand("a", 0.1) != demand("b", 0.1))
        #expect(demand("a", 0) == flat.map { Power(1000) * $0 })
        #expect(demand("a", 3).allSatisfy { $0 >= .zero })
    }
}

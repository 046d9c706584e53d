import Market
import TestSupport
import Testing

/// Whole amounts add like integers, keep their order and are written without loss.
@Suite struct AmountTests {
    /// Amounts of either sign that stay in 64 bits when a few are added.
    private func amounts(_ seed: UInt64) -> [Int64] {
        var random = SplitMix64(seed: seed)
        return (0..<200).map { _ in Int64.random(in: -(1 << 60)...(1 << 60), using: &random) }
    }

    @Test func wattHoursAddLikeTheirCounts() {
        for (a, b) in zip(amounts(1), amounts(2)) {
            let (x, y) = (WattHours(a), WattHours(b))
            #expect((x + y).count == a + b && (x - y).count == a - b && (-x).count == -a)
            #expect(x + .zero == x && x - x == .zero && (x < y) == (a < b))
        }
        #expect(WattHours(kilowattHours: -3) == WattHours(-3000))
        #expect(WattHours(megawattHours: 2) == WattHours(kilowattHours: 2000))
    }

    @Test func moneyAddsLikeItsFen() {
        for (a, b) in zip(amounts(3), amounts(4)) {
            let (x, y) = (Money(fen: a), Money(fen: b))
            #expect((x + y).fen == a + b && (x - y).fen == a - b && (-x).fen == -a)
            #expect(x + .zero == x && x - x == .zero && (x < y) == (a < b))
        }
    }

    @Test func pricesAreOrderedAndWeighedInYuan() {
        let (low, high) = (Price(microyuanPerKilowattHour: -1), Price(microyuanPerKilowattHour: 562_000))
        #expect(low < high && !(high < low) && !(low < low))
        #expect(high.yuanPerKilowattHour == 0.562)
    }

    /// The text without its point is the whole number again; two decimals of yuan, six of a price.
    @Test func theTextOfAnAmountHoldsEveryDigit() {
        for amount in amounts(5) + [0, 1, -1, 9, -9, 99, -99, 100, -100, .max, .min] {
            let money = "\(Money(fen: amount))"
            let price = "\(Price(microyuanPerKilowattHour: amount))"
            for (text, places) in [(money, 2), (price, 6)] {
                let parts = text.split(separator: ".")
                #expect(parts.count == 2 && parts[1].count == places, "\(text)")
                #expect(Int64(parts.joined()) == amount, "\(text)")
                #expect(!parts[0].drop { $0 == "-" }.hasPrefix("0") || parts[0].drop { $0 == "-" } == "0")
            }
        }
    }
}

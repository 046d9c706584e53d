import Market
import TestSupport
import Testing

@Suite struct RoundingTests {
    @Test func halvesGoAwayFromZeroOnBothSides() {
        let cases: [(Int128, Int128, Int128)] = [
            (5, 10, 1), (-5, 10, -1), (4, 10, 0), (-4, 10, 0), (15, 10, 2), (-15, 10, -2), (14, 10, 1),
            (1, 3, 0), (2, 3, 1), (-2, 3, -1), (7, 7, 1), (0, 5, 0),
        ]
        for (number, divisor, expected) in cases {
            #expect(number.dividedHalfAwayFromZero(by: divisor) == expected)
        }
    }

    @Test func oneRoundingToTheFen() {
        let price = Price(microyuanPerKilowattHour: 562_000)
        #expect(Money(WattHours(kilowattHours: 4032), at: price) == Money(fen: 226_598))
        // 0.005 yuan exactly: half a fen.
        #expect(Money(WattHours(1000), at: Price(microyuanPerKilowattHour: 5000)) == Money(fen: 1))
        #expect(Money(WattHours(-1000), at: Price(microyuanPerKilowattHour: 5000)) == Money(fen: -1))
        #expect(Money(WattHours(1000), at: Price(microyuanPerKilowattHour: 4999)) == .zero)
    }

    @Test func aTerawattHourAtTenYuanFits() {
        let energy = WattHours(megawattHours: 1_000_000)
        let price = Price(microyuanPerKilowattHour: 10_000_000)
        #expect(Money(energy, at: price) == Money(fen: 1_000_000_000_000))
    }

    @Test func amountsAreWrittenWithAllTheirDecimals() {
        #expect(Money(fen: -1205).description == "-12.05")
        #expect(Money(fen: 7).description == "0.07")
        #expect(Price(microyuanPerKilowattHour: 562_000).description == "0.562000")
    }

    /// The quotient is the nearest integer, mirrors with the sign, and rises with the number.
    @Test(arguments: 1...20) func roundingGoesToTheNearest(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<200 {
            let divisor = Int128.random(in: 1...(1 << 40), using: &random)
            let number = Int128.random(in: -(1 << 90)...(1 << 90), using: &random)
            let rounded = number.dividedHalfAwayFromZero(by: divisor)
            let rest = number - rounded * divisor
            #expect(2 * rest.magnitude <= divisor.magnitude)
            // A half has been rounded away from zero, so what is left points back to zero.
            if 2 * rest.magnitude == divisor.magnitude { #expect((rest < 0) == (number > 0)) }
            #expect((-number).dividedHalfAwayFromZero(by: divisor) == -rounded)
            #expect((number + 1).dividedHalfAwayFromZero(by: divisor) >= rounded)
        }
    }

    /// Halves of every even divisor.
    @Test func halvesOfEveryDivisor() {
        for divisor in stride(from: Int128(2), through: 100, by: 2) {
            for whole in Int128(0)...20 {
                let half = whole * divisor + divisor / 2
                #expect(half.dividedHalfAwayFromZero(by: divisor) == whole + 1)
                #expect((-half).dividedHalfAwayFromZero(by: divisor) == -whole - 1)
            }
        }
    }

    /// Each line is rounded once: a bill of many lines is off by at most half a fen a line, and what one pays
    /// the other receives.
    @Test(arguments: 1...20) func aBillIsOffByHalfAFenALine(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let price = Price(microyuanPerKilowattHour: Int64.random(in: -300_000...2_000_000, using: &random))
        let lines = (0..<50).map { _ in WattHours(Int64.random(in: 0...9_000_000, using: &random)) }
        let parts = lines.map { Money($0, at: price).fen }.reduce(0, +)
        let whole = Money(lines.reduce(.zero, +), at: price).fen
        #expect(2 * (parts - whole).magnitude <= UInt64(lines.count + 1))
        for line in lines {
            #expect(Money(-line, at: price) == -Money(line, at: price))
            // 1 fen is 10⁷ Wh·µyuan/kWh.
            let exact = Double(line.count) * Double(price.microyuanPerKilowattHour) / 1e7
            #expect(abs(Double(Money(line, at: price).fen) - exact) <= 0.5 + 1e-6)
        }
    }

    @Test func demandIsPaidByTheWatt() {
        // 1,234.567 kW at 35.00 yuan/kW: 43,209.845 yuan, a half that is rounded up.
        #expect(Money(watts: 1_234_567, perKilowatt: Money(fen: 3500)) == Money(fen: 4_320_985))
        #expect(Money(watts: 0, perKilowatt: Money(fen: 3500)) == .zero)
        #expect(Money(watts: 999, perKilowatt: Money(fen: 1)) == Money(fen: 1))
        #expect(Money(watts: 499, perKilowatt: Money(fen: 1)) == .zero)
    }

    @Test func theLargestAmountsDoNotOverflow() {
        let one = Price(microyuanPerKilowattHour: 1)
        #expect(Money(WattHours(.max), at: one) == Money(fen: 922_337_203_685))
        #expect(Money(WattHours(.min), at: one) == Money(fen: -922_337_203_685))
        #expect(Money(watts: .max, perKilowatt: Money(fen: 1000)) == Money(fen: .max))
    }
}

import Market
import Testing
import Timeline

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

    @Test func aReversalMirrorsItsEntry() {
        let (a, b) = (Account.participant(Participant("a")), Account.participant(Participant("b")))
        let month = CivilMonth(of: CivilDate(year: 2026, month: 3, day: 9)!)
        let entry = Entry(
            id: "x", period: month, clause: .onGrid, payer: a, payee: b, asset: .money, quantity: 12,
            basis: .energy(WattHours(1000), at: Price(microyuanPerKilowattHour: 120_000)))
        let back = entry.reversal(in: month)
        #expect(back.payer == b && back.payee == a && back.quantity == 12)
        #expect(back.basis == .entry("x") && back.clause == .reversal && back.id != entry.id)
        #expect(month.description == "2026-03")
    }
}

import Grid
import Market
import Metering
import TestSupport
import Testing
import Timeline

@Suite struct MeterBankTests {
    let quarter = Interval(start: Instant(secondsSinceEpoch: 0), seconds: 900)

    @Test func theRemainderJoinsTheNextStep() {
        var bank = MeterBank(count: 1)
        var counts: [Int64] = []
        for _ in 0..<8 {
            bank.read([Power(5)], over: quarter)
            counts.append(bank.readings[0].given.count)
        }
        // 1.25 Wh a step.
        #expect(counts == [1, 1, 1, 2, 1, 1, 1, 2])
    }

    @Test func registersAreApartAndAStepCountsInOneOnly() {
        var bank = MeterBank(count: 2)
        bank.read([Power(3.2), Power(-3.2)], over: quarter)
        #expect(bank.readings == [.zero, .zero])
        bank.read([Power(-1000), Power(1000)], over: quarter)
        #expect(bank.readings[0] == Reading(given: .zero, taken: WattHours(250)))
        #expect(bank.readings[1] == Reading(given: WattHours(250), taken: .zero))
        // 0.8 Wh waited in each direction through the other's step.
        bank.read([Power(0.8), Power(-0.8)], over: quarter)
        #expect(bank.readings[0] == Reading(given: WattHours(1), taken: .zero))
        #expect(bank.readings[1] == Reading(given: .zero, taken: WattHours(1)))
    }

    @Test(arguments: [UInt64(1), 2, 3]) func afterAYearLessThanOneWattHourIsMissing(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var bank = MeterBank(count: 3)
        // Whole mW for 900 s are whole quarters of a mWh: exact in integers.
        var exact = Array(repeating: (given: Int64(0), taken: Int64(0)), count: 3)
        var counted = Array(repeating: (given: Int64(0), taken: Int64(0)), count: 3)
        for _ in 0..<35_040 {
            let milliwatts = (0..<3).map { _ in
                Int64.random(in: -2_000_000_000...2_000_000_000, using: &random)
            }
            bank.read(milliwatts.map { Power(Double($0) / 1000) }, over: quarter)
            for channel in 0..<3 {
                exact[channel].given += max(0, milliwatts[channel])
                exact[channel].taken += max(0, -milliwatts[channel])
                counted[channel].given += bank.readings[channel].given.count
                counted[channel].taken += bank.readings[channel].taken.count
            }
        }
        for channel in 0..<3 {
            #expect((-1..<4000).contains(exact[channel].given - 4000 * counted[channel].given))
            #expect((-1..<4000).contains(exact[channel].taken - 4000 * counted[channel].taken))
        }
    }
}

import Market
import Settlement
import TestSupport
import Testing
import Timeline

@Suite struct GreenPowerTests {
    private let unit = WattHours(megawattHours: 1)
    private let g1 = Participant("g1")
    private let g2 = Participant("g2")
    private let u1 = Participant("u1")
    private let u2 = Participant("u2")

    private var contracts: [GreenPowerContract] {
        [
            Microgrid.contract("k1", seller: g1, buyer: u1, megawattHours: 600),
            Microgrid.contract("k2", seller: g1, buyer: u2, megawattHours: 400),
            Microgrid.contract("k3", seller: g2, buyer: u1, megawattHours: 300),
        ]
    }

    private func month(_ x: [Int64], _ l: [Int64], _ carries: [ExactEnergy]) -> [GreenPowerContract.Outcome] {
        GreenPowerContract.outcomes(
            of: contracts, generation: [g1: WattHours(x[0]), g2: WattHours(x[1])],
            consumption: [u1: WattHours(l[0]), u2: WattHours(l[1])], carries: carries, unit: unit)
    }

    private func third(_ thirdsOfMegawattHour: Int64) -> ExactEnergy {
        ExactEnergy(unit, times: WattHours(thirdsOfMegawattHour), over: WattHours(3))
    }

    /// Worked in exact fractions: R = 533⅓, 360, 266⅔; S = 533, 360, 266; carries ⅓, 0, ⅔ MWh.
    @Test func proportionalCutsAreExact() {
        let none = Array(repeating: ExactEnergy.zero, count: 3)
        let outcomes = month([900_000_000, 350_000_000], [800_000_000, 500_000_000], none)
        #expect(outcomes.map(\.matched) == [third(1600), third(1080), third(800)])
        #expect(outcomes.map(\.settled) == [533, 360, 266].map { WattHours(megawattHours: $0) })
        #expect(outcomes.map(\.carry) == [third(1), .zero, third(2)])
        #expect(outcomes.map(\.sellerShortfall) == [.zero, third(120), .zero])
        #expect(outcomes.map(\.buyerShortfall) == [third(20), .zero, third(100)])
    }

    @Test func threeThirdsAreOne() {
        var carries = Array(repeating: ExactEnergy.zero, count: 3)
        var settled: [[Int64]] = []
        for _ in 0..<3 {
            let outcomes = month([900_000_000, 350_000_000], [800_000_000, 500_000_000], carries)
            carries = outcomes.map(\.carry)
            settled.append(outcomes.map { $0.settled.count / 1_000_000 })
        }
        #expect(settled == [[533, 360, 266], [533, 360, 267], [534, 360, 267]])
        #expect(carries == [.zero, .zero, .zero])
    }

    /// Counted from the start, S stays within every cap, and the carry below one certificate.
    @Test(arguments: [UInt64(11), 12, 13, 14]) func capsHoldCumulatively(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var carries = Array(repeating: ExactEnergy.zero, count: 3)
        var (x, l) = ([Int64](repeating: 0, count: 2), [Int64](repeating: 0, count: 2))
        var settled = [Int64](repeating: 0, count: 3)
        var matched = Array(repeating: ExactEnergy.zero, count: 3)
        for _ in 0..<240 {
            let generated = (0..<2).map { _ in Int64.random(in: 0...1_200_000_007, using: &random) }
            let used = (0..<2).map { _ in Int64.random(in: 0...1_100_000_009, using: &random) }
            for i in 0..<2 {
                x[i] += generated[i]
                l[i] += used[i]
            }
            let outcomes = month(generated, used, carries)
            carries = outcomes.map(\.carry)
            for (k, outcome) in outcomes.enumerated() {
                settled[k] += outcome.settled.count
                matched[k] = matched[k] + outcome.matched
                #expect(outcome.matched <= ExactEnergy(contracts[k].volume))
                #expect(outcome.matched <= outcome.available && outcome.matched <= outcome.usable)
                #expect(outcome.settled.count % unit.count == 0)
                #expect(outcome.carry < ExactEnergy(unit))
                #expect(ExactEnergy(WattHours(settled[k])) + outcome.carry == matched[k])
            }
            #expect(settled[0] + settled[1] <= x[0] && settled[2] <= x[1])
            #expect(settled[0] + settled[2] <= l[0] && settled[1] <= l[1])
        }
    }

    /// A producer's certificates are sold oldest first, and nobody else's with them.
    @Test func certificatesAreSoldByTheirProducerOnly() {
        let month = CivilMonth(of: CivilDate(year: 2026, month: 3, day: 1)!)
        var register = CertificateRegister()
        _ = register.issue(3, to: g1, month: month)
        _ = register.issue(4, to: g2, month: month)
        _ = register.issue(2, to: g1, month: month)
        #expect(register.sell(6, of: g1, to: u1) == nil && register.held(by: g1) == 5)
        #expect(register.sell(2, of: g2, to: u1) == [3..<5])
        #expect(register.sell(4, of: g1, to: u2) == [0..<3, 7..<8])
        #expect([g1, g2, u1, u2].map { register.held(by: $0) } == [1, 2, 2, 4])
    }

    @Test(arguments: [(0, 0), (499, 0), (500, 1), (1499, 1), (1500, 2)] as [(Int64, Int64)])
    func halfAKilowattHourIsBilledAsOne(wattHours: Int64, kilowattHours: Int64) {
        let energy = ExactEnergy(WattHours(wattHours))
        #expect(energy.nearestKilowattHour == WattHours(kilowattHours: kilowattHours))
    }

    @Test func largestRemainderSumsAndBreaksTiesByOrder() {
        #expect(Allocation.split(10, by: [1, 1, 1]) == [4, 3, 3])
        #expect(Allocation.split(4, by: [6, 3, 1]) == [3, 1, 0])
        #expect(Allocation.split(5, by: [0, 0]) == [3, 2])
        var random = SplitMix64(seed: 5)
        for _ in 0..<500 {
            let weights = (0..<7).map { _ in Int64.random(in: 0...1_000_000_000_000, using: &random) }
            let total = Int64.random(in: 0...1_000_000_000_000, using: &random)
            let parts = Allocation.split(total, by: weights)
            #expect(parts.reduce(0, +) == total)
            let whole = weights.reduce(Int128(0)) { $0 + Int128($1) }
            for (part, weight) in zip(parts, weights) {
                let difference = Int128(part) * whole - Int128(total) * Int128(weight)
                #expect(difference.magnitude < whole.magnitude)
            }
        }
    }
}

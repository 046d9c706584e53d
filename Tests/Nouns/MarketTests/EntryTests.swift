import Market
import TestSupport
import Testing
import Timeline

/// Settlement lines as transfers between accounts.
@Suite struct EntryTests {
    private let month = CivilMonth(of: CivilDate(year: 2026, month: 3, day: 9)!)
    private let a = Account.participant(Participant("a"))
    private let b = Account.participant(Participant("b"))

    private func entry(
        _ id: String = "x", asset: Asset = .money, quantity: Int64 = 12,
        basis: Entry.Basis = .energy(WattHours(1000), at: Price(microyuanPerKilowattHour: 120_000))
    ) -> Entry {
        Entry(
            id: id, period: month, clause: .onGrid, payer: a, payee: b, asset: asset, quantity: quantity,
            basis: basis, segment: .peak, contract: "green")
    }

    /// What each account holds of an asset after these transfers from nothing.
    private func balances(_ entries: [Entry], _ asset: Asset) -> [Account: Int64] {
        entries.filter { $0.asset == asset }.reduce(into: [:]) { balances, entry in
            balances[entry.payer, default: 0] -= entry.quantity
            balances[entry.payee, default: 0] += entry.quantity
        }
    }

    @Test func aReversalMirrorsItsEntry() {
        let next = CivilMonth(of: CivilDate(year: 2026, month: 4, day: 1)!)
        let back = entry().reversal(in: next)
        #expect(back.payer == b && back.payee == a && back.quantity == 12 && back.asset == .money)
        #expect(back.basis == .entry("x") && back.clause == .reversal && back.id != "x")
        #expect(back.segment == .peak && back.contract == "green")
        #expect(back.period == next && entry().period.description == "2026-03")
        #expect(back == entry().reversal(in: next))
    }

    /// Every asset sums to zero over all accounts, and with the reversals every account holds zero again.
    @Test(arguments: 1...10) func transfersSumToZero(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let accounts = [.registry] + ["a", "b", "c", "d"].map { Account.participant(Participant($0)) }
        let entries = (0..<100).map { id in
            let from = random.whole(0..<5)
            return Entry(
                id: "e\(id)", period: month, clause: Entry.Clause.allCases[random.whole(0..<12)],
                payer: accounts[from], payee: accounts[(from + random.whole(1..<5)) % 5],
                asset: Asset.allCases[random.whole(0..<2)],
                quantity: Int64.random(in: -1000...1_000_000, using: &random), basis: .certificates([]))
        }
        let reversed = entries + entries.map { $0.reversal(in: month) }
        for asset in Asset.allCases {
            #expect(balances(entries, asset).values.reduce(0, +) == 0)
            #expect(balances(reversed, asset).values.allSatisfy { $0 == 0 })
        }
        #expect(Set(reversed.map(\.id)).count == 200)
    }

    @Test func onlyMoneyIsMoneyAndOnlyEnergyIsEnergy() {
        #expect(entry().money == Money(fen: 12) && entry().energy == WattHours(1000))
        let certificates = entry(asset: .certificate, basis: .certificates([0..<12]))
        #expect(certificates.money == nil && certificates.energy == nil)
        let demand = entry(basis: .demand(watts: 5000, perKilowatt: Money(fen: 3500)))
        #expect(demand.money == Money(fen: 12) && demand.energy == nil)
        #expect(entry().reversal(in: month).energy == nil)
    }
}

/// Those who take part, and what they hold.
@Suite struct ParticipantTests {
    @Test func theNameIsTheIdentityAndGivesTheOrder() {
        let names = ["village", "grid company", "电网公司", "operator", ""]
        #expect(names.map { Participant($0) }.sorted().map(\.name) == names.sorted())
        #expect(Set((names + names).map { Participant($0) }).count == names.count)
    }

    @Test func theRegistryIsNoParticipantOfThatName() {
        let registry = Account.participant(Participant("registry"))
        #expect(Account.registry != registry && Account.registry.name == registry.name)
        #expect(Account.registry < Account.participant(Participant("")))
        #expect([registry, .registry].sorted() == [.registry, registry])
    }

    @Test func aCertificateSoldDiffersInHolderAndState() {
        let (sun, works) = (Participant("sun"), Participant("works"))
        let month = CivilMonth(of: CivilDate(year: 2026, month: 3, day: 9)!)
        func certificate(_ holder: Participant, _ state: Certificate.State) -> Certificate {
            Certificate(producer: sun, month: month, ids: 3..<7, holder: holder, state: state)
        }
        #expect(certificate(sun, .issued) == certificate(sun, .issued))
        #expect(certificate(sun, .issued) != certificate(works, .sold))
        #expect(certificate(works, .sold).ids.count == 4)
    }

    @Test func theSegmentsOfADayAreNumberedInOrder() {
        #expect(TimeOfUse.allCases.map(\.index) == Array(0..<5))
        #expect(Reading.zero == Reading(given: .zero, taken: .zero))
        #expect(Reading(given: WattHours(1), taken: .zero) != Reading(given: .zero, taken: WattHours(1)))
    }
}

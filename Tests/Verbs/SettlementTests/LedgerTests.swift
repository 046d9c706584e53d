import Market
import Settlement
import TestSupport
import Testing
import Timeline

@Suite struct LedgerTests {
    private let month = CivilMonth(of: CivilDate(year: 2026, month: 5, day: 1)!)

    private func entry(_ id: Int, _ from: Int, _ to: Int, _ quantity: Int64, _ asset: Asset) -> Entry {
        let payer: Account = from == 0 ? .registry : .participant(Participant("p\(from)"))
        return Entry(
            id: "e\(id)", period: month, clause: .onGrid, payer: payer,
            payee: .participant(Participant("p\(to)")), asset: asset, quantity: quantity,
            basis: .certificates([]))
    }

    private func entries(seed: UInt64) -> [Entry] {
        var random = SplitMix64(seed: seed)
        return (0..<200).map { id in
            let from = Int.random(in: 0...5, using: &random)
            return entry(
                id, from, from % 5 + 1, Int64.random(in: -1000...100_000, using: &random),
                Bool.random(using: &random) ? .money : .certificate)
        }
    }

    @Test func everyAssetSumsToZeroAfterEveryPosting() {
        var ledger = Ledger()
        for entry in entries(seed: 3) {
            #expect(ledger.post(entry) == .posted)
            #expect(Asset.allCases.allSatisfy { ledger.sum(of: $0) == 0 })
        }
    }

    @Test func postingTwiceOrInPartsGivesTheSame() {
        let all = entries(seed: 4)
        var (once, twice) = (Ledger(), Ledger())
        for entry in all { _ = once.post(entry) }
        for part in [all[..<70], all[40..<120], all[..<200], all[100...]] {
            for entry in part { #expect([.posted, .exists].contains(twice.post(entry))) }
        }
        #expect(once == twice)
        #expect(once.entries == all)
    }

    @Test func anIdIsNeverReused() {
        var ledger = Ledger()
        #expect(ledger.post(entry(1, 1, 2, 10, .money)) == .posted)
        let before = ledger
        #expect(ledger.post(entry(1, 1, 2, 11, .money)) == .conflict)
        #expect(ledger == before)
        #expect(ledger.balance(of: .participant(Participant("p2")), .money) == 10)
    }

    @Test func aReversalNamesWhatItTakesBackOnce() {
        var ledger = Ledger()
        let entry = entry(1, 1, 2, 10, .money)
        #expect(ledger.post(entry.reversal(in: month)) == .badReversal)
        #expect(ledger.post(entry) == .posted)
        let back = entry.reversal(in: month)
        let wrong = Entry(
            id: "other", period: month, clause: .reversal, payer: back.payer, payee: back.payee,
            asset: .money,
            quantity: 10, basis: .entry("e1"))
        #expect(ledger.post(wrong) == .badReversal)
        #expect(ledger.post(back) == .posted)
        #expect(ledger.post(back) == .exists)
        #expect(ledger.post(back.reversal(in: month)) == .badReversal)
        #expect(ledger.balance(of: .participant(Participant("p2")), .money) == 0)
        #expect(ledger.entries.count == 2)
    }

    @Test func certificatesAreSoldOnceAndOldestFirst() {
        var register = CertificateRegister()
        let (sun, works) = (Participant("sun"), Participant("works"))
        #expect(register.issue(3, to: sun, month: month) == 0..<3)
        #expect(register.issue(4, to: sun, month: month) == 3..<7)
        #expect(register.sell(2, of: sun, to: works) == [0..<2])
        #expect(register.sell(3, of: sun, to: works) == [2..<3, 3..<5])
        let before = register
        #expect(register.sell(3, of: sun, to: works) == nil)
        #expect(register == before)
        #expect(register.held(by: works) == 5 && register.held(by: sun) == 2 && register.issued == 7)
        #expect(register.certificates.flatMap { Array($0.ids) } == Array(0..<7))
    }
}

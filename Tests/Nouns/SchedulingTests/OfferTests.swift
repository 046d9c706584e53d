import Grid
import Scheduling
import Testing
import Timeline

@Suite("Offers")
struct OfferTests {
    @Test("a cost of one value holds in every step, a series step by step")
    func cost() {
        let series = (0..<3).map { EnergyCost(Double($0)) }
        let cost = Cost(deliver: series, absorb: [EnergyCost(7)])
        #expect((0..<3).map { cost.deliver(at: $0).value } == [0, 1, 2])
        #expect((0..<3).map { cost.absorb(at: $0).value } == [7, 7, 7])
    }

    @Test("who only takes and stores nothing is a load")
    func loads() {
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 2)
        var offer = Offer(
            device: DeviceID(0), horizon: horizon, lower: [Power(-1), .zero], upper: [.zero, .zero],
            cost: .free)
        #expect(offer.isLoad && offer.canAbsorb && !offer.canDeliver)
        offer.upper[1] = Power(2)
        #expect(!offer.isLoad && offer.canDeliver)
    }
}

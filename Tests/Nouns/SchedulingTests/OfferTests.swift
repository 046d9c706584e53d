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

    @Test("the role is what is stated, else it follows from the bounds at first")
    func roles() {
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 2)
        func offer(_ lower: Double, _ upper: Double, _ role: Offer.Role? = nil) -> Offer {
            Offer(
                device: DeviceID(0), role: role, horizon: horizon, lower: [Power(lower), .zero],
                upper: [.zero, Power(upper)], cost: .free)
        }
        #expect(offer(-1, 0).isLoad && offer(-1, 2).role == .connection && offer(0, 2).role == .source)
        #expect(offer(-1, 0, .connection).role == .connection && !offer(-1, 0, .connection).isLoad)
        #expect(offer(0, 0, .load).isLoad)
        var export = offer(-1, 0, .connection)
        export.upper[1] = Power(2)
        #expect(export.role == .connection && export.canDeliver)
    }
}

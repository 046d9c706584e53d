import Grid
import Scheduling
import Testing
import Timeline

@Suite("Prices of a problem")
struct ProblemPricesTests {
    private let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 2)

    private func offer(
        _ device: Int, _ lower: Double, _ upper: Double, _ prices: [Double], store: Reservoir? = nil
    ) -> Offer {
        let cost = prices.map { EnergyCost(yuanPerKilowattHour: $0) }
        return Offer(
            device: DeviceID(device), horizon: horizon, lower: [Power(lower), Power(lower)],
            upper: [Power(upper), Power(upper)], cost: Cost(deliver: cost, absorb: cost), reservoir: store)
    }

    private func problem(_ offers: [Offer]) -> DispatchProblem {
        DispatchProblem(horizon: horizon, offers: offers)
    }

    private let store = Reservoir(
        stored: Energy(500), minimum: .zero, maximum: Energy(1000), chargeEfficiency: 0.9,
        dischargeEfficiency: 0.8, selfDischarge: 0)

    @Test("shortage costs four times the highest price, and 1 yuan/Wh where nothing has a price")
    func slackPrice() {
        let offers = [offer(0, -100, 0, [20]), offer(1, -50, 50, [0.3, 0.9])]
        #expect(problem(offers).slackPrice == EnergyCost(yuanPerKilowattHour: 80))
        #expect(problem([offer(0, 0, 10, [0])]).slackPrice == EnergyCost(1))
        #expect(problem(offers).largestPower == Power(100))
    }

    @Test("stored energy replaces what the connection would give, or else the cheapest source with a price")
    func storedValue() {
        let battery = offer(0, -10, 10, [0.1], store: store)
        let connected = problem([battery, offer(1, -50, 50, [0.4, 0.8]), offer(2, 0, 5, [0.2])])
        #expect(connected.replacedPrices.map(\.yuanPerKilowattHour) == [0.4, 0.8])
        #expect(abs(connected.storedValue(of: 0).yuanPerKilowattHour - (0.6 - 0.1) * 0.8) < 1e-12)
        #expect(connected.storedValue(of: 1) == .zero)
        let island = problem([battery, offer(1, 0, 50, [0]), offer(2, 0, 5, [0.3])])
        #expect(abs(island.storedValue(of: 0).yuanPerKilowattHour - (0.3 - 0.1) * 0.8) < 1e-12)
    }

    @Test("a connection or source that is weak beside the demand does not set the value of stored energy")
    func weakConnection() {
        let battery = offer(0, -10, 10, [0.1], store: store)
        let load = offer(1, -100, 0, [20])
        func prices(_ others: Offer...) -> [Double] {
            problem([battery, load] + others).replacedPrices.map { ($0.value * 1e9).rounded() / 1e6 }
        }
        func connection(_ limit: Double) -> Offer { offer(2, -50, limit, [0.4, 0.8]) }
        #expect(prices(connection(25)) == [0.4, 0.8])
        #expect(prices(connection(24)) == [19.8, 19.8])
        #expect(prices(connection(1), offer(3, 0, 50, [1.9]), offer(4, 0, 90, [0])) == [1.9, 1.9])
        #expect(prices(connection(1), offer(3, 0, 20, [0.6]), offer(4, 0, 9, [1.9])) == [1.9, 1.9])
        #expect(prices(offer(2, 0, 24, [1.9])) == [19.8, 19.8])
        #expect(prices(offer(2, 0, 24, [1.9]), offer(3, 0, 24, [2.1])) == [2.1, 2.1])
    }

    @Test("the charge counts the highest mean of a month, and only what lies above the peak so far")
    func demandCharge() {
        let charge = DemandCharge(
            offer: 0, months: [.init(first: 0, price: 2, soFar: Power(5)), .init(first: 3, price: 3)],
            parts: [
                [.init(interval: 0, share: 0.5)], [.init(interval: 1, share: 0.5)],
                [.init(interval: 1, share: 0.5)], [.init(interval: 2, share: 0.5)],
                [.init(interval: 2, share: 0.5)],
            ], begun: Power(3))
        // Means: 3 + 8/2 = 7, (2 + 4)/2 = 3, then the second month.
        let imports = [8.0, 2, 4, 10, -3]
        let peaks = charge.peaks(of: { imports[$0] }, steps: 5)
        #expect(peaks == [7, 5])
        #expect(charge.cost(peaks) == 2 * (7 - 5) + 3 * 5)
    }

    @Test("a step that overlaps two intervals counts in both, in proportion to its time")
    func straddledIntervals() {
        // Three steps of 20 min over four intervals of 15 min.
        func part(_ interval: Int, _ share: Double) -> DemandCharge.Part {
            .init(interval: interval, share: share)
        }
        let charge = DemandCharge(
            offer: 0, months: [.init(first: 0, price: 1)],
            parts: [
                [part(0, 1), part(1, 1 / 3.0)], [part(1, 2 / 3.0), part(2, 2 / 3.0)],
                [part(2, 1 / 3.0), part(3, 1)],
            ])
        func peak(_ imports: [Double]) -> Double { charge.peaks(of: { imports[$0] }, steps: 3)[0] }
        #expect(peak([30, 0, 0]) == 30)
        #expect(peak([0, 30, 0]) == 20)
        #expect(peak([30, 60, 0]) == 50)
        #expect(peak([0, 60, 90]) == 90)
    }
}

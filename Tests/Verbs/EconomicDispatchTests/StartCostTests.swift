import EconomicDispatch
import Grid
import Scheduling
import Testing
import Timeline

/// Starts of powers that somebody ran.
@Suite struct StartCostTests {
    private func costs(_ kilowatts: [Double], isOn: Bool, since: Double) -> Double {
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 1800, count: kilowatts.count)
        let cycling = Cycling(hotStart: 10, coldStart: 30, coldAfter: 1, isOn: isOn, since: since)
        let offer = Offer(
            device: DeviceID(0), horizon: horizon, lower: kilowatts.map { _ in .zero },
            upper: kilowatts.map { _ in Power(kilowatts: 9) },
            cost: .free,
            minimumWhenOn: Power(kilowatts: 2), cycling: cycling)
        return DispatchProblem(horizon: horizon, offers: [offer]).costs(
            of: [kilowatts.map { Power(kilowatts: $0) }], contents: [.zero], beyondPrice: EnergyCost(1)
        ).total
    }

    @Test("hot until an hour off, cold after; running on is free")
    func hotAndCold() {
        #expect(costs([0, 5, 0, 0, 5, 0, 0, 0, 5, 5], isOn: false, since: 0.5) == 10 + 10 + 30)
        #expect(costs([0, 5], isOn: false, since: 1) == 30)
        #expect(costs([5, 5], isOn: true, since: 1) == 0)
        #expect(costs([0, 0], isOn: true, since: 1) == 0)
        #expect(costs([0, 0, 5], isOn: true, since: 9) == 10)
    }
}

import Devices
import Grid
import Scheduling
import Testing
import Timeline

@Suite struct GensetStartTests {
    /// Two hours on, one hour off, in half-hours.
    @Test func leastTimesAreKept() {
        var state = DeviceState(power: .zero, stored: .zero)
        var powers: [Double] = []
        for asked in [200.0, 0, 0, 0, 0, 200, 200, 300] {
            state = device.follow(
                Power(kilowatts: asked), potential: genset.capacity, state: state, at: 0, hours: 0.5)
            powers.append(state.power.kilowatts)
        }
        #expect(powers == [200, 150, 150, 150, 0, 0, 200, 300])
        #expect(state.hours == 1)
    }

    @Test func theOfferTellsItsPast() throws {
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 1800, count: 4)
        let resting = DeviceState(power: .zero, stored: .zero, hours: 0.5)
        let offer = device.offer(as: DeviceID(0), over: horizon, firstStep: 0, potential: [], state: resting)
        let cycling = try #require(offer.cycling)
        #expect(!cycling.isOn && cycling.since == 0.5)
        #expect(cycling.minimumUp == 2 && cycling.minimumDown == 1)
        #expect(cycling.startCost(after: 4) == 40 && cycling.startCost(after: 4.5) == 90)
    }

    @Test func aStartIsHotOrCold() {
        let power = Power(kilowatts: 200)
        #expect(genset.startCost(power: power, hoursOff: 4) == 40)
        #expect(genset.startCost(power: power, hoursOff: 4.25) == 90)
        #expect(genset.startCost(power: power, hoursOff: nil) == 0)
        #expect(genset.startCost(power: .zero, hoursOff: 9) == 0)
    }

    private let genset = Genset(
        capacity: Power(kilowatts: 500), minimumLoad: 0.3, ramp: 250_000, fuelIntercept: 0.018 / 1000,
        fuelSlope: 0.24 / 1000, fuelPrice: 7.6,
        starting: .init(minimumUp: 2, minimumDown: 1, hot: 40, cold: 90, coldAfter: 4))
    private var device: Device { Device(name: "set", bus: 1, kind: .genset(genset)) }
}

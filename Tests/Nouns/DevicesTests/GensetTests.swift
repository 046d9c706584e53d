import Devices
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

@Suite struct GensetTests {
    @Test func fuelVectorIsMet() throws {
        for row in try GoldenTable("devices/genset_fuel").rows {
            let genset = Genset(
                capacity: Power(kilowatts: row["rated_kw"]), minimumLoad: row["min_load_ratio"], ramp: 1,
                fuelIntercept: row["f0_l_per_h_per_kw_rated"] / 1000,
                fuelSlope: row["f1_l_per_h_per_kw_out"] / 1000, fuelPrice: 7.6)
            let litres = genset.fuel(power: Power(kilowatts: row["output_kw"]), hours: 0.25)
            #expect(near(litres, row["fuel_l_per_h"] / 4, relative: 1e-11))
        }
    }

    @Test func neverBetweenZeroAndMinimumNorFasterThanItsRamp() {
        var random = SplitMix64(seed: 4)
        var state = device.initialState
        for _ in 0..<20_000 {
            let asked = Power(kilowatts: Double.random(in: -50...650, using: &random))
            let hours = Double.random(in: 0.001...0.02, using: &random)
            let before = state.power
            state = device.follow(asked, potential: genset.capacity, state: state, at: 0, hours: hours)
            #expect(state.power == .zero || (genset.minimum...genset.capacity).contains(state.power))
            if before > .zero && state.power > .zero {
                #expect(abs((state.power - before).value) <= genset.ramp * 3600 * hours + 1e-6)
            }
        }
    }

    @Test func belowHalfTheMinimumItIsOff() {
        let on = Power(kilowatts: 300)
        #expect(genset.follow(Power(kilowatts: 74.9), from: on, hours: 1) == .zero)
        #expect(genset.follow(Power(kilowatts: 75), from: on, hours: 1) == Power(kilowatts: 150))
        #expect(genset.follow(Power(kilowatts: 149), from: .zero, hours: 1) == Power(kilowatts: 150))
        #expect(genset.follow(Power(kilowatts: 480), from: .zero, hours: 0.001) == Power(kilowatts: 480))
        #expect(genset.follow(Power(kilowatts: 900), from: .zero, hours: 1) == Power(kilowatts: 500))
        #expect(genset.follow(.zero, from: Power(kilowatts: 500), hours: 0.001) == .zero)
    }

    @Test func rampHoldsWhileItRuns() {
        // 250 kW a minute for 30 s is 125 kW.
        let raised = genset.follow(Power(kilowatts: 500), from: Power(kilowatts: 200), hours: 30 / 3600)
        #expect(near(raised.kilowatts, 325, relative: 1e-12))
        let lowered = genset.follow(Power(kilowatts: 160), from: Power(kilowatts: 400), hours: 30 / 3600)
        #expect(near(lowered.kilowatts, 275, relative: 1e-12))
        // What forms an island may have been drawn below its minimum: it comes back at once.
        let drawn = genset.follow(Power(kilowatts: 400), from: Power(kilowatts: 5), hours: 1 / 3600)
        #expect(drawn == genset.minimum)
    }

    @Test func silenceTurnsItOff() {
        let running = DeviceState(power: Power(kilowatts: 300), stored: .zero)
        #expect(
            device.follow(nil, potential: genset.capacity, state: running, at: 0, hours: 1).power == .zero)
    }

    /// The cost in the offer is the price of the fuel the plant burns.
    @Test func offerCostsWhatItBurns() {
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 900, count: 4)
        let state = DeviceState(power: Power(kilowatts: 300), stored: .zero)
        let offer = device.offer(as: DeviceID(0), over: horizon, firstStep: 0, potential: [], state: state)
        let power = Power(kilowatts: 410)
        let planned =
            offer.cost.deliver(at: 2).value * power.energy(hours: 0.25).value + offer.cost.perHourOn * 0.25
        #expect(near(planned, genset.fuel(power: power, hours: 0.25) * 7.6, relative: 1e-12))
        #expect(offer.lower == Array(repeating: .zero, count: 4))
        #expect(offer.upper == Array(repeating: genset.capacity, count: 4))
        #expect(offer.minimumWhenOn == Power(kilowatts: 150) && offer.power == state.power)
        #expect(offer.ramp == genset.ramp && offer.rating == nil)
    }

    private let genset = Genset(
        capacity: Power(kilowatts: 500), minimumLoad: 0.3, ramp: 250_000 / 60, fuelIntercept: 0.018 / 1000,
        fuelSlope: 0.24 / 1000, fuelPrice: 7.6)

    private var device: Device { Device(name: "standby", bus: 0, kind: .genset(genset)) }
}

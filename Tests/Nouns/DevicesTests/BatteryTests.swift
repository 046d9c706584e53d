import Devices
import Glibc
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

@Suite struct BatteryTests {
    @Test func reservoirVectorIsMet() throws {
        let battery = battery(selfDischarge: 1 - pow(1 - 0.0002 * 0.25, 4))
        var stored = Energy(kilowattHours: 50)
        for row in try GoldenTable("devices/battery_soc").rows {
            let asked = Power(kilowatts: row["requested_kw_discharge_positive"])
            let state = battery.follow(asked, stored: stored, hours: 0.25)
            #expect(near(state.power.kilowatts, row["delivered_kw"], relative: 1e-10))
            #expect(near(state.stored.kilowattHours, row["soc_end"] * 100, relative: 1e-10))
            stored = state.stored
        }
    }

    @Test func contentNeverLeavesItsBounds() {
        let battery = battery(selfDischarge: 0)
        var random = SplitMix64(seed: 1)
        var state = DeviceState(power: .zero, stored: battery.capacity * 0.5)
        for _ in 0..<20_000 {
            let asked = Power(kilowatts: Double.random(in: -120...120, using: &random))
            let hours = Double.random(in: 0.01...2, using: &random)
            state = device(battery).follow(asked, potential: .zero, state: state, at: 0, hours: hours)
            #expect(battery.bounds.contains(state.stored))
            #expect((-battery.chargePower...battery.dischargePower).contains(state.power))
        }
    }

    @Test func onlySelfDischargeGoesBelow() {
        let battery = battery(selfDischarge: 0.01)
        var random = SplitMix64(seed: 2)
        var stored = battery.bounds.lowerBound
        for _ in 0..<20_000 {
            let asked = Power(kilowatts: Double.random(in: -30...120, using: &random))
            let state = battery.follow(asked, stored: stored, hours: 0.5)
            let floor = min(battery.bounds.lowerBound, battery.kept(stored, hours: 0.5))
            #expect(state.stored >= floor && state.stored <= battery.bounds.upperBound)
            stored = state.stored
        }
    }

    /// Content gained = absorbed · charge efficiency − delivered / discharge efficiency − lost by itself.
    @Test func energyIsConserved() {
        let battery = battery(selfDischarge: 0.002)
        var random = SplitMix64(seed: 3)
        var state = DeviceState(power: .zero, stored: battery.capacity * 0.4)
        for _ in 0..<5_000 {
            let before = state.stored
            let asked = Power(kilowatts: Double.random(in: -70...70, using: &random))
            state = device(battery).follow(asked, potential: .zero, state: state, at: 0, hours: 0.25)
            let energy = state.power.energy(hours: 0.25).value
            let drawn = energy >= 0 ? energy / 0.93 : energy * 0.95
            let lost = before.value * (1 - pow(0.998, 0.25))
            #expect(abs(state.stored.value - (before.value - lost - drawn)) < 1e-6)
            #expect(state.power.value * asked.value >= 0 && abs(state.power.value) <= abs(asked.value))
        }
    }

    @Test func twoHalfStepsAreOneStep() {
        let battery = battery(selfDischarge: 0.05)
        let idle = battery.follow(.zero, stored: battery.capacity * 0.8, hours: 1)
        let half = battery.follow(.zero, stored: battery.capacity * 0.8, hours: 0.5)
        let again = battery.follow(.zero, stored: half.stored, hours: 0.5)
        #expect(near(idle.stored.value, again.stored.value, relative: 1e-14))
        #expect(near(idle.stored.kilowattHours, 80 * 0.95, relative: 1e-14))
    }

    @Test func withoutSetpointItIdles() {
        let state = DeviceState(power: Power(kilowatts: 9), stored: Energy(kilowattHours: 40))
        for silence in [nil, Power(.nan)] {
            let after = device(battery(selfDischarge: 0)).follow(
                silence, potential: .zero, state: state, at: 0, hours: 1)
            #expect(after == DeviceState(power: .zero, stored: state.stored))
        }
    }

    @Test func idlingIsAlwaysAPlanOfTheOffer() {
        let battery = battery(selfDischarge: 0.01)
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 900, count: 96)
        for charge in [0.0999, 0.1, 0.1001, 0.5, 0.95] {
            let state = DeviceState(power: .zero, stored: battery.capacity * charge)
            let offer = device(battery).offer(
                as: DeviceID(3), over: horizon, firstStep: 0, potential: [], state: state)
            let reservoir = offer.reservoir!
            #expect(battery.kept(state.stored, hours: 24) >= reservoir.minimum)
            #expect(reservoir.minimum <= battery.bounds.lowerBound)
            #expect(charge < 0.12 || reservoir.minimum == battery.bounds.lowerBound)
            #expect(offer.lower[0] == Power(kilowatts: -40) && offer.upper[95] == Power(kilowatts: 50))
            #expect(offer.cost.deliver(at: 7) == battery.wear && offer.cost.absorb(at: 7) == .zero)
            #expect(offer.rating == nil)
        }
    }

    private func battery(selfDischarge: Double) -> Battery {
        Battery(
            capacity: Energy(kilowattHours: 100), chargePower: Power(kilowatts: 40),
            dischargePower: Power(kilowatts: 50), chargeEfficiency: 0.95, dischargeEfficiency: 0.93,
            selfDischarge: selfDischarge, stateOfCharge: 0.1...0.95, initialStateOfCharge: 0.5,
            wear: EnergyCost(yuanPerKilowattHour: 0.14))
    }

    private func device(_ battery: Battery) -> Device {
        Device(name: "store", bus: 0, kind: .battery(battery))
    }

    /// Two per cent a year, from the top; what is above the new bound can still be discharged.
    @Test func capacityFades() {
        var battery = Battery(
            capacity: Energy(100), chargePower: Power(50), dischargePower: Power(50), chargeEfficiency: 1,
            dischargeEfficiency: 1, selfDischarge: 0, stateOfCharge: 0.1...0.9, initialStateOfCharge: 0.9,
            wear: .zero)
        #expect(battery.health(at: 87_660, hours: 1) == 1)
        battery.degradation = 0.02
        let health = battery.health(at: 87_660, hours: 1)
        #expect(abs(health - pow(0.98, 10)) < 1e-12)
        // The length of a step does not matter.
        #expect(battery.health(at: 350_640, hours: 0.25) == health)
        let full = battery.follow(Power(-50), stored: Energy(60), hours: 1, health: health)
        #expect(abs(full.stored.value - 90 * health) < 1e-9)
        let above = battery.follow(Power(-50), stored: Energy(90), hours: 1, health: health)
        #expect(above.power == .zero && above.stored == Energy(90))
        let given = battery.follow(Power(50), stored: Energy(90), hours: 1, health: health)
        #expect(given.power == Power(50) && given.stored == Energy(40))
        let device = Device(name: "battery", bus: 0, kind: .battery(battery))
        let day = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 24)
        let state = DeviceState(power: .zero, stored: Energy(30))
        let offers = [0, 87_660].map {
            device.offer(as: DeviceID(0), over: day, firstStep: $0, potential: [], state: state)
        }
        #expect(offers.map { $0.reservoir!.maximum.value } == [90, 90 * health])
    }
}

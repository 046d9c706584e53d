import Devices
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

/// What holds for every kind.
@Suite struct DeviceTests {
    private let idle = DeviceState(power: .zero, stored: .zero)
    private let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 3)

    @Test func setpointIsACeilingForSunWindAndWater() {
        var random = SplitMix64(seed: 6)
        for device in [solar, wind, hydro] {
            for _ in 0..<1_000 {
                let potential = Power.random(0...100, &random)
                let setpoint = Power.random(-50...150, &random)
                let power = device.follow(setpoint, potential: potential, state: idle, at: 0, hours: 1).power
                #expect(power >= .zero && power <= potential)
                #expect(power == min(potential, max(.zero, setpoint)))
            }
            for silence in [nil, Power(.nan), Power(.infinity)] {
                #expect(
                    device.follow(silence, potential: Power(70), state: idle, at: 0, hours: 1).power
                        == Power(70))
            }
        }
    }

    @Test func loadTakesWhatItWantsUpToItsSetpoint() {
        func taken(_ setpoint: Double?) -> Double {
            load.follow(setpoint.map { Power($0) }, potential: Power(30), state: idle, at: 0, hours: 1).power
                .value
        }
        #expect(taken(nil) == -30)
        #expect(taken(.nan) == -30)
        #expect(taken(-20) == -20)
        #expect(taken(-50) == -30)
        #expect(taken(0) == 0)
        #expect(taken(10) == 0)
    }

    /// The reason for `Offer.rating`: nothing is curtailed or shed when the forecast was too low.
    @Test func ratingIsNeverBelowWhatCanHappen() {
        let believed = [Power(1), Power(2), Power(3)]
        let ratings: [(Device, Double)] = [(solar, 80), (wind, 300), (hydro, 90), (load, -40)]
        for (device, expected) in ratings {
            let offer = device.offer(
                as: DeviceID(5), over: horizon, firstStep: 0, potential: believed, state: idle)
            #expect(
                offer.rating == Power(expected) && offer.device == DeviceID(5) && offer.horizon == horizon)
        }
        let demand = device(.load(someLoad)).potential(
            at: 2, under: .calm, windHeight: 10, hours: 1)
        #expect(load.follow(Power(-40), potential: demand, state: idle, at: 0, hours: 1).power == -demand)
    }

    @Test func offersCarryBeliefAndCost() {
        let believed = [Power(10), Power(0), Power(25)]
        let given = wind.offer(as: DeviceID(0), over: horizon, firstStep: 0, potential: believed, state: idle)
        #expect(given.lower == [.zero, .zero, .zero] && given.upper == believed && given.cost == .free)
        let taken = load.offer(as: DeviceID(1), over: horizon, firstStep: 0, potential: believed, state: idle)
        #expect(taken.lower == believed.map { -$0 } && taken.upper == [.zero, .zero, .zero])
        #expect(taken.cost == Cost(constant: EnergyCost(yuanPerKilowattHour: 20)))
    }

    @Test func connectionOffersThePricesOfTheHorizon() {
        let prices = (0..<10).map { EnergyCost(Double($0)) }
        let grid = device(
            .grid(
                ExternalGrid(
                    importLimit: Power(500), exportLimit: Power(200), importPrice: prices,
                    feedIn: EnergyCost(0.5))))
        let offer = grid.offer(as: DeviceID(2), over: horizon, firstStep: 4, potential: [], state: idle)
        #expect(offer.lower[0] == Power(-200) && offer.upper[2] == Power(500) && offer.rating == nil)
        #expect(offer.cost == Cost(deliver: Array(prices[4..<7]), absorb: [EnergyCost(0.5)]))
        func power(_ setpoint: Power?) -> Double {
            grid.follow(setpoint, potential: Power(500), state: idle, at: 0, hours: 1).power.value
        }
        #expect([Power(7), Power(600), Power(-300), nil].map(power) == [7, 500, -200, 0])
    }

    @Test func onlyLoadsTakeReactivePower() {
        #expect(load.reactive(Power(-30), at: 0) == ReactivePower(-9))
        for device in [solar, wind, hydro] { #expect(device.reactive(Power(30), at: 0) == .zero) }
    }

    private let someLoad = Load(
        demand: [Power(10), Power(40), Power(20)], reactiveRatio: 0.3,
        valueOfLostLoad: EnergyCost(yuanPerKilowattHour: 20))

    private var load: Device { device(.load(someLoad)) }

    private var solar: Device {
        device(.solar(Solar(capacity: Power(100), inverterCapacity: Power(80), tilt: 20, azimuth: 180)))
    }

    private var wind: Device {
        let curve = [Wind.CurvePoint(speed: 3, power: .zero), Wind.CurvePoint(speed: 12, power: Power(150))]
        return device(
            .wind(Wind(turbines: 2, rated: Power(150), curve: curve, hubHeight: 40, roughness: 0.1)))
    }

    private var hydro: Device {
        device(
            .hydro(
                Hydro(capacity: Power(90), head: 42, designFlow: 1.8, residualFlow: 0.2, turbine: .francis)))
    }

    private func device(_ kind: Device.Kind) -> Device { Device(name: "it", bus: 0, kind: kind) }
}

import Devices
import Forecasting
import Glibc
import Grid
import Scheduling
import Testing
import Timeline

@Suite struct ForecastErrorTests {
    @Test func worldsComeInPairsAroundTheForecast() {
        let worlds = worlds(seed: 1, count: 4)
        for pair in [0, 2] {
            for device in 0..<3 {
                for step in 0..<Self.steps {
                    let sum =
                        power(worlds[pair], device, step) + power(worlds[pair + 1], device, step)
                    #expect(abs(sum - 2 * power(offers, device, step)) < 1e-9)
                }
            }
        }
        #expect(worlds[0] != worlds[2])
    }

    @Test func stepAndSeedDecide() {
        #expect(worlds(seed: 1, count: 2) == worlds(seed: 1, count: 2))
        #expect(worlds(seed: 1, count: 2) != worlds(seed: 2, count: 2))
        #expect(worlds(seed: 1, count: 2) != worlds(seed: 1, at: 4, count: 2))
    }

    @Test func whatKnowsItselfIsAsForecast() {
        for world in worlds(seed: 3, count: 2) { #expect(world[3] == offers[3]) }
    }

    @Test func errorsAreAsLargeAsStatedAndFadeInSixHours() {
        var first: [Double] = []
        var later: [Double] = []
        var wind: (now: [Double], end: [Double]) = ([], [])
        for seed in 1...4000 {
            let world = worlds(seed: UInt64(seed), count: 1)[0]
            first.append(power(world, 1, 0) / power(offers, 1, 0) - 1)
            later.append(power(world, 1, 6) / power(offers, 1, 6) - 1)
            wind.now.append(power(world, 2, 0) / power(offers, 2, 0) - 1)
            wind.end.append(power(world, 2, Self.steps - 1) / power(offers, 2, Self.steps - 1) - 1)
        }
        // Of 4,000 draws a deviation is known to 1.1 %, a correlation to 1.4 points.
        #expect(abs(deviation(first) / 0.08 - 1) < 0.05)
        #expect(abs(mean(zip(first, later).map(*)) / (0.08 * 0.08) - exp(-1)) < 0.06)
        // One hour of an error that begins at nothing: √(1 − e^(−2/6)) of the full one.
        #expect(abs(deviation(wind.now) / (0.05 * (1 - exp(-1.0 / 3)).squareRoot()) - 1) < 0.05)
        #expect(abs(deviation(wind.end) / 0.05 - 1) < 0.05)
    }

    @Test func noWorldIsBeyondARatingOrOfTheOtherSign() {
        var errors = ForecastErrors(seed: 5)
        errors.sun = 3
        var (atRating, atNothing) = (false, false)
        for world in errors.worlds(of: offers, by: devices.map { .init($0.kind) }, at: 0, count: 20) {
            for power in world[0].upper {
                #expect((0...100).contains(power.value))
                if power.value == 100 { atRating = true }
                if power.value == 0 { atNothing = true }
            }
        }
        #expect(atRating && atNothing)
    }

    private static let steps = 48

    private func worlds(seed: UInt64, at step: Int = 0, count: Int) -> [[Offer]] {
        var errors = ForecastErrors(seed: seed)
        // Small enough that nothing is cut off.
        (errors.sun, errors.wind) = (0.05, 0.05)
        return errors.worlds(of: offers, by: devices.map { .init($0.kind) }, at: step, count: count)
    }

    private func power(_ offers: [Offer], _ device: Int, _ step: Int) -> Double {
        (device == 1 ? offers[device].lower : offers[device].upper)[step].value
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    private func deviation(_ values: [Double]) -> Double { mean(values.map { $0 * $0 }).squareRoot() }

    private var offers: [Offer] {
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: Self.steps)
        func offer(_ device: Int, _ lower: Double, _ upper: Double, rating: Double) -> Offer {
            Offer(
                device: DeviceID(device), horizon: horizon,
                lower: Array(repeating: Power(lower), count: Self.steps),
                upper: Array(repeating: Power(upper), count: Self.steps),
                cost: Cost(constant: .zero), rating: Power(rating))
        }
        return [
            offer(0, 0, 50, rating: 100), offer(1, -40, 0, rating: -100), offer(2, 0, 60, rating: 150),
            offer(3, -5, 5, rating: 5),
        ]
    }

    private var devices: [Device] {
        let kinds: [Device.Kind] = [
            .solar(Solar(capacity: Power(100), inverterCapacity: Power(100), tilt: 20, azimuth: 180)),
            .load(Load(demand: [Power(1)], reactiveRatio: 0.3, valueOfLostLoad: EnergyCost(0.02))),
            .wind(
                Wind(
                    turbines: 1, rated: Power(150),
                    curve: [.init(speed: 3, power: .zero), .init(speed: 12, power: Power(150))],
                    hubHeight: 40,
                    roughness: 0.1)),
            .grid(
                ExternalGrid(
                    importLimit: Power(5), exportLimit: Power(5), importPrice: [.zero], feedIn: .zero)),
        ]
        return kinds.map { Device(name: "it", bus: 0, kind: $0) }
    }
}

import Grid
import Islanding
import TestSupport
import Testing

private func unit(_ rating: Double, before: Double = 0, _ range: ClosedRange<Double>) -> FormingUnit {
    FormingUnit(
        rating: Power(kilowatts: rating), droop: 0.04, power: Power(kilowatts: before),
        range: Power(kilowatts: range.lowerBound)...Power(kilowatts: range.upperBound))
}

@Suite struct FrequencyTests {
    /// R = 2 Hz over the rating: 50, 25 and 25 kW/Hz. Without limits 60 kW would take 0.6 Hz; the second unit
    /// ends at 10 kW, so that 50 kW are left for 75 kW/Hz.
    @Test func threeUnitsOfWhichOneIsAtItsLimit() {
        let response = FrequencyResponse(
            [unit(100, -100...100), unit(50, -50...10), unit(50, -50...50)], sources: .zero, frequency: 50)
        let deviation = response.deviation(for: Power(kilowatts: 60))
        #expect(near(deviation, -2.0 / 3))
        #expect(near(response.power(at: deviation).kilowatts, 60))
        #expect(near(response.power(at: -0.4).kilowatts, 40))
    }

    /// A full battery takes nothing: above 50.036 Hz the sun gives way by its whole power over 2.5 Hz.
    @Test func sunGivesWay() {
        let response = FrequencyResponse(
            [unit(100, 0...100)], sources: Power(kilowatts: 100), frequency: 50)
        #expect(near(response.deviation(for: Power(kilowatts: -30)), 0.036 + 0.3 * 2.5))
        #expect(response.deviation(for: .zero) == 0)
        // More than all of it: the end of the line.
        #expect(near(response.deviation(for: Power(kilowatts: -200)), 2.536))
        #expect(near(response.deviation(for: Power(kilowatts: 150)), -2))
    }

    /// At 60 Hz the same droop is a wider band.
    @Test func nominalFrequencyScales() {
        let response = FrequencyResponse([unit(100, -100...100)], sources: .zero, frequency: 60)
        #expect(near(response.deviation(for: Power(kilowatts: 50)), -1.2))
    }

    @Test func theDeviationGivesWhatWasLostOfRandomUnits() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<300 {
            let units = (0..<Int.random(in: 1...6, using: &random)).map { _ -> FormingUnit in
                let rating = Double.random(in: 1...500, using: &random)
                let low = Double.random(in: -rating...0, using: &random)
                let high = Double.random(in: 0...rating, using: &random)
                return unit(rating, before: Double.random(in: low...high, using: &random), low...high)
            }
            let sun = Power(kilowatts: Double.random(in: 0...300, using: &random))
            let response = FrequencyResponse(units, sources: sun, frequency: 50)
            let up = units.reduce(Power.zero) { $0 + $1.range.upperBound - $1.power }
            let down = units.reduce(-sun) { $0 + $1.range.lowerBound - $1.power }
            let lost = Power(Double.random(in: down.value...up.value, using: &random))
            let deviation = response.deviation(for: lost)
            #expect(abs((response.power(at: deviation) - lost).value) < 1e-6 * (1 + abs(lost.value)))
            #expect(lost.value == 0 || deviation * lost.value <= 0)
        }
    }
}

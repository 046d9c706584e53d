import Grid
import Scheduling
import TestSupport
import Testing

/// Laws of bid curves, on random curves of jumps and straight pieces.
struct BidCurveTests {
    @Test func aJumpIsARangeOfPowers() {
        let half = EnergyCost(yuanPerKilowattHour: 0.5)
        let genset = BidCurve(from: Power(kilowatts: 30)).adding(Power(kilowatts: 70), at: half)
        #expect(genset.power(at: half) == Power(kilowatts: 30)...Power(kilowatts: 100))
        #expect(genset.power(at: .zero) == Power(kilowatts: 30)...Power(kilowatts: 30))
        let both = genset + BidCurve(from: Power(kilowatts: -60))
        let clearing = both.clearing(giving: .zero)
        #expect(clearing.price == half)
        #expect(near(genset.power(at: clearing).kilowatts, 60))
    }

    /// Equal costs of Wood & Wollenberg's example 3A (850 MW): 9.148 $/MWh, 393.2, 334.6 and 122.2 MW.
    @Test func quadraticCostsClearAtEqualIncrementalCost() {
        let units = [
            (7.92, 0.001562, 150.0, 600.0), (7.85, 0.00194, 100, 400), (7.97, 0.00482, 50, 200),
        ]
        let curves = units.map { b, c, least, most in
            BidCurve(points: [
                .init(price: EnergyCost(b + 2 * c * least), power: Power(least)),
                .init(price: EnergyCost(b + 2 * c * most), power: Power(most)),
            ])
        }
        let clearing = BidCurve.clearing(of: curves, giving: Power(850))
        #expect(near(clearing.price.value, 9.148263, absolute: 1e-6))
        for (curve, power) in zip(curves, [393.170, 334.604, 122.226]) {
            #expect(near(curve.power(at: clearing).value, power, absolute: 1e-3))
        }
    }

    @Test func theClearingOfSeveralIsThatOfTheirSum() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<200 {
            let curves = (0..<Int.random(in: 1...12, using: &random)).map { _ in curve(&random) }
            let sum = BidCurve.sum(of: curves)
            let wanted = Power(
                Double.random(in: sum.least.value...max(sum.most.value, sum.least.value), using: &random))
            let one = sum.clearing(giving: wanted)
            let all = BidCurve.clearing(of: curves, giving: wanted)
            #expect(near(one.price.value, all.price.value, absolute: 1e-9))
            let given = curves.reduce(0) { $0 + $1.power(at: all).value }
            #expect(near(given, wanted.value, absolute: 1e-9 * 1000 * Double(curves.count)))
        }
    }

    @Test func aClippedCurveGivesTheClippedPowers() {
        var random = SplitMix64(seed: 8)
        for _ in 0..<200 {
            let whole = curve(&random)
            let (a, b) = (
                Double.random(in: -900...900, using: &random), Double.random(in: -900...900, using: &random)
            )
            let clipped = whole.clipped(to: Power(min(a, b))...Power(max(a, b)))
            for _ in 0..<10 {
                let price = EnergyCost(Double.random(in: -1.5...1.5, using: &random))
                let power = whole.power(at: price)
                let expected = min(max(power.lowerBound.value, min(a, b)), max(a, b))
                #expect(near(clipped.power(at: price).lowerBound.value, expected, absolute: 1e-6))
            }
        }
    }

    @Test func whatACurveCannotGiveIsItsEnd() {
        let curve = BidCurve(from: Power(-5)).adding(Power(5), at: EnergyCost(1))
        #expect(curve.power(at: curve.clearing(giving: Power(3))) == .zero)
        #expect(curve.power(at: curve.clearing(giving: Power(-9))) == Power(-5))
        let flat = BidCurve(from: Power(-5))
        #expect(flat.power(at: flat.clearing(giving: .zero)) == Power(-5))
    }

    private func curve(_ random: inout SplitMix64) -> BidCurve {
        var (price, power) = (-1.0, Double.random(in: -500...0, using: &random))
        var points = [BidCurve.Point(price: EnergyCost(price), power: Power(power))]
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            if Bool.random(using: &random) { price += Double.random(in: 0.01...0.5, using: &random) }
            if Bool.random(using: &random) { power += Double.random(in: 1...300, using: &random) }
            points.append(.init(price: EnergyCost(price), power: Power(power)))
        }
        return BidCurve(points: points)
    }
}

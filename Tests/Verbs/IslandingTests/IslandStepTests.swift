import Grid
import Islanding
import TestSupport
import Testing

private func power(_ kilowatts: Double) -> Power { Power(kilowatts: kilowatts) }

private func load(_ demand: Double, priority: Int, value: Double, isOn: Bool = true) -> LoadBlock {
    LoadBlock(
        demand: power(demand), priority: priority, value: EnergyCost(yuanPerKilowattHour: value), isOn: isOn)
}

/// A battery of 60 kW at rest, a genset of 80 kW at 30 kW, 10 kW of sun; the clinic before school and shops.
private var village: IslandStep {
    var step = IslandStep()
    step.forming = [
        FormingUnit(rating: power(60), droop: 0.04, power: .zero, range: power(-60)...power(60)),
        FormingUnit(rating: power(80), droop: 0.04, power: power(30), range: power(24)...power(80)),
    ]
    step.sources = [power(10)]
    step.loads = [
        load(50, priority: 2, value: 20), load(80, priority: 1, value: 20), load(30, priority: 1, value: 10),
    ]
    step.losses = power(5)
    step.isNew = true
    return step
}

@Suite struct IslandStepTests {
    /// 165 kW are wanted, 150 are there: the shops of the lowest priority and value go. 95 kW are then lost.
    /// Droop gives 30 and 40 kW/Hz; the genset is full at −1.25 Hz, where they give 87.5 kW; the battery
    /// gives the rest at −1.5 Hz. The secondary response shares 95 kW over 60 and 50 kW of headroom.
    @Test func separationByHand() {
        let outcome = village.resolve(IslandSettings())
        #expect(outcome.shed == [2] && outcome.pickedUp == [])
        #expect(outcome.isServed == [true, true, false])
        #expect(near(outcome.deviation, -1.5))
        #expect(near(outcome.forming[0].kilowatts, 60 * 95 / 110))
        #expect(near(outcome.forming[1].kilowatts, 30 + 50 * 95.0 / 110))
        #expect(near(outcome.reserveUsed.kilowatts, 95))
        #expect(near(outcome.headroom.kilowatts, 15))
        #expect(outcome.sources == [power(10)])
    }

    /// With more sun the 30 kW fit again, beside 5 % of 140 kW. 43 kW are more than 30 % of that, and come in
    /// two parts.
    @Test func pickUpByHand() {
        var step = village
        step.isNew = false
        step.loads[2].isOn = false
        step.sources = [power(46)]
        #expect(step.resolve(IslandSettings()).pickedUp == [2])
        step.loads[2].demand = power(43)
        step.mostBlocks = 1
        #expect(step.resolve(IslandSettings()).pickedUp == [])
        step.mostBlocks = 2
        #expect(step.resolve(IslandSettings()).pickedUp == [2])
        step.loads[2].demand = power(30)
        step.sources = [power(31)]
        #expect(step.resolve(IslandSettings()).pickedUp == [])
    }

    /// Nobody wants the sun: battery full, genset at its minimum, little load.
    @Test func sunGivesWayToTheGensetsMinimum() {
        var step = village
        step.isNew = false
        step.forming[0].range = .zero...power(60)
        step.loads = [load(30, priority: 0, value: 20)]
        #expect(step.resolve(IslandSettings()).sources == [power(10)])
        step.loads = [load(25, priority: 0, value: 20)]
        let less = step.resolve(IslandSettings())
        #expect(near(less.sources[0].kilowatts, 6) && near(less.forming[1].kilowatts, 24))
        // Without any load at all the machine runs below its minimum.
        step.loads = []
        let idle = step.resolve(IslandSettings())
        #expect(idle.sources == [.zero] && near(idle.forming.reduce(.zero, +).kilowatts, 5))
    }

    /// In a new island a store that follows stops charging, but gives no more than before.
    @Test func aFollowerStopsChargingFirst() {
        var step = village
        step.following = [FollowingUnit(power: power(-40), range: power(-40)...power(40))]
        let outcome = step.resolve(IslandSettings())
        #expect(outcome.shed == [2])
        #expect(outcome.following[0] <= .zero && outcome.following[0] > power(-40))
        step.isNew = false
        #expect(step.resolve(IslandSettings()).shed == [])
    }

    /// Off for τ: 1 − 1/e of the excess; a step of τ later 1/e of that is left, and then it ends.
    @Test func coldLoadByHand() {
        let settings = IslandSettings()
        let load = ColdLoad(off: 1800, settings)
        let (kept, e) = (1 - 1 / 2.718281828459045, 2.718281828459045)
        #expect(near(load.factor(after: 0, over: 1800), 1 + kept * kept))
        #expect(near(load.factor(after: 1800, over: 1800), 1 + kept * kept / e))
        #expect(load.factor(after: 10 * 1800, over: 900) == 1)
        #expect(ColdLoad(off: 0, settings).factor(after: 0, over: 900) == 1)
    }

    /// Powers balance, stay within their ranges, and nothing is shed that fits, in random islands.
    @Test func randomIslandsBalanceWithinTheirLimits() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<500 {
            let step = Self.random(&random)
            let outcome = step.resolve(IslandSettings())
            let served = zip(step.loads, outcome.isServed).reduce(Power.zero) { $1.1 ? $0 + $1.0.demand : $0 }
            let given = (outcome.forming + outcome.following + outcome.sources).reduce(.zero, +)
            #expect(abs((given - served - step.losses).value) < 1e-6, "balance")
            for (unit, power) in zip(step.forming, outcome.forming) {
                #expect(power <= unit.range.upperBound && power >= min(unit.range.lowerBound, .zero))
            }
            for (unit, power) in zip(step.following, outcome.following) {
                #expect(power <= max(unit.range.upperBound, .zero))
                #expect(power >= min(unit.range.lowerBound, .zero))
            }
            for (free, power) in zip(step.sources, outcome.sources) {
                #expect(power >= .zero && power <= free)
            }
            let kept = step.loads.indices.filter { outcome.isServed[$0] && step.loads[$0].isOn }
            for place in outcome.shed {
                let block = step.loads[place]
                #expect(kept.allSatisfy { step.loads[$0].priority >= block.priority })
            }
            if let last = outcome.shed.last { #expect(outcome.headroom < step.loads[last].demand) }
            #expect(outcome.headroom.value >= -1e-6)
        }
    }

    private static func random(_ random: inout SplitMix64) -> IslandStep {
        var step = IslandStep()
        func draw(_ range: ClosedRange<Double>) -> Double { .random(in: range, using: &random) }
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let rating = draw(1...200)
            let isMachine = Bool.random(using: &random)
            let range = (isMachine ? 0.3 * rating : -draw(0...rating))...rating
            step.forming.append(
                FormingUnit(
                    rating: power(rating), droop: 0.04, power: power(draw(range)),
                    range: power(range.lowerBound)...power(rating)))
        }
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let size = draw(0...80)
            step.following.append(
                FollowingUnit(power: power(draw(-size...size)), range: power(-size)...power(size)))
        }
        step.sources = (0..<Int.random(in: 0...3, using: &random)).map { _ in power(draw(0...150)) }
        step.loads = (0..<Int.random(in: 0...8, using: &random)).map { _ in
            load(
                draw(0...100), priority: Int.random(in: 0...3, using: &random), value: draw(1...30),
                isOn: Bool.random(using: &random))
        }
        // Losses that the forming devices can always cover.
        step.losses = power(draw(0...0.2))
        step.isNew = Bool.random(using: &random)
        return step
    }
}

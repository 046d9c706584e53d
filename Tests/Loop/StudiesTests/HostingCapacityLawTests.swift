import Grid
import Lanes
import Monitoring
import PowerFlow
import Studies
import TestSupport
import Testing

/// Laws on random feeders: what a slow search over every step finds, and which way capacities move.
@Suite struct HostingCapacityLawTests {
    private static let steps = 300

    /// A tree of ten buses of 10 kV with loads and some generation, 300 steps of random sun; every number
    /// from `seed`.
    private struct Feeder {
        var network: Network
        var injections: InjectionSeries
        var sunshine: [Double]

        init(_ seed: Int, upper: Double = 1.06, ampacity: Double = 90) {
            var random = SplitMix64(seed: UInt64(seed))
            let count = 10
            let branches = (1..<count).map { bus in
                Branch(
                    name: "to \(bus)", from: random.whole(0..<bus), to: bus,
                    resistance: Impedance(random.uniform(0.3...2)),
                    reactance: Impedance(random.uniform(0.2...1)),
                    ampacity: Current(random.uniform(0.7...1) * ampacity))
            }
            network = Network(
                buses: (0..<count).map {
                    Bus(name: "\($0)", nominalVoltage: Voltage(10_000), limits: 0.9...upper)
                }, branches: branches, source: 0, sourceVoltage: 1.01)
            let steps = HostingCapacityLawTests.steps
            sunshine = (0..<steps).map { _ in max(0, random.uniform(-0.5...0.9)) }
            injections = InjectionSeries(buses: count, steps: steps)
            for step in 0..<steps {
                for bus in 1..<count {
                    injections.active[bus, step] = random.uniform(-120e3...60e3)
                    injections.reactive[bus, step] = random.uniform(-40e3...0)
                }
            }
        }

        func study(exportLimit: Power? = Power(2e6), resolution: Double = 1000) -> HostingCapacity {
            HostingCapacity(
                network: network, injections: injections, sunshine: sunshine, exportLimit: exportLimit,
                resolution: Power(resolution))
        }

        /// Whether `rating` at `plants`, in parts, breaks any limit in any step, by the solver of one step.
        func isBroken(_ rating: Power, at plants: [(bus: Int, part: Double)]) -> Bool {
            let solver = PowerFlowSolver(network: network)
            var point = OperatingPoint(buses: network.buses.count, branches: network.branches.count)
            return sunshine.indices.contains { step in
                var more = injections.injections(at: step)
                for plant in plants { more.active[plant.bus] += rating * plant.part * sunshine[step] }
                solver.solve(more, into: &point)
                return !network.violations(at: point).isEmpty || point.sourcePower < Power(-2e6 - 2)
            }
        }
    }

    @Test(arguments: 1...6) func everyStepHoldsAndTheNextRatingDoesNot(seed: Int) {
        let feeder = Feeder(seed)
        let result = feeder.study().study([3, 7, 9])
        #expect(result.brokenSteps == 0 && result.unsolvedSteps == 0)
        for site in result.sites {
            let (rating, plant) = (site.finding.rating, [(bus: site.bus, part: 1.0)])
            let (isBroken, isNextBroken) = (
                feeder.isBroken(rating, at: plant), feeder.isBroken(rating + Power(1100), at: plant)
            )
            #expect(!isBroken && isNextBroken && site.finding.binding != nil)
        }
        let sum = result.sites.reduce(0) { $0 + $1.finding.rating.value }
        let plants = result.sites.map { (bus: $0.bus, part: $0.finding.rating.value / sum) }
        let together = result.together!.rating
        let (isBroken, isNextBroken) = (
            feeder.isBroken(together, at: plants), feeder.isBroken(together + Power(1100), at: plants)
        )
        #expect(!isBroken && isNextBroken && together.value <= sum)
    }

    private func ratings(_ study: HostingCapacity, workers: Int = 1) -> [Power] {
        study.study(study.candidates, workers: workers).sites.map(\.finding.rating)
    }

    @Test func workersDoNotChangeTheResult() {
        let study = Feeder(11).study()
        #expect(study.study(study.candidates, workers: 1) == study.study(study.candidates, workers: 3))
    }

    @Test(arguments: 1...4) func looserLimitsNeverTakeLess(seed: Int) {
        let tight = ratings(Feeder(seed).study())
        let limits = [
            ratings(Feeder(seed, upper: 1.08).study()), ratings(Feeder(seed, ampacity: 130).study()),
            ratings(Feeder(seed).study(exportLimit: nil)),
        ]
        for loose in limits { #expect(zip(tight, loose).allSatisfy { $0 <= $1 }) }
        #expect(limits.contains { $0 != tight })
    }

    /// More load where the plant stands is more room for what it exports.
    @Test func loadBesideThePlantMakesRoom() {
        var feeder = Feeder(2)
        let before = feeder.study(exportLimit: Power(200e3)).study([5]).sites[0].finding
        for step in 0..<Self.steps { feeder.injections.active[5, step] -= 50e3 }
        let after = feeder.study(exportLimit: Power(200e3)).study([5]).sites[0].finding
        #expect(before.binding == .export && after.rating >= before.rating + Power(50e3))
    }

    /// A coarser resolution finds the same, rounded down.
    @Test func resolutionRoundsDown() {
        let feeder = Feeder(5)
        for (fine, coarse) in zip(
            ratings(feeder.study(resolution: 100)), ratings(feeder.study(resolution: 10_000)))
        {
            #expect(coarse == Power((fine.value / 10_000).rounded(.down) * 10_000))
        }
    }

    /// Candidates have a path to a source, and none at themselves.
    @Test func candidatesAreBehindTheSource() {
        let feeder = Feeder(1)
        #expect(feeder.study().candidates == Array(1...9))
        var cut = feeder.network
        for index in cut.branches.indices { cut.branches[index].isClosed = cut.branches[index].to != 9 }
        let study = HostingCapacity(network: cut, injections: feeder.injections, sunshine: feeder.sunshine)
        #expect(study.candidates == Array(1...8))
    }
}

import Devices
import EconomicDispatch
import Events
import Forecasting
import Grid
import Islanding
import Market
import Planning
import Results
import RunSamples
import Scheduling
import Settlement
import Simulator
import Studies
import TestSupport
import Testing

/// The hamlet with two grid connections, at both ends of its cable.
@Suite("Laws of several grid connections")
struct ConnectionLaws {
    private let grid = SmallWorld.connection
    private let feeder = SmallWorld.feeder

    private func world(_ change: (inout SmallWorld) -> Void = { _ in }) -> SmallWorld {
        var world = SmallWorld()
        world.days = 1
        world.second = SmallWorld.Second()
        change(&world)
        return world
    }

    private func records(_ world: SmallWorld) -> [Record] { Array(Simulation(world.scenario)) }

    /// One price at all times, without a demand charge.
    private static func flat(_ yuan: Double) -> Tariff {
        let price = Price(microyuanPerKilowattHour: Int64(yuan * 1e6))
        return Tariff(
            charges: [.init(.energy, price, floats: false)], windows: [.init(hour: 0, .flat)],
            factors: [.flat: 1000], demand: nil)!
    }

    @Test("every step balances, and no connection passes its limits", arguments: [0, 1, 2])
    func balance(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let world = world {
            $0.second!.importLimit = Power(kilowatts: .random(in: 20...100, using: &random))
            $0.second!.exportLimit = Power(kilowatts: .random(in: 0...50, using: &random))
            $0.second!.bus = Int.random(in: 0...3, using: &random)
            $0.second!.tariff = Bool.random(using: &random) ? Self.flat(0.4) : nil
            $0.forecast = .persistence
            $0.seed = seed
        }
        for record in records(world) {
            let sum = record.power.reduce(Power.zero, +) - record.point.losses
            #expect(abs(sum.value) < 1e-2)
            #expect(record.power[feeder] <= world.second!.importLimit)
            #expect(record.power[feeder] >= -world.second!.exportLimit)
            #expect(record.references == [grid] && record.alarms.isEmpty)
        }
    }

    /// Without wires and without a charge for peaks only the sum of both is decided.
    @Test("two connections at one price cost what one with the sum of their limits costs")
    func sameSum() throws {
        let one = world {
            ($0.second, $0.isOneBus, $0.tariff) = (nil, true, Self.flat(0.5))
            $0.importLimit = Power(kilowatts: 160)
        }
        let two = world {
            ($0.isOneBus, $0.tariff) = (true, Self.flat(0.5))
            $0.importLimit = Power(kilowatts: 100)
            $0.second!.importLimit = Power(kilowatts: 60)
        }
        func cost(_ world: SmallWorld) -> Double {
            let scenario = world.scenario
            var conduct = Conduct(scenario)
            for record in Simulation(scenario) { conduct.take(record) }
            return conduct.costs(in: Hindsight(scenario)).total
        }
        let (a, b) = (cost(one), cost(two))
        #expect(a > 100 && abs(a - b) < 1e-3 * a)
        let bounds = [one, two].map { Hindsight($0.scenario).optimum().bound! }
        #expect(abs(bounds[0] - bounds[1]) < 1e-5 * abs(bounds[0]))
    }

    @Test("a cheaper second connection is used to its limit before the first", arguments: [false, true])
    func cheaperFirst(persistence: Bool) {
        let world = world {
            $0.second!.tariff = Self.flat(0.2)
            $0.forecast = persistence ? .persistence : .perfect
            $0.rules.demand = .ignored
        }
        var full = 0
        for record in records(world) where record.power[grid] > Power(kilowatts: 1) {
            #expect(world.second!.importLimit - record.power[feeder] < Power(kilowatts: 1))
            full += 1
        }
        #expect(full > 40)
    }

    /// The first connection fails, then both do.
    @Test("what holds the voltage moves to the connection that is left")
    func handover() {
        let world = world {
            $0.second!.importLimit = Power(kilowatts: 300)
            $0.events = [
                Event(.outage(connection: grid), in: 20..<40),
                Event(.outage(connection: feeder), in: 32..<36),
            ]
        }
        let all = records(world)
        for step in 20..<40 {
            let isDark = (32..<36).contains(step)
            #expect(all[step].references == (isDark ? [] : [feeder]))
            #expect(all[step].power[grid] == .zero)
            #expect((all[step].power[0] == .zero) == isDark && (all[step].power[feeder] == .zero) == isDark)
            #expect(all[step].islanding!.deadBuses.isEmpty != isDark)
        }
        for step in [19, 40, 41] { #expect(all[step].references == [grid]) }
        for step in 20..<32 { #expect(all[step].power[0] == -all[step].potential[0]) }
        #expect(all[20].islanding?.causes == Array(repeating: nil, count: 7))
        var summary = Summary(world.scenario)
        for record in all { summary.add(record) }
        #expect(summary.resilience.disconnectedHours == 1)
        #expect(summary.resilience.unserved.map(\.cause) == [.outage])
    }

    /// Too little is left: what the connection cannot give, loads do not get.
    @Test("the connection that takes over keeps its limit")
    func handoverWithinLimits() {
        let world = world { $0.events = [Event(.outage(connection: grid), in: 20..<40)] }
        for record in records(world)[20..<40] {
            #expect(record.power[feeder] <= world.second!.importLimit + Power(1))
            #expect(abs((record.power.reduce(.zero, +) - record.point.losses).value) < 1e-2)
        }
    }

    @Test("two villages behind an open tie live each from its own connection")
    func parted() {
        let world = world {
            $0.events = [Event(.open(branch: 1), in: 0..<96)]
            $0.second!.importLimit = Power(kilowatts: 200)
            $0.second!.exportLimit = Power(kilowatts: 200)
        }
        let scenario = world.scenario
        var imported = [0, 0]
        for record in records(world) {
            #expect(record.references == [grid, feeder] && record.islanding!.islands.isEmpty)
            for (place, side) in [[0, 1], [2, 3]].enumerated() {
                let devices = scenario.devices.indices.filter { side.contains(scenario.devices[$0].bus) }
                let given = devices.reduce(Power.zero) { $0 + record.power[$1] }
                let losses = scenario.network.branches.indices.filter {
                    side.contains(scenario.network.branches[$0].from) && $0 != 1
                }.reduce(Power.zero) { $0 + record.point.powerFrom[$1] + record.point.powerTo[$1] }
                #expect(abs((given - losses).value) < 1e-2)
                if record.power[[grid, feeder][place]] > .zero { imported[place] += 1 }
            }
            #expect(record.power[0] == -record.potential[0] && record.power[1] == -record.potential[1])
            // The roof, the battery and the workshop plan by themselves.
            #expect(record.inForce[SmallWorld.battery] != nil)
        }
        #expect(imported[0] == 96 && imported[1] > 48)
    }

    @Test("each connection is billed by its own meter and tariff, and the bills add up")
    func bills() {
        let world = world {
            $0.second!.tariff = Self.flat(0.3)
            $0.second!.exportLimit = Power(kilowatts: 30)
        }
        let scenario = world.scenario
        var summary = Summary(scenario)
        var (imported, exported) = ([0.0, 0.0], [0.0, 0.0])
        var peak = 0.0
        for record in Simulation(scenario) {
            summary.add(record)
            for (place, meter) in [grid, feeder].enumerated() {
                imported[place] += Double(record.readings[meter].given.count)
                exported[place] += Double(record.readings[meter].taken.count)
            }
            peak = max(peak, record.power[grid].value)
        }
        let bills = summary.connectionBills
        #expect(bills.map(\.name) == ["grid", "feeder"])
        for (place, bill) in bills.enumerated() {
            #expect(abs(Double(bill.imported.count) - imported[place]) < 3000)
            #expect(abs(Double(bill.exported.count) - exported[place]) < 1000)
        }
        #expect(abs(bills[1].paid.yuan - imported[1] / 1000 * 0.3) < 0.5)
        #expect(bills[1].demand == .zero && bills[0].demand > .zero)
        #expect(abs(Double(bills[0].demand.fen) - peak / 1000 * 3500 / 31) < 100)
        #expect(bills.reduce(Money.zero) { $0 + $1.net } == summary.bill)
        #expect(summary.ledgerImbalance == 0)
    }

    /// Both meters have the charge: together they would pay less for one flat import than for two peaks.
    @Test("plans pay the peak of each connection")
    func peaks() throws {
        let world = world { $0.rules.demand = .full }
        let plan = try #require(records(world)[0].plan)
        let charges = plan.problem.requirements.demandCharges
        #expect(charges.map { plan.problem.offers[$0.offer].device.index } == [grid, feeder])
        #expect(plan.peaks.count == 2)
        for (charge, peak) in zip(charges, plan.peaks) {
            let highest = plan.horizon.indices.map { plan.power(of: charge.offer, at: $0) }.max()!
            #expect(abs((peak - highest).value) < 1)
        }
        let certificate = try #require(plan.certificate)
        #expect(certificate.gap < 1e-4)
    }
}

import CaseFile
import Devices
import DistributedDispatch
import EconomicDispatch
import Foundation
import Grid
import LinearAlgebra
import OptimalPowerFlow
import Scheduling
import TestSupport
import Testing
import Timeline
import UnitDispatch

/// The examples in the doc comments of devices, dispatch and optimal power flow, and what they answer.
@Suite("Examples: dispatch")
struct DispatchExamples {
    @Test("the offer of a battery")
    func battery() {
        let battery = Battery(
            capacity: Energy(kilowattHours: 200), chargePower: Power(kilowatts: 60),
            dischargePower: Power(kilowatts: 60), chargeEfficiency: 0.95, dischargeEfficiency: 0.95,
            selfDischarge: 0, stateOfCharge: 0.1...0.9, initialStateOfCharge: 0.5,
            wear: EnergyCost(yuanPerKilowattHour: 0.1))
        let device = Device(name: "battery", bus: 0, kind: .battery(battery))
        let state = DeviceState(power: .zero, stored: Energy(kilowattHours: 100))
        let day = Horizon(start: Instant(secondsSinceEpoch: 0), step: 900, count: 96)
        let offer = device.offer(
            as: DeviceID(0), over: day, firstStep: 0, potential: [], state: state)
        let after = battery.follow(Power(kilowatts: 57), stored: state.stored, hours: 1)
        print(offer.upper[0], after.stored)  // 60 kW, and 40 kWh left after an hour at 57 kW.

        #expect(offer.upper[0] == Power(kilowatts: 60) && offer.reservoir?.stored == state.stored)
        #expect((after.stored.kilowattHours - 40).magnitude < 1e-9)
    }

    @Test("the cycles of a series")
    func rainflow() {
        var counter = Rainflow()
        for value in [-2.0, 1, -3, 5, -1, 3, -4, 4, -2] { counter.add(value) { print($0.range, $0.count) } }
        print(counter.residue)

        #expect(counter.residue.map(\.range) == [9, 8, 6])
    }

    @Test("the offer of a load that may be shed")
    func offer() {
        let day = Horizon(start: Instant(secondsSinceEpoch: 0), step: 900, count: 96)
        let demand = Power(kilowatts: 30)
        let load = Offer(
            device: DeviceID(0), horizon: day, lower: day.map { _ in -demand },
            upper: day.map { _ in .zero },
            cost: Cost(constant: EnergyCost(yuanPerKilowattHour: 20)))  // Value of lost load.

        #expect(load.lower[95] == -demand && load.cost.absorb(at: 95).yuanPerKilowattHour == 20)
    }

    @Test("a store at given prices")
    func storeResponse() {
        let hours = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 3)
        let ten = Array(repeating: Power(kilowatts: 10), count: 3)
        let battery = Offer(
            device: DeviceID(0), horizon: hours, lower: ten.map { -$0 }, upper: ten, cost: .free,
            reservoir: Reservoir(
                stored: .zero, minimum: .zero, maximum: Energy(kilowattHours: 10), chargeEfficiency: 1,
                dischargeEfficiency: 1, selfDischarge: 0))
        var store = StoreResponse(battery, end: .valued(.zero))
        store.respond(to: [0.3, 0.5, 0.9].map { EnergyCost(yuanPerKilowattHour: $0) })
        print(store.powers.map(\.kilowatts))  // −10, 0 and 10 kW.

        #expect(store.powers == [-ten[0], .zero, ten[0]])
    }

    @Test("a battery that buys in the cheap hour")
    func rollingOptimum() {
        let hours = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 2)
        let fifty = [Power(kilowatts: 50), Power(kilowatts: 50)]
        let minusFifty = fifty.map { -$0 }
        let load = Offer(
            device: DeviceID(0), horizon: hours, lower: minusFifty, upper: minusFifty, cost: .free)
        let prices = [0.3, 0.9].map { EnergyCost(yuanPerKilowattHour: $0) }
        let grid = Offer(
            device: DeviceID(1), horizon: hours, lower: [.zero, .zero], upper: fifty.map { $0 * 2 },
            cost: Cost(deliver: prices, absorb: prices))
        let store = Reservoir(
            stored: .zero, minimum: .zero, maximum: Energy(kilowattHours: 50), chargeEfficiency: 1,
            dischargeEfficiency: 1, selfDischarge: 0)
        let battery = Offer(
            device: DeviceID(2), horizon: hours, lower: minusFifty, upper: fifty, cost: .free,
            reservoir: store)
        let problem = DispatchProblem(
            horizon: hours, offers: [load, grid, battery], storedValue: .zero)
        let plan = RollingOptimum().plan(problem)
        print(plan.power(of: 2).map(\.kilowatts))  // −50 kW in the cheap hour, 50 kW in the dear one.

        #expect(plan.status == .optimal)
        #expect((plan.power(of: 2, at: 0).kilowatts + 50).magnitude < 1e-3)
        #expect((plan.power(of: 2, at: 1).kilowatts - 50).magnitude < 1e-3)
    }

    @Test("two plants and a line that is full")
    func dcOptimalPowerFlow() throws {
        let buses = ["west", "east"].map {
            Bus(name: $0, nominalVoltage: Voltage(110_000), limits: 0.9...1.1)
        }
        let line = Branch(
            name: "line", from: 0, to: 1, resistance: .zero, reactance: Impedance(12),
            rating: ApparentPower(60e6))
        let plants = [300.0, 450].enumerated().map { bus, yuanPerMegawattHour in
            NetworkCase.Generator(
                name: buses[bus].name, bus: bus, active: .zero, activeLimits: .zero...Power(100e6),
                cost: .polynomial(constant: 0, linear: yuanPerMegawattHour / 1e6, quadratic: 0))
        }
        let town = NetworkCase.Load(name: "town", bus: 1, active: Power(100e6), reactive: .zero)
        let twoBuses = NetworkCase(
            name: "two buses", buses: buses, branches: [line], sources: [.init(bus: 0, voltage: 1)],
            loads: [town], generators: plants, basePower: Power(100e6))
        let optimum = try DCOptimalPowerFlow(twoBuses).solve()
        print(optimum.powers, optimum.prices.map(\.total))  // 60 and 40 MW at 300 and 450 yuan/MWh.

        #expect(optimum.status == .optimal && optimum.binding.map(\.branch) == [0])
        #expect((optimum.powers[0] - 60e6).magnitude < 100 && (optimum.powers[1] - 40e6).magnitude < 100)
        #expect((optimum.prices[1].total.yuanPerKilowattHour - 0.45).magnitude < 1e-6)
    }

    @Test("the AC optimum of a case")
    func acOptimalPowerFlow() throws {
        let path = Checkout.golden.appending(path: "opf/case30.m").path

        let networkCase = try CaseFile.load(path: path).networkCase
        let optimum = try ACOptimalPowerFlow(networkCase).solve()
        print(optimum.status, optimum.cost)  // MATPOWER's case30: 576.89 $/h.

        #expect(optimum.status == .optimal && (optimum.cost - 576.89).magnitude < 0.01)
    }

    /// Example 3A of Wood & Wollenberg's Power Generation, Operation and Control.
    @Test("three units at equal incremental cost")
    func equalIncrementalCost() throws {
        let limits = [150e6...600e6, 100e6...400e6, 50e6...200e6]  // W
        let costs = [(561.0, 7.92, 0.001562), (310, 7.85, 0.00194), (78, 7.97, 0.00482)]  // $/h, MW
        let units = zip(limits, costs).map { limits, cost in
            GeneratingUnit(
                limits: Power(limits.lowerBound)...Power(limits.upperBound),
                cost: .polynomial(
                    constant: cost.0, linear: cost.1 / 1e6, quadratic: cost.2 / 1e12))
        }
        let schedule = try EqualIncrementalCost(units: units).schedule(demand: Power(850e6))
        print(schedule.powers, schedule.price)  // 393, 335 and 122 MW at 9.148 $/MWh.

        #expect((schedule.powers[0] - 393.2e6).magnitude < 0.1e6)
        #expect(((schedule.price.lowest?.value ?? 0) - 9.148e-6).magnitude < 1e-9)

        let b = [0.00003, 0.00009, 0.00012]
        var matrix = Matrix(rows: 3, columns: 3)
        for i in 0..<3 { matrix[i, i] = b[i] }
        let losses = LossFormula(
            perUnit: matrix, linear: [0, 0, 0], constant: 0, basePower: Power(1e6))
        let lossy = try LossyDispatch(units: units, losses: losses).schedule(demand: Power(850e6))
        print(lossy.powers, lossy.loss)  // 435, 300 and 131 MW, of which 15.8 MW are lost.

        #expect((lossy.loss.value - 15.8e6).magnitude < 0.1e6)
    }
}

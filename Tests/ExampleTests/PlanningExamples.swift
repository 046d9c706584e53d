import Clearing
import EconomicDispatch
import Forecasting
import Grid
import Planning
import Scheduling
import Testing
import Timeline

/// The example in the doc comment of the planner, and what it answers.
@Suite("Examples: planning")
struct PlanningExamples {
    private let network = Network(
        buses: ["substation", "village"].map {
            Bus(name: $0, nominalVoltage: Voltage(10_000), limits: 0.93...1.07)
        },
        branches: [
            Branch(name: "cable", from: 0, to: 1, resistance: Impedance(1.2), reactance: Impedance(0.7))
        ], source: 0, sourceVoltage: 1)

    private func offer(_ index: Int, over horizon: Horizon, _ kilowatts: ClosedRange<Double>) -> Offer {
        Offer(
            device: DeviceID(index), horizon: horizon,
            lower: horizon.map { _ in Power(kilowatts: kilowatts.lowerBound) },
            upper: horizon.map { _ in Power(kilowatts: kilowatts.upperBound) },
            cost: Cost(constant: EnergyCost(yuanPerKilowattHour: index == 0 ? 20 : 0.5)))
    }

    @Test("two bid curves and their clearing")
    func bidCurves() {
        let price = EnergyCost(yuanPerKilowattHour: 0.5)
        let genset = BidCurve(from: Power(kilowatts: 30))
            .adding(Power(kilowatts: 70), at: price)
        let load = BidCurve(from: Power(kilowatts: -60))
        let both = genset + load
        print(both.power(at: price))  // −30 … 40 kW.
        let clearing = both.clearing(giving: .zero)
        print(clearing.price == price, genset.power(at: clearing))  // true, 60 kW.

        #expect(clearing.price == price && abs(genset.power(at: clearing).kilowatts - 60) < 1e-9)
    }

    @Test("a step cleared on what is measured")
    func clearing() {
        let day = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 24)
        let problem = DispatchProblem(
            horizon: day, offers: [offer(0, over: day, -50 ... -50), offer(1, over: day, 0...100)])
        let plan = RollingOptimum().plan(problem)
        let measurements = [
            Measurement(
                device: DeviceID(0), interval: day[0], lower: Power(kilowatts: -60), upper: .zero,
                power: .zero, stored: .zero), nil,
        ]

        let clearing = StepClearing(of: plan, at: 0, measured: measurements, losses: [plan.problem.losses[0]])
        print(clearing.price[0].yuanPerKilowattHour, clearing.powers)

        #expect(abs(clearing.price[0].yuanPerKilowattHour - 0.5) < 1e-9)
        #expect(abs(clearing.powers[1].kilowatts - 60) < 1e-6)
    }

    @Test("one plan of a load and the grid connection")
    func planner() {
        let day = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 24)
        let offers = [offer(0, over: day, -50 ... -50), offer(1, over: day, 0...100)]

        let map = PlantMap(
            devices: [
                .init(name: "village", bus: 1, forecastSource: .demand),
                .init(name: "grid", bus: 0, forecastSource: nil),
            ],
            connections: [.init(DeviceID(1))], network: network, zone: .utc, horizon: day)
        let settings = PlanSettings(
            method: .rollingOptimum, forecast: .perfect, horizonSteps: 24, replanSteps: 1)
        var planner = Planner(map, settings, seed: 1)
        let plan = planner.plan(offers, over: day)
        print(plan.power(of: 1, at: 0).kilowatts)  // The load of 50 kW and the expected losses.

        #expect((plan.power(of: 1, at: 0).kilowatts - 50).magnitude < 0.1)
    }
}

import Devices
import Forecasting
import Grid
import RunSamples
import Scheduling
import Simulator
import Testing

/// The model of `docs/own-dispatcher.md`.
private struct Average: ForecastModel {
    private var sums: [Double]
    private var counts: [Double]

    init(_ site: ForecastSite) {
        sums = site.devices.map { $0.first.value }
        counts = site.devices.map { _ in 1 }
    }

    mutating func measure(_ device: DeviceID, _ measured: ArraySlice<Power>) {
        for power in measured { sums[device.index] += power.value }
        counts[device.index] += Double(measured.count)
    }

    func forecast(of device: DeviceID, over steps: Range<Int>) -> [Power] {
        Array(repeating: Power(sums[device.index] / counts[device.index]), count: steps.count)
    }
}

@Suite("Laws of forecasts")
struct OwnForecastLaws {
    @Test("a stranger's forecast makes the offers of a run: the mean of all that was measured")
    func stranger() {
        var world = SmallWorld()
        world.forecast = ForecastMethod(name: "average") { Average($0) }
        var potentials: [[Power]] = []
        var offers = 0
        for record in Simulation(world.scenario) {
            for offer in record.offers where [0, 1, SmallWorld.solar].contains(offer.device.index) {
                let device = offer.device.index
                let first = potentials.isEmpty ? record.potential[device] : potentials[0][device]
                let sum = potentials.reduce(first) { $0 + $1[device] }
                let mean = sum * (1 / Double(potentials.count + 1))
                for power in device == SmallWorld.solar ? offer.upper : offer.lower.map({ -$0 }) {
                    #expect(abs((power - mean).value) < 1e-6)
                }
                offers += 1
            }
            potentials.append(record.potential)
        }
        #expect(offers == 3 * 48)
    }

    /// Two runs whose demand differs only from a step on have the same offers and powers before it.
    @Test("with a smart forecast nothing that is not yet measured reaches a plan")
    func noFuture() {
        var world = SmallWorld()
        world.forecast = .smart
        let (scenario, change) = (world.scenario, 100)
        let devices = scenario.devices.map { device in
            guard case .load(let load) = device.kind else { return device }
            let demand = load.demand.enumerated().map { $0 < change ? $1 : $1 * 0.5 }
            let changed = Load(
                demand: demand, reactiveRatio: load.reactiveRatio, valueOfLostLoad: load.valueOfLostLoad)
            return Device(name: device.name, bus: device.bus, kind: .load(changed))
        }
        let other = Scenario(
            name: scenario.name, description: "", seed: scenario.seed, zone: scenario.zone,
            weather: scenario.weather, network: scenario.network, devices: devices,
            communication: scenario.communication, planning: scenario.planning, terms: scenario.terms)
        let pairs = zip(Simulation(scenario), Simulation(other))
        var differ = 0
        for (one, two) in pairs {
            if one.step < change {
                #expect(one.power == two.power && one.offers == two.offers)
            } else if one.power != two.power {
                differ += 1
            }
        }
        #expect(differ > 50)
    }
}

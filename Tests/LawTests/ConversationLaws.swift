import Clearing
import Devices
import EconomicDispatch
import Forecasting
import RunSamples
import Scheduling
import Simulator
import Testing
import Timeline

@Suite("Laws of the conversation")
struct ConversationLaws {
    private let dispatched = [0, 1, SmallWorld.solar, SmallWorld.battery, SmallWorld.genset]

    @Test("over a perfect channel everybody does what a dispatcher with the same offers would say directly")
    func perfectChannelIsDirectDispatch() throws {
        var world = SmallWorld()
        world.clearing = .none
        let scenario = world.scenario
        var forecaster = Forecaster(
            method: .perfect, devices: scenario.devices, horizon: scenario.horizon,
            truth: scenario.devices.map { $0.potentials(under: scenario.weather) })
        let dispatcher = DispatchMethod.rollingOptimum.makeDispatcher()
        var states = scenario.devices.map(\.initialState)
        var plan: Plan?
        for record in Simulation(scenario) {
            if record.step % 4 == 0 {
                let steps = record.step..<min(record.step + 96, scenario.horizon.count)
                let offers = forecaster.offers(over: steps, states: states)
                let asked = try #require(record.plan).problem
                plan = dispatcher.plan(
                    DispatchProblem(
                        horizon: scenario.horizon.part(steps), offers: offers, losses: asked.losses,
                        requirements: asked.requirements))
            }
            let direct = try #require(plan)
            for device in dispatched {
                #expect(record.inForce[device]?.power == direct.setpoint(of: device, at: record.step % 4))
                #expect(record.inForce[device] == record.sent[device])
            }
            states = zip(record.power, record.stored).map { DeviceState(power: $0, stored: $1) }
            #expect(record.conversation.held == 0 && record.conversation.fallback == 0)
        }
    }
}

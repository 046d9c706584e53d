import Agents
import Clearing
import Devices
import Forecasting
import Grid
import Messaging
import PowerFlow
import RunSamples
import Scheduling
import Simulator
import Testing
import Timeline

/// Messages that take from no time to seven and a half steps and overtake one another. What each party may
/// know is reckoned here from the arrivals of single messages, each over a link of its own.
@Suite("Laws of hearsay")
struct HearsayLaws {
    private let world: SmallWorld = {
        var world = SmallWorld()
        world.clearing = .none
        world.link = Link(latency: .zero, jitter: VirtualTime(seconds: 6750), loss: 0.1)
        world.deadline = 400
        world.hold = 20_000
        return world
    }()

    /// Delays of the messages from each device to the controller, or from the controller to each device; nil
    /// where one is lost.
    private func delays(_ scenario: Scenario, toController: Bool) -> [[VirtualTime?]] {
        let controller = NodeID(scenario.devices.count)
        return scenario.devices.indices.map { device in
            RunSamples.delays(
                from: toController ? NodeID(device) : controller,
                to: toController ? controller : NodeID(device), count: scenario.horizon.count,
                over: scenario.communication.network, seed: scenario.seed)
        }
    }

    private func begin(_ step: Int) -> VirtualTime { VirtualTime(seconds: Double(step * SmallWorld.step)) }

    @Test("in force is the newest setpoint that arrived by a deadline, however late those before it came")
    func newestSetpoint() {
        let scenario = world.scenario
        let delays = delays(scenario, toController: false)
        var sent = [[(step: Int, power: Power, arrival: VirtualTime?)]](
            repeating: [], count: scenario.devices.count)
        var overtaken = 0
        for record in Simulation(scenario) {
            let decided = begin(record.step) + VirtualTime(seconds: record.step % 4 == 0 ? 200 : 0)
            let deadline = begin(record.step) + VirtualTime(seconds: 400)
            for device in scenario.devices.indices {
                if let setpoint = record.sent[device] {
                    let delay = delays[device][sent[device].count]
                    sent[device].append((record.step, setpoint.power, delay.map { decided + $0 }))
                }
                let heard = sent[device].filter { $0.arrival.map { $0 <= deadline } ?? false }
                let newest = heard.last
                let isFresh = newest.map { (record.step - $0.step) * SmallWorld.step <= 20_000 } ?? false
                #expect(record.inForce[device]?.power == (isFresh ? newest?.power : nil))
                if heard.contains(where: { $0.step < newest!.step && $0.arrival! > newest!.arrival! }) {
                    overtaken += 1
                }
            }
        }
        #expect(overtaken > 100)
    }

    @Test(
        "a plan is made of each device's newest offer heard by the decision, its last step filling the rest")
    func newestOffers() throws {
        let scenario = world.scenario
        var forecaster = Forecaster(
            method: .perfect, devices: scenario.devices, horizon: scenario.horizon,
            truth: scenario.devices.map { $0.potentials(under: scenario.weather) })
        var states = scenario.devices.map(\.initialState)
        let delays = delays(scenario, toController: true)
        var said = [[(offer: Offer, arrival: VirtualTime?)]](repeating: [], count: scenario.devices.count)
        var old = 0
        for record in Simulation(scenario) {
            if record.step % 4 == 0 {
                let steps = record.step..<min(record.step + 96, scenario.horizon.count)
                for offer in forecaster.offers(over: steps, states: states) {
                    let device = offer.device.index
                    let delay = delays[device][said[device].count]
                    said[device].append((offer, delay.map { begin(record.step) + $0 }))
                }
                let decision = begin(record.step) + VirtualTime(seconds: 200)
                // What nothing was heard of is known from its commissioning: by its first offer.
                let heard = said.compactMap { offers in
                    (offers.last { $0.arrival.map { $0 <= decision } ?? false } ?? offers.first)?.offer
                }
                let problem = try #require(record.plan).problem
                #expect(problem.horizon == scenario.horizon.part(steps))
                #expect(problem.offers.map(\.device) == heard.map(\.device))
                for (used, offer) in zip(problem.offers, heard) {
                    expect(used, tells: offer)
                    if used.horizon.start != offer.horizon.start { old += 1 }
                }
            }
            states = zip(record.power, record.stored).map { DeviceState(power: $0, stored: $1) }
        }
        #expect(old > 100)
    }

    /// Step by step, at the same instants, `used` says what `offer` said.
    private func expect(_ used: Offer, tells offer: Offer) {
        for step in used.horizon.indices {
            let later = used.horizon[step].start.seconds(since: offer.horizon.start) / SmallWorld.step
            let source = min(later, offer.horizon.count - 1)
            #expect(used.lower[step] == offer.lower[source] && used.upper[step] == offer.upper[source])
            #expect(used.cost.deliver(at: step) == offer.cost.deliver(at: source))
            #expect(used.cost.absorb(at: step) == offer.cost.absorb(at: source))
        }
        #expect(used.reservoir == offer.reservoir && used.rating == offer.rating)
        #expect(used.ramp == offer.ramp && used.power == offer.power)
        #expect(used.minimumWhenOn == offer.minimumWhenOn && used.cost.perHourOn == offer.cost.perHourOn)
    }

    @Test("a plan expects the losses of a power flow at what the plan before asked of everybody")
    func losses() {
        var world = SmallWorld()
        world.loadFactor = 2
        let scenario = world.scenario
        let solver = PowerFlowSolver(network: scenario.network)
        var point = OperatingPoint(buses: 4, branches: 3)
        var last: Plan?
        var known = 0
        for plan in Simulation(scenario).compactMap(\.plan) {
            for (ahead, expected) in plan.problem.losses.enumerated() {
                let step = ahead + (last == nil ? 0 : 4)
                var injections = Injections(buses: 4)
                for index in [0, 1, SmallWorld.solar, SmallWorld.battery, SmallWorld.genset] {
                    let device = scenario.devices[index]
                    let offer = plan.problem.offers[index]
                    var power = index < 2 ? offer.lower[ahead] : .zero
                    if index == SmallWorld.solar { power = offer.upper[ahead] }
                    if let last, step < last.horizon.count { power = last.power(of: index, at: step) }
                    injections.active[device.bus] += power
                    injections.reactive[device.bus] += device.reactive(power, at: step)
                }
                solver.solve(injections, into: &point)
                #expect(abs((expected - point.losses).value) < 1)
                if last != nil { known += 1 }
            }
            last = plan
        }
        #expect(known > 1000)
    }

    @Test("with a perfect forecast and channel, the wires lose what the plan in force had them lose")
    func foreseenLosses() {
        var plan: Plan?
        var (close, all) = (0, 0)
        for record in Simulation(SmallWorld().scenario) {
            plan = record.plan ?? plan
            guard let plan, record.step >= 4, plan.horizon.count == 96 else { continue }
            all += 1
            close += abs((plan.problem.losses[record.step % 4] - record.point.losses).value) < 50 ? 1 : 0
        }
        #expect(all > 80 && close * 10 >= all * 9, "\(close) of \(all)")
    }

    @Test("without delay every message of a step is delivered or lost in it, and each counts once")
    func counts() {
        var world = SmallWorld()
        world.link = Link(latency: .zero, jitter: .zero, loss: 0.3)
        let devices = world.scenario.devices.count
        var lost = 0
        for record in Simulation(world.scenario) {
            let traffic = record.conversation.traffic
            let offers = record.step % 4 == 0 ? devices : 0
            #expect(traffic.sent.messages == offers + devices + record.sent.count { $0 != nil })
            #expect(traffic.underWay == Traffic.Count())
            lost += traffic.lost.messages
        }
        // All devices measure; setpoints go to all but the grid connection.
        #expect(abs(Double(lost) - 0.3 * Double(192 * (2 * devices - 1) + 48 * devices)) < 110)
    }
}

import Devices
import Events
import Market
import Messaging
import Planning
import Scheduling
import Timeline

/// Controllers of the parts of the network that the centre does not plan for: each has its own, beside the
/// grid connection or the grid-forming device that holds its voltage. It plans and clears for its members as
/// the centre does, over links of its own to them. It knows nothing of what was agreed before the part came
/// about; when another device takes over as slack, the controller moves to it with what it knows.
struct IslandControllers {
    private let scenario: Scenario
    /// By the buses of the part: who it was commissioned beside, and its conversation.
    private var own: [[Int]: (slack: Int, coordination: Coordination)] = [:]

    init(_ scenario: Scenario) {
        var star = scenario
        let communication = scenario.communication
        if communication.topology != .star {
            star.communication = Communication(
                devices: scenario.devices.count, link: communication.link, deadline: communication.deadline,
                hold: communication.hold, tick: communication.tick)
        }
        star.peers = nil
        self.scenario = star
    }

    /// Agrees in every part but that of the centre, and puts what its members follow into `agreement`. In a
    /// part whose slack has no agent that is up nothing is agreed. A new controller begins with the months'
    /// peaks that the `centre` has read.
    mutating func agree(
        at step: Int, of interval: Interval, in islands: Islands, offers: [Offer], ahead: Horizon,
        measurements: [Measurement], _ states: [DeviceState], peaks centre: Coordination,
        into agreement: inout Coordination.Agreement
    ) {
        let before = own
        own = [:]
        for (number, part) in (islands.parts ?? []).enumerated() where number != islands.central {
            for device in part.devices { agreement.clear(device) }
            guard part.kind != .dead else { continue }
            let slack = part.reference ?? islands.slack(among: part.forming)
            guard islands.disturbance.agents[slack] == nil else { continue }
            var present = before[part.buses].flatMap {
                islands.disturbance.joins($0.slack, slack) ? $0.coordination : nil
            }
            if present == nil, !offers.isEmpty {
                present = Coordination(scenario, seed: scenario.seed &+ UInt64(part.buses[0]) &+ 1)
                present!.takePeaks(of: centre)
            }
            guard var coordination = present else { continue }
            let result = coordination.agree(
                at: step, of: interval, offers: islands.available(offers, in: number, states),
                horizon: islands.outlook(ahead, of: number),
                measurements: islands.available(measurements, in: number, states),
                under: islands.disturbance.withController(besideDevice: slack), among: Set(part.devices)
            ) { _ in }
            for device in part.devices { agreement.take(device, from: result) }
            agreement.starts.formUnion(result.starts)
            agreement.summary.add(result.summary)
            agreement.exchanges[part.buses] = result.decision?.exchange
            if part.kind == .island, let decision = result.decision, let price = decision.price.first {
                agreement.islandPrices[part.buses] = price
            }
            own[part.buses] = (slack, coordination)
        }
    }

    /// All of them read the meters of the grid connections.
    mutating func read(_ imported: [WattHours], over interval: Interval) {
        for part in own.keys { own[part]!.coordination.read(imported, over: interval) }
    }
}

extension Coordination.Agreement {
    fileprivate mutating func clear(_ device: Int) {
        (sent[device], inForce[device]) = (nil, nil)
        starts.remove(device)
    }

    fileprivate mutating func take(_ device: Int, from other: Self) {
        (sent[device], inForce[device]) = (other.sent[device], other.inForce[device])
    }
}

extension Record.Conversation {
    fileprivate mutating func add(_ other: Self) {
        traffic = traffic + other.traffic
        held += other.held
        fallback += other.fallback
    }
}

import Devices
import Events
import Grid
import Planning
import Scheduling
import Timeline

/// What attacked agents say in place of the truth, and what attacked devices and meters do. Everything else
/// of the simulation stays as it is: whoever hears them believes them.
struct Attackers {
    private let devices: [Device]
    /// Longest time after which each device's statements are replayed, in steps.
    private let reach: [Int: Int]
    /// What these devices have said, the newest last.
    private var said: [Int: [Statement]] = [:]
    /// Whether the scenario has attacks at all.
    let areExpected: Bool
    private var acting: [Int: [Attack]] = [:]
    private var step = 0

    private struct Statement {
        let step: Int
        var offer: Offer?
        var measurement: Measurement?
    }

    init(_ scenario: Scenario) {
        devices = scenario.devices
        areExpected = !scenario.events.attacks.isEmpty
        var reach: [Int: Int] = [:]
        for (device, attack, _) in scenario.events.attacks {
            if case .replay(let steps) = attack { reach[device] = max(reach[device] ?? 0, steps) }
        }
        self.reach = reach
    }

    /// Begins a step, in which these attacks act.
    mutating func begin(_ step: Int, _ disturbance: Disturbance) {
        (self.step, acting) = (step, disturbance.attacks)
        for (device, steps) in reach {
            said[device, default: []].removeAll { $0.step < step - 2 * steps - 1 }
        }
    }

    /// What the agents say instead of these offers.
    mutating func say(_ offers: [Offer]) -> [Offer] {
        offers.map { truth in
            let device = truth.device.index
            if reach[device] != nil { said[device, default: []].append(Statement(step: step, offer: truth)) }
            return (acting[device] ?? []).reduce(truth) { changed($0, by: $1) }
        }
    }

    /// What the agents say instead of these measurements.
    mutating func say(_ measurements: [Measurement]) -> [Measurement] {
        measurements.map { truth in
            let device = truth.device.index
            if reach[device] != nil {
                said[device, default: []].append(Statement(step: step, measurement: truth))
            }
            return (acting[device] ?? []).reduce(truth) { changed($0, by: $1) }
        }
    }

    /// Potential of a device in a step as its agent states it.
    func potential(of device: Int, in step: Int, _ potential: [Power]) -> Power {
        (acting[device] ?? []).reduce(potential[step]) { stated, attack in
            switch attack {
            case .falsePower(let more): max(.zero, stated + Power(more))
            case .replay(let steps): potential[max(0, step - steps)]
            case .falsePrice, .hijack, .shiftedMeter: stated
            }
        }
    }

    /// What the devices do instead of these setpoints; `potential` is that of all devices.
    func obey(_ setpoints: [Setpoint?], _ potential: [[Power]]) -> [Setpoint?] {
        var obeyed = setpoints
        for device in hijacked {
            guard let asked = setpoints[device]?.power else { continue }
            let range = devices[device].bounds(potential: potential[device][step], at: step)
            let within = min(max(asked, range.lowerBound), range.upperBound)
            obeyed[device]!.power = range.lowerBound + range.upperBound - within
        }
        return obeyed
    }

    /// Devices that do the opposite of their setpoints.
    var hijacked: [Int] { acting.keys.filter { acting[$0]!.contains(.hijack) }.sorted() }

    /// What the meters of devices count instead of these powers.
    func shift(_ powers: [Power]) -> [Power] {
        var counted = powers
        for (device, attacks) in acting { counted[device] = shift(powers[device], by: attacks) }
        return counted
    }

    private func shift(_ power: Power, by attacks: [Attack]) -> Power {
        attacks.reduce(power) { counted, attack in
            if case .shiftedMeter(let more) = attack { counted * (1 + more) } else { counted }
        }
    }

    private func changed(_ offer: Offer, by attack: Attack) -> Offer {
        var offer = offer
        switch attack {
        case .falsePower(let more):
            for step in offer.lower.indices {
                if offer.isLoad {
                    offer.lower[step] = min(offer.lower[step] - Power(more), offer.upper[step])
                } else {
                    offer.upper[step] = max(offer.upper[step] + Power(more), offer.lower[step])
                }
            }
        case .falsePrice(let more):
            offer.cost.deliver = offer.cost.deliver.map { $0 * (1 + more) }
            offer.cost.absorb = offer.cost.absorb.map { $0 * (1 + more) }
            offer.cost.quadratic *= 1 + more
            offer.cost.perHourOn *= 1 + more
        case .replay(let steps):
            guard var old = old(\.offer, of: offer.device.index, before: steps) else { break }
            old.horizon = Horizon(
                start: offer.horizon.start, step: old.horizon.step, count: old.horizon.count)
            return old.aligned(to: offer.horizon)
        case .hijack, .shiftedMeter: break
        }
        return offer
    }

    private func changed(_ truth: Measurement, by attack: Attack) -> Measurement {
        let device = truth.device.index
        switch attack {
        case .falsePower(let more):
            let isLoad = devices[device].load != nil
            return Measurement(
                device: truth.device, interval: truth.interval,
                lower: isLoad ? min(truth.lower - Power(more), truth.upper) : truth.lower,
                upper: isLoad ? truth.upper : max(truth.upper + Power(more), truth.lower),
                power: truth.power, stored: truth.stored)
        case .replay(let steps):
            guard let old = old(\.measurement, of: device, before: steps) else { return truth }
            return Measurement(
                device: truth.device, interval: truth.interval, lower: old.lower, upper: old.upper,
                power: old.power, stored: old.stored)
        case .falsePrice, .hijack, .shiftedMeter: return truth
        }
    }

    /// What a device said so many steps ago, or first.
    private func old<S>(_ kind: (Statement) -> S?, of device: Int, before steps: Int) -> S? {
        let said = said[device] ?? []
        return said.last { $0.step <= step - steps && kind($0) != nil }.flatMap(kind)
            ?? said.lazy.compactMap(kind).first
    }
}

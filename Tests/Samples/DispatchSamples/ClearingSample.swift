import Grid
public import Scheduling
import TestSupport
import Timeline

/// A plan of many devices and what they measure in one of its steps: half are loads, the others sun,
/// stores and gensets, beside one grid connection. Powers in kW.
public struct ClearingSample: Sendable {
    /// The plan; its powers are not optimal, and only what a clearing takes from it is there.
    public let plan: Plan
    /// The step that is cleared.
    public let step = 5
    /// What each device measures in the step.
    public let measured: [Measurement?]

    /// Draws a sample of `devices` devices over a day.
    public init(devices: Int, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var day = Case(steps: 24)
        for device in 1..<devices {
            switch device % 8 {
            case 0, 2, 4, 6: day.load([random.uniform(5...40)], value: random.uniform(5...30))
            case 1, 5: day.add([0], [random.uniform(0...60)], rating: 60, role: .source)
            case 3:
                let size = random.uniform(20...100)
                day.add(
                    [-size / 2], [size / 2], deliver: [random.uniform(0.05...0.15)],
                    store: Case.store(size / 2, size / 10...size, leak: 0.001))
            default:
                day.add(
                    [0], [30], deliver: [random.uniform(1.3...1.6)], absorb: [1], perHourOn: 3, ramp: 60,
                    minimum: 9, role: .source)
            }
        }
        day.connection(limit: Double(20 * devices), export: Double(devices), price: [0.6], feedIn: [0.25])
        let problem = day.problem(losses: Array(repeating: Double(devices) / 100, count: 24))
        let (steps, step) = (24, step)
        var powers: [Power] = []
        var contents: [Energy] = []
        var worth: [EnergyCost] = []
        for offer in problem.offers {
            let isUnit = offer.minimumWhenOn != nil && offer.device.index.isMultiple(of: 3)
            for hour in 0..<steps {
                let load = offer.isLoad ? offer.lower[hour] : .zero
                powers.append(isUnit ? offer.upper[hour] / 2 : load)
                contents.append((offer.reservoir?.stored ?? .zero) * random.uniform(0.9...1.1))
                worth.append(EnergyCost(yuanPerKilowattHour: random.uniform(0.3...0.7)))
            }
        }
        var plan = Plan(
            problem, Schedule(powers: powers, contents: contents), status: .approximate,
            price: Array(repeating: .zero, count: steps), objective: 0)
        plan.storedWorth = worth
        measured = problem.offers.map { offer in
            let (lower, upper) = (offer.lower[step], offer.upper[step])
            let scale = offer.role == .connection || offer.role == .store ? 1 : random.uniform(0.7...1)
            return Measurement(
                device: offer.device, interval: problem.horizon[step], lower: lower * scale,
                upper: upper * scale, power: .zero, stored: offer.reservoir?.stored ?? .zero)
        }
        self.plan = plan
    }
}

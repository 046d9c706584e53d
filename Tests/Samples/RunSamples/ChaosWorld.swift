import Agents
import Devices
import EconomicDispatch
import Events
import Grid
import Islanding
import Messaging
import TestSupport

/// The hamlet under random events: what happens, when, and how its devices form islands, all from one seed.
public enum ChaosWorld {
    /// One day in half-hours with up to eight events of all kinds. One seed in ten plans by the
    /// optimum, the others by rule.
    public static func world(seed: UInt64) -> SmallWorld {
        var random = SplitMix64(seed: seed)
        func chance(_ part: Double) -> Bool { Double.random(in: 0..<1, using: &random) < part }
        var world = SmallWorld()
        world.seed = seed
        world.days = 1
        world.stepLength = 1800
        world.method = chance(0.1) ? .rollingOptimum : .meritOrder
        world.horizonSteps = 24
        world.batteryStart = .random(in: 0.1...0.95, using: &random)
        world.hold = [0, 3600, 14_400].randomElement(using: &random)!
        world.loadFactor = .random(in: 0.2...1.2, using: &random)
        if chance(0.5) {
            world.link = Link(
                latency: VirtualTime(seconds: .random(in: 0...2, using: &random)),
                jitter: VirtualTime(seconds: .random(in: 0...20, using: &random)),
                loss: .random(in: 0...0.5, using: &random))
        }
        for device in [SmallWorld.battery, SmallWorld.genset] where chance(0.7) {
            world.forming[device] = GridForming(
                droop: .random(in: 0.01...0.08, using: &random),
                startTime: chance(0.7) ? .random(in: 0...5400, using: &random) : nil)
        }
        world.islanding.endurance = chance(0.5) ? .random(in: 0...14_400, using: &random) : 0
        world.islanding.stepLoad = .random(in: 0.1...1, using: &random)
        world.islanding.coldLoadFactor = .random(in: 1...3, using: &random)
        world.islanding.reconnectDelay = [0, 300, 1800, 5400].randomElement(using: &random)!
        world.priority = Int.random(in: 0...1, using: &random)
        if chance(0.2) { world.absent = [Int.random(in: 0..<5, using: &random)] }
        world.events = (0..<Int.random(in: 1...8, using: &random)).map { _ in event(&random) }
        if world.forming[SmallWorld.battery] != nil, chance(0.2) { world.hasGrid = false }
        let replan = 3600 / world.stepLength
        let longer = [2, 4].filter { replan % $0 == 0 }
        if chance(0.3) { world.stepsInPlanStep = longer.randomElement(using: &random) ?? 1 }
        if world.hasGrid, chance(0.3) {
            world.second = SmallWorld.Second()
            world.second!.bus = Int.random(in: 0...3, using: &random)
            world.second!.exportLimit = Power(kilowatts: chance(0.5) ? 0 : 60)
            let begin = Int.random(in: 0..<44, using: &random)
            let outage = Event.Action.outage(connection: SmallWorld.feeder)
            world.events.append(Event(outage, in: begin..<begin + 4))
        }
        return world
    }

    private static func event(_ random: inout SplitMix64) -> Event {
        let begin = Int.random(in: 0..<44, using: &random)
        let end = begin + Int.random(in: 1...14, using: &random)
        let device = Int.random(in: 0..<SmallWorld.connection, using: &random)
        let branch = Int.random(in: 0..<3, using: &random)
        let action: Event.Action =
            switch Int.random(in: 0..<12, using: &random) {
            case 0: .cut(branch: branch)
            case 1: .open(branch: branch)
            case 2, 3: .outage(connection: SmallWorld.connection)
            case 4: .partition(groups: [[device]])
            case 5: .crash(device: device, keepsState: Bool.random(using: &random))
            case 6: .fail(device: device)
            case 7: .leave(device: device)
            case 8: .join(device: device)
            case 9, 10: .attack(device: device, attack(&random))
            default:
                .link(
                    device: device, loss: .random(in: 0...1, using: &random),
                    latency: .random(in: 0...100, using: &random))
            }
        return Event(action, in: begin..<min(end, 48))
    }

    private static func attack(_ random: inout SplitMix64) -> Attack {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: .falsePower(.random(in: -300_000...300_000, using: &random))
        case 1: .falsePrice(.random(in: -1...10, using: &random))
        case 2: .replay(steps: .random(in: 1...20, using: &random))
        case 3: .hijack
        default: .shiftedMeter(.random(in: -1...3, using: &random))
        }
    }
}

public import Events
public import Scheduling
import Simulator
public import Timeline

/// An attack of a run, and when local checks noticed it.
public struct AttackOutcome: Hashable, Sendable {
    /// The attack.
    public let attack: Attack
    /// The device that is attacked.
    public let device: DeviceID
    /// When it began.
    public let begin: Instant
    /// End of the first step, within its time, after which a check named the device or, for a shifted meter,
    /// found the sum of all meters wrong; nil: nobody noticed.
    public private(set) var noticed: Instant?

    /// Steps in which it acts.
    private let steps: Range<Int>

    /// Attacks that begin within the scenario, in the order of the events.
    static func all(of scenario: Scenario) -> [AttackOutcome] {
        scenario.events.attacks.map { event in
            AttackOutcome(
                attack: event.attack, device: DeviceID(event.device),
                begin: scenario.horizon[event.steps.lowerBound].start, steps: event.steps)
        }
    }

    private init(attack: Attack, device: DeviceID, begin: Instant, steps: Range<Int>) {
        (self.attack, self.device, self.begin, self.steps) = (attack, device, begin, steps)
    }

    /// Seconds from its begin until it was noticed; nil: never.
    public var secondsUnnoticed: Int? { noticed?.seconds(since: begin) }

    mutating func add(_ record: Record) {
        // A lie about prices contradicts no meter; another attack on the device may.
        if case .falsePrice = attack { return }
        guard noticed == nil, steps.contains(record.step) else { return }
        let names = record.contradictions.contains { contradiction in
            if case .shiftedMeter = attack, contradiction.device == nil { return true }
            return contradiction.device == device
        }
        if names { noticed = record.interval.end }
    }
}

extension Attack {
    /// What it does, with its size: `+20.0 kW`, `−10 %`, `1 h ago`, empty where it has none. `step`: of the
    /// run, s.
    public func size(step: Int) -> String {
        func signed(_ value: Double) -> String { value < 0 ? "−" : "+" }
        switch self {
        case .falsePower(let watts):
            let tenths = (watts.magnitude / 100).rounded() / 10
            return "\(signed(watts))\(tenths) kW"
        case .falsePrice(let more), .shiftedMeter(let more):
            let tenths = (more.magnitude * 1000).rounded() / 10
            return "\(signed(more))\(tenths) %"
        case .replay(let steps):
            let minutes = steps * step / 60
            return minutes % 60 == 0 ? "\(minutes / 60) h ago" : "\(minutes) min ago"
        case .hijack: return ""
        }
    }
}

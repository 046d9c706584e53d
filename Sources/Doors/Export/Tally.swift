public import Grid
import Monitoring
public import Timeline

/// What a device did over some time.
public struct Tally: Hashable, Sendable {
    /// To the network: generation, discharge, import.
    public internal(set) var given = Energy.zero
    /// From the network: consumption, charge, export.
    public internal(set) var taken = Energy.zero
    /// What sun, wind or water could have given beyond that.
    public internal(set) var curtailed = Energy.zero
    /// What a load wanted beyond what it took.
    public internal(set) var unserved = Energy.zero

    public init() {}

    mutating func add(_ power: Power, potential: Power, kind: DeviceKind, hours: Double) {
        let energy = power.energy(hours: hours)
        if energy > .zero { given = given + energy } else { taken = taken - energy }
        if kind == .load {
            unserved = unserved + max(.zero, potential + power).energy(hours: hours)
        } else if kind.isRenewable {
            curtailed = curtailed + max(.zero, potential - power).energy(hours: hours)
        }
    }

    public static func + (a: Tally, b: Tally) -> Tally {
        var sum = a
        sum.given = a.given + b.given
        sum.taken = a.taken + b.taken
        sum.curtailed = a.curtailed + b.curtailed
        sum.unserved = a.unserved + b.unserved
        return sum
    }
}

/// An extreme and when it was.
public struct Extreme: Hashable, Sendable {
    public let value: Double
    /// Begin of the step.
    public let at: Instant
    /// Index of the bus, where it belongs to one.
    public let bus: Int?

    init(_ value: Double, at: Instant, bus: Int? = nil) {
        (self.value, self.at, self.bus) = (value, at, bus)
    }

    /// The greater of what was and `new`; the earlier one where both are equal.
    static func greatest(_ old: Extreme?, _ new: @autoclosure () -> Extreme, _ value: Double) -> Extreme {
        guard let old, old.value >= value else { return new() }
        return old
    }
}

/// How often a limit was broken at one place.
public struct AlarmTally: Hashable, Sendable {
    private let sort: Alarm.Kind
    /// Name of the bus or branch.
    public let place: String
    public internal(set) var count = 1
    /// Begin of the steps in which it first and last rang.
    public let first: Instant
    public internal(set) var last: Instant
    /// The value farthest from its limit, in `unit`, as the limit is.
    public private(set) var worst: Double
    public let limit: Double

    init(_ alarm: Alarm, place: String, at instant: Instant) {
        sort = alarm.kind
        self.place = place
        first = instant
        last = instant
        worst = alarm.value / alarm.kind.scale
        limit = alarm.limit / alarm.kind.scale
    }

    /// `1` (fraction of nominal), `A`, `kVA` or `kW`.
    public var unit: String { sort.unit }

    /// Which limit: `import-limit`.
    public var kind: String { sort.rawValue }

    mutating func add(_ alarm: Alarm, at instant: Instant) {
        count += 1
        last = instant
        let value = alarm.value / sort.scale
        if abs(value - limit) > abs(worst - limit) { worst = value }
    }
}

extension Alarm.Kind {
    /// Unit of value and limit in files, and how many SI units it is.
    var unit: String {
        switch self {
        case .undervoltage, .overvoltage, .deenergised, .diverged: "1"
        case .overload: "A"
        case .powerOverload: "kVA"
        case .importLimit, .exportLimit: "kW"
        }
    }

    var scale: Double { unit.hasPrefix("k") ? 1000 : 1 }
}

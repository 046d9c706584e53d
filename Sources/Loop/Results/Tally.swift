import Devices
public import Grid
public import Monitoring
public import Timeline

/// Energies of a device, or of several, over some time.
public struct Tally: Hashable, Sendable {
    /// Energy to the network: generation, discharge, import.
    public internal(set) var given = Energy.zero
    /// Energy from the network: consumption, charge, export.
    public internal(set) var taken = Energy.zero
    /// Curtailed energy of sun, wind and water (`DeviceKind.curtailed`).
    public internal(set) var curtailed = Energy.zero
    /// Energy not served to loads (`DeviceKind.unserved`).
    public internal(set) var unserved = Energy.zero

    /// Creates a tally of zeros.
    public init() {}

    mutating func add(_ power: Power, of potential: Power, kind: DeviceKind, hours: Double) {
        let energy = power.energy(hours: hours)
        if energy > .zero { given = given + energy } else { taken = taken - energy }
        unserved = unserved + kind.unserved(power, of: potential).energy(hours: hours)
        curtailed = curtailed + kind.curtailed(power, of: potential).energy(hours: hours)
    }

    /// Adds up two tallies.
    public static func + (a: Tally, b: Tally) -> Tally {
        var sum = a
        sum.given = a.given + b.given
        sum.taken = a.taken + b.taken
        sum.curtailed = a.curtailed + b.curtailed
        sum.unserved = a.unserved + b.unserved
        return sum
    }
}

/// An extreme value and when it occurred.
public struct Extreme: Hashable, Sendable {
    /// The value, in the unit of the figure.
    public let value: Double
    /// Begin of the step.
    public let at: Instant
    /// Index of the bus, where the value is that of a bus.
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

/// The alarms of one kind at one place.
public struct AlarmTally: Hashable, Sendable {
    private let limitKind: Alarm.Kind
    /// Name of the bus or branch.
    public let place: String
    /// In how many steps the limit was violated.
    public internal(set) var count = 1
    /// Begin of the first step with the alarm.
    public let first: Instant
    /// Begin of the last step with the alarm.
    public internal(set) var last: Instant
    /// The value farthest from the limit, in `unit`.
    public private(set) var worst: Double
    /// The limit, in `unit`.
    public let limit: Double

    init(_ alarm: Alarm, place: String, at instant: Instant) {
        limitKind = alarm.kind
        self.place = place
        first = instant
        last = instant
        worst = alarm.value / alarm.kind.scale
        limit = alarm.limit / alarm.kind.scale
    }

    /// Unit of the values: `1` (fraction of nominal), `A`, `kVA`, `kW`, `Hz` or `%`.
    public var unit: String { limitKind.unit }

    /// Name of the limit, such as `import-limit`.
    public var kind: String { limitKind.rawValue }

    mutating func add(_ alarm: Alarm, at instant: Instant) {
        count += 1
        last = instant
        let value = alarm.value / limitKind.scale
        if abs(value - limit) > abs(worst - limit) { worst = value }
    }
}

extension Alarm.Kind {
    /// Unit of value and limit in files.
    public var unit: String {
        switch self {
        case .undervoltage, .overvoltage, .deenergised, .diverged: "1"
        case .overload: "A"
        case .powerOverload: "kVA"
        case .importLimit, .exportLimit, .loadShedding: "kW"
        case .frequency: "Hz"
        case .unbalance: "%"
        }
    }

    /// SI units per `unit`: divide an alarm's value by it to write it in a file.
    public var scale: Double {
        switch unit {
        case "%": 0.01
        case "kVA", "kW": 1000
        default: 1
        }
    }
}

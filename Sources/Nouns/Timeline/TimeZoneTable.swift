/// The clock changes of one time zone. The rooms that read files fill it from the zone database; this room
/// reads no file.
public struct TimeZoneTable: Hashable, Sendable {
    /// One clock change: from `at` on, clocks run `offset` seconds ahead of UTC.
    public struct Transition: Hashable, Sendable {
        /// First instant with the new offset.
        public let at: Instant
        /// Seconds by which clocks run ahead of UTC from then on; negative west of Greenwich.
        public let offset: Int

        /// Creates a clock change at `at` to `offset` seconds ahead of UTC.
        public init(at: Instant, offset: Int) {
            self.at = at
            self.offset = offset
        }
    }

    /// IANA name of the zone, such as `Asia/Shanghai`.
    public let name: String
    /// Seconds by which clocks run ahead of UTC before the first transition.
    public let initialOffset: Int
    /// Clock changes in order of time.
    public let transitions: [Transition]

    /// Creates a zone. `transitions` must be in strictly increasing order of time.
    public init(name: String, initialOffset: Int, transitions: [Transition]) {
        precondition(zip(transitions, transitions.dropFirst()).allSatisfy { $0.at < $1.at })
        self.name = name
        self.initialOffset = initialOffset
        self.transitions = transitions
    }

    /// Coordinated universal time: offset zero, no clock changes.
    public static let utc = TimeZoneTable(name: "UTC", initialOffset: 0, transitions: [])

    /// Returns the seconds by which clocks run ahead of UTC at `instant`.
    public func offset(at instant: Instant) -> Int {
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= instant { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? initialOffset : transitions[low - 1].offset
    }

    /// Returns the local time at `instant`.
    public func civil(_ instant: Instant) -> CivilTime {
        CivilTime(instant, offset: offset(at: instant))
    }

    /// Returns the instants at which clocks show `civil`, in order: none when a clock change skips that time,
    /// two when it repeats it.
    public func instants(_ civil: CivilTime) -> [Instant] {
        let offsets = Set([initialOffset] + transitions.map(\.offset))
        return offsets.map { civil.instant(offset: $0) }.filter { self.civil($0) == civil }.sorted()
    }

    /// Returns the first instant at which clocks show `civil`; nil when a clock change skips that time.
    public func instant(_ civil: CivilTime) -> Instant? {
        instants(civil).first
    }
}

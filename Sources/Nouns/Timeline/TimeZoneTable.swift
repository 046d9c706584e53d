/// The clock changes of one time zone. Doors fill it from the zone database; nothing here reads a file.
public struct TimeZoneTable: Hashable, Sendable {
    /// From `at` on, clocks run `offset` seconds ahead of UTC.
    public struct Transition: Hashable, Sendable {
        public let at: Instant
        public let offset: Int

        public init(at: Instant, offset: Int) {
            self.at = at
            self.offset = offset
        }
    }

    /// The IANA name, such as `Asia/Shanghai`.
    public let name: String
    /// Seconds ahead of UTC before the first transition.
    public let initialOffset: Int
    /// In order of time.
    public let transitions: [Transition]

    public init(name: String, initialOffset: Int, transitions: [Transition]) {
        precondition(zip(transitions, transitions.dropFirst()).allSatisfy { $0.at < $1.at })
        self.name = name
        self.initialOffset = initialOffset
        self.transitions = transitions
    }

    public static let utc = TimeZoneTable(name: "UTC", initialOffset: 0, transitions: [])

    /// Seconds ahead of UTC at `instant`.
    public func offset(at instant: Instant) -> Int {
        transitions.last { $0.at <= instant }?.offset ?? initialOffset
    }

    public func civil(_ instant: Instant) -> CivilTime {
        CivilTime(instant, offset: offset(at: instant))
    }

    /// The first instant at which clocks show `civil`; nil when they skip it.
    public func instant(_ civil: CivilTime) -> Instant? {
        let offsets = Set([initialOffset] + transitions.map(\.offset))
        return offsets.map { civil.instant(offset: $0) }.filter { self.civil($0) == civil }.min()
    }
}

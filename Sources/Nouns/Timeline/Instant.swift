/// A point in time: whole seconds since 1970-01-01T00:00:00Z. Leap seconds are not counted.
public struct Instant: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z; negative before it.
    public let secondsSinceEpoch: Int64

    /// Creates the instant `secondsSinceEpoch` seconds after 1970-01-01T00:00:00Z.
    public init(secondsSinceEpoch: Int64) {
        self.secondsSinceEpoch = secondsSinceEpoch
    }

    /// Returns whether `a` is earlier than `b`.
    public static func < (a: Instant, b: Instant) -> Bool {
        a.secondsSinceEpoch < b.secondsSinceEpoch
    }

    /// Returns the instant `seconds` seconds later.
    public static func + (instant: Instant, seconds: Int) -> Instant {
        Instant(secondsSinceEpoch: instant.secondsSinceEpoch + Int64(seconds))
    }

    /// Returns the instant `seconds` seconds earlier.
    public static func - (instant: Instant, seconds: Int) -> Instant {
        instant + (-seconds)
    }

    /// Returns the seconds from `earlier` to this instant; negative where `earlier` is the later one.
    public func seconds(since earlier: Instant) -> Int {
        Int(secondsSinceEpoch - earlier.secondsSinceEpoch)
    }
}

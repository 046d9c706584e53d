/// A point in time: whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
public struct Instant: Hashable, Comparable, Sendable {
    public let secondsSinceEpoch: Int64

    public init(secondsSinceEpoch: Int64) {
        self.secondsSinceEpoch = secondsSinceEpoch
    }

    public static func < (a: Instant, b: Instant) -> Bool {
        a.secondsSinceEpoch < b.secondsSinceEpoch
    }

    /// This instant moved by whole seconds.
    public static func + (instant: Instant, seconds: Int) -> Instant {
        Instant(secondsSinceEpoch: instant.secondsSinceEpoch + Int64(seconds))
    }

    public static func - (instant: Instant, seconds: Int) -> Instant {
        instant + (-seconds)
    }

    /// Seconds from `earlier` to this instant.
    public func seconds(since earlier: Instant) -> Int {
        Int(secondsSinceEpoch - earlier.secondsSinceEpoch)
    }
}

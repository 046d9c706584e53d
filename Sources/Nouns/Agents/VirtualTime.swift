/// Virtual time of the communication network: nanoseconds since the start of the scenario. It never reads a
/// real clock.
public struct VirtualTime: Hashable, Comparable, Sendable {
    /// Nanoseconds since the start of the scenario.
    public let nanoseconds: Int64

    /// Creates the time `nanoseconds` after the start.
    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Creates the time `seconds` after the start, rounded to whole nanoseconds.
    public init(seconds: Double) { nanoseconds = Int64((seconds * 1e9).rounded()) }

    /// Seconds since the start of the scenario.
    public var seconds: Double { Double(nanoseconds) * 1e-9 }

    /// The start of the scenario.
    public static let zero = VirtualTime(nanoseconds: 0)

    /// Returns the sum of two times.
    @inlinable public static func + (a: VirtualTime, b: VirtualTime) -> VirtualTime {
        VirtualTime(nanoseconds: a.nanoseconds + b.nanoseconds)
    }

    /// Returns the time from `b` to `a`.
    @inlinable public static func - (a: VirtualTime, b: VirtualTime) -> VirtualTime {
        VirtualTime(nanoseconds: a.nanoseconds - b.nanoseconds)
    }

    /// Returns whether `a` is earlier than `b`.
    @inlinable public static func < (a: VirtualTime, b: VirtualTime) -> Bool {
        a.nanoseconds < b.nanoseconds
    }
}

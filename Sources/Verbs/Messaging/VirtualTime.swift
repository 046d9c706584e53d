/// The clock of the conversation: nanoseconds since the scenario's start. It never reads a real clock.
public struct VirtualTime: Hashable, Comparable, Sendable {
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    public init(seconds: Double) { nanoseconds = Int64((seconds * 1e9).rounded()) }

    public static let zero = VirtualTime(nanoseconds: 0)

    public static func + (a: VirtualTime, b: VirtualTime) -> VirtualTime {
        VirtualTime(nanoseconds: a.nanoseconds + b.nanoseconds)
    }

    public static func < (a: VirtualTime, b: VirtualTime) -> Bool { a.nanoseconds < b.nanoseconds }
}

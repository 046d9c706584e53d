/// Message counts.
public struct MessageCount: Hashable, Sendable {
    /// Messages sent.
    public var sent = 0
    /// Messages delivered.
    public var delivered = 0
    /// Messages lost; sent less delivered less lost are on their way.
    public var lost = 0

    /// Creates counts of zero.
    public init() {}

    /// Returns the counts of a period: those at its end, `a`, less those at its begin, `b`.
    public static func - (a: MessageCount, b: MessageCount) -> MessageCount {
        var difference = MessageCount()
        difference.sent = a.sent - b.sent
        difference.delivered = a.delivered - b.delivered
        difference.lost = a.lost - b.lost
        return difference
    }
}

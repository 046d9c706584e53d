/// What became of the messages of a conversation, in messages and bytes.
///
/// sent + duplicated = delivered + lost + dropped + under way.
public struct Traffic: Hashable, Sendable {
    /// A number of messages and their length.
    public struct Count: Hashable, Sendable {
        /// Messages.
        public var messages = 0
        /// Their length, bytes.
        public var bytes = 0

        /// Creates counts of zero.
        @inlinable public init() {}

        @inlinable
        mutating func add(_ length: Int) {
            messages += 1
            bytes += length
        }

        /// Returns the sum of two counts.
        public static func + (a: Count, b: Count) -> Count {
            var sum = a
            sum.messages += b.messages
            sum.bytes += b.bytes
            return sum
        }

        /// Returns the count `a` less `b`.
        public static func - (a: Count, b: Count) -> Count {
            var difference = a
            difference.messages -= b.messages
            difference.bytes -= b.bytes
            return difference
        }
    }

    /// Messages that agents sent.
    public var sent = Count()
    /// Messages that reached the agent they were for, duplicates included.
    public var delivered = Count()
    /// Messages lost on a link, for want of a route, or at a node that was down.
    public var lost = Count()
    /// Messages dropped because a queue was too long.
    public var dropped = Count()
    /// Additional copies that links made.
    public var duplicated = Count()
    /// Transmissions by nodes that pass a message on, beside those of its sender.
    public var relayed = Count()

    /// Creates counts of zero.
    @inlinable public init() {}

    /// Returns the sum over two periods.
    public static func + (a: Traffic, b: Traffic) -> Traffic { combine(a, b, +) }

    /// Returns the traffic of a period: that up to its end, `a`, less that up to its begin, `b`.
    public static func - (a: Traffic, b: Traffic) -> Traffic { combine(a, b, -) }

    private static func combine(
        _ a: Traffic, _ b: Traffic, _ operation: (Count, Count) -> Count
    ) -> Traffic {
        var result = Traffic()
        result.sent = operation(a.sent, b.sent)
        result.delivered = operation(a.delivered, b.delivered)
        result.lost = operation(a.lost, b.lost)
        result.dropped = operation(a.dropped, b.dropped)
        result.duplicated = operation(a.duplicated, b.duplicated)
        result.relayed = operation(a.relayed, b.relayed)
        return result
    }

    /// Messages that are neither delivered nor lost.
    public var underWay: Count { sent + duplicated - delivered - lost - dropped }
}

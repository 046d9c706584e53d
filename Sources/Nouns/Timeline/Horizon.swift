/// One step of time, [start, start + seconds). A value given for it is its mean, labelled by its begin.
public struct Interval: Hashable, Sendable {
    public let start: Instant
    public let seconds: Int

    public init(start: Instant, seconds: Int) {
        self.start = start
        self.seconds = seconds
    }

    public var end: Instant { start + seconds }
    public var hours: Double { Double(seconds) / 3600 }
}

/// Equal steps one after another: any start, any step, any count.
public struct Horizon: Hashable, Sendable, RandomAccessCollection {
    public let start: Instant
    /// Length of one step, s.
    public let step: Int
    public let count: Int

    public init(start: Instant, step: Int, count: Int) {
        precondition(step > 0 && count >= 0)
        self.start = start
        self.step = step
        self.count = count
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }
    public var end: Instant { start + step * count }
    public var stepHours: Double { Double(step) / 3600 }

    public subscript(index: Int) -> Interval {
        Interval(start: start + step * index, seconds: step)
    }

    /// The steps `range` of this horizon, as a horizon of their own.
    public func part(_ range: Range<Int>) -> Horizon {
        Horizon(start: start + step * range.lowerBound, step: step, count: range.count)
    }
}

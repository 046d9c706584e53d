/// One step of time, [start, start + seconds). A value given for it is its mean; its label is `start`.
public struct Interval: Hashable, Sendable {
    /// First instant of the step.
    public let start: Instant
    /// Length of the step, s.
    public let seconds: Int

    /// Creates a step of `seconds` seconds from `start` on.
    public init(start: Instant, seconds: Int) {
        self.start = start
        self.seconds = seconds
    }

    /// First instant after the step.
    public var end: Instant { start + seconds }
    /// Length of the step, h: energy in Wh is power in W times this.
    public var hours: Double { Double(seconds) / 3600 }
}

/// Consecutive steps of equal length: any start, any step, any count.
///
/// ```swift
/// let shanghai = TimeZoneTable(name: "Asia/Shanghai", initialOffset: 8 * 3600, transitions: [])
/// guard let noon = CivilTime(iso8601: "2026-07-03T12:00") else { return }
/// let afternoon = Horizon(start: noon.instant(offset: 8 * 3600), step: 900, count: 24)
/// for quarter in afternoon { print(shanghai.iso8601(quarter.start), quarter.hours) }
/// // 2026-07-03T12:00:00+08:00 0.25 …
/// ```
public struct Horizon: Hashable, Sendable, RandomAccessCollection {
    /// First instant of the first step.
    public let start: Instant
    /// Length of one step, s; above zero.
    public let step: Int
    /// Number of steps.
    public let count: Int

    /// Creates `count` steps of `step` seconds from `start` on. `step` must be above zero.
    public init(start: Instant, step: Int, count: Int) {
        precondition(step > 0 && count >= 0)
        self.start = start
        self.step = step
        self.count = count
    }

    /// Index of the first step, 0.
    public var startIndex: Int { 0 }
    /// Index after that of the last step, `count`.
    public var endIndex: Int { count }
    /// First instant after the last step.
    public var end: Instant { start + step * count }
    /// Length of one step, h: energy in Wh is power in W times this.
    public var stepHours: Double { Double(step) / 3600 }

    /// Step number `index`, counted from 0.
    public subscript(index: Int) -> Interval {
        Interval(start: start + step * index, seconds: step)
    }

    /// Returns the steps `range` of this horizon as a horizon of their own.
    public func part(_ range: Range<Int>) -> Horizon {
        Horizon(start: start + step * range.lowerBound, step: step, count: range.count)
    }

    /// Returns the steps of `count` steps each, counted from `origin`, that hold this horizon. The first may
    /// begin before it, and the last end after it.
    public func coarsened(by count: Int, from origin: Instant) -> Horizon {
        precondition(count > 0)
        let long = step * count
        let late = start.seconds(since: origin) % long
        let before = late < 0 ? late + long : late
        let whole = (before + step * self.count + long - 1) / long
        return Horizon(start: start + -before, step: long, count: self.count == 0 ? 0 : whole)
    }
}

public import Market
public import Timeline

/// Splits steps into the demand intervals of a tariff, which begin at whole multiples of their length after
/// local midnight. A step that overlaps several intervals has a part in each, in proportion to its time.
public struct DemandClock: Hashable, Sendable {
    /// Number of the interval under way since 1970, by its local begin; nil before the first step.
    private var number: Int?
    /// Seconds that the steps so far have of it.
    public private(set) var seconds = 0

    /// Creates a clock before the first step.
    public init() {}

    /// A step's time in one interval.
    public struct Part: Hashable, Sendable {
        /// Whether an interval begins with this part.
        public let begins: Bool
        /// Length of the part, s.
        public let seconds: Int
    }

    /// Returns the parts of the next step in order of time; their seconds sum to those of the step.
    ///
    /// An interval that is full has ended, even where clocks set back show its time again.
    ///
    /// - Parameters:
    ///   - step: the step.
    ///   - time: local time at its begin.
    ///   - length: length of the intervals, s; divides a day.
    public mutating func parts(of step: Interval, at time: CivilTime, length: Int) -> [Part] {
        var parts: [Part] = []
        var passed = 0
        while passed < step.seconds {
            let local = time.secondOfDay + passed
            let begun = time.date.daysSinceEpoch * (86_400 / length) + local / length
            let begins = begun != number || seconds >= length
            if begins { (number, seconds) = (begun, 0) }
            let part = min(step.seconds - passed, length - local % length)
            parts.append(Part(begins: begins, seconds: part))
            seconds += part
            passed += part
        }
        return parts
    }
}

/// Register of the highest mean import of a month (最大需量), over fixed intervals of the day. The import of a
/// step is taken as even over the step. A mean is taken over the metered time of its interval.
public struct DemandRegister: Hashable, Sendable {
    /// Splits the steps into intervals.
    public private(set) var clock = DemandClock()
    /// Whole W.
    private var highest: Int64 = 0
    /// Import in the interval under way, Wh, as an exact fraction.
    private var energy = Fraction(count: 0, parts: 1)
    private var seconds = 0

    private struct Fraction: Hashable {
        var count: Int128
        var parts: Int128
    }

    /// Creates a register of a month in which a mean of `watts` W was metered before.
    public init(soFar watts: Int64 = 0) { highest = watts }

    /// Highest mean so far, W; includes the interval under way.
    public var watts: Int64 { max(highest, mean) }

    /// Returns the highest mean, W, of the intervals of `length` seconds that are complete.
    public func completed(_ length: Int) -> Int64 { clock.seconds >= length ? watts : highest }

    /// Import during the interval under way, Wh.
    public var underWay: Double { Double(energy.count) / Double(energy.parts) }

    /// Adds a step to the intervals of `length` seconds that it overlaps.
    ///
    /// - Parameters:
    ///   - step: energy imported during the step.
    ///   - interval: the step.
    ///   - time: local time at its begin.
    ///   - length: length of the demand interval, s; nil where no demand charge applies: nothing is added.
    public mutating func add(
        _ step: WattHours, over interval: Interval, at time: CivilTime, mean length: Int?
    ) {
        guard let length else { return }
        for part in clock.parts(of: interval, at: time, length: length) {
            if part.begins {
                highest = watts
                (energy, seconds) = (Fraction(count: 0, parts: 1), 0)
            }
            add(step, times: part.seconds, over: interval.seconds)
        }
    }

    private mutating func add(_ step: WattHours, times part: Int, over whole: Int) {
        // Most steps lie in one interval; their energy is added as it is.
        let share =
            part == whole
            ? Fraction(count: 1, parts: 1) : Fraction(count: Int128(part), parts: Int128(whole))
        let common = energy.parts % share.parts == 0 ? energy.parts : energy.parts * share.parts
        energy.count =
            energy.count * (common / energy.parts) + Int128(step.count) * share.count * (common / share.parts)
        energy.parts = common
        seconds += part
    }

    private var mean: Int64 {
        guard seconds > 0 else { return 0 }
        return Int64((energy.count * 3600).dividedHalfAwayFromZero(by: energy.parts * Int128(seconds)))
    }
}

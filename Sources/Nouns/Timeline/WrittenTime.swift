/// A time as tables write it: a date and a clock, with or without the offset from UTC.
public struct WrittenTime: Hashable, Sendable {
    /// Date and clock as written; 24:00 is the next day's midnight.
    public let civil: CivilTime
    /// Seconds by which that clock runs ahead of UTC; nil where no offset is written.
    public let offset: Int?

    /// Instant of this time; nil where no offset is written.
    public var instant: Instant? { offset.map { civil.instant(offset: $0) } }

    /// Reads a date (`2026-07-15`, `2026/7/5`, `2026.7.5`), perhaps a clock after `T` or a blank (`0:00`,
    /// `00:00:00`, `00:00:00.000`), and perhaps an offset (`Z`, `UTC`, `+08:00`, `+0800`, `+08`). Nil for any
    /// other text, for a time that no calendar or clock has, and for parts of a second.
    public init?(_ text: some StringProtocol) {
        var scanner = TimeScanner(text)
        guard let date = scanner.date() else { return nil }
        guard !scanner.isAtEnd else {
            (civil, offset) = (CivilTime(date: date, secondOfDay: 0), nil)
            return
        }
        guard scanner.blanks() || scanner.take("T") || scanner.take("t"), let second = scanner.clock() else {
            return nil
        }
        _ = scanner.blanks()
        var offset: Int?
        if !scanner.isAtEnd {
            guard let written = scanner.offset(), scanner.isAtEnd else { return nil }
            offset = written
        }
        self.offset = offset
        civil =
            second < 86_400
            ? CivilTime(date: date, secondOfDay: second)
            : CivilTime(date: CivilDate(daysSinceEpoch: date.daysSinceEpoch + 1), secondOfDay: 0)
    }
}

extension Instant {
    /// Reads a time with its offset from UTC, such as `2026-01-01T00:15:00+08:00`, in any form that
    /// `WrittenTime` reads; nil without an offset.
    public init?(iso8601 text: some StringProtocol) {
        guard let instant = WrittenTime(text)?.instant else { return nil }
        self = instant
    }
}

extension TimeZoneTable {
    /// Returns the instants that a written time means, in order; nil where the text is no time.
    ///
    /// A time with an offset is one instant. A local time without one is two instants in an hour that comes
    /// twice, and none in an hour that a clock change skips.
    public func instants(written text: String) -> [Instant]? {
        WrittenTime(text).map { time in time.instant.map { [$0] } ?? instants(time.civil) }
    }
}

/// Reads the parts of a time from left to right. A part that is not there, or is wrong, is nil.
private struct TimeScanner {
    private var rest: ArraySlice<UInt8>

    init(_ text: some StringProtocol) {
        rest = Array(text.utf8)[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ word: String) -> Bool {
        guard rest.starts(with: word.utf8) else { return false }
        rest = rest.dropFirst(word.utf8.count)
        return true
    }

    mutating func blanks() -> Bool {
        let count = rest.prefix { $0 == UInt8(ascii: " ") }.count
        rest = rest.dropFirst(count)
        return count > 0
    }

    private mutating func number(digits allowed: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix { (48...57).contains($0) }
        guard allowed.contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    mutating func date() -> CivilDate? {
        guard let year = number(digits: 4...4), let mark = ["-", "/", "."].first(where: { take($0) }),
            let month = number(digits: 1...2), take(mark), let day = number(digits: 1...2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// Seconds since midnight, 0 … 86,400.
    mutating func clock() -> Int? {
        guard let hour = number(digits: 1...2), take(":"), let minute = number(digits: 2...2) else {
            return nil
        }
        var second = 0
        if take(":") {
            guard let written = number(digits: 2...2) else { return nil }
            second = written
            if take(".") || take(",") {
                guard number(digits: 1...9) == 0 else { return nil }
            }
        }
        let total = hour * 3600 + minute * 60 + second
        return minute < 60 && second < 60 && total <= 86_400 ? total : nil
    }

    mutating func offset() -> Int? {
        if ["Z", "z", "UTC"].contains(where: { take($0) }) { return 0 }
        let isWest = take("-")
        guard isWest || take("+") else { return nil }
        let digits = rest.prefix { (48...57).contains($0) }.count
        guard let written = number(digits: 2...4), digits != 3 else { return nil }
        let (hours, apart) = digits == 4 ? (written / 100, written % 100) : (written, 0)
        guard let minutes = digits == 2 && take(":") ? number(digits: 2...2) : apart, hours < 24, minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
}

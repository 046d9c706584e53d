extension CivilDate: CustomStringConvertible {
    /// The date as ISO 8601 text, such as `2026-07-03`.
    public var description: String {
        "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Reads a date such as `2026-07-03`; nil for any other text and for a day that does not exist.
    public init?(iso8601 text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = digits(parts[0], 4), let month = digits(parts[1], 2),
            let day = digits(parts[2], 2)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }
}

extension CivilTime: CustomStringConvertible {
    /// The local time as ISO 8601 text, such as `2026-07-03T14:00:00`.
    public var description: String {
        "\(date)T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
    }

    /// Reads `2026-07-03`, `2026-07-03T14:00` or `2026-07-03T14:00:00`; nil for any other text.
    public init?(iso8601 text: some StringProtocol) {
        let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let date = CivilDate(iso8601: parts[0]) else { return nil }
        guard parts.count == 2 else {
            self.init(date: date, secondOfDay: 0)
            return
        }
        let clock = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(clock.count), let hour = digits(clock[0], 2), let minute = digits(clock[1], 2),
            let second = clock.count == 3 ? digits(clock[2], 2) : 0, hour < 24, minute < 60, second < 60
        else { return nil }
        self.init(date: date, secondOfDay: hour * 3600 + minute * 60 + second)
    }
}

extension Instant: CustomStringConvertible {
    /// The instant in UTC as ISO 8601 text, such as `2026-07-03T06:00:00Z`.
    public var description: String {
        "\(CivilTime(self))Z"
    }
}

extension TimeZoneTable {
    /// Returns the local time at `instant` with its offset, such as `2026-07-03T14:00:00+08:00`.
    public func iso8601(_ instant: Instant) -> String {
        let offset = offset(at: instant)
        let minutes = abs(offset) / 60
        return "\(CivilTime(instant, offset: offset))\(offset < 0 ? "-" : "+")"
            + "\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))"
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number.magnitude)
    return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - text.count)) + text
}

private func digits(_ text: some StringProtocol, _ count: Int) -> Int? {
    guard text.utf8.count == count, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
}

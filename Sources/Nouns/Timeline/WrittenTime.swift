extension TimeZoneTable {
    /// Returns the instants that a written time means, in order; nil where the text is no time.
    ///
    /// A time with an offset, such as `2026-07-15T18:15:00+08:00` or `2026-07-15T10:15Z`, is one instant. A
    /// local time without one is two instants in an hour that comes twice, and none in an hour that a clock
    /// change skips. A blank may stand for the `T`.
    public func instants(written text: String) -> [Instant]? {
        let text = text.replacing(" ", with: "T")
        if let (civil, offset) = Self.withOffset(text) { return [civil.instant(offset: offset)] }
        guard let civil = CivilTime(iso8601: text) else { return nil }
        let offsets = Set([initialOffset] + transitions.map(\.offset))
        return offsets.map { civil.instant(offset: $0) }.filter { self.civil($0) == civil }.sorted()
    }

    private static func withOffset(_ text: String) -> (CivilTime, Int)? {
        guard text.contains("T") else { return nil }
        if text.last == "Z" || text.last == "z" {
            return CivilTime(iso8601: text.dropLast()).map { ($0, 0) }
        }
        let clock = text.suffix(6)
        guard clock.count == 6, let sign = clock.first, sign == "+" || sign == "-",
            let civil = CivilTime(iso8601: text.dropLast(6)),
            let offset = CivilTime(iso8601: "2000-01-01T\(clock.dropFirst())")
        else { return nil }
        return (civil, sign == "-" ? -offset.secondOfDay : offset.secondOfDay)
    }
}

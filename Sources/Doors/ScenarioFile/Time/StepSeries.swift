import TextFile
import Timeline
import YAMLFile

/// A table with one row for each step. Its column `time` has the begin of the step in ISO 8601 with UTC
/// offset.
enum StepSeries {
    /// The values of `column`; nil, with the reasons reported, if one is outside `allowed` or the times are
    /// not the steps of the scenario.
    static func read(
        _ column: String, in allowed: ClosedRange<Double>, of table: InputTable, over horizon: Horizon?
    ) -> [Double]? {
        let times = table.texts("time")
        let values = table.numbers(column, in: allowed)
        guard let times, let values, let horizon, follow(horizon, times, table) else { return nil }
        return values
    }

    /// Whether `times` are the begins of all steps of `horizon`; the first that is not is reported.
    private static func follow(_ horizon: Horizon, _ times: [String], _ table: InputTable) -> Bool {
        for (row, text) in times.enumerated() {
            guard let time = Instant(iso8601: text) else {
                table.mistake(
                    "\(quoted(text)) is not a time such as '2026-01-01T00:00:00+08:00'", row: row, "time")
                return false
            }
            guard row < horizon.count else {
                table.mistake(
                    "this row is after the end of the scenario, which has \(horizon.count) steps", row: row,
                    "time")
                return false
            }
            let meant = horizon[row].start
            guard time == meant else {
                let way =
                    row > 0 && time <= horizon[row - 1].start
                    ? "goes back" : time > meant ? "leaves a gap" : "is too early"
                table.mistake("\(text) \(way); \(meant) is expected", row: row, "time")
                return false
            }
        }
        guard times.count == horizon.count else {
            table.mistake(
                "the series ends here, after \(times.count) of \(horizon.count) steps", row: times.count - 1,
                "time")
            return false
        }
        return true
    }
}

extension Instant {
    /// Reads `2026-01-01T00:00:00+08:00`, `2026-01-01T00:00+0800` or `…Z`; nil without an offset.
    init?(iso8601 text: String) {
        guard let t = text.firstIndex(of: "T"),
            let sign = text[t...].lastIndex(where: { "+-Z".contains($0) }),
            let civil = CivilTime(iso8601: text[..<sign])
        else { return nil }
        let rest = text[text.index(after: sign)...].filter { $0 != ":" }
        if text[sign] == "Z" {
            guard rest.isEmpty else { return nil }
            self = civil.instant(offset: 0)
            return
        }
        guard rest.utf8.count == 4, rest.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(rest),
            number / 100 < 24, number % 100 < 60
        else { return nil }
        let offset = (number / 100 * 60 + number % 100) * 60
        self = civil.instant(offset: text[sign] == "-" ? -offset : offset)
    }
}

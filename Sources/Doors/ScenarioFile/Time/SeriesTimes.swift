import TextFile
import Timeline
import YAMLFile

/// The times of a table with one row for each step: whether they are the begins of the steps, and if not,
/// why.
struct SeriesTimes {
    let horizon: Horizon
    let zone: TimeZoneTable

    /// What is wrong, and the row where it begins.
    struct Fault {
        let row: Int
        let message: String
    }

    /// The first fault; nil if `texts` are the begins of all steps. A time without UTC offset is one of the
    /// zone's clocks; the steps that are due decide which hour is meant where an hour comes twice.
    func fault(in texts: [String]) -> Fault? {
        for (row, text) in texts.enumerated() {
            guard let time = WrittenTime(text) else { return Fault(row: row, message: unreadable(text)) }
            guard row < horizon.count else {
                let message = "this row is after the end of the scenario, which has \(horizon.count) steps"
                return Fault(row: row, message: message)
            }
            let due = horizon[row].start
            let isDue = time.instant.map { $0 == due } ?? (zone.civil(due) == time.civil)
            if !isDue { return Fault(row: row, message: cause(row, time, texts)) }
        }
        guard texts.count < horizon.count else { return nil }
        let message = "the series ends here, after \(texts.count) of \(horizon.count) steps"
        return Fault(row: texts.count - 1, message: message)
    }

    /// What is assumed of times without UTC offset.
    func assumption(of text: String) -> String {
        let changes = zone.transitions.filter { $0.at >= horizon.start && $0.at < horizon.end }
        let told = changes.map { change in
            let back = change.offset < zone.offset(at: change.at - 1)
            return
                "; on \(zone.civil(change.at).date) clocks go \(back ? "back: the hour that comes twice is read twice" : "forward: the skipped hour has no rows")"
        }
        return "\(quoted(text)) has no UTC offset; such times are read as local time of \(zone.name)"
            + told.prefix(2).joined()
    }

    private func unreadable(_ text: String) -> String {
        "\(quoted(text)) is not a time; write it with its UTC offset, such as "
            + "\(quoted(zone.iso8601(horizon.start))), or as local time of \(zone.name), such as "
            + "\(quoted(zone.civil(horizon.start).description))"
    }

    private func cause(_ row: Int, _ time: WrittenTime, _ texts: [String]) -> String {
        let due = horizon[row].start
        let expected = "\(zone.iso8601(due)) is expected"
        guard let found = instant(time) else {
            return "\(time.civil) does not exist in \(zone.name), because clocks go forward then; "
                + "write local time, or times with their UTC offset; \(expected)"
        }
        let times = texts.prefix(horizon.count + 1).map { WrittenTime($0).flatMap(instant) }
        if row < 2, let apart = spacing(times), apart != horizon.step {
            return
                "the rows are \(spanText(apart)) apart, but a step of the scenario has \(spanText(horizon.step))"
        }
        if row == 0, texts.count >= horizon.count, isShifted(times, by: found.seconds(since: due)) {
            return shift(found.seconds(since: due), time, texts.count)
        }
        if time.offset == nil, zone.instants(zone.civil(due)).count == 2 {
            return "\(zone.civil(due)) comes twice in \(zone.name), because clocks go back; give the hour "
                + "twice, or write times with their UTC offset; \(expected)"
        }
        let way =
            row > 0 && found <= horizon[row - 1].start
            ? "goes back" : found > due ? "leaves a gap" : "is too early"
        return "\(texts[row]) \(way); \(expected)"
    }

    private func instant(_ time: WrittenTime) -> Instant? {
        time.instant ?? zone.instant(time.civil)
    }

    /// Seconds from one row to the next, if the first three rows agree on it.
    private func spacing(_ times: [Instant?]) -> Int? {
        guard times.count >= 3, let a = times[0], let b = times[1], let c = times[2], a < b,
            b.seconds(since: a) == c.seconds(since: b)
        else { return nil }
        return b.seconds(since: a)
    }

    private func isShifted(_ times: [Instant?], by seconds: Int) -> Bool {
        zip(horizon, times).allSatisfy { $0.start + seconds == $1 }
    }

    /// The cause of rows that are all `seconds` late, as far as it can be seen.
    private func shift(_ seconds: Int, _ first: WrittenTime, _ rows: Int) -> String {
        let steps = abs(seconds) == horizon.step ? "one step (\(spanText(seconds)))" : spanText(seconds)
        let start = zone.iso8601(horizon.start)
        let cause =
            if seconds == horizon.step || 2 * seconds == horizon.step {
                "labelled by the \(seconds == horizon.step ? "end" : "middle") of the step? "
                    + "The time of a row is the begin of its step"
            } else if first.offset == nil, first.civil.instant(offset: 0) == horizon.start {
                "written in UTC? Then write the offset, such as '\(first.civil)Z'"
            } else if first.offset != nil, zone.civil(horizon.start) == first.civil {
                "local times with another UTC offset than that of \(zone.name)?"
            } else {
                "the series of other days?"
            }
        return
            "all \(rows) rows are \(steps) \(seconds > 0 ? "late" : "early"): \(cause); \(start) is expected first"
    }
}

/// `15 min`, `8 h`, `2 days`: the length of a time, without its sign.
func spanText(_ seconds: Int) -> String {
    let length = abs(seconds)
    if length % 86_400 == 0 { return length == 86_400 ? "1 day" : "\(length / 86_400) days" }
    if length % 3600 == 0 { return "\(length / 3600) h" }
    return length % 60 == 0 ? "\(length / 60) min" : "\(length) s"
}

import Timeline
import YAMLFile

/// When an event acts: `at`, and `for` or `until`; without an end to the end of the run.
enum EventTime {
    /// The steps that the time of an event touches; nil, with the reasons reported, if it cannot be read.
    static func steps(_ section: Mapping, _ horizon: Horizon?, _ zone: TimeZoneTable?) -> Range<Int>? {
        let (at, length, until) = (
            section.required("at"), section.optional("for"), section.optional("until")
        )
        if length != nil { until?.mistake("not allowed beside 'for'; an event has one end") }
        let span = length.map { $0.span() }
        guard let horizon, let zone else { return nil }
        let begin = at.flatMap { $0.instant(in: zone) }
        let end = until.map { $0.instant(in: zone) }
        guard let at, let begin, span.map({ $0 != nil }) ?? true, end.map({ $0 != nil }) ?? true,
            length == nil || until == nil
        else { return nil }
        guard begin >= horizon.start, begin < horizon.end else {
            at.mistake("\(zone.iso8601(begin)) is not within the run, \(shown(horizon, zone))")
            return nil
        }
        var last = horizon.end
        if let span = span ?? nil {
            guard let found = span.end(from: zone.civil(begin), at: begin, in: zone) else {
                length!.mistake("the end does not exist in \(zone.name), because clocks go forward")
                return nil
            }
            last = found
        } else if let end = end ?? nil {
            guard end > begin else {
                until!.mistake("the event ends at \(zone.iso8601(end)), not after its begin")
                return nil
            }
            last = end
        }
        if last > horizon.end {
            (length ?? until)!.warning(
                "the event goes on after the run, which ends \(zone.iso8601(horizon.end))")
            last = horizon.end
        }
        return steps(from: begin, to: last, horizon, (at, length ?? until))
    }

    private static func steps(
        from begin: Instant, to end: Instant, _ horizon: Horizon, _ fields: (at: Field, end: Field?)
    ) -> Range<Int> {
        let (first, last) = (begin.seconds(since: horizon.start), end.seconds(since: horizon.start))
        let range = first / horizon.step..<(last + horizon.step - 1) / horizon.step
        if first % horizon.step != 0 {
            fields.at.warning("the event acts in whole steps: from the begin of the one it begins in")
        }
        if last % horizon.step != 0 {
            fields.end?.warning("the event acts in whole steps: to the end of the one it ends in")
        }
        return range
    }

    private static func shown(_ horizon: Horizon, _ zone: TimeZoneTable) -> String {
        "from \(zone.iso8601(horizon.start)) to \(zone.iso8601(horizon.end))"
    }
}

extension Field {
    /// An instant: local time, or with its offset from UTC.
    fileprivate func instant(in zone: TimeZoneTable) -> Instant? {
        guard let text, let instants = zone.instants(written: text) else {
            return refuse("a time such as '2026-07-03T14:00'")
        }
        guard let first = instants.first else {
            mistake("\(text) does not exist in \(zone.name), because clocks go forward; choose another time")
            return nil
        }
        if instants.count > 1 {
            warning("\(text) comes twice in \(zone.name), because clocks go back; the first is meant")
        }
        return first
    }
}

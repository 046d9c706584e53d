import Foundation
import Timeline

/// Clock changes of all time zones, from the zone data of the system.
enum ZoneDatabase {
    static var names: [String] {
        Set(TimeZone.knownTimeZoneIdentifiers + ["UTC"]).sorted()
    }

    /// The changes of the zone `name`, from one year before `years` until one year after; nil if there is no
    /// such zone.
    static func table(_ name: String, years: ClosedRange<Int>) -> TimeZoneTable? {
        guard names.contains(name), let zone = TimeZone(identifier: name) else { return nil }
        let begin = CivilDate(year: years.lowerBound - 1, month: 1, day: 1)!.daysSinceEpoch * 86_400
        let end = CivilDate(year: years.upperBound + 2, month: 1, day: 1)!.daysSinceEpoch * 86_400
        var offset = zone.offset(at: begin)
        let initial = offset
        var transitions: [TimeZoneTable.Transition] = []
        for day in stride(from: begin, to: end, by: 86_400) {
            let next = zone.offset(at: day + 86_400)
            guard next != offset else { continue }
            var (before, after) = (day, day + 86_400)
            while after - before > 1 {
                let middle = (before + after) / 2
                if zone.offset(at: middle) == offset { before = middle } else { after = middle }
            }
            transitions.append(.init(at: Instant(secondsSinceEpoch: Int64(after)), offset: next))
            offset = next
        }
        return TimeZoneTable(name: name, initialOffset: initial, transitions: transitions)
    }
}

extension TimeZone {
    fileprivate func offset(at secondsSinceEpoch: Int) -> Int {
        secondsFromGMT(for: Date(timeIntervalSince1970: Double(secondsSinceEpoch)))
    }
}

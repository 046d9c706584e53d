import Foundation
import Timeline

/// Names and clock changes of all time zones, from the zone database of the system.
enum ZoneDatabase {
    /// Every name and link of the database, sorted. Where the system has no such file, the names that the
    /// Foundation library lists, which are fewer.
    static let names: [String] = {
        let file = try? String(contentsOfFile: "/usr/share/zoneinfo/tzdata.zi", encoding: .utf8)
        return Set(listed(in: file ?? "") + TimeZone.knownTimeZoneIdentifiers + ["UTC"]).sorted()
    }()

    /// The names in the compact form of the database: lines `Z NAME …` and `L TARGET NAME`. `Factory` is no
    /// zone.
    private static func listed(in text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", maxSplits: 3)
            guard words.count > 2, words[0] == "Z" || words[0] == "L" else { return nil }
            let name = words[0] == "Z" ? words[1] : words[2]
            return name == "Factory" ? nil : String(name)
        }
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

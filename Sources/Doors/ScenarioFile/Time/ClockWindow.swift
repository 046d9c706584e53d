import Timeline
import YAMLFile

/// A time of the day, from one clock time to another, perhaps over midnight.
struct ClockWindow {
    /// Seconds after midnight.
    let from, to: Int

    private static let day = 86_400

    /// Length of the window, h.
    var hours: Double { Double((to - from + Self.day) % Self.day) / 3600 }
    /// The rest of the day, h.
    var connectedHours: Double { 24 - hours }

    /// Whether each step lies within the window, as a whole, on the days that it begins on.
    func inside(_ horizon: Horizon, _ zone: TimeZoneTable, _ days: DayChoice) -> [Bool] {
        horizon.map { interval in
            let time = zone.civil(interval.start)
            let second = time.secondOfDay
            let begins = second >= from && (to <= from || second + horizon.step <= to)
            if begins { return days.contains(time.date) }
            guard to < from, second + horizon.step <= to else { return false }
            return days.contains(CivilDate(daysSinceEpoch: time.date.daysSinceEpoch - 1))
        }
    }

    /// Whether each step touches the window on the days that it begins on.
    func touching(_ horizon: Horizon, _ zone: TimeZoneTable, _ days: DayChoice) -> [Bool] {
        horizon.map { interval in
            let time = zone.civil(interval.start)
            let (first, last) = (time.secondOfDay, time.secondOfDay + horizon.step)
            if from < to { return first < to && last > from && days.contains(time.date) }
            let before = CivilDate(daysSinceEpoch: time.date.daysSinceEpoch - 1)
            return last > from && days.contains(time.date) || first < to && days.contains(before)
        }
    }
}

/// Days on which something happens.
enum DayChoice: String, CaseIterable {
    case all, workdays, weekends

    func contains(_ date: CivilDate) -> Bool {
        switch self {
        case .all: true
        case .workdays: date.weekday < 5
        case .weekends: date.weekday >= 5
        }
    }
}

extension Mapping {
    /// The key `days`; without it every day.
    func days() -> DayChoice? {
        optional("days").map { $0.choice("a choice of days", of: DayChoice.self) } ?? .all
    }

    /// Two clock times.
    func window(from first: String, to second: String) -> ClockWindow? {
        let (from, to) = (required(first), required(second))
        guard let begin = from?.clockTime(), let end = to?.clockTime() else { return nil }
        guard begin != end else {
            to?.mistake("\(second) is the same time as \(first)")
            return nil
        }
        return ClockWindow(from: begin, to: end)
    }
}

extension Field {
    /// `07:30`: seconds after midnight.
    fileprivate func clockTime() -> Int? {
        let parts = (text ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count <= 2 && $0.allSatisfy(\.isNumber) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), (0...23).contains(hour),
            (0...59).contains(minute)
        else { return refuse("a clock time such as 07:30") }
        return hour * 3600 + minute * 60
    }
}

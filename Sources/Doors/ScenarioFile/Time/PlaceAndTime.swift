import TextFile
import Timeline
import Weather
import YAMLFile

/// The sections `place` and `time`.
struct PlaceAndTime {
    let place: Place?
    let zone: TimeZoneTable?
    let horizon: Horizon?

    /// 10⁷ steps are 19 years of minutes.
    static let mostSteps = 10_000_000
    static let years = 1900...2200

    init(_ root: Mapping) {
        var zoneName: String?
        place = root.required("place")?.mapping { section in
            let latitude = section.required("latitude")?.number(in: -90...90)
            let longitude = section.required("longitude")?.number(in: -180...180)
            let elevation = section.quantity("elevation", .length, in: Bounds(-500...9000))
            zoneName = section.required("timezone")?
                .reference("time zone", in: ZoneDatabase.names.map { ($0, $0) })
            guard let latitude, let longitude, let elevation else { return nil }
            return Place(latitude: latitude, longitude: longitude, elevation: elevation)
        }
        var zone: TimeZoneTable?
        horizon = root.required("time")?.mapping { section in
            let start = section.required("start")
            let civil = start?.civilTime(years: Self.years)
            let duration = section.required("duration")
            let length = duration?.span()
            let step = section.required("step")
            let seconds = step?.stepSeconds()
            if let zoneName, let year = civil?.date.year {
                zone = ZoneDatabase.table(zoneName, years: year...year + Span.mostYears)
            }
            guard let zone, let start, let civil, let duration, let length, let step, let seconds else {
                return nil
            }
            guard let begin = zone.instant(civil) else {
                start.mistake(
                    "\(civil) does not exist in \(zone.name), because clocks go forward; choose another start"
                )
                return nil
            }
            if zone.instants(civil).count > 1 {
                start.warning(
                    "\(civil) comes twice in \(zone.name), because clocks go back; the first is meant, "
                        + zone.iso8601(begin))
            }
            guard let end = length.end(from: civil, at: begin, in: zone), end > begin else {
                duration.mistake(
                    "the end does not exist in \(zone.name), because clocks go forward; choose another duration"
                )
                return nil
            }
            return Self.horizon(from: begin, to: end, seconds, step)
        }
        self.zone = zone
        if let place, let zone, let start = horizon?.start, let field = root.optional("place") {
            Self.compare(place, zone, from: start, field)
        }
    }

    /// Warns where the sun is highest hours away from noon, by the clocks of `zone` in the year after
    /// `start`: a sign was lost, or latitude and longitude are swapped. No zone is 3.5 h away in winter;
    /// zones without a place, such as UTC, may be used anywhere.
    private static func compare(_ place: Place, _ zone: TimeZoneTable, from start: Instant, _ field: Field) {
        let hasPlace =
            zone.name.contains("/") && !["Etc/", "Antarctica/"].contains { zone.name.hasPrefix($0) }
        guard hasPlace else { return }
        let winter = (0..<12).map { zone.offset(at: start + $0 * 30 * 86_400) }.min()!
        func hoursFromNoon(_ longitude: Double) -> Double {
            (Double(winter) / 3600 - longitude / 15).remainder(dividingBy: 24)
        }
        let late = hoursFromNoon(place.longitude)
        guard abs(late) > 3.5 else { return }
        let minutes = Int((late * 60).rounded()) + 36 * 60
        let clock = CivilTime(Instant(secondsSinceEpoch: Int64(minutes * 60))).description.suffix(8).prefix(5)
        let cause =
            abs(hoursFromNoon(-place.longitude)) < 3.5
            ? "; is the sign of the longitude wrong?"
            : abs(hoursFromNoon(place.latitude)) < 3.5 ? "; are latitude and longitude swapped?" : ""
        field.warning(
            "at longitude \(shortDecimal(place.longitude)) the sun is highest at \(clock) by the clocks of "
                + "\(zone.name)\(cause)")
    }

    private static func horizon(from begin: Instant, to end: Instant, _ step: Int, _ field: Field) -> Horizon?
    {
        let seconds = end.seconds(since: begin)
        guard seconds % step == 0 else {
            field.mistake("the duration, \(seconds) s, must be a whole number of steps")
            return nil
        }
        guard seconds / step <= mostSteps else {
            field.mistake("the scenario has \(seconds / step) steps; at most \(mostSteps) are allowed")
            return nil
        }
        return Horizon(start: begin, step: step, count: seconds / step)
    }
}

/// A length of time: months and years by the calendar, days by local clocks.
struct Span {
    enum Unit: CaseIterable {
        case second, minute, hour, day, week, month, year

        var words: [String] {
            switch self {
            case .second: ["s"]
            case .minute: ["min"]
            case .hour: ["h"]
            case .day: ["day", "days"]
            case .week: ["week", "weeks"]
            case .month: ["month", "months"]
            case .year: ["year", "years"]
            }
        }

        /// Nil for units whose length depends on the calendar.
        var seconds: Int? {
            switch self {
            case .second: 1
            case .minute: 60
            case .hour: 3600
            default: nil
            }
        }
    }

    static let mostYears = 100
    let count: Int
    let unit: Unit

    /// The end of this span from local time `civil`, which is the instant `begin`; nil if that local time
    /// does not exist.
    func end(from civil: CivilTime, at begin: Instant, in zone: TimeZoneTable) -> Instant? {
        if let seconds = unit.seconds { return begin + count * seconds }
        let date = civil.date
        let end: CivilDate?
        switch unit {
        case .day: end = CivilDate(daysSinceEpoch: date.daysSinceEpoch + count)
        case .week: end = CivilDate(daysSinceEpoch: date.daysSinceEpoch + 7 * count)
        default:
            let months = date.year * 12 + date.month - 1 + count * (unit == .year ? 12 : 1)
            let (year, month) = (months / 12, months % 12 + 1)
            let day = min(date.day, CivilDate.days(inMonth: month, year: year))
            end = CivilDate(year: year, month: month, day: day)
        }
        return end.flatMap { zone.instant(CivilTime(date: $0, secondOfDay: civil.secondOfDay)) }
    }
}

extension Field {
    /// A local time such as `2026-07-03` or `2026-07-03T14:00`.
    func civilTime(years: ClosedRange<Int>) -> CivilTime? {
        guard let text, let time = CivilTime(iso8601: text) else {
            return refuse("a date such as '2026-07-03' or '2026-07-03T14:00'")
        }
        guard years.contains(time.date.year) else {
            mistake("\(text) is not between the years \(years.lowerBound) and \(years.upperBound)")
            return nil
        }
        return time
    }

    /// A duration such as `30 min`, `1 day`, `3 months`: a whole number of one unit, at most 100 years.
    func span() -> Span? {
        let units = Span.Unit.allCases.flatMap(\.words)
        guard let text, let number = NumberWithUnit(text) else {
            return refuse("a duration such as '1 year'")
        }
        guard !number.unit.isEmpty else {
            mistake("\(quoted(text)) has no unit; a duration is written in \(units.joined(separator: ", "))")
            return nil
        }
        guard let unit = Span.Unit.allCases.first(where: { $0.words.contains(String(number.unit)) }) else {
            mistake(QuantityKind.duration.explainUnit(String(number.unit), allowed: units))
            return nil
        }
        guard number.value > 0, number.value == number.value.rounded(), number.value <= 4e9 else {
            return refuse("a whole number of \(unit.words.last!), at least 1")
        }
        let span = Span(count: Int(number.value), unit: unit)
        guard span.years <= Double(Span.mostYears) else {
            mistake("\(text) is more than \(Span.mostYears) years")
            return nil
        }
        return span
    }

    /// A step: whole seconds, at most a day, and a whole number of steps a day or of days a step.
    fileprivate func stepSeconds() -> Int? {
        guard let value = quantity(.duration, in: .positive) else { return nil }
        let seconds = Int(value.rounded())
        guard value == Double(seconds), seconds <= 86_400, 86_400 % seconds == 0 else {
            return refuse("a step that divides a day into whole seconds, such as '15 min' or '1 h'")
        }
        return seconds
    }
}

extension Span {
    fileprivate var years: Double {
        let seconds: Double =
            switch unit {
            case .day: 86_400
            case .week: 7 * 86_400
            case .month: 30 * 86_400
            case .year: 365 * 86_400
            default: Double(unit.seconds ?? 1)
            }
        return Double(count) * seconds / (365 * 86_400)
    }
}

import Glibc
public import TextFile
public import Timeline
public import Weather

// Three checks of a file against the place of a scenario. The header is compared with it. Light in hours in
// which the sun does not rise above the horizon is summed. And the direct light shows how high the sun stood,
// for global horizontal = diffuse + direct normal · cos(zenith): the shift of time at which this holds best,
// by least squares, is that of the labels. Files that are right show a shift of at most 20 minutes.

extension HourlyWeather {
    /// Warnings where the file contradicts `place`, the place of the scenario, or the clocks of `zone` in the
    /// year after `start`; empty for a file that fits.
    public func contradictions(
        to place: Place, zone: TimeZoneTable, from start: Instant
    ) -> [FileMistake] {
        let light = lightAgainstSun(at: place)
        let messages = [headerWarning(place), zoneWarning(zone, start)].compactMap { $0.map { (1, $0) } }
        let warnings = messages + [light].compactMap { $0.map { (0, $0) } }
        return warnings.map { FileMistake(severity: .warning, file: file, line: $0.0, message: $0.1) }
    }

    // MARK: The header

    /// Farther apart than this, km, or higher, m, the weather is that of another place.
    private static let farthest = 50.0
    private static let highest = 300.0

    private func headerWarning(_ place: Place) -> String? {
        let distance = self.place.distance(to: place)
        let rise = abs(self.place.elevation - place.elevation)
        guard distance > Self.farthest || rise > Self.highest else { return nil }
        let mirrored = [
            ("the sign of the longitude differs", Place(place.latitude, -place.longitude)),
            ("the sign of the latitude differs", Place(-place.latitude, place.longitude)),
            ("latitude and longitude are swapped", Place(place.longitude, place.latitude)),
        ]
        let cause =
            mirrored.first { self.place.distance(to: $0.1) <= Self.farthest }
            .map { ": \($0.0)" } ?? ""
        let apart =
            distance > Self.farthest
            ? "\(Int(distance.rounded())) km" : "\(Int(rise.rounded())) m of elevation"
        return "the file is of \(self.place.text), the scenario of \(place.text), \(apart) apart\(cause); "
            + "the sun is reckoned for the scenario's place"
    }

    private func zoneWarning(_ zone: TimeZoneTable, _ start: Instant) -> String? {
        let clocks = Set((0..<12).map { zone.offset(at: start + $0 * 30 * 86_400) })
        guard utcOffset != 0, !clocks.contains(utcOffset) else { return nil }
        return "the hours of the file are read as UTC\(Self.offsetText(utcOffset)), as its header says, "
            + "but \(zone.name) has UTC\(clocks.sorted().map(Self.offsetText).joined(separator: " and "))"
    }

    private static func offsetText(_ seconds: Int) -> String {
        let minutes = abs(seconds) / 60
        let clock = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return (seconds < 0 ? "-" : "+") + clock.joined(separator: ":")
    }

    // MARK: The light

    private func lightAgainstSun(at place: Place) -> String? {
        var (sum, dark, dropped) = (0.0, 0.0, 0.0)
        var fit = ShiftFit()
        for (begin, light) in litHours {
            let path = SunPath(at: place, begin)
            sum += light.globalHorizontal
            if path.highest < sin(radians(-0.833)) { dark += light.globalHorizontal }
            if path.highest < sin(radians(-Self.twilight)) { dropped += light.globalHorizontal }
            fit.add(light, path)
        }
        let share = { (part: Double) in (sum > 0 ? part / sum * 1000 : 0).rounded() / 10 }
        let read = "read as UTC\(Self.offsetText(utcOffset))"
        let rest =
            share(dropped) > 0
            ? ". Light with the sun more than \(Int(Self.twilight)) degrees below the horizon, "
                + "\(share(dropped)) %, is left out" : ""
        if share(dark) <= 1, let minutes = fit.minutes, abs(minutes) >= 25 {
            return
                "the direct light is that of the sun \(abs(minutes)) min \(minutes > 0 ? "later" : "earlier") "
                + "than the file's hours say, \(read) and labelled by their end; check the time zone of its "
                + "header and how its hours are labelled\(rest)"
        }
        guard share(dark) > 1 || share(dropped) > 0 else { return nil }
        return
            "\(share(dark)) % of the year's light (\(Self.kilo(dark)) of \(Self.kilo(sum)) kWh/m2) falls in "
            + "hours without sun at the scenario's place, \(place.text), with the file's hours \(read); "
            + "check place and time zone\(rest)"
    }

    /// Angle of the sun below the horizon, degrees, from which light is left out: the end of civil twilight.
    static let twilight = 6.0

    private static func kilo(_ value: Double) -> String { "\(Int((value / 1000).rounded()))" }

    /// Begin and light of every hour with light, in the year 2001.
    private var litHours: [(Instant, Irradiance)] {
        (0..<365).flatMap { day in
            let date = CivilDate(
                daysSinceEpoch: CivilDate(year: 2001, month: 1, day: 1)!.daysSinceEpoch + day)
            return (0..<24).compactMap { hour -> (Instant, Irradiance)? in
                guard let light = record(month: date.month, day: date.day, hour: hour)?.light,
                    light.globalHorizontal > 0
                else { return nil }
                return (CivilTime(date: date, secondOfDay: hour * 3600).instant(offset: utcOffset), light)
            }
        }
    }
}

extension Place {
    fileprivate init(_ latitude: Double, _ longitude: Double) {
        self.init(latitude: latitude, longitude: longitude, elevation: 0)
    }

    /// `36.1, -79.95 (273 m)`.
    fileprivate var text: String {
        "\(latitude), \(longitude) (\(Int(elevation.rounded())) m)"
    }

    /// Along the great circle (haversine), km.
    fileprivate func distance(to other: Place) -> Double {
        let (a, b) = (radians(latitude), radians(other.latitude))
        let across: Double = sin((b - a) / 2)
        let along: Double = sin(radians(other.longitude - longitude) / 2)
        let half: Double = across * across + cos(a) * cos(b) * along * along
        return 2 * 6371.0 * asin(min(1, half.squareRoot()))
    }
}

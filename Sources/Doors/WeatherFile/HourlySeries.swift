public import TextFile
public import Timeline
public import Weather

// From hours to steps of any length. Each hour is cut into twelve cells of five minutes; a step's value is
// the mean of the cells it covers, by length, so what falls in an hour is kept whatever the steps are. Light
// follows the clear sky's course within its hour: cell = hour × clear(cell) / mean of clear. Where the hour
// has more than 1.5 times the clear sky's light, which only a sun at the horizon does, it is held even.
// Temperature, wind and pressure run straight from one hour's end to the next.

extension HourlyWeather {
    /// The file's weather in the years of `horizon`, by month, day and hour of local standard time; 29
    /// February repeats the 28th where the file has none. Throws when the file lacks hours that the horizon
    /// needs.
    ///
    /// - Parameters:
    ///   - place: where the sun is reckoned; nil: the file's.
    ///   - riverFlow: m³/s, one a step; nil: no river.
    public func series(
        over horizon: Horizon, place: Place? = nil, riverFlow: [Double]? = nil
    ) throws(FileMistakes) -> WeatherSeries {
        precondition(riverFlow.map { $0.count == horizon.count } ?? true)
        let place = place ?? self.place
        let cells = try cells(over: horizon, place)
        let first = firstHour(horizon)
        let conditions = horizon.indices.map { step in
            let interval = horizon[step]
            let mean = Self.mean(cells, from: interval.start.seconds(since: first), seconds: interval.seconds)
            let middle = interval.start + interval.seconds / 2
            return Conditions(
                globalHorizontal: mean.light.x, directNormal: mean.light.y, diffuseHorizontal: mean.light.z,
                extraterrestrial: Atmosphere.extraterrestrial(at: middle), airTemperature: mean.air.x,
                windSpeed: mean.air.y, pressure: mean.air.z, riverFlow: riverFlow?[step] ?? 0,
                sun: place.sun(at: middle, pressure: mean.air.z, temperature: mean.air.x))
        }
        return WeatherSeries(place: place, horizon: horizon, windHeight: windHeight, conditions: conditions)
    }

    private struct Cell {
        /// Global, direct, diffuse.
        var light = SIMD3<Double>.zero
        /// Temperature, wind, pressure.
        var air = SIMD3<Double>.zero
    }

    private static let cellLength = 300

    private func firstHour(_ horizon: Horizon) -> Instant {
        horizon.start - CivilTime(horizon.start, offset: utcOffset).secondOfDay % 3600
    }

    private func cells(over horizon: Horizon, _ place: Place) throws(FileMistakes) -> [Cell] {
        let first = firstHour(horizon)
        let count = (horizon.end.seconds(since: first) + 3599) / 3600
        let hours = (0..<count).map { first + 3600 * $0 }
        let missing = hours.filter { record($0) == nil }
        if let hour = missing.first {
            let clock = CivilTime(hour, offset: utcOffset)
            let rest = missing.count == 1 ? "" : " and \(missing.count - 1) more that the horizon needs"
            throw FileMistakes([FileMistake(file: file, message: "has no hour from \(clock) on\(rest)")])
        }
        var cells: [Cell] = []
        cells.reserveCapacity(12 * count)
        for hour in hours {
            let record = record(hour)!
            let before = self.record(hour - 3600) ?? record
            let light = light(record, hour, place)
            for i in 0..<12 {
                let late = (Double(i) + 0.5) / 12
                cells.append(Cell(light: light[i], air: before.air * (1 - late) + record.air * late))
            }
        }
        return cells
    }

    private func record(_ hour: Instant) -> Record? {
        let clock = CivilTime(hour, offset: utcOffset)
        return record(month: clock.date.month, day: clock.date.day, hour: clock.hour)
    }

    private func light(_ record: Record, _ hour: Instant, _ place: Place) -> [SIMD3<Double>] {
        let light = record.light
        let even = SIMD3(light.globalHorizontal, light.directNormal, light.diffuseHorizontal)
        guard even != .zero else { return Array(repeating: even, count: 12) }
        let clear = (0..<12).map { i in
            let middle = hour + Self.cellLength * i + Self.cellLength / 2
            let sky = Irradiance.clearSky(
                apparentZenith: place.sun(at: middle).apparentZenith, turbidity: 3,
                elevation: place.elevation,
                pressure: record.pressure, extraterrestrial: Atmosphere.extraterrestrial(at: middle))
            return SIMD2(sky.globalHorizontal, sky.directNormal)
        }
        let mean = clear.reduce(.zero, +) / 12
        guard even.x <= 1.5 * mean.x, mean.y > 0 else { return Array(repeating: even, count: 12) }
        return clear.map { even * SIMD3($0.x / mean.x, $0.y / mean.y, $0.x / mean.x) }
    }

    /// Over `seconds` from `start` seconds after the first cell.
    private static func mean(_ cells: [Cell], from start: Int, seconds: Int) -> Cell {
        var sum = Cell()
        let end = start + seconds
        for i in (start / cellLength)...((end - 1) / cellLength) {
            let overlap = Double(min(end, (i + 1) * cellLength) - max(start, i * cellLength))
            sum.light += cells[i].light * overlap
            sum.air += cells[i].air * overlap
        }
        return Cell(light: sum.light / Double(seconds), air: sum.air / Double(seconds))
    }
}

extension HourlyWeather.Record {
    fileprivate var air: SIMD3<Double> { SIMD3(airTemperature, windSpeed, pressure) }
}

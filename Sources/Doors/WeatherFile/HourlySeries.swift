public import TextFile
public import Timeline
public import Weather

// From hours to steps of any length. Each hour is cut into twelve cells of five minutes. The value of a step
// is the mean of the cells it covers, weighted by length, so steps of any length keep the hour's energy.
// Within an hour, irradiance follows the clear sky: cell = hour × clear(cell) / mean of clear. If the hour
// has more than 1.5 times the irradiance of the clear sky, which happens only with the sun at the horizon, it
// is constant. In an hour in which the sun stays below the end of civil twilight there is no light: the file
// is then of another place or another time, which `contradictions` tells. Temperature, wind and pressure are
// interpolated linearly between the ends of the hours.

extension HourlyWeather {
    /// The weather of the file in each step of `horizon`, by month, day and hour of local standard time. 29
    /// February repeats the 28th if the file does not have it. Throws if hours of the horizon are missing.
    ///
    /// - Parameters:
    ///   - place: the place for the position of the sun; nil: that of the file.
    ///   - riverFlow: the river's flow, m³/s, one value a step; nil: no river.
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
        /// Global horizontal, direct normal, diffuse horizontal irradiance, W/m².
        var light = SIMD3<Double>.zero
        /// Temperature, °C; wind, m/s; pressure, Pa.
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
            let rest =
                missing.count == 1 ? "" : ", and so are \(missing.count - 1) more hours of the scenario"
            throw FileMistakes([
                FileMistake(file: file, message: "the hour from \(clock) is missing\(rest)")
            ])
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
        let middles = (0..<12).map { hour + Self.cellLength * $0 + Self.cellLength / 2 }
        let zeniths = middles.map { place.sun(at: $0).apparentZenith }
        guard zeniths.min()! <= 90 + Self.twilight else { return Array(repeating: .zero, count: 12) }
        let clear = zip(middles, zeniths).map { middle, zenith in
            let sky = Irradiance.clearSky(
                apparentZenith: zenith, turbidity: 3,
                elevation: place.elevation,
                pressure: record.pressure, extraterrestrial: Atmosphere.extraterrestrial(at: middle))
            return SIMD2(sky.globalHorizontal, sky.directNormal)
        }
        let mean = clear.reduce(.zero, +) / 12
        guard even.x <= 1.5 * mean.x, mean.y > 0 else { return Array(repeating: even, count: 12) }
        return clear.map { even * SIMD3($0.x / mean.x, $0.y / mean.y, $0.x / mean.x) }
    }

    /// The mean over `seconds`, which begin `start` seconds after the first cell.
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

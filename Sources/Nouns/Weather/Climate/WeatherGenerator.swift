import Glibc
import Randomness
public import Timeline

// A typical year, drawn from a climatology. Every quantity is correlated noise, shaped by the numbers of the
// month: irradiance is clear sky (Ineichen) × clear-sky index; wind is the Weibull quantile of a Gaussian;
// temperature is month + hour of the day + anomaly; river flow is base flow + floods. Months are drawn whole.
// The deviation of a month's mean from the climatology is removed: exactly for irradiance, by factors
// between the middles of the months for the others. So any part of a horizon, at any step, has the same
// weather, and a year has the means of the climatology. Steps shorter than a quarter of an hour have clouds
// that pass (PassingClouds.swift), within the means of the quarters.

extension WeatherSeries {
    /// Creates a typical year's weather for `place`, drawn from `climatology`. The same seed gives the same
    /// weather at the same instant, whatever the horizon.
    public init(climatology: Climatology, place: Place, horizon: Horizon, seed: UInt64) {
        let generator = WeatherGenerator(climatology, place, horizon, seed: seed)
        self.init(
            place: place, horizon: horizon, windHeight: climatology.windHeight,
            conditions: horizon.map { generator.conditions($0) })
    }
}

struct WeatherGenerator {
    enum Purpose: UInt32 {
        case day, cloud, spell, gust, warmth, storm, passage, breaks
    }

    static func stream(_ purpose: Purpose, _ seed: UInt64) -> RandomStream {
        RandomStream(seed: seed, entity: 0x7765_6174, purpose: purpose.rawValue)
    }

    private let climatology: Climatology
    private let place: Place
    private let pressure: Double
    private let clock: MonthClock
    private let firstMonth: Int
    private let clouds: CloudCover
    private let spell: GaussianNoise
    private let gust: GaussianNoise
    private let warmth: GaussianNoise
    private let floods: Floods
    /// Nil for steps of a quarter of an hour and longer.
    private var passing: PassingClouds?
    /// Cloudiness and factors by month from `firstMonth`.
    private var cloudiness: [Double] = []
    private var windFactors: [Double] = []
    private var riverFactors: [Double] = []
    private var warmthFactors: [Double] = []

    init(_ climatology: Climatology, _ place: Place, _ horizon: Horizon, seed: UInt64) {
        self.climatology = climatology
        self.place = place
        pressure = Atmosphere.pressure(elevation: place.elevation)
        clock = MonthClock(longitude: place.longitude)
        let ends = (Double(horizon.start.secondsSinceEpoch), Double(horizon.end.secondsSinceEpoch))
        firstMonth = clock.month(ends.0) - 1 - MonthlyMeans.reach
        let lastMonth = clock.month(ends.1) + 1 + MonthlyMeans.reach
        let range = clock.start(firstMonth)...clock.start(lastMonth + 1)
        clouds = CloudCover(seed: seed, over: range)
        spell = GaussianNoise(
            Self.stream(.spell, seed), spacing: 3600, correlationTime: 15 * 3600, over: range)
        gust = GaussianNoise(Self.stream(.gust, seed), spacing: 900, correlationTime: 3600, over: range)
        warmth = GaussianNoise(
            Self.stream(.warmth, seed), spacing: 3600, correlationTime: 48 * 3600, over: range)
        floods = Floods(Self.stream(.storm, seed), over: range)
        correct(firstMonth...lastMonth)
        let asked = clock.month(ends.0)...clock.month(ends.1)
        cloudiness = (firstMonth...lastMonth).map { asked.contains($0) ? solvedCloudiness($0) : 0 }
        guard Double(horizon.step) < PassingClouds.block else { return }
        passing = PassingClouds(seed: seed, over: ends.0...ends.1) {
            [clouds, clock, cloudiness, firstMonth] time in
            let month = min(max(clock.month(time) - firstMonth, 0), cloudiness.count - 1)
            return clouds.index(time, a: cloudiness[month])
        }
    }

    /// Returns the means over `interval`, from samples at most a quarter of an hour apart.
    func conditions(_ interval: Interval) -> Conditions {
        let middle = interval.start + interval.seconds / 2
        let sun = place.sun(at: middle, pressure: pressure)
        let count = max(1, (interval.seconds + 899) / 900)
        let spacing = Double(interval.seconds) / Double(count)
        var (global, temperature, wind, river) = (0.0, 0.0, 0.0, 0.0)
        for i in 0..<count {
            let time = Double(interval.start.secondsSinceEpoch) + (Double(i) + 0.5) * spacing
            let at = clock.place(time)
            let clear = clearSky(time, at, sun: count == 1 ? sun : nil)
            if clear > 0 {
                global +=
                    clear
                    * (passing?.mean(from: time - spacing / 2, to: time + spacing / 2)
                        ?? clouds.index(time, a: cloudiness[clock.month(time) - firstMonth]))
            }
            temperature += rawTemperature(time, at) * at.between { warmthFactors[$0 - firstMonth] }
            wind += rawWind(time, at) * at.between { windFactors[$0 - firstMonth] }
            river += rawRiver(time, at) * at.between { riverFactors[$0 - firstMonth] }
        }
        let extraterrestrial = Atmosphere.extraterrestrial(at: middle)
        let light = Irradiance.erbs(
            global: global / Double(count), zenith: sun.apparentZenith, extraterrestrial: extraterrestrial)
        return Conditions(
            globalHorizontal: light.globalHorizontal, directNormal: light.directNormal,
            diffuseHorizontal: light.diffuseHorizontal, extraterrestrial: extraterrestrial,
            airTemperature: temperature / Double(count) - 273.15, windSpeed: wind / Double(count),
            pressure: pressure,
            riverFlow: river / Double(count), sun: sun)
    }

    /// Returns the global horizontal irradiance without clouds, W/m².
    private func clearSky(_ time: Double, _ at: MonthClock.Place, sun: SolarPosition? = nil) -> Double {
        let instant = Instant(secondsSinceEpoch: Int64(time))
        let sun = sun ?? place.sun(at: instant, pressure: pressure)
        guard sun.apparentZenith < 90 else { return 0 }
        return Irradiance.clearSky(
            apparentZenith: sun.apparentZenith, turbidity: climatology.value(\.turbidity, at: at),
            elevation: place.elevation, pressure: pressure,
            extraterrestrial: Atmosphere.extraterrestrial(at: instant)
        ).globalHorizontal
    }

    /// Returns the temperature before correction, K; the warmest hour is three hours after noon.
    private func rawTemperature(_ time: Double, _ at: MonthClock.Place) -> Double {
        let swing = climatology.value(\.temperatureRange, at: at) / 2
        return 273.15 + climatology.value(\.temperature, at: at)
            + swing * cos(2 * .pi * (clock.hour(time) - 15) / 24) + 2.5 * warmth(time)
    }

    private func rawWind(_ time: Double, _ at: MonthClock.Place) -> Double {
        let shape = climatology.value(\.windShape, at: at)
        let scale = climatology.value(\.windSpeed, at: at) / tgamma(1 + 1 / shape)
        let noise = 0.85.squareRoot() * spell(time) + 0.15.squareRoot() * gust(time)
        return scale * pow(-log(StandardNormal.cumulative(-noise)), 1 / shape)
    }

    private func rawRiver(_ time: Double, _ at: MonthClock.Place) -> Double {
        let share = climatology.value(\.floodShare, at: at)
        return climatology.value(\.riverFlow, at: at) * (1 - share + share * floods(time))
    }

    /// Computes the factors of wind, river and temperature from hourly samples.
    private mutating func correct(_ months: ClosedRange<Int>) {
        var (wind, river, warmth) = (MonthlyMeans(), MonthlyMeans(), MonthlyMeans())
        for month in months {
            let usual = climatology.months[MonthClock.monthOfYear(month)]
            let times = Array(stride(from: clock.start(month) + 1800, to: clock.start(month + 1), by: 3600))
            let places = times.map(clock.place)
            let samples = Array(zip(times, places))
            wind.add(samples.map(rawWind), at: places, month: month, mean: usual.windSpeed)
            river.add(samples.map(rawRiver), at: places, month: month, mean: usual.riverFlow)
            warmth.add(
                samples.map(rawTemperature), at: places, month: month, mean: 273.15 + usual.temperature)
        }
        windFactors = wind.factors()
        riverFactors = river.factors()
        warmthFactors = warmth.factors()
    }

    /// Returns the cloudiness of a month, from half-hourly samples of the whole month.
    private func solvedCloudiness(_ month: Int) -> Double {
        let start = clock.start(month)
        let count = Int((clock.start(month + 1) - start) / 1800)
        let clear = (0..<count).map { i in
            let time = start + (Double(i) + 0.5) * 1800
            return clearSky(time, clock.place(time))
        }
        let mean = climatology.months[MonthClock.monthOfYear(month)].globalHorizontal / 24
        return clouds.cloudiness(start: start, spacing: 1800, clear: clear, mean: mean)
    }
}

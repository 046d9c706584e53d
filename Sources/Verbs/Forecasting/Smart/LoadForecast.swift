import Glibc
import Grid
import Timeline

/// Kind of day and time of day of every step, by the local clock.
struct DayTypes {
    /// Monday to Friday, Saturday, Sunday; holidays are as Sundays.
    static let count = 3

    let slots: Int
    /// kind · `slots` + time of day in steps, by step.
    let places: [Int32]

    init(_ horizon: Horizon, in zone: TimeZoneTable, holidays: Set<CivilDate>) {
        let slots = (86_400 + horizon.step - 1) / horizon.step
        self.slots = slots
        places = horizon.map { interval in
            let time = zone.civil(interval.start)
            let kind = holidays.contains(time.date) ? 2 : max(0, time.date.weekday - 4)
            return Int32(kind * slots + time.secondOfDay / horizon.step)
        }
    }
}

// A load is forecast by the last day of its kind (a working day, a Saturday, a Sunday or holiday) at the same
// time of day, B(j), times how far the last hour was from its own:
//
//     P̂(j) = B(j) · (1 + d e^(−h/2 h)),   d = Σ P / Σ B − 1 over the last hour, at most 1.
//
// Until a kind of day was measured, B is what the load's shape expects where the load has one. Elsewhere it
// is the last day of any kind, and before the first day is over the power of the last hour, at first the
// first reading; d then counts no step of such a day.

struct LoadForecast {
    private let slots: Int
    /// B by kind and time of day.
    private var base: [Double]
    private var isKnown: [Bool]
    /// Whether B is the load's own at every time of day.
    private var isWhole: Bool
    /// Power and B of the last hour, by step modulo its steps.
    private var hour: [(power: Double, base: Double)]
    private var step = 0
    /// e^(−Δ/2 h).
    private let kept: Double

    private static let memory = 2 * 3600.0

    init(_ device: ForecastSite.Device, _ days: DayTypes, step: Int) {
        slots = days.slots
        base = Array(repeating: device.first.value, count: DayTypes.count * slots)
        isKnown = Array(repeating: false, count: base.count)
        for (place, power) in zip(days.places, device.expected) where !isKnown[Int(place)] {
            base[Int(place)] = power.value
            isKnown[Int(place)] = true
        }
        isWhole = device.expected.count >= slots
        hour = Array(repeating: (0, 0), count: Block(step: step).steps)
        kept = exp(-Double(step) / Self.memory)
    }

    mutating func measure(_ measured: ArraySlice<Power>, _ days: DayTypes) {
        for power in measured {
            let place = Int(days.places[step])
            hour[step % hour.count] = (power.value, isKnown[place] ? base[place] : power.value)
            base[place] = power.value
            isKnown[place] = true
            let slot = place % slots
            for other in stride(from: slot, to: base.count, by: slots) where !isKnown[other] {
                base[other] = power.value
            }
            step += 1
        }
        if !isWhole { fillFirstDay() }
    }

    /// Puts the power of the last hour where no day has been measured.
    private mutating func fillFirstDay() {
        let mean = hour.reduce(0) { $0 + $1.power } / Double(min(step, hour.count))
        var count = 0
        for slot in 0..<slots {
            let places = stride(from: slot, to: base.count, by: slots)
            guard !places.contains(where: { isKnown[$0] }) else { continue }
            for place in places { base[place] = mean }
            count += 1
        }
        isWhole = count == 0
    }

    private var deviation: Double {
        var (power, base) = (0.0, 0.0)
        for one in hour {
            power += one.power
            base += one.base
        }
        return base > 0 ? min(1, power / base - 1) : 0
    }

    func forecast(over steps: Range<Int>, _ days: DayTypes) -> [Power] {
        var deviation = deviation
        return steps.map { step in
            deviation *= kept
            return Power(base[Int(days.places[step])] * (1 + deviation))
        }
    }
}

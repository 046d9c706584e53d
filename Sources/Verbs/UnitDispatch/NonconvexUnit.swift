import Glibc
public import Grid

/// Generating unit that runs, for one period, with a nonconvex cost or range of power.
public struct NonconvexUnit: Hashable, Sendable {
    /// Valve-point effect: the steam valves of a turbine open one after another, which adds |amplitude ·
    /// sin(frequency·(minimum power − p))| to the cost (Walters & Sheblé, IEEE Trans. Power Systems 8 (1993)
    /// 1325–1332).
    public struct ValvePoints: Hashable, Sendable {
        /// Amplitude, money/h.
        public let amplitude: Double
        /// Frequency, rad/W, above zero.
        public let frequency: Double

        /// Creates a valve-point effect. Preconditions: `amplitude` ≥ 0 and `frequency` > 0.
        public init(amplitude: Double, frequency: Double) {
            precondition(amplitude >= 0 && frequency > 0)
            self.amplitude = amplitude
            self.frequency = frequency
        }
    }

    /// Minimum and maximum power; the first valve opens at the minimum.
    public let limits: ClosedRange<Power>
    /// Cost without the valve-point effect; convex.
    public let cost: CostCurve
    /// Valve-point effect; nil where the unit has none.
    public let valves: ValvePoints?
    /// Range within the ramp limits from the power before; nil: the full range.
    public let window: ClosedRange<Power>?
    /// Prohibited operating zones; their ends are allowed.
    public let prohibited: [ClosedRange<Power>]

    /// Creates a unit.
    public init(
        limits: ClosedRange<Power>, cost: CostCurve, valves: ValvePoints? = nil,
        window: ClosedRange<Power>? = nil, prohibited: [ClosedRange<Power>] = []
    ) {
        self.limits = limits
        self.cost = cost
        self.valves = valves
        self.window = window
        self.prohibited = prohibited
    }

    /// Returns the cost, money/h, at a power in W.
    public func cost(at power: Double) -> Double {
        cost.cost(at: power) + ripple(at: power)
    }

    func ripple(at power: Double) -> Double {
        guard let valves else { return 0 }
        return abs(valves.amplitude * sin(valves.frequency * (limits.lowerBound.value - power)))
    }

    /// Slope and curvature of the cost inside a range between two valve points; at the end of a linear piece,
    /// the slope above it.
    func derivatives(at power: Double) -> (Double, Double) {
        var (slope, curvature) = cost.derivatives(at: power)
        if let valves {
            let angle = valves.frequency * (power - limits.lowerBound.value)
            let sign = sin(angle) < 0 ? -1.0 : 1
            let bend = sign * valves.amplitude * valves.frequency
            slope += bend * cos(angle)
            curvature -= bend * valves.frequency * sin(angle)
        }
        return (slope, curvature)
    }

    /// Ranges in which the unit may run, ascending: its limits, within the window, without the prohibited
    /// zones. A single point is a range; empty where nothing is left.
    public var allowed: [ClosedRange<Power>] {
        let low = max(limits.lowerBound, window?.lowerBound ?? limits.lowerBound)
        let high = min(limits.upperBound, window?.upperBound ?? limits.upperBound)
        guard low <= high, low.value.isFinite, high.value.isFinite else { return [] }
        var allowed: [ClosedRange<Power>] = []
        var from = low
        for zone in prohibited.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            let (begin, end) = (zone.lowerBound, zone.upperBound)
            guard end > from, begin < end else { continue }
            if begin >= from { allowed.append(from...min(begin, high)) }
            from = end
            if from > high { break }
        }
        if from <= high { allowed.append(from...high) }
        return allowed
    }

    /// The allowed ranges in W, cut also where a valve opens.
    var stretches: [ClosedRange<Double>] {
        allowed.flatMap { cut($0.lowerBound.value...$0.upperBound.value) }
    }

    private func cut(_ range: ClosedRange<Double>) -> [ClosedRange<Double>] {
        guard let valves, valves.amplitude > 0 else { return [range] }
        let width = Double.pi / valves.frequency
        let origin = limits.lowerBound.value
        var from = range.lowerBound
        var stretches: [ClosedRange<Double>] = []
        var k = ((from - origin) / width).rounded(.down) + 1
        while origin + k * width < range.upperBound {
            let kink = origin + k * width
            if kink > from { stretches.append(from...kink) }
            from = max(from, kink)
            k += 1
        }
        return stretches + [from...range.upperBound]
    }
}

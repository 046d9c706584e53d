public import Grid

/// The charge for the highest mean import of a billing month (需量电价), as far as a plan can still change it.
///
/// A plan pays for what it adds above the peak metered so far. Where the horizon covers only a part of a
/// month, `price` says how much of the charge that part bears.
public struct DemandCharge: Hashable, Sendable {
    /// The steps of one billing month within the horizon.
    public struct Month: Hashable, Sendable {
        /// First step of the month within the horizon; 0 for the first month.
        public let first: Int
        /// Charge, yuan per W of peak.
        public let price: Double
        /// Highest mean import metered before the horizon; zero for a later month.
        public let soFar: Power

        /// Creates a month from its first step, its price and the peak so far.
        public init(first: Int, price: Double, soFar: Power = .zero) {
            self.first = first
            self.price = price
            self.soFar = soFar
        }
    }

    /// A step's part in one interval of the meter.
    public struct Part: Hashable, Sendable {
        /// Number of the interval; steps of the same interval share its mean.
        public let interval: Int
        /// Time of the step in the interval, divided by all metered time of the interval.
        public let share: Double

        /// Creates the part of a step in an interval.
        public init(interval: Int, share: Double) {
            self.interval = interval
            self.share = share
        }
    }

    /// Place of the grid connection's offer. What it gives is import.
    public let offer: Int
    /// Billing months within the horizon, in order; at least one.
    public let months: [Month]
    /// By step the intervals of the meter that it overlaps, in order: the one under way at its begin, one
    /// that it fills, and the one under way at its end, or fewer of them. Empty where every step is an
    /// interval of its own.
    public let parts: [[Part]]
    /// Import metered before the horizon in the first interval, as its part of that interval's mean.
    public let begun: Power

    /// Creates a charge on the imports of an offer.
    public init(offer: Int, months: [Month], parts: [[Part]] = [], begun: Power = .zero) {
        precondition(months.first?.first == 0 && parts.allSatisfy { (1...3).contains($0.count) })
        self.offer = offer
        self.months = months
        self.parts = parts
        self.begun = begun
    }

    /// Whether the interval under way at the begin of `step` also has the step before, or what was metered
    /// before the horizon.
    @inlinable public func meanContinues(at step: Int) -> Bool {
        guard !parts.isEmpty else { return false }
        return step == 0 ? begun > .zero : parts[step - 1].last!.interval == parts[step][0].interval
    }

    /// Returns the peak of each month, W, when `imports(step)` W are imported in each step.
    public func peaks(of imports: (Int) -> Double, steps: Int) -> [Double] {
        var peaks = months.map(\.soFar.value)
        var (mean, month) = (begun.value, 0)
        for step in 0..<steps {
            if !meanContinues(at: step) { mean = 0 }
            if month + 1 < months.count, months[month + 1].first == step { month += 1 }
            let power = max(imports(step), 0)
            guard !parts.isEmpty else {
                peaks[month] = max(peaks[month], power)
                continue
            }
            for (k, part) in parts[step].enumerated() {
                mean = (k == 0 ? mean : 0) + part.share * power
                peaks[month] = max(peaks[month], mean)
            }
        }
        return peaks
    }

    /// Returns the charge for what `peaks`, W, lie above the peaks so far, yuan.
    public func cost(_ peaks: [Double]) -> Double {
        zip(months, peaks).reduce(0) { $0 + $1.0.price * ($1.1 - $1.0.soFar.value) }
    }
}

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

    /// Place of the grid connection's offer. What it gives is import.
    public let offer: Int
    /// Billing months within the horizon, in order; at least one.
    public let months: [Month]
    /// Steps over which the meter takes one mean; 1 where a step is at least as long as the tariff's
    /// interval.
    public let stepsPerMean: Int
    /// Steps already metered of the mean under way when the horizon begins.
    public let begunSteps: Int
    /// Sum of the imports of those steps.
    public let begunImport: Power

    /// Creates a charge on the imports of an offer.
    public init(
        offer: Int, months: [Month], stepsPerMean: Int = 1, begunSteps: Int = 0, begunImport: Power = .zero
    ) {
        precondition(months.first?.first == 0 && stepsPerMean > 0 && begunSteps < stepsPerMean)
        self.offer = offer
        self.months = months
        self.stepsPerMean = stepsPerMean
        self.begunSteps = begunSteps
        self.begunImport = begunImport
    }

    /// Whether a mean begins with `step`.
    @inlinable public func meanBegins(at step: Int) -> Bool { (step + begunSteps) % stepsPerMean == 0 }

    /// Returns the peak of each month, W, when `imports(step)` W are imported in each step.
    public func peaks(of imports: (Int) -> Double, steps: Int) -> [Double] {
        var peaks = months.map(\.soFar.value)
        var (mean, month) = (begunImport.value / Double(stepsPerMean), 0)
        for step in 0..<steps {
            if meanBegins(at: step) { mean = 0 }
            if month + 1 < months.count, months[month + 1].first == step { month += 1 }
            mean += max(imports(step), 0) / Double(stepsPerMean)
            peaks[month] = max(peaks[month], mean)
        }
        return peaks
    }

    /// Returns the charge for what `peaks`, W, lie above the peaks so far, yuan.
    public func cost(_ peaks: [Double]) -> Double {
        zip(months, peaks).reduce(0) { $0 + $1.0.price * ($1.1 - $1.0.soFar.value) }
    }
}

public import Grid

/// What the highest import of a billing month costs (需量电价), as far as a plan can still change it.
///
/// A month of which the horizon sees a part is charged in full for what the plan adds above the peak so far,
/// or at the `price` its author thinks right for that part.
public struct DemandCharge: Hashable, Sendable {
    /// The steps of one billing month within the horizon.
    public struct Month: Hashable, Sendable {
        /// The month begins, for this horizon, with this step; the first with step 0.
        public let first: Int
        /// Yuan per W of peak.
        public let price: Double
        /// The highest mean metered before the horizon; zero for a month to come.
        public let soFar: Power

        public init(first: Int, price: Double, soFar: Power = .zero) {
            self.first = first
            self.price = price
            self.soFar = soFar
        }
    }

    /// The connection: what it gives is import.
    public let offer: Int
    /// In order.
    public let months: [Month]
    /// Steps of one mean; 1 where a step is at least as long as the tariff's interval.
    public let stepsPerMean: Int
    /// Of the mean under way at the begin: steps already metered, and the sum of their imports.
    public let begunSteps: Int
    public let begunImport: Power

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

    /// A mean begins with `step`.
    func meanBegins(at step: Int) -> Bool { (step + begunSteps) % stepsPerMean == 0 }

    /// What a plan's imports raise the months' peaks to, W, one a month.
    func peaks(of imports: (Int) -> Double, steps: Int) -> [Double] {
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

    /// Yuan for what `peaks` lie above the peaks so far.
    func cost(_ peaks: [Double]) -> Double {
        zip(months, peaks).reduce(0) { $0 + $1.0.price * ($1.1 - $1.0.soFar.value) }
    }
}

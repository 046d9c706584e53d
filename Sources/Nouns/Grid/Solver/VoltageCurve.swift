/// Output of an inverter as a function of the voltage at its bus: straight lines between points, level beyond
/// the first and the last.
public struct VoltageCurve: Hashable, Sendable {
    /// A point of the curve.
    public struct Point: Hashable, Sendable {
        /// |V| as a fraction of nominal.
        public let voltage: Double
        /// Fraction of a rating, positive into the network.
        public let output: Double

        /// The output at a voltage.
        public init(_ voltage: Double, _ output: Double) {
            self.voltage = voltage
            self.output = output
        }
    }

    /// The points, at least one; voltages rise and outputs fall or stay, so that voltage and output have one
    /// equilibrium.
    public let points: [Point]

    /// A curve through `points`.
    /// - Precondition: there is a point, voltages rise and outputs fall or stay.
    public init(_ points: [Point]) {
        precondition(!points.isEmpty && points.allSatisfy { $0.voltage.isFinite && $0.output.isFinite })
        precondition(
            zip(points, points.dropFirst()).allSatisfy { $0.voltage < $1.voltage && $0.output >= $1.output })
        self.points = points
    }

    /// The output, a fraction of a rating, at |V| as a fraction of nominal.
    public func output(at voltage: Double) -> Double {
        guard voltage > points[0].voltage else { return points[0].output }
        for (low, high) in zip(points, points.dropFirst()) where voltage < high.voltage {
            let part = (voltage - low.voltage) / (high.voltage - low.voltage)
            return low.output + part * (high.output - low.output)
        }
        return points[points.count - 1].output
    }
}

// Defaults of IEEE Std 1547-2018, at a reference voltage of nominal.
extension VoltageCurve {
    /// Reactive power as a fraction of the apparent-power rating: table 8, category A.
    public static let voltVarCategoryA = VoltageCurve([Point(0.9, 0.25), Point(1, 0), Point(1.1, -0.25)])
    /// The same, category B.
    public static let voltVarCategoryB = VoltageCurve([
        Point(0.92, 0.44), Point(0.98, 0), Point(1.02, 0), Point(1.08, -0.44),
    ])
    /// The most active power as a fraction of its rating: table 10, both categories, for what can only
    /// generate and whose least power is above a fifth of its rating.
    public static let voltWatt = VoltageCurve([Point(1.06, 1), Point(1.1, 0.2)])
}

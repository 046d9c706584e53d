/// A line or transformer between two buses, as its single-phase π equivalent (see `TwoPort`). Flow is
/// positive `from` → `to`.
public struct Branch: Hashable, Sendable {
    /// What people call the branch.
    public var name: String
    /// Index of the bus at the sending end; the tap sits here.
    public var from: Int
    /// Index of the bus at the receiving end.
    public var to: Int
    /// Resistance of the series element, on the side of `to`.
    public var resistance: Impedance
    /// Reactance of the series element, on the side of `to`.
    public var reactance: Impedance
    /// Total shunt susceptance, half at each end, S on the side of `to`: the charging of a line.
    public var charging: Double
    /// Total shunt conductance, half at each end, S on the side of `to`: the iron of a transformer.
    public var shuntConductance: Double
    /// Off-nominal turns ratio at `from`, above 0; 1 for a line.
    public var ratio: Double
    /// By how much the ideal transformer at `from` turns: behind it the voltage is
    /// V(from) / (ratio·e^(j·phaseShift)), rad. Positive is a delay.
    public var phaseShift: Double
    /// Thermal limit of the larger of the currents at the two ends; nil, or not above 0, when unknown.
    public var ampacity: Current?
    /// Thermal limit of the larger of the apparent powers at the two ends, or of that at `ratedEnd`; nil, or
    /// not above 0, when unknown.
    public var rating: ApparentPower?
    /// The end whose apparent power `rating` limits; nil: both. Of a winding it is the terminal, not the star
    /// point.
    public var ratedEnd: End?
    /// By how much the angle at `from` may lead that at `to`, rad; nil when unknown.
    public var angleLimits: ClosedRange<Double>?
    /// Whether current can pass; an open branch connects nothing.
    public var isClosed: Bool

    /// One end of a branch.
    public enum End: Hashable, Sendable { case from, to }

    /// A branch, by default a closed line without shunt and without limits.
    /// - Precondition: `ratio` is above 0.
    public init(
        name: String, from: Int, to: Int, resistance: Impedance, reactance: Impedance, charging: Double = 0,
        shuntConductance: Double = 0, ratio: Double = 1, phaseShift: Double = 0, ampacity: Current? = nil,
        rating: ApparentPower? = nil, ratedEnd: End? = nil, angleLimits: ClosedRange<Double>? = nil,
        isClosed: Bool = true
    ) {
        precondition(ratio > 0)
        self.name = name
        self.from = from
        self.to = to
        self.resistance = resistance
        self.reactance = reactance
        self.charging = charging
        self.shuntConductance = shuntConductance
        self.ratio = ratio
        self.phaseShift = phaseShift
        self.ampacity = ampacity
        self.rating = rating
        self.ratedEnd = ratedEnd
        self.angleLimits = angleLimits
        self.isClosed = isClosed
    }
}

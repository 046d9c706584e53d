/// A `Network` as solvers read it: plain numbers in per unit of one three-phase base power and of each bus's
/// nominal line-to-line voltage.
///
/// A branch is an ideal transformer `ratio`:1 at `from`, behind it the π equivalent: half the charging, the
/// series impedance, half the charging. The π is given in ohms and siemens of the `to` side, so its base is
/// the nominal voltage of `to`:
///
///     from ──(ratio:1)──┬── resistance + j·reactance ──┬── to
///                       ┴ j·charging/2                 ┴ j·charging/2
public struct PerUnitNetwork: Hashable, Sendable {
    /// All per-unit powers are fractions of this.
    public static let basePower = Power(1e6)
    /// A branch below this impedance, p.u., is taken to have this reactance: a closed switch is a short wire,
    /// not a division by zero.
    public static let leastImpedance = 1e-6

    public struct Branch: Hashable, Sendable {
        public let from: Int
        public let to: Int
        public let resistance: Double
        public let reactance: Double
        /// Total susceptance of the line.
        public let charging: Double
        public let ratio: Double

        /// Series admittance 1/(r + jx): conductance and susceptance.
        @inlinable public var conductance: Double { resistance / squaredImpedance }
        @inlinable public var susceptance: Double { -reactance / squaredImpedance }
        @inlinable var squaredImpedance: Double { resistance * resistance + reactance * reactance }

        @inlinable init(
            from: Int, to: Int, resistance: Double, reactance: Double, charging: Double, ratio: Double
        ) {
            self.from = from
            self.to = to
            self.resistance = resistance
            self.reactance = reactance
            self.charging = charging
            self.ratio = ratio
        }
    }

    public let branches: [Branch]
    /// Of each bus, V line-to-line.
    public let nominalVoltage: [Double]
    public let source: Int
    /// |V| kept at the source.
    public let sourceVoltage: Double

    public init(_ network: Network) {
        nominalVoltage = network.buses.map(\.nominalVoltage.value)
        source = network.source
        sourceVoltage = network.sourceVoltage
        branches = network.branches.map { branch in
            let voltage = network.buses[branch.to].nominalVoltage.value
            let base = voltage * voltage / Self.basePower.value
            let r = branch.resistance.value / base
            let x = branch.reactance.value / base
            let isShort = r * r + x * x < Self.leastImpedance * Self.leastImpedance
            return Branch(
                from: branch.from, to: branch.to, resistance: r, reactance: isShort ? Self.leastImpedance : x,
                charging: branch.charging * base, ratio: branch.ratio)
        }
    }

    /// The current that is 1 p.u. at a bus, A.
    @inlinable public func baseCurrent(at bus: Int) -> Double {
        Self.basePower.value / (3.0.squareRoot() * nominalVoltage[bus])
    }
}

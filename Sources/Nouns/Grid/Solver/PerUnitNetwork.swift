public import LinearAlgebra

/// A `Network` as solvers read it: plain numbers in per unit of the network's base power and of each bus's
/// nominal line-to-line voltage.
///
/// A branch is an ideal transformer `ratio`·e^(j·`shift`):1 at `from`, behind it the π equivalent: half the
/// shunt, the series impedance, half the shunt. The π is given in ohms and siemens of the `to` side, so its
/// base is the nominal voltage of `to`:
///
///     from ──(ratio:1)──┬── resistance + j·reactance ──┬── to
///                       ┴ (conductance + j·charging)/2 ┴
public struct PerUnitNetwork: Hashable, Sendable {
    /// A branch below this impedance, p.u., is taken to have this reactance: a closed switch is a short wire,
    /// not a division by zero. Across less, the rounding of the voltages alone, some 10⁻¹⁶, would be more
    /// power than the usual tolerance of 10⁻⁸.
    public static let leastImpedance = 1e-7

    public struct Branch: Hashable, Sendable {
        public let from: Int
        public let to: Int
        public let resistance: Double
        public let reactance: Double
        /// Total shunt susceptance and conductance.
        public let charging: Double
        public let shuntConductance: Double
        public let ratio: Double
        /// Rad.
        public let shift: Double
        public let isClosed: Bool

        /// Real part of the series admittance 1/(r + jx).
        @inlinable public var conductance: Double {
            resistance / (resistance * resistance + reactance * reactance)
        }
        /// Series admittance 1/(r + jx).
        @inlinable public var seriesAdmittance: Complex { Complex(1, 0) / Complex(resistance, reactance) }
        /// Half the shunt admittance, which stands at either end of the π element.
        @inlinable public var halfShunt: Complex { Complex(shuntConductance / 2, charging / 2) }
        /// 1/(ratio·e^(j·shift)): what turns the voltage at `from` into that behind the ideal transformer.
        public var inverseTurns: Complex { Complex.turn(by: -shift) * (1 / ratio) }
        /// The active power that flows from → to per rad of angle in the linear model: 1/(ratio·x). A branch
        /// without reactance has its resistance instead: it is a wire, and not a short circuit.
        public var linearSusceptance: Double {
            let isResistor = reactance.magnitude < PerUnitNetwork.leastImpedance
            return 1 / (ratio * (isResistor ? resistance : reactance))
        }
    }

    public let branches: [Branch]
    /// Of each bus, V line-to-line.
    public let nominalVoltage: [Double]
    /// Of each bus to earth: conductance takes active, susceptance gives reactive power.
    public let shuntConductance: [Double]
    public let shuntSusceptance: [Double]
    public let sources: [Network.Source]
    public let regulators: [Network.Regulator]
    /// W; all per-unit powers are fractions of this.
    public let basePower: Double

    public init(_ network: Network) {
        let base = network.basePower.value
        basePower = base
        nominalVoltage = network.buses.map(\.nominalVoltage.value)
        shuntConductance = network.buses.map { $0.shuntConductance * $0.nominalVoltage.squared / base }
        shuntSusceptance = network.buses.map { $0.shuntSusceptance * $0.nominalVoltage.squared / base }
        sources = network.sources
        regulators = network.regulators
        let least = Self.leastImpedance
        branches = network.branches.map { branch in
            let unit = network.buses[branch.to].nominalVoltage.squared / base
            let r = branch.resistance.value / unit
            let x = branch.reactance.value / unit
            let isShort = r * r + x * x < least * least
            return Branch(
                from: branch.from, to: branch.to, resistance: r, reactance: isShort ? least : x,
                charging: branch.charging * unit, shuntConductance: branch.shuntConductance * unit,
                ratio: branch.ratio, shift: branch.phaseShift, isClosed: branch.isClosed)
        }
    }

    /// Index of the bus of the first source, and |V| kept there.
    @inlinable public var source: Int { sources[0].bus }
    @inlinable public var sourceVoltage: Double { sources[0].voltage }

    /// The current that is 1 p.u. at a bus, A.
    @inlinable public func baseCurrent(at bus: Int) -> Double {
        basePower / (3.0.squareRoot() * nominalVoltage[bus])
    }
}

extension Voltage {
    /// V².
    fileprivate var squared: Double { value * value }
}

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

    /// A `Grid.Branch` in per unit.
    public struct Branch: Hashable, Sendable {
        /// Index of the bus at the ideal transformer.
        public let from: Int
        /// Index of the bus at the other end.
        public let to: Int
        /// Series resistance.
        public let resistance: Double
        /// Series reactance.
        public let reactance: Double
        /// Total shunt susceptance.
        public let charging: Double
        /// Total shunt conductance.
        public let shuntConductance: Double
        /// Off-nominal turns ratio at `from`.
        public let ratio: Double
        /// By how much the ideal transformer turns, rad.
        public let shift: Double
        /// Whether current can pass.
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

    /// The branches, in the network's order.
    public let branches: [Branch]
    /// Nominal voltage of each bus, V line-to-line.
    public let nominalVoltage: [Double]
    /// Conductance from each bus to earth; it takes active power.
    public let shuntConductance: [Double]
    /// Susceptance from each bus to earth; it gives reactive power.
    public let shuntSusceptance: [Double]
    /// The sources of the network, whose voltages are per unit already.
    public let sources: [Network.Source]
    /// The regulators of the network; their limits stay in var.
    public let regulators: [Network.Regulator]
    /// What all per-unit powers are fractions of, W.
    public let basePower: Double

    /// `network` in per unit of its base power and nominal voltages.
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

    /// Returns the least mismatch to ask of a solution, p.u.: `tolerance`, or what the rounding of voltages
    /// near 1 p.u. amounts to in the currents of the bus with the largest admittances, where that is more. A
    /// short wire has 10⁷ p.u. of admittance: 10⁻¹⁰ p.u. cannot be told from 10⁻⁹ there.
    public func reachable(_ tolerance: Double) -> Double {
        var admittance = [Double](repeating: 0, count: nominalVoltage.count)
        for branch in branches where branch.isClosed {
            let size = branch.seriesAdmittance.magnitude
            admittance[branch.from] += size / (branch.ratio * branch.ratio)
            admittance[branch.to] += size
        }
        return admittance.reduce(tolerance) { max($0, 4 * Double.ulpOfOne * $1) }
    }

    /// Index of the bus of the first source.
    @inlinable public var source: Int { sources[0].bus }
    /// |V| held at the first source.
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

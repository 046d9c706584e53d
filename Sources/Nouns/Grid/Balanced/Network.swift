/// A node of the wires. Buses are counted from 0 in a `Network`; `name` is what people call it.
public struct Bus: Hashable, Sendable {
    public let name: String
    /// Line-to-line.
    public let nominalVoltage: Voltage
    /// Allowed |V| as a fraction of nominal.
    public let limits: ClosedRange<Double>
    /// Of what stands between the bus and earth, S. At voltage V it takes conductance·V² and gives
    /// susceptance·V²: a capacitor's susceptance is positive, a reactor's negative.
    public let shuntConductance: Double
    public let shuntSusceptance: Double

    public init(
        name: String, nominalVoltage: Voltage, limits: ClosedRange<Double>, shuntConductance: Double = 0,
        shuntSusceptance: Double = 0
    ) {
        self.name = name
        self.nominalVoltage = nominalVoltage
        self.limits = limits
        self.shuntConductance = shuntConductance
        self.shuntSusceptance = shuntSusceptance
    }
}

/// A line or transformer between two buses, as its single-phase π equivalent. Flow is positive `from` → `to`.
public struct Branch: Hashable, Sendable {
    public let name: String
    /// Index of the bus at the sending end; the tap sits here.
    public let from: Int
    public let to: Int
    /// Of the series element, on the side of `to`.
    public let resistance: Impedance
    public let reactance: Impedance
    /// Total shunt admittance, half at each end, S on the side of `to`: the susceptance of a line's charging,
    /// and the conductance of a transformer's iron.
    public let charging: Double
    public let shuntConductance: Double
    /// Off-nominal turns ratio at `from`, above 0; 1 for a line.
    public let ratio: Double
    /// By how much the ideal transformer at `from` turns: behind it the voltage is
    /// V(from) / (ratio·e^(j·phaseShift)), rad. Positive is a delay.
    public let phaseShift: Double
    /// Thermal limits, of the larger current and of the larger apparent power at the two ends; nil when
    /// unknown.
    public let ampacity: Current?
    public let rating: ApparentPower?
    /// By how much the angle at `from` may lead that at `to`, rad; nil when unknown.
    public let angleLimits: ClosedRange<Double>?
    /// Whether current can pass; an open branch connects nothing.
    public let isClosed: Bool

    public init(
        name: String, from: Int, to: Int, resistance: Impedance, reactance: Impedance, charging: Double = 0,
        shuntConductance: Double = 0, ratio: Double = 1, phaseShift: Double = 0, ampacity: Current? = nil,
        rating: ApparentPower? = nil, angleLimits: ClosedRange<Double>? = nil, isClosed: Bool = true
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
        self.angleLimits = angleLimits
        self.isClosed = isClosed
    }
}

/// The wires: a balanced three-phase network, with the buses at which a voltage is held.
public struct Network: Hashable, Sendable {
    /// A bus whose voltage is given in magnitude and angle, and which takes the remainder (the slack): the
    /// connection to a grid, or a grid-forming device. What has no path to a source is de-energised.
    public struct Source: Hashable, Sendable {
        public let bus: Int
        /// |V| as a fraction of nominal, above 0.
        public let voltage: Double
        /// Rad.
        public let angle: Double
        /// Its part of a remainder that is shared.
        public let participation: Double

        public init(bus: Int, voltage: Double, angle: Double = 0, participation: Double = 1) {
            precondition(voltage > 0)
            self.bus = bus
            self.voltage = voltage
            self.angle = angle
            self.participation = participation
        }
    }

    /// A bus whose |V| is held by reactive power (a PV node) as long as that stays within limits. The active
    /// power is part of what is injected there.
    public struct Regulator: Hashable, Sendable {
        public let bus: Int
        /// |V| as a fraction of nominal, above 0.
        public let voltage: Double
        /// Beyond what is injected there; nil: without limit.
        public let reactive: ClosedRange<ReactivePower>?
        /// Its part of a remainder that is shared.
        public let participation: Double

        public init(
            bus: Int, voltage: Double, reactive: ClosedRange<ReactivePower>? = nil, participation: Double = 0
        ) {
            precondition(voltage > 0)
            self.bus = bus
            self.voltage = voltage
            self.reactive = reactive
            self.participation = participation
        }
    }

    public let buses: [Bus]
    public let branches: [Branch]
    /// At least one, at most one a bus.
    public let sources: [Source]
    /// At most one a bus, none at a source.
    public let regulators: [Regulator]
    /// Per-unit powers are fractions of this; tolerances are meant so.
    public let basePower: Power

    public init(
        buses: [Bus], branches: [Branch], sources: [Source], regulators: [Regulator] = [],
        basePower: Power = Power(1e6)
    ) {
        precondition(!sources.isEmpty && basePower > .zero)
        let held = sources.map(\.bus) + regulators.map(\.bus)
        precondition(held.allSatisfy(buses.indices.contains) && Set(held).count == held.count)
        precondition(branches.allSatisfy { buses.indices.contains($0.from) && buses.indices.contains($0.to) })
        self.buses = buses
        self.branches = branches
        self.sources = sources
        self.regulators = regulators
        self.basePower = basePower
    }

    /// One source, at angle 0.
    public init(buses: [Bus], branches: [Branch], source: Int, sourceVoltage: Double) {
        self.init(buses: buses, branches: branches, sources: [Source(bus: source, voltage: sourceVoltage)])
    }

    /// Index of the bus of the first source.
    public var source: Int { sources[0].bus }
    /// |V| kept at the first source, as a fraction of its nominal.
    public var sourceVoltage: Double { sources[0].voltage }
}

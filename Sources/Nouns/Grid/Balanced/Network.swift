/// A node of a balanced network. Buses are counted from 0 in a `Network`.
public struct Bus: Hashable, Sendable {
    /// What people call the bus.
    public var name: String
    /// Nominal voltage, line-to-line.
    public var nominalVoltage: Voltage
    /// Allowed |V| as a fraction of nominal.
    public var limits: ClosedRange<Double>
    /// Conductance between the bus and earth, S. At voltage V it takes the power conductance·V².
    public var shuntConductance: Double
    /// Susceptance between the bus and earth, S. At voltage V it gives the reactive power susceptance·V²: a
    /// capacitor's is positive, a reactor's negative.
    public var shuntSusceptance: Double

    /// A bus, by default without shunt.
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

/// A balanced three-phase network, with the buses at which a voltage is held.
///
/// ```swift
/// let buses = ["substation", "village"].map {
///     Bus(name: $0, nominalVoltage: Voltage(10_000), limits: 0.93...1.07)
/// }
/// let cable = Branch(
///     name: "cable", from: 0, to: 1, resistance: Impedance(1.2), reactance: Impedance(0.7),
///     ampacity: Current(250))
/// let network = Network(buses: buses, branches: [cable], source: 0, sourceVoltage: 1)
/// ```
///
/// A copy with one change names what changes: `network.branches[3].isClosed = false`. Whoever changes buses
/// or what refers to them keeps the conditions that the initialiser checks.
public struct Network: Hashable, Sendable {
    /// A bus whose voltage is given in magnitude and angle, and which takes the remainder (the slack): the
    /// connection to a grid, or a grid-forming device. What has no path to a source is de-energised.
    public struct Source: Hashable, Sendable {
        /// Index of the bus.
        public var bus: Int
        /// |V| as a fraction of nominal, above 0.
        public var voltage: Double
        /// Angle of the voltage, rad.
        public var angle: Double
        /// Weight where several share a remainder; only its quotient with the weights of the other sources
        /// and the regulators matters.
        public var participation: Double
        /// Limits of the reactive power that the generators of the source can give; nil when unknown. A power
        /// flow does not keep them.
        public var reactive: ClosedRange<ReactivePower>?

        /// A source, by default at angle 0.
        /// - Precondition: `voltage` is above 0.
        public init(
            bus: Int, voltage: Double, angle: Double = 0, participation: Double = 1,
            reactive: ClosedRange<ReactivePower>? = nil
        ) {
            precondition(voltage > 0)
            self.bus = bus
            self.voltage = voltage
            self.angle = angle
            self.participation = participation
            self.reactive = reactive
        }
    }

    /// A bus whose |V| is held by reactive power (a PV node) as long as that stays within limits. The active
    /// power is part of what is injected there.
    public struct Regulator: Hashable, Sendable {
        /// Index of the bus.
        public var bus: Int
        /// |V| as a fraction of nominal, above 0.
        public var voltage: Double
        /// Limits of the reactive power that it gives beyond what is injected at its bus; nil: without limit.
        public var reactive: ClosedRange<ReactivePower>?
        /// Weight where several share a remainder, in the unit of the sources' weights.
        public var participation: Double

        /// A regulator, by default without limits and without a part of a shared remainder.
        /// - Precondition: `voltage` is above 0.
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

    /// The buses; everything else names them by their index here.
    public var buses: [Bus]
    /// The branches; results come in this order.
    public var branches: [Branch]
    /// The sources: at least one, at most one a bus.
    public var sources: [Source]
    /// The regulators: at most one a bus, none at a source.
    public var regulators: [Regulator]
    /// What per-unit powers are fractions of, tolerances among them; above 0.
    public var basePower: Power

    /// A network, by default on a base of 1 MVA.
    /// - Precondition: there is a source, no two sources or regulators share a bus, and every index names a
    ///   bus.
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

    /// A network with one source, at angle 0 and at `sourceVoltage` as a fraction of nominal.
    public init(buses: [Bus], branches: [Branch], source: Int, sourceVoltage: Double) {
        self.init(buses: buses, branches: branches, sources: [Source(bus: source, voltage: sourceVoltage)])
    }

    /// Index of the bus of the first source.
    public var source: Int { sources[0].bus }
    /// |V| held at the first source, as a fraction of its nominal.
    public var sourceVoltage: Double { sources[0].voltage }
}

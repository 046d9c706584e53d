/// A node of the wires. Buses are counted from 0 in a `Network`; `name` is what people call it.
public struct Bus: Hashable, Sendable {
    public let name: String
    /// Line-to-line.
    public let nominalVoltage: Voltage
    /// Allowed |V| as a fraction of nominal.
    public let limits: ClosedRange<Double>

    public init(name: String, nominalVoltage: Voltage, limits: ClosedRange<Double>) {
        self.name = name
        self.nominalVoltage = nominalVoltage
        self.limits = limits
    }
}

/// A line or transformer between two buses, as its single-phase π equivalent. Flow is positive `from` → `to`.
public struct Branch: Hashable, Sendable {
    public let name: String
    /// Index of the bus at the sending end; the tap sits here.
    public let from: Int
    public let to: Int
    public let resistance: Impedance
    public let reactance: Impedance
    /// Total line charging, S.
    public let charging: Double
    /// Off-nominal turns ratio at `from`; 1 for a line.
    public let ratio: Double
    /// Thermal limit; nil when unknown.
    public let ampacity: Current?

    public init(
        name: String, from: Int, to: Int, resistance: Impedance, reactance: Impedance, charging: Double = 0,
        ratio: Double = 1, ampacity: Current? = nil
    ) {
        self.name = name
        self.from = from
        self.to = to
        self.resistance = resistance
        self.reactance = reactance
        self.charging = charging
        self.ratio = ratio
        self.ampacity = ampacity
    }
}

/// The wires: a balanced three-phase network with one regulated source.
public struct Network: Hashable, Sendable {
    public let buses: [Bus]
    public let branches: [Branch]
    /// Index of the bus whose voltage is regulated and whose source takes the remainder (the slack).
    public let source: Int
    /// |V| kept at the source, as a fraction of its nominal.
    public let sourceVoltage: Double

    public init(buses: [Bus], branches: [Branch], source: Int, sourceVoltage: Double) {
        precondition(buses.indices.contains(source))
        precondition(branches.allSatisfy { buses.indices.contains($0.from) && buses.indices.contains($0.to) })
        self.buses = buses
        self.branches = branches
        self.source = source
        self.sourceVoltage = sourceVoltage
    }
}

/// A network and what is connected to it at one moment: what a case file holds.
public struct NetworkCase: Hashable, Sendable {
    /// Takes power.
    public struct Load: Hashable, Sendable {
        public var name: String
        public var bus: Int
        /// Taken at nominal voltage.
        public var active: Power
        public var reactive: ReactivePower
        /// Parts in 0…1 of it that go with |V| and |V|²; the rest is constant power.
        public var constantCurrent: Double
        public var constantImpedance: Double
        public var isConnected: Bool

        public init(
            name: String, bus: Int, active: Power, reactive: ReactivePower, constantCurrent: Double = 0,
            constantImpedance: Double = 0, isConnected: Bool = true
        ) {
            self.name = name
            self.bus = bus
            self.active = active
            self.reactive = reactive
            self.constantCurrent = constantCurrent
            self.constantImpedance = constantImpedance
            self.isConnected = isConnected
        }
    }

    /// Gives power.
    public struct Generator: Hashable, Sendable {
        public var name: String
        public var bus: Int
        /// As scheduled; what is reactive is found by the solution where the generator holds a voltage.
        public var active: Power
        public var reactive: ReactivePower
        public var activeLimits: ClosedRange<Power>?
        public var reactiveLimits: ClosedRange<ReactivePower>?
        /// |V| it holds, as a fraction of nominal; nil: it holds none.
        public var voltage: Double?
        /// Nil when unknown.
        public var cost: CostCurve?
        public var isConnected: Bool

        public init(
            name: String, bus: Int, active: Power, reactive: ReactivePower = .zero,
            activeLimits: ClosedRange<Power>? = nil, reactiveLimits: ClosedRange<ReactivePower>? = nil,
            voltage: Double? = nil, cost: CostCurve? = nil, isConnected: Bool = true
        ) {
            self.name = name
            self.bus = bus
            self.active = active
            self.reactive = reactive
            self.activeLimits = activeLimits
            self.reactiveLimits = reactiveLimits
            self.voltage = voltage
            self.cost = cost
            self.isConnected = isConnected
        }
    }

    public var name: String
    public var network: Network
    public var loads: [Load]
    /// Those at a source bus share what the source gives.
    public var generators: [Generator]

    /// The regulators of the network are made from the generators that hold a voltage where no source does:
    /// one a bus, with the sum of their limits, the voltage of the first, and a part of a shared remainder in
    /// proportion to their largest power.
    public init(
        name: String, buses: [Bus], branches: [Branch], sources: [Network.Source], loads: [Load],
        generators: [Generator], basePower: Power
    ) {
        self.name = name
        self.loads = loads
        self.generators = generators
        let sourceBuses = Set(sources.map(\.bus))
        var order: [Int] = []
        var units: [Int: [Generator]] = [:]
        for unit in generators
        where unit.isConnected && unit.voltage != nil && !sourceBuses.contains(unit.bus) {
            if units[unit.bus] == nil { order.append(unit.bus) }
            units[unit.bus, default: []].append(unit)
        }
        let regulators = order.map { Self.regulator(at: $0, units[$0]!) }
        network = Network(
            buses: buses, branches: branches, sources: sources, regulators: regulators, basePower: basePower)
    }

    private static func regulator(at bus: Int, _ units: [Generator]) -> Network.Regulator {
        let limits = units.compactMap(\.reactiveLimits)
        let isLimited = limits.count == units.count
        let lower = limits.reduce(ReactivePower.zero) { $0 + $1.lowerBound }
        let upper = limits.reduce(ReactivePower.zero) { $0 + $1.upperBound }
        let capacity = units.reduce(0) { $0 + max(0, $1.activeLimits?.upperBound.value ?? 0) }
        return Network.Regulator(
            bus: bus, voltage: units[0].voltage!, reactive: isLimited ? lower...upper : nil,
            participation: capacity)
    }

    /// What the loads and generators inject: a regulating generator only its active power.
    public var injections: Injections {
        var total = Injections(buses: network.buses.count)
        for unit in generators where unit.isConnected {
            total.add(unit.active, unit.voltage == nil ? unit.reactive : .zero, at: unit.bus)
        }
        for load in loads where load.isConnected {
            let constantPower = 1 - load.constantCurrent - load.constantImpedance
            total.add(-load.active * constantPower, -load.reactive * constantPower, at: load.bus)
        }
        total.constantCurrent = part(\.constantCurrent)
        total.constantImpedance = part(\.constantImpedance)
        return total
    }

    /// Nil where no load has such a part.
    private func part(_ share: KeyPath<Load, Double>) -> Injections.VoltageDependent? {
        let dependent = loads.filter { $0.isConnected && $0[keyPath: share] != 0 }
        guard !dependent.isEmpty else { return nil }
        let zeros = Injections(buses: network.buses.count)
        var part = Injections.VoltageDependent(active: zeros.active, reactive: zeros.reactive)
        for load in dependent {
            part.active[load.bus] -= load.active * load[keyPath: share]
            part.reactive[load.bus] -= load.reactive * load[keyPath: share]
        }
        return part
    }
}

/// A network and what is connected to it at one moment: what a case file holds.
public struct NetworkCase: Hashable, Sendable {
    /// A load at a bus.
    public struct Load: Hashable, Sendable {
        /// Name in the file; may be empty.
        public var name: String
        /// Index of the bus.
        public var bus: Int
        /// Active power taken at nominal voltage.
        public var active: Power
        /// Reactive power taken at nominal voltage.
        public var reactive: ReactivePower
        /// Part of the load, 0…1, that goes with |V|. What is neither this nor constant impedance is constant
        /// power.
        public var constantCurrent: Double
        /// Part of the load, 0…1, that goes with |V|².
        public var constantImpedance: Double
        /// Whether the load is in service.
        public var isConnected: Bool

        /// A load, by default of constant power and in service.
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

    /// A generator at a bus.
    public struct Generator: Hashable, Sendable {
        /// Name in the file; may be empty.
        public var name: String
        /// Index of the bus.
        public var bus: Int
        /// Scheduled active power, positive into the network.
        public var active: Power
        /// Scheduled reactive power. The solution finds it where the generator holds a voltage.
        public var reactive: ReactivePower
        /// Least and greatest active power; nil: without limit.
        public var activeLimits: ClosedRange<Power>?
        /// Least and greatest reactive power; nil: without limit.
        public var reactiveLimits: ClosedRange<ReactivePower>?
        /// |V| that the generator holds, as a fraction of nominal; nil: it holds none.
        public var voltage: Double?
        /// Cost of its active power; nil when unknown.
        public var cost: CostCurve?
        /// Cost of its reactive power, var in place of W; nil: it costs nothing.
        public var reactiveCost: CostCurve?
        /// Weight where several share a remainder; nil: its largest power.
        public var participation: Double?
        /// Whether the generator is in service.
        public var isConnected: Bool

        /// A generator, by default without limits, without cost and in service.
        public init(
            name: String, bus: Int, active: Power, reactive: ReactivePower = .zero,
            activeLimits: ClosedRange<Power>? = nil, reactiveLimits: ClosedRange<ReactivePower>? = nil,
            voltage: Double? = nil, cost: CostCurve? = nil, reactiveCost: CostCurve? = nil,
            participation: Double? = nil,
            isConnected: Bool = true
        ) {
            self.name = name
            self.bus = bus
            self.active = active
            self.reactive = reactive
            self.activeLimits = activeLimits
            self.reactiveLimits = reactiveLimits
            self.voltage = voltage
            self.cost = cost
            self.reactiveCost = reactiveCost
            self.participation = participation
            self.isConnected = isConnected
        }

        /// The weight where several share a remainder: `participation`, else the largest power in W, 10¹⁸
        /// without a limit. Not below 0.
        public var weight: Double {
            max(0, participation ?? activeLimits?.upperBound.value ?? NetworkCase.unlimited)
        }
    }

    /// Name of the case; may be empty.
    public var name: String
    /// The network, with the regulators that its generators make.
    public var network: Network
    /// The loads, those out of service among them.
    public var loads: [Load]
    /// The generators, those out of service among them. Those at a source bus share what the source gives.
    public var generators: [Generator]

    /// How the buses and elements of a file stand in this case; nil where each is one of the network.
    public var origin: Origin?

    /// What stands for a power without limit, W.
    public static let unlimited = 1e18

    /// A case of these elements. The regulators of the network are made from the generators that hold a
    /// voltage where no source does: one a bus, with the sum of their limits, the voltage of the first, and
    /// the sum of their weights in a shared remainder.
    ///
    /// Unless the sources and generators come with weights (`hasWeights`), all weights are largest powers:
    /// those of the sources too are replaced by the sum over the generators at their bus, 10¹⁸ W where there
    /// is none.
    public init(
        name: String, buses: [Bus], branches: [Branch], sources: [Network.Source], loads: [Load],
        generators: [Generator], basePower: Power, hasWeights: Bool = false, origin: Origin? = nil
    ) {
        self.name = name
        self.loads = loads
        self.generators = generators
        self.origin = origin
        let sourceBuses = Set(sources.map(\.bus))
        var order: [Int] = []
        var units: [Int: [Generator]] = [:]
        for unit in generators where unit.isConnected && unit.voltage != nil {
            if units[unit.bus] == nil { order.append(unit.bus) }
            units[unit.bus, default: []].append(unit)
        }
        let regulators = order.filter { !sourceBuses.contains($0) }.map { Self.regulator(at: $0, units[$0]!) }
        let sources = sources.map { source -> Network.Source in
            let units = units[source.bus] ?? []
            var source = source
            source.reactive = source.reactive ?? Self.reactiveLimits(units)
            if !hasWeights { source.participation = units.isEmpty ? Self.unlimited : Self.weight(units) }
            return source
        }
        network = Network(
            buses: buses, branches: branches, sources: sources, regulators: regulators, basePower: basePower)
    }

    private static func regulator(at bus: Int, _ units: [Generator]) -> Network.Regulator {
        Network.Regulator(
            bus: bus, voltage: units[0].voltage!, reactive: reactiveLimits(units),
            participation: weight(units))
    }

    private static func weight(_ units: [Generator]) -> Double { units.reduce(0) { $0 + $1.weight } }

    /// Of all of them together; nil where one has none.
    private static func reactiveLimits(_ units: [Generator]) -> ClosedRange<ReactivePower>? {
        let limits = units.compactMap(\.reactiveLimits)
        guard !units.isEmpty, limits.count == units.count else { return nil }
        let lower = limits.reduce(ReactivePower.zero) { $0 + $1.lowerBound }
        let upper = limits.reduce(ReactivePower.zero) { $0 + $1.upperBound }
        return lower...upper
    }

    /// What the loads and generators inject: a regulating generator only its active power.
    public var injections: Injections {
        var total = Injections(buses: network.buses.count)
        for unit in generators where unit.isConnected {
            total.add(unit.active, unit.voltage == nil ? unit.reactive : .zero, at: unit.bus)
        }
        for load in loads where load.isConnected {
            let dependent = load.constantCurrent + load.constantImpedance
            total.add(-load.active * (1 - dependent), -load.reactive * (1 - dependent), at: load.bus)
            total.taken[load.bus] += max(.zero, load.active * dependent)
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

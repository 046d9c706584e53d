public import Grid

/// A limit that did not hold in one step.
public struct Alarm: Hashable, Sendable {
    /// Which limit, with the unit of `value` and `limit`.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// |V| below the bus's limits, as a fraction of nominal.
        case undervoltage
        /// |V| above the bus's limits, as a fraction of nominal.
        case overvoltage
        /// Current above a branch's ampacity, A.
        case overload
        /// Apparent power above a branch's rating, where that is exceeded by more than the ampacity, VA.
        case powerOverload = "power-overload"
        /// Import above what the grid connection allows, W.
        case importLimit = "import-limit"
        /// Export above what the grid connection allows, W.
        case exportLimit = "export-limit"
        /// No solution of the network equations; `value` is the mismatch, as a fraction of the base power.
        case diverged
        /// A bus without a path to the source; `value` is 0.
        case deenergised
        /// Frequency of an island after primary response outside its band, Hz.
        case frequency
        /// Loads that an island sheds, W.
        case loadShedding = "load-shedding"
        /// Negative- over positive-sequence voltage of a bus of three phases above what is allowed.
        case unbalance

        /// Whether the place is a branch, and not a bus.
        public var isOfBranch: Bool { self == .overload || self == .powerOverload }
    }

    /// Which limit.
    public let kind: Kind
    /// Index of the bus or branch concerned (of its own bus for a grid connection, of the source bus for a
    /// diverged solution, of the bus that holds the voltage for an island).
    public let place: Int
    /// What was found, in the unit of its kind.
    public let value: Double
    /// What is allowed, in the same unit.
    public let limit: Double
    /// The phase, pair of phases or neutral concerned in a network of three phases; nil for the bus or branch
    /// as a whole.
    public let phase: Feeder.Pair?

    /// An alarm about `value` beyond `limit`.
    public init(kind: Kind, place: Int, value: Double, limit: Double, phase: Feeder.Pair? = nil) {
        self.phase = phase
        self.kind = kind
        self.place = place
        self.value = value
        self.limit = limit
    }
}

/// Compares each operating point with the limits of the network and of its grid connections.
public struct Monitor: Sendable {
    /// A grid connection.
    public struct Connection: Hashable, Sendable {
        let bus: Int
        let importLimit, exportLimit: Power

        /// A connection at the bus with this index, with limits ≥ 0.
        public init(bus: Int, importLimit: Power, exportLimit: Power) {
            (self.bus, self.importLimit, self.exportLimit) = (bus, importLimit, exportLimit)
        }
    }

    private let network: Network
    private let connections: [Connection]

    /// A monitor of `network` and its grid connections.
    public init(network: Network, connections: [Connection]) {
        self.network = network
        self.connections = connections
    }

    /// Every limit `point` breaks: buses in order, then branches, then the connections, which exchange these
    /// powers, positive when imported.
    public func inspect(_ point: OperatingPoint, exchanges: [Power]) -> [Alarm] {
        guard point.status.isSolved else { return inspectConnections(point, exchanges: exchanges) }
        let buses = network.buses.indices.compactMap { alarm(ofBus: $0, at: point) }
        let branches = network.branches.indices.compactMap { alarm(ofBranch: $0, at: point) }
        return buses + branches + inspectConnections(point, exchanges: exchanges)
    }

    /// The limits of the connections that their exchanges break, or that there is no solution.
    public func inspectConnections(_ point: OperatingPoint, exchanges: [Power]) -> [Alarm] {
        precondition(exchanges.count == connections.count)
        guard point.status.isSolved else {
            return [Alarm(kind: .diverged, place: network.source, value: point.mismatch, limit: 0)]
        }
        return zip(connections, exchanges).compactMap(alarm)
    }

    private func alarm(of connection: Connection, _ exchange: Power) -> Alarm? {
        func alarm(_ kind: Alarm.Kind, _ flow: Power, _ limit: Power) -> Alarm? {
            guard Violation.exceeds(flow, limit) else { return nil }
            return Alarm(kind: kind, place: connection.bus, value: flow.value, limit: limit.value)
        }
        return alarm(.importLimit, exchange, connection.importLimit)
            ?? alarm(.exportLimit, -exchange, connection.exportLimit)
    }

    private func alarm(ofBus index: Int, at point: OperatingPoint) -> Alarm? {
        let bus = network.buses[index]
        let magnitude = point.voltage[index] / bus.nominalVoltage
        guard magnitude != 0 else {
            return Alarm(kind: .deenergised, place: index, value: 0, limit: bus.limits.lowerBound)
        }
        return network.voltageViolation(of: index, magnitude: magnitude).map {
            Alarm(
                kind: $0.kind == .undervoltage ? .undervoltage : .overvoltage, place: index, value: $0.value,
                limit: $0.limit)
        }
    }

    private func alarm(ofBranch index: Int, at point: OperatingPoint) -> Alarm? {
        let loading = network.loading(of: index, at: point)
        guard let loading, network.overload(of: index, loading: loading) != nil else { return nil }
        let branch = network.branches[index]
        if loading.isByPower, let rating = branch.rating {
            return Alarm(
                kind: .powerOverload, place: index,
                value: point.apparentPower(of: index, at: branch.ratedEnd).value, limit: rating.value)
        }
        return branch.ampacity.map {
            Alarm(kind: .overload, place: index, value: point.current[index].value, limit: $0.value)
        }
    }
}

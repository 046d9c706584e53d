public import Grid

/// A limit that did not hold in one step.
public struct Alarm: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// |V| outside the bus's limits; `value` and `limit` are fractions of nominal.
        case undervoltage, overvoltage
        /// Current above a branch's ampacity, A.
        case overload
        /// Import or export above what the connection allows, W.
        case importLimit = "import-limit"
        case exportLimit = "export-limit"
        /// No solution of the network equations was found.
        case diverged
        /// A bus without a path to the source.
        case deenergised
    }

    public let kind: Kind
    /// Index of the bus or branch concerned (of the source bus for the connection and for a diverged
    /// solution).
    public let place: Int
    public let value: Double
    public let limit: Double

    public init(kind: Kind, place: Int, value: Double, limit: Double) {
        self.kind = kind
        self.place = place
        self.value = value
        self.limit = limit
    }
}

/// Holds each operating point against the limits of the network.
public struct Monitor: Sendable {
    private let network: Network
    private let importLimit: Power
    private let exportLimit: Power
    /// A limit is broken only beyond rounding.
    private static let tolerance = 1e-6

    public init(network: Network, importLimit: Power, exportLimit: Power) {
        self.network = network
        self.importLimit = importLimit
        self.exportLimit = exportLimit
    }

    /// Every limit `point` breaks: buses in order, then branches, then the connection.
    public func inspect(_ point: OperatingPoint) -> [Alarm] {
        guard point.status.isSolved else {
            return [Alarm(kind: .diverged, place: network.source, value: point.mismatch, limit: 0)]
        }
        var alarms: [Alarm] = []
        for (index, bus) in network.buses.enumerated() {
            let magnitude = point.voltage[index] / bus.nominalVoltage
            if magnitude == 0 {
                alarms.append(Alarm(kind: .deenergised, place: index, value: 0, limit: bus.limits.lowerBound))
            } else if magnitude < bus.limits.lowerBound - Self.tolerance {
                alarms.append(
                    Alarm(kind: .undervoltage, place: index, value: magnitude, limit: bus.limits.lowerBound))
            } else if magnitude > bus.limits.upperBound + Self.tolerance {
                alarms.append(
                    Alarm(kind: .overvoltage, place: index, value: magnitude, limit: bus.limits.upperBound))
            }
        }
        for (index, branch) in network.branches.enumerated() {
            guard let ampacity = branch.ampacity, exceeds(point.current[index], ampacity) else { continue }
            alarms.append(
                Alarm(kind: .overload, place: index, value: point.current[index].value, limit: ampacity.value)
            )
        }
        if exceeds(point.sourcePower, importLimit) {
            alarms.append(connection(.importLimit, point.sourcePower, importLimit))
        } else if exceeds(-point.sourcePower, exportLimit) {
            alarms.append(connection(.exportLimit, -point.sourcePower, exportLimit))
        }
        return alarms
    }

    private func exceeds<U>(_ value: Quantity<U>, _ limit: Quantity<U>) -> Bool {
        value.value > limit.value * (1 + Self.tolerance)
    }

    private func connection(_ kind: Alarm.Kind, _ flow: Power, _ limit: Power) -> Alarm {
        Alarm(kind: kind, place: network.source, value: flow.value, limit: limit.value)
    }
}

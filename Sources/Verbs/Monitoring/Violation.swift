public import Grid

/// A limit of the network that an operating point breaks.
public struct Violation: Hashable, Sendable {
    /// Which limit is broken.
    public enum Kind: String, Hashable, Sendable {
        /// A branch carries more than its rating or ampacity; `value` is its loading, `limit` 1.
        case overload
        /// |V| is below the bus's limits; `value` and `limit` are fractions of nominal.
        case undervoltage
        /// |V| is above the bus's limits; `value` and `limit` are fractions of nominal.
        case overvoltage
    }

    /// The smallest excess that counts as a violation: beyond rounding and what solutions of the network
    /// equations differ by. A fraction of nominal for voltages, of the limit for everything else.
    public static let tolerance = 1e-6

    /// The smallest power beyond a limit of power that counts as a violation, whatever the limit: 1 W. The
    /// relative `tolerance` alone would leave none at a limit of zero.
    public static let leastPower = Power(1)

    /// Which limit is broken.
    public let kind: Kind
    /// Index of the branch or bus.
    public let place: Int
    /// What was found, in the unit of its kind.
    public let value: Double
    /// What is allowed, in the same unit.
    public let limit: Double

    /// By how much the limit is broken.
    public var excess: Double { (value - limit).magnitude }

    /// A violation of `limit` by `value`.
    public init(kind: Kind, place: Int, value: Double, limit: Double) {
        self.kind = kind
        self.place = place
        self.value = value
        self.limit = limit
    }

    /// Whether a current or loading is above its limit.
    public static func exceeds(_ value: Double, _ limit: Double) -> Bool {
        value > limit * (1 + tolerance)
    }

    /// Whether a power is above its limit: by more than `tolerance` of the limit and `leastPower`.
    public static func exceeds(_ power: Power, _ limit: Power) -> Bool {
        power > limit * (1 + tolerance) + leastPower
    }
}

extension Network {
    /// The overload of a branch at a loading; nil where the loading is within its limits, or there are none.
    public func overload(of branch: Int, loading: Branch.Loading?) -> Violation? {
        guard let loading = loading?.value, Violation.exceeds(loading, 1) else { return nil }
        return Violation(kind: .overload, place: branch, value: loading, limit: 1)
    }

    /// The violation of a bus's voltage limits at |V|, as a fraction of nominal; nil where it keeps them, or
    /// is de-energised.
    public func voltageViolation(of bus: Int, magnitude: Double) -> Violation? {
        let limits = buses[bus].limits
        if magnitude > limits.upperBound + Violation.tolerance {
            return Violation(kind: .overvoltage, place: bus, value: magnitude, limit: limits.upperBound)
        }
        guard magnitude > 0, magnitude < limits.lowerBound - Violation.tolerance else { return nil }
        return Violation(kind: .undervoltage, place: bus, value: magnitude, limit: limits.lowerBound)
    }

    /// Every limit of branches and energised buses that a solved `point` breaks: overloads, then voltages.
    public func violations(at point: OperatingPoint) -> [Violation] {
        guard point.status.isSolved else { return [] }
        let overloads = branches.indices.compactMap {
            overload(of: $0, loading: loading(of: $0, at: point))
        }
        let voltages = buses.indices.compactMap {
            voltageViolation(of: $0, magnitude: point.voltage[$0] / buses[$0].nominalVoltage)
        }
        return overloads + voltages
    }
}

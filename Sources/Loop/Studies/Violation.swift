public import Grid

/// A limit of the network that an operating point breaks.
public struct Violation: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        /// A branch carries more than its rating or ampacity; `value` is a part of that, `limit` 1.
        case overload
        /// |V| is outside the bus's limits; `value` and `limit` are fractions of nominal.
        case undervoltage, overvoltage
    }

    public let kind: Kind
    /// Index of the branch or bus.
    public let place: Int
    public let value: Double
    public let limit: Double

    /// By how much the limit is broken.
    public var excess: Double { (value - limit).magnitude }

    public init(kind: Kind, place: Int, value: Double, limit: Double) {
        self.kind = kind
        self.place = place
        self.value = value
        self.limit = limit
    }
}

extension Network {
    /// A limit is broken only beyond rounding.
    private static let tolerance = 1e-6

    /// What each branch carries at `point` as a part of what it may: the larger of current over ampacity and
    /// of apparent power over rating at either end; nil without either limit.
    public func loading(of branch: Int, at point: OperatingPoint) -> Double? {
        let wire = branches[branch]
        var loading: Double?
        if let ampacity = wire.ampacity, ampacity > .zero { loading = point.current[branch] / ampacity }
        if let rating = wire.rating, rating > .zero {
            let (from, to) = (point.powerFrom[branch].value, point.powerTo[branch].value)
            let (reactiveFrom, reactiveTo) = (
                point.reactiveFrom[branch].value, point.reactiveTo[branch].value
            )
            let squared = max(from * from + reactiveFrom * reactiveFrom, to * to + reactiveTo * reactiveTo)
            loading = max(loading ?? 0, squared.squareRoot() / rating.value)
        }
        return loading
    }

    /// Every limit of branches and energised buses that a solved `point` breaks: overloads, then voltages.
    public func violations(at point: OperatingPoint) -> [Violation] {
        guard point.status.isSolved else { return [] }
        let overloads = branches.indices.compactMap { branch -> Violation? in
            guard let loading = loading(of: branch, at: point), loading > 1 + Self.tolerance else {
                return nil
            }
            return Violation(kind: .overload, place: branch, value: loading, limit: 1)
        }
        let voltages = buses.indices.compactMap { index -> Violation? in
            let (bus, magnitude) = (buses[index], point.voltage[index] / buses[index].nominalVoltage)
            if magnitude > bus.limits.upperBound + Self.tolerance {
                return Violation(
                    kind: .overvoltage, place: index, value: magnitude, limit: bus.limits.upperBound)
            }
            guard magnitude > 0, magnitude < bus.limits.lowerBound - Self.tolerance else { return nil }
            return Violation(
                kind: .undervoltage, place: index, value: magnitude, limit: bus.limits.lowerBound)
        }
        return overloads + voltages
    }
}

public import Grid
public import Monitoring

/// One outage, and what becomes of the network then.
public struct Contingency: Hashable, Sendable {
    public enum Outage: Hashable, Sendable {
        /// The network as it is.
        case none
        /// Of a branch or generator of the case, by index.
        case branch(Int)
        case generator(Int)
    }

    /// What is worst about it, the worst last.
    public enum Severity: Int, Hashable, Sendable, Comparable {
        case secure, voltage, overload, unserved, unsolved

        public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
    }

    public let outage: Outage
    /// Whether what follows comes from an AC power flow; else from the linear model, which knows no voltages.
    public let isVerified: Bool
    public let status: OperatingPoint.Status
    /// The largest load of a branch as a part of its limit, and that branch; nil where no energised branch
    /// has a limit, and without a solution.
    public let loading: Double?
    public let mostLoaded: Int?
    /// How many branches are above their limit.
    public let overloads: Int
    /// Load that the outage leaves without a path to a source.
    public let unserved: Power
    /// Every limit broken; empty unless verified.
    public let violations: [Violation]

    public var severity: Severity {
        if !status.isSolved { return .unsolved }
        if unserved > .zero { return .unserved }
        if overloads > 0 { return .overload }
        return violations.isEmpty ? .secure : .voltage
    }

    /// The violated voltage furthest from its limit.
    public var worstVoltage: Violation? {
        violations.filter { $0.kind != .overload }.max { $0.excess < $1.excess }
    }

    /// Whether it is the worse of two: by severity, then by what is not served, by the largest load of a
    /// branch and by the worst voltage.
    public func isWorse(than other: Contingency) -> Bool {
        if severity != other.severity { return severity > other.severity }
        let keys = [(\Contingency.unserved.value), \.greatestLoad, \.greatestExcess]
        for key in keys where self[keyPath: key] != other[keyPath: key] {
            return self[keyPath: key] > other[keyPath: key]
        }
        return false
    }

    private var greatestLoad: Double { severity == .voltage ? 0 : loading ?? 0 }
    private var greatestExcess: Double { worstVoltage?.excess ?? 0 }
}

public import Grid
public import Monitoring

/// One outage and its consequences.
public struct Contingency: Hashable, Sendable {
    /// Which element is out of service.
    public enum Outage: Hashable, Sendable {
        /// The network as it is.
        case none
        /// A branch of the case, by index.
        case branch(Int)
        /// A generator of the case, by index.
        case generator(Int)
        /// An element of several branches, such as a three-winding transformer, by index in the `units` of
        /// the case's `origin`.
        case unit(Int)
    }

    /// Kind of consequence, the worst last.
    public enum Severity: Int, Hashable, Sendable, Comparable {
        /// No limit broken; a voltage, a branch limit broken; load without supply; no solution of the power
        /// flow.
        case secure, voltage, overload, unserved, unsolved

        /// Compares by how bad it is.
        public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
    }

    /// The outage.
    public let outage: Outage
    /// Whether the following come from an AC power flow; otherwise from the linear model, which knows no
    /// voltages.
    public let isVerified: Bool
    /// How the power flow ended.
    public let status: OperatingPoint.Status
    /// Largest loading of a branch, fraction of its limit; nil where no energised branch has a limit, and
    /// without a solution.
    public let loading: Double?
    /// Index of that branch.
    public let mostLoaded: Int?
    /// How many branches are above their limit.
    public let overloads: Int
    /// Demand that the outage leaves without a path to a source, whatever is generated beside it.
    public let unserved: Power
    /// Every limit broken; empty unless verified.
    public let violations: [Violation]

    /// The worst consequence.
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

// Behind the ideal transformer t = ratio·e^(j·shift) at `from` stands the voltage U = V(from)/t. With y the
// series admittance and h half the shunt, the π element behind it takes at its two ends
//
//     (U − V(to))·y + U·h     and     (V(to) − U)·y + V(to)·h;
//
// the current at `from` is the first one over conj(t). Written out, as a matrix times the two voltages:
//
//     I(from) = (y + h)/|t|²·V(from) − y/conj(t)·V(to)
//     I(to)   = −y/t·V(from) + (y + h)·V(to)

public import LinearAlgebra

/// A voltage or current as a two-port reads it: one `Complex`, or those of several steps side by side.
public protocol Phasor {
    /// The sum of two phasors.
    static func + (a: Self, b: Self) -> Self
    /// The difference of two phasors.
    static func - (a: Self, b: Self) -> Self
    /// The phasor times a complex constant.
    static func * (a: Self, b: Complex) -> Self
}

extension Complex: Phasor {}

/// A branch as seen from its two ends, p.u.: the currents that flow into it at given voltages.
@frozen public struct TwoPort: Hashable, Sendable {
    /// Series admittance y = 1/(r + jx).
    public let series: Complex
    /// Half the shunt admittance, which stands at either end of the π element.
    public let halfShunt: Complex
    /// 1/t, of the ideal transformer at `from`.
    public let inverseTurns: Complex

    /// The two-port of a branch, whether it is closed or not.
    public init(_ branch: PerUnitNetwork.Branch) {
        series = branch.seriesAdmittance
        halfShunt = branch.halfShunt
        inverseTurns = branch.inverseTurns
    }

    /// The same two-port with its ratio multiplied by `factor`: what a tap changer makes of it.
    @inlinable public func scalingRatio(by factor: Double) -> TwoPort {
        TwoPort(series: series, halfShunt: halfShunt, inverseTurns: inverseTurns * (1 / factor))
    }

    @usableFromInline init(series: Complex, halfShunt: Complex, inverseTurns: Complex) {
        self.series = series
        self.halfShunt = halfShunt
        self.inverseTurns = inverseTurns
    }

    /// Admittance of `from`: the current there per voltage there, the other end short-circuited.
    @inlinable public var from: Complex { to * inverseTurns.squared }
    /// The current into the branch at `from` per voltage at `to`.
    @inlinable public var fromTo: Complex { -series * inverseTurns.conjugate }
    /// The current into the branch at `to` per voltage at `from`.
    @inlinable public var toFrom: Complex { -series * inverseTurns }
    /// Admittance of `to`: the current there per voltage there, the other end short-circuited.
    @inlinable public var to: Complex { series + halfShunt }

    /// What flows in a branch, p.u.
    @frozen public struct Currents<Value: Phasor> {
        /// The voltage behind the ideal transformer.
        public let behind: Value
        /// Through the series impedance, positive from → to.
        public let series: Value
        /// Into the π element behind the ideal transformer.
        public let intoElement: Value
        /// Into the branch at `from`.
        public let from: Value
        /// Into the branch at `to`.
        public let to: Value

        @inlinable init(_ port: TwoPort, _ near: Value, _ far: Value) {
            behind = near * port.inverseTurns
            series = (behind - far) * port.series
            intoElement = series + behind * port.halfShunt
            from = intoElement * port.inverseTurns.conjugate
            to = far * port.halfShunt - series
        }
    }

    /// The currents at the voltages of `from` and `to`. They are linear in the voltages: at changes of the
    /// voltages these are the changes of the currents.
    @inlinable public func currents<Value: Phasor>(_ from: Value, _ to: Value) -> Currents<Value> {
        Currents(self, from, to)
    }
}

import Glibc
import Grid
import Lanes

extension PortPlan {
    /// One part of a load or inverter, in per unit of its bus: what every iteration reads.
    struct Terminal {
        struct Shares {
            var power: Double
            var current: Double
            var impedance: Double
        }

        var plus: Int32
        var minus: Int32
        var plusRow: Int32
        var minusRow: Int32
        let active: Shares
        let reactive: Shares
        /// Limits of 1/|v|.
        let low: Double
        let high: Double
        /// Whether its dependence on the voltage is no polynomial, at any voltage or above `low`.
        let isIrregular: Bool
        let isIrregularAbove: Bool
    }

    /// What iterations need rarely.
    struct TerminalDetail {
        /// Index of the load, or that of the inverter behind all loads.
        let source: Int32
        /// Nominal |v|, p.u. of the bus.
        let nominal: Double
        let dependence: Feeder.VoltageDependence
        let range: Feeder.ModelRange
        /// At nominal voltage, as fractions of the base power.
        let nominalActive: Double
        let nominalReactive: Double

        /// Computes lane by lane what no polynomial gives, at 1/|v| = `u`, where `mask` is not zero.
        func correct(_ active: inout Lanes, _ reactive: inout Lanes, _ u: Lanes, where mask: SIMD8<Int64>) {
            for lane in 0..<Lanes.scalarCount where mask[lane] != 0 {
                let factors = dependence.admittance(at: 1 / (u[lane] * nominal), range)
                active[lane] = factors.active / (nominal * nominal)
                reactive[lane] = factors.reactive / (nominal * nominal)
            }
        }
    }
}

extension Feeder.VoltageDependence {
    /// Shares within the range; nil where it is no polynomial there.
    var shares: (active: Shares, reactive: Shares)? {
        switch self {
        case .polynomial(let active, let reactive, let cutoff): cutoff > 0 ? nil : (active, reactive)
        case .exponential(let a, let b):
            Shares(exponent: a).flatMap { a in Shares(exponent: b).map { (a, $0) } }
        }
    }

    /// Conductance and susceptance at |v|, a fraction of nominal, as multiples of those at nominal voltage.
    func admittance(at v: Double, _ range: Feeder.ModelRange) -> (active: Double, reactive: Double) {
        // Of constant power and constant current.
        func limited(_ exponent: Double) -> Double {
            func at(_ v: Double) -> Double { exponent == 2 ? 1 / (v * v) : 1 / v }
            if v > range.upper { return at(range.upper) }
            if v >= range.lower { return at(v) }
            guard range.lower > range.lowest else { return at(range.lower) }
            guard v > range.lowest else { return 1 }
            let part = (v - range.lowest) / (range.lower - range.lowest)
            return (range.lowest + part * (at(range.lower) * range.lower - range.lowest)) / v
        }
        switch self {
        case .exponential(let active, let reactive):
            let base = limited(2)
            guard v >= range.lower, v <= range.upper else { return (base, base) }
            return (base * pow(v, active), base * pow(v, reactive))
        case .polynomial(let active, let reactive, let cutoff):
            if v <= range.lowest, range.lowest < range.lower { return (1, 1) }
            let (p, i) = (limited(2), limited(1))
            // The load drops out softly, so that the fixed point has somewhere to go.
            let part = cutoff > 0 ? 1 / (1 + exp(-1000 * (v - cutoff))) : 1
            return (
                part * (active.power * p + active.current * i + active.impedance),
                part * (reactive.power * p + reactive.current * i + reactive.impedance)
            )
        }
    }
}

extension Feeder.VoltageDependence.Shares {
    fileprivate init?(exponent: Double) {
        switch exponent {
        case 0: self = .power
        case 1: self = .current
        case 2: self = .impedance
        default: return nil
        }
    }
}

import Glibc
import Grid
import Lanes
import LinearAlgebra

/// An inverter as the fixed point sees it: its powers, as fractions of its rating, follow the voltage by
/// damped steps. Reactive power falls and active power falls with a rising voltage, so there is one
/// equilibrium; a step of 1/(1 + gain), gain the slope of the curves times what the powers of all inverters
/// do to this voltage, goes towards it without overshooting.
struct InverterUnit: Sendable {
    let inverter: Feeder.Inverter
    /// Its terminals in the flow.
    let terminals: [Int]
    let damping: Double
    /// Fractions of the rating.
    let active: Double
    let reactive: Double
    private let reactiveLimit: Double
    private let wattScale: Double

    init(_ inverter: Feeder.Inverter, _ terminals: [Int], gain: Double) {
        self.inverter = inverter
        self.terminals = terminals
        damping = 1 / (1 + gain)
        active = inverter.active / Power(inverter.rating.value)
        reactive = inverter.reactive / ReactivePower(inverter.rating.value)
        reactiveLimit = min(
            1, (inverter.reactiveLimit?.value ?? inverter.rating.value) / inverter.rating.value)
        wattScale = inverter.ratedActive / Power(inverter.rating.value)
    }

    var followsVoltage: Bool { inverter.voltVar != nil || inverter.voltWatt != nil }

    /// What it gives at a voltage, a fraction of nominal, where so much is available.
    func powers(available: Double, reactive q: Double, at voltage: Double) -> (
        active: Double, reactive: Double
    ) {
        var p = available
        if let curve = inverter.voltWatt { p = min(p, curve.output(at: voltage) * wattScale) }
        var q = inverter.voltVar.map { $0.output(at: voltage) * reactiveLimit } ?? q
        q = min(max(q, -reactiveLimit), reactiveLimit)
        if p.magnitude > 1 { p = p < 0 ? -1 : 1 }
        if p * p + q * q > 1 {
            if inverter.prefersReactive {
                let most = (1 - q * q).squareRoot()
                p = min(max(p, -most), most)
            } else {
                let most = max(0, 1 - p * p).squareRoot()
                q = min(max(q, -most), most)
            }
        }
        return (p, q)
    }

    /// The voltage that counts, of those across the terminals.
    func voltage(_ all: [Double], _ k: Int) -> Double {
        switch inverter.monitored {
        case .each: all[k]
        case .mean: all.reduce(0, +) / Double(all.count)
        case .lowest: all.min()!
        case .highest: all.max()!
        }
    }

    /// Steepest slope of what it gives against the voltage, VA over a fraction of nominal.
    static func slope(of inverter: Feeder.Inverter) -> Double {
        func steepest(_ curve: VoltageCurve?) -> Double {
            guard let curve else { return 0 }
            return zip(curve.points, curve.points.dropFirst()).reduce(0) {
                max($0, ($1.0.output - $1.1.output) / ($1.1.voltage - $1.0.voltage))
            }
        }
        let reactive = steepest(inverter.voltVar) * (inverter.reactiveLimit?.value ?? inverter.rating.value)
        return reactive + steepest(inverter.voltWatt) * inverter.ratedActive.value.magnitude
    }
}

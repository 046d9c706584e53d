import Glibc
import Grid
import Lanes
import LinearAlgebra

/// An inverter as the fixed point sees it: its powers, as fractions of its rating, follow the voltage by
/// damped steps. Reactive power falls and active power falls with a rising voltage, so there is one
/// equilibrium; a step of 1/(1 + gain), gain the slope of the curves where the voltage is, times what the
/// powers of all inverters do to this voltage, goes towards it without overshooting.
struct InverterUnit: Sendable {
    let inverter: Feeder.Inverter
    /// Its terminals in the flow.
    let terminals: [Int]
    /// What a change of power, as a fraction of the rating, does to the voltage, as a fraction of nominal,
    /// where the others change likewise.
    private let response: Double
    /// Fractions of the rating.
    let active: Double
    let reactive: Double
    private let reactiveLimit: Double
    private let wattScale: Double

    init(_ inverter: Feeder.Inverter, _ terminals: [Int], gain: Double) {
        self.inverter = inverter
        self.terminals = terminals
        response = gain
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

    /// What it gives, and how far to go towards it from what it `gave`: the slope that counts is that over
    /// the voltages to which the whole way might lead.
    func step(
        available: Double, reactive q: Double, at voltage: Double, from gave: (Double, Double)
    ) -> (powers: (active: Double, reactive: Double), damping: Double) {
        let here = powers(available: available, reactive: q, at: voltage)
        let h = max(1e-3, response * change(here, gave))
        let (low, high) = (
            powers(available: available, reactive: q, at: voltage - h),
            powers(available: available, reactive: q, at: voltage + h)
        )
        let slope = max(change(here, low), change(high, here)) / h
        return (here, 1 / (1 + response * slope))
    }

    private func change(_ a: (Double, Double), _ b: (Double, Double)) -> Double {
        (a.0 - b.0).magnitude + (a.1 - b.1).magnitude
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
}

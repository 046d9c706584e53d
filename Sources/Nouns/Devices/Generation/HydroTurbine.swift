import Glibc

// Part-flow efficiency of a turbine from nothing but its kind, head H and design flow Qd: the formulae of
// RETScreen (Clean Energy Project Analysis: Engineering & Cases Textbook, Small Hydro Project Analysis,
// appendix A; CANMET Energy Technology Centre 2004), with manufacture coefficient Rm = 4.5 and two jets.
// Francis, Kaplan and propeller share one plan: the runner's diameter d gives a gain, the specific speed nq a
// loss, and both the peak efficiency; from the flow Qp of the peak it falls by a power of the distance. Above
// Qp a Francis turbine falls with the square of (Q − Qp)/(Qd − Qp).

extension Hydro {
    private static let manufacture = 4.5
    private static let jets = 2.0

    /// Efficiency of the turbine alone, 0…1, at `flow` m³/s.
    public func turbineEfficiency(flow: Double) -> Double {
        guard flow > 0, designFlow > 0, head > 0 else { return 0 }
        let efficiency =
            switch turbine {
            case .francis: francis(flow)
            case .kaplan: kaplan(flow)
            case .propeller: propeller(flow)
            case .pelton: impulse(flow)
            case .turgo: impulse(flow) - 0.03
            case .crossflow: crossflow(flow)
            }
        return min(max(0, efficiency), 1)
    }

    /// Runner diameter, m.
    private var runner: Double {
        let size = pow(designFlow, 0.473)
        return 0.46 * size < 1.8 ? 0.46 * size : 0.41 * size
    }

    private func peak(base: Double, speedLoss: Double, runnerGain: Double) -> Double {
        let gain = (runnerGain + speedLoss) * (1 - 0.789 * pow(runner, -0.2))
        return max(0, base - speedLoss + gain - 0.0305 + 0.005 * Hydro.manufacture)
    }

    private func francis(_ flow: Double) -> Double {
        let specificSpeed = 600 / head.squareRoot()
        let speedLoss = square((specificSpeed - 56) / 256)
        let peak = peak(base: 0.919, speedLoss: speedLoss, runnerGain: 0.081)
        let peakFlow = 0.65 * designFlow * pow(specificSpeed, 0.05)
        if flow < peakFlow {
            let exponent = 3.94 - 0.0195 * specificSpeed
            return (1 - 1.25 * pow((peakFlow - flow) / peakFlow, exponent)) * peak
        }
        guard designFlow > peakFlow else { return peak }
        let drop = 0.0072 * pow(specificSpeed, 0.4) * peak
        return peak - square((flow - peakFlow) / (designFlow - peakFlow)) * drop
    }

    private var axialPeak: Double {
        peak(base: 0.905, speedLoss: square((800 / head.squareRoot() - 170) / 700), runnerGain: 0.095)
    }

    private func kaplan(_ flow: Double) -> Double {
        let peakFlow = 0.75 * designFlow
        return (1 - 3.5 * pow((peakFlow - flow) / peakFlow, 6)) * axialPeak
    }

    /// Fixed blades: best at full flow, and steeply worse below.
    private func propeller(_ flow: Double) -> Double {
        (1 - 1.25 * pow(max(0, designFlow - flow) / designFlow, 1.13)) * axialPeak
    }

    /// Pelton; a Turgo turbine is three points worse throughout.
    private func impulse(_ flow: Double) -> Double {
        let jets = Hydro.jets
        let speed = 31 * (head * designFlow / jets).squareRoot()
        let diameter = 49.4 * head.squareRoot() * pow(jets, 0.02) / speed
        let peak = 0.864 * pow(diameter, 0.04)
        let peakFlow = (0.662 + 0.001 * jets) * designFlow
        return (1 - (1.31 + 0.025 * jets) * pow(abs(peakFlow - flow) / peakFlow, 5.6 + 0.4 * jets)) * peak
    }

    private func crossflow(_ flow: Double) -> Double {
        let distance = (designFlow - flow) / designFlow
        return 0.79 - 0.15 * distance - 1.37 * pow(distance, 14)
    }

    private func square(_ x: Double) -> Double { x * x }
}

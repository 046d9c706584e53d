import Grid
import LinearAlgebra
import TestSupport

extension UnbalancedNetwork {
    /// A random feeder of lines with laterals of one and two phases, loads of every kind, and `loops` more
    /// lines that close loops.
    static func random(_ seed: UInt64, loops: Int = 0) -> UnbalancedNetwork {
        var random = SplitMix64(seed: seed)
        let count = Int.random(in: 2...40, using: &random)
        var phases: [Phases] = [.abc]
        var branches: [Branch] = []
        for bus in 1..<count {
            let parent = Int.random(in: max(0, bus - 6)..<bus, using: &random)
            let some = Phases(rawValue: UInt8.random(in: 1...7, using: &random)).intersection(phases[parent])
            phases.append(Bool.random(using: &random) || some.count == 0 ? phases[parent] : some)
            branches.append(line(parent, bus, phases[bus], &random))
        }
        for _ in 0..<loops {
            let (a, b) = (
                Int.random(in: 0..<count, using: &random), Int.random(in: 0..<count, using: &random)
            )
            let shared = phases[a].intersection(phases[b])
            if a != b, shared.count > 0 { branches.append(line(a, b, shared, &random)) }
        }
        let loads = (1..<count).map { load($0, phases[$0], &random) }
        return UnbalancedNetwork(
            buses: Sample.buses(count), branches: branches.shuffled(using: &random), loads: loads,
            capacitors: [
                Capacitor(
                    name: "C", bus: count - 1,
                    reactive: (0..<3).map {
                        ReactivePower(kilovars: phases[count - 1].contains(Phases(index: $0)) ? 20 : 0)
                    })
            ], source: Source(bus: 0, voltage: Double.random(in: 0.98...1.05, using: &random)))
    }

    private static func line(_ a: Int, _ b: Int, _ phases: Phases, _ random: inout SplitMix64) -> Branch {
        let length = Double.random(in: 0.01...0.2, using: &random)
        let isTurned = Bool.random(using: &random)
        return Sample.line(
            isTurned ? b : a, isTurned ? a : b, phases, Sample.impedance * length, Sample.susceptance * length
        )
    }

    private static func load(_ bus: Int, _ phases: Phases, _ random: inout SplitMix64) -> Load {
        let isDelta = Bool.random(using: &random)
        var (p, q) = ([0.0, 0, 0], [0.0, 0, 0])
        for phase in 0..<3 {
            let ends: Phases =
                isDelta ? [Phases(index: phase), Phases(index: (phase + 1) % 3)] : Phases(index: phase)
            guard phases.isSuperset(of: ends) else { continue }
            p[phase] = Double.random(in: -10...25, using: &random)
            q[phase] = Double.random(in: -3...12, using: &random)
        }
        let current = Double.random(in: 0...0.5, using: &random)
        return Sample.load(
            bus, p, q, isDelta ? .delta : .wye, current: current,
            impedance: Double.random(in: 0...0.5, using: &random))
    }
}

/// A point as phasors, V and A, and what Kirchhoff's and Ohm's laws leave over in it.
struct Phasors {
    let network: UnbalancedNetwork
    let voltage: [Complex]
    /// Entering each branch at `from`, by 3·branch + phase.
    let current: [Complex]

    init(_ point: UnbalancedPoint, _ network: UnbalancedNetwork) {
        self.network = network
        voltage = zip(point.voltage, point.angle).map { Self.polar($0.value, $1) }
        current = zip(point.current, point.currentAngle).map { Self.polar($0.value, $1) }
    }

    private static func polar(_ magnitude: Double, _ angle: Double) -> Complex {
        Complex(magnitude * cosine(angle), magnitude * cosine(angle - .pi / 2))
    }

    /// What half the charging of a line takes at the bus.
    private func charging(_ susceptance: PhaseMatrix, _ phases: [Int], _ bus: Int, _ i: Int) -> Complex {
        phases.reduce(.zero) {
            $0 + voltage[3 * bus + $1].timesImaginary(susceptance.real[3 * i + $1] / 2)
        }
    }

    /// Largest |V(from) − V(to) − Z·I| of all lines, V.
    var ohm: Double {
        var worst = 0.0
        for (index, branch) in network.branches.enumerated() {
            guard case .line(let z, let b) = branch.element else { continue }
            let phases = branch.phases.indices
            for i in phases {
                var rest = voltage[3 * branch.from + i] - voltage[3 * branch.to + i]
                for j in phases {
                    let series = current[3 * index + j] - charging(b, phases, branch.from, j)
                    rest -= Complex(z.real[3 * i + j], z.imaginary[3 * i + j]) * series
                }
                worst = max(worst, rest.magnitude)
            }
        }
        return worst
    }

    /// Largest |Σ I| at the phases of all buses but the source, A.
    var kirchhoff: Double {
        var sum = [Complex](repeating: .zero, count: voltage.count)
        for (index, branch) in network.branches.enumerated() {
            guard case .line(_, let b) = branch.element else { continue }
            let phases = branch.phases.indices
            for i in phases {
                let i0 = current[3 * index + i]
                sum[3 * branch.from + i] -= i0
                sum[3 * branch.to + i] +=
                    i0 - charging(b, phases, branch.from, i) - charging(b, phases, branch.to, i)
            }
        }
        for load in network.loads { draw(load, from: &sum) }
        for capacitor in network.capacitors {
            for phase in 0..<3 {
                let at = 3 * capacitor.bus + phase
                let nominal = network.buses[capacitor.bus].nominalPhaseVoltage
                sum[at] -= voltage[at].timesImaginary(capacitor.reactive[phase].value / (nominal * nominal))
            }
        }
        return sum.indices.filter { $0 / 3 != network.source.bus }.map { sum[$0].magnitude }.max() ?? 0
    }

    private func draw(_ load: UnbalancedNetwork.Load, from sum: inout [Complex]) {
        for phase in 0..<3 where load.active[phase] != .zero || load.reactive[phase] != .zero {
            let (a, b) = (3 * load.bus + phase, 3 * load.bus + (phase + 1) % 3)
            let isDelta = load.connection == .delta
            let v = isDelta ? voltage[a] - voltage[b] : voltage[a]
            let bus = network.buses[load.bus]
            let ratio = v.magnitude / (isDelta ? bus.nominalVoltage.value : bus.nominalPhaseVoltage)
            let size =
                1 - load.constantCurrent - load.constantImpedance + load.constantCurrent * ratio
                + load.constantImpedance * ratio * ratio
            let s = Complex(load.active[phase].value, load.reactive[phase].value) * size
            let drawn = (s / v).conjugate
            sum[a] -= drawn
            if isDelta { sum[b] += drawn }
        }
    }
}

import Glibc
import LinearAlgebra

// The balanced network that takes the place of a feeder where only the positive sequence counts, in plans:
// one branch for each line and transformer. A power P that flows through one conductor of n alike gives each
// of three a third of the current that it gives the one; so the drop and the losses of n conductors are those
// of a three-phase branch of 3/n times their impedance. Coupling counts as between balanced currents: mean of
// the diagonal less mean of the rest.

/// A balanced network in place of a feeder, with the same buses.
public struct FeederEquivalent: Hashable, Sendable {
    /// What a branch stands for.
    public enum Element: Hashable, Sendable {
        /// Index of a line.
        case line(Int)
        /// Index of a transformer; the branch goes from its first winding to this one.
        case transformer(Int, winding: Int)
    }

    /// The network; its buses are those of the feeder.
    public var network: Network
    /// What each branch stands for.
    public let elements: [Element]
}

extension Feeder {
    /// The feeder as a balanced network, with the windings of tap controls at `taps`, or at their own where
    /// that is empty, and voltage `limits` at every bus. Its source is stiff: the impedance behind the first
    /// source is left out. Phase shifts of transformers are left out too.
    /// - Precondition: there is a source, and every bus has a nominal voltage.
    public func equivalent(limits: ClosedRange<Double>, taps: [Double] = []) -> FeederEquivalent {
        var windings = transformers.map { $0.windings.map(\.tap) }
        for (control, tap) in zip(tapControls, taps) { windings[control.transformer][control.winding] = tap }
        var (branches, elements): ([Branch], [FeederEquivalent.Element]) = ([], [])
        for (index, line) in lines.enumerated() where line.from.bus != line.to.bus {
            guard let branch = branch(line) else { continue }
            branches.append(branch)
            elements.append(.line(index))
        }
        for (index, transformer) in transformers.enumerated() {
            var seen: Set<Int> = [transformer.windings[0].bus]
            for winding in transformer.windings.indices.dropFirst()
            where seen.insert(transformer.windings[winding].bus).inserted {
                branches.append(branch(transformer, winding, taps: windings[index]))
                elements.append(.transformer(index, winding: winding))
            }
        }
        var nodes = buses.map { Grid.Bus(name: $0.name, nominalVoltage: $0.nominalVoltage, limits: limits) }
        for shunt in shunts {
            for (pair, admittance) in zip(shunt.pairs, shunt.admittance) {
                let part = admittance * (Double(shunt.closed) / Double(shunt.steps) * share(of: pair))
                nodes[shunt.bus].shuntConductance += part.real
                nodes[shunt.bus].shuntSusceptance += part.imaginary
            }
        }
        let source = sources[0]
        let voltage = source.positiveSequence / buses[source.bus].nominalPhaseVoltage
        return FeederEquivalent(
            network: Network(buses: nodes, branches: branches, source: source.bus, sourceVoltage: voltage),
            elements: elements)
    }

    /// Square of the nominal voltage across a pair over that between two phases.
    private func share(of pair: Pair) -> Double { pair.joinsPhases ? 1 : 1.0 / 3 }

    /// A branch in place of a line; nil for one that has no phase conductor.
    private func branch(_ line: Line) -> Branch? {
        let phases = line.from.conductors.indices.filter { (1...3).contains(line.from.conductors[$0]) }
        guard !phases.isEmpty else { return nil }
        func positive(_ matrix: ConductorMatrix) -> Complex {
            let own = phases.reduce(Complex.zero) { $0 + matrix[$1, $1] } * (1 / Double(phases.count))
            let pairs = phases.flatMap { i in phases.filter { $0 != i }.map { matrix[i, $0] } }
            guard !pairs.isEmpty else { return own }
            return own - pairs.reduce(.zero, +) * (1 / Double(pairs.count))
        }
        let count = 3 / Double(phases.count)
        let series = positive(line.impedance) * count
        let (r, x) = Self.passable(series, nominal: buses[line.from.bus].nominalVoltage.value)
        var branch = Branch(
            name: line.name, from: line.from.bus, to: line.to.bus, resistance: Impedance(r),
            reactance: Impedance(x), charging: positive(line.admittance).imaginary / count,
            ampacity: line.rating)
        branch.isClosed = line.isClosed
        return branch
    }

    /// A branch in place of the windings 0 and `k` of a transformer.
    private func branch(_ transformer: Transformer, _ k: Int, taps: [Double]) -> Branch {
        let (first, second) = (transformer.windings[0], transformer.windings[k])
        /// Rated voltage over the nominal one, between the same conductors.
        func relative(_ winding: Transformer.Winding, _ tap: Double) -> Double {
            let nominal = buses[winding.bus].nominalVoltage.value
            return winding.voltage.value * tap / (nominal * share(of: winding.pairs[0]).squareRoot())
        }
        let rated = second.voltage.value / share(of: second.pairs[0]).squareRoot()
        let base = rated * rated / transformer.rating.value
        let z = Complex(first.resistance + second.resistance, transformer.reactances[k - 1]) * base
        let (r, x) = Self.passable(z, nominal: buses[second.bus].nominalVoltage.value)
        var branch = Branch(
            name: transformer.name, from: first.bus, to: second.bus, resistance: Impedance(r),
            reactance: Impedance(x), charging: -transformer.magnetizing / base,
            shuntConductance: transformer.ironLoss / base,
            ratio: relative(first, taps[0]) / relative(second, taps[k]))
        branch.rating = transformer.limit ?? transformer.rating
        branch.isClosed = transformer.isClosed
        return branch
    }

    /// An impedance that is not zero: a switch has 1e-6 of that of 1 MVA.
    private static func passable(_ z: Complex, nominal: Double) -> (Double, Double) {
        let least = nominal * nominal * 1e-12
        return z.magnitude > least ? (max(0, z.real), z.imaginary) : (0, least)
    }
}

extension Feeder.Pair {
    /// Whether both conductors are phases.
    public var joinsPhases: Bool { (1...3).contains(plus) && (1...3).contains(minus) }
}

extension Feeder.Source {
    /// Size of the positive sequence of its voltages, V; the mean size where there are not three.
    var positiveSequence: Double {
        guard magnitude.count == 3 else {
            return magnitude.reduce(0) { $0 + $1.value } / Double(magnitude.count)
        }
        let third = 2 * Double.pi / 3
        let sum = (0..<3).reduce(Complex.zero) { sum, k in
            let turned = angle[k] + Double(k) * third
            return sum + Complex(cos(turned), sin(turned)) * magnitude[k].value
        }
        return sum.magnitude / 3
    }
}

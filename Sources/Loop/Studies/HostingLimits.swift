// What each limit of a network leaves, from the voltages of eight steps at once. A limit is a measure that
// must not pass its bound; squares are compared, so nothing needs a root:
//
//     voltage     |V|² ≤ upper²  and  −|V|² ≤ −lower²
//     branch      ((|I| / ampacity)² or (|S| / rating)² at the worse end) ≤ 1
//     export      −P(source) ≤ the connection's limit, P the sum of what its branches take less what is
//                 injected there
//
// The currents of a branch follow from the voltages at its ends (`TwoPort`). The ideal transformer at `from`
// passes power on unchanged and divides the current's size by the ratio, so that the current behind it will
// do.

import Grid
import Lanes
import LinearAlgebra
import Monitoring
import PowerFlow

/// Steps with what is injected in them and the voltages that follow.
struct SolvedSteps: Sendable {
    let injections: InjectionSeries
    let voltages: VoltageSeries
}

/// All limits of one network that additional generation can break.
struct HostingLimits: Sendable {
    /// A limit that a step breaks.
    struct Breach: Hashable, Sendable {
        let limit: HostingCapacity.Limit
        /// Index in the steps that were measured.
        let step: Int
        /// Which part of the way from the base it is reached at, were measures straight lines.
        let part: Double
    }

    private struct Line {
        let from: Int
        let to: Int
        let port: TwoPort
        let limits: BranchLimits
        /// Index of the branch in the network.
        let branch: Int
    }

    private enum Measure: Hashable {
        case voltage(bus: Int, sign: Double)
        case loading(line: Int)
        case export
    }

    private struct Check {
        let limit: HostingCapacity.Limit
        let measure: Measure
        let bound: Double
        /// By how much the measure must pass its bound before the limit counts as broken.
        let slack: Double
    }

    /// The tolerance of violations, which is twice as much of a square.
    private static let squareSlack = 2 * Violation.tolerance

    /// Of a power, p.u.: what solutions differ by.
    private static let leastSlack = 1e-8

    private let lines: [Line]
    private let checks: [Check]
    private let source: Int
    private let sourceLines: [(line: Line, isSending: Bool)]
    private let sourceConductance: Double
    private let basePower: Double

    /// `exportLimit`: of what flows out at the network's first source; nil: without limit.
    init(_ network: Network, exportLimit: Power?) {
        let perUnit = PerUnitNetwork(network)
        let live = LiveNetwork(perUnit)
        let all = live.branches.map { index in
            let branch = network.branches[index]
            return Line(
                from: branch.from, to: branch.to, port: TwoPort(perUnit.branches[index]),
                limits: BranchLimits(branch, of: perUnit), branch: index)
        }
        lines = all
        source = network.source
        sourceLines = all.flatMap { line in
            [(line, true), (line, false)].filter { ($0.1 ? line.from : line.to) == network.source }
        }
        sourceConductance = perUnit.shuntConductance[network.source]
        basePower = perUnit.basePower
        let voltages = live.buses.sorted().flatMap { bus in
            let limits = network.buses[bus].limits
            let (upper, lower) = (limits.upperBound, limits.lowerBound)
            return [
                Check(
                    limit: .overvoltage(bus: bus), measure: .voltage(bus: bus, sign: 1),
                    bound: upper * upper, slack: Self.squareSlack),
                Check(
                    limit: .undervoltage(bus: bus), measure: .voltage(bus: bus, sign: -1),
                    bound: -lower * lower, slack: Self.squareSlack),
            ]
        }
        let loads = all.indices.filter { !all[$0].limits.isEmpty }.map {
            Check(
                limit: .overload(branch: all[$0].branch), measure: .loading(line: $0), bound: 1,
                slack: Self.squareSlack)
        }
        let export = exportLimit.map { limit in
            let bound = limit.value / perUnit.basePower
            return Check(
                limit: .export, measure: .export, bound: bound,
                slack: max(Violation.tolerance * bound, Self.leastSlack))
        }
        checks = voltages + loads + (export.map { [$0] } ?? [])
    }
}

extension HostingLimits {
    /// Every limit that `steps` break and, where `base` breaks it in the same step already, break worse.
    func breaches(of steps: SolvedSteps, beyond base: SolvedSteps?) -> [Breach] {
        let status = steps.voltages.status
        var found = status.indices.filter { !status[$0].isSolved }.map {
            Breach(limit: .solvability, step: $0, part: 0)
        }
        for block in 0..<steps.voltages.real.blocks where isSuspect(steps, block) {
            for check in checks {
                let value = measure(check.measure, steps, block)
                let before = base.map { measure(check.measure, $0, block) }
                for lane in 0..<min(Lanes.scalarCount, status.count - block * Lanes.scalarCount) {
                    let step = block * Lanes.scalarCount + lane
                    let start = before?[lane] ?? -.infinity
                    let allowed = max(check.bound, start)
                    guard status[step].isSolved, value[lane] > allowed + check.slack else { continue }
                    let part = start.isFinite ? (allowed - start) / (value[lane] - start) : 0
                    found.append(Breach(limit: check.limit, step: step, part: part))
                }
            }
        }
        return found
    }

    /// Whether any of eight steps may break anything. Only arithmetic: comparing lanes is slow.
    private func isSuspect(_ steps: SolvedSteps, _ block: Int) -> Bool {
        var excess = Lanes.zero
        for check in checks {
            let over = measure(check.measure, steps, block) - (check.bound + check.slack)
            excess += over + over.magnitudes
        }
        return excess.sum() > 0
    }

    private func measure(_ measure: Measure, _ steps: SolvedSteps, _ block: Int) -> Lanes {
        switch measure {
        case .voltage(let bus, let sign):
            return steps.voltage(bus, block).squared * sign
        case .loading(let index):
            let line = lines[index]
            let (sending, receiving) = ends(of: line, steps, block)
            let current = larger(
                sending.current.squared * (line.limits.perCurrentFrom * line.port.inverseTurns.squared),
                receiving.current.squared * line.limits.perCurrentTo)
            let power = larger(
                sending.apparentSquared * line.limits.perPowerFrom,
                receiving.apparentSquared * line.limits.perPowerTo)
            return larger(current, power)
        case .export:
            var export = steps.injections.active[row: source, block: block] * (1 / basePower)
            export -= steps.voltage(source, block).squared * sourceConductance
            for (line, isSending) in sourceLines {
                let (sending, receiving) = ends(of: line, steps, block)
                export -= isSending ? sending.active : receiving.active
            }
            return export
        }
    }

    /// What flows into a π element at each end, p.u.
    private func ends(of line: Line, _ steps: SolvedSteps, _ block: Int) -> (sending: End, receiving: End) {
        let far = steps.voltage(line.to, block)
        let flow = line.port.currents(steps.voltage(line.from, block), far)
        return (
            End(voltage: flow.behind, current: flow.intoElement), End(voltage: far, current: flow.to)
        )
    }

    private struct End {
        let voltage: Phasors
        let current: Phasors

        var active: Lanes {
            voltage.real * current.real + voltage.imaginary * current.imaginary
        }
        var apparentSquared: Lanes { voltage.squared * current.squared }
    }
}

/// One phasor in each of eight steps.
private struct Phasors: Phasor {
    let real: Lanes
    let imaginary: Lanes

    var squared: Lanes { real * real + imaginary * imaginary }

    static func + (a: Phasors, b: Phasors) -> Phasors {
        Phasors(real: a.real + b.real, imaginary: a.imaginary + b.imaginary)
    }
    static func - (a: Phasors, b: Phasors) -> Phasors {
        Phasors(real: a.real - b.real, imaginary: a.imaginary - b.imaginary)
    }
    static func * (a: Phasors, b: Complex) -> Phasors {
        Phasors(
            real: a.real * b.real - a.imaginary * b.imaginary,
            imaginary: a.real * b.imaginary + a.imaginary * b.real)
    }
}

extension SolvedSteps {
    fileprivate func voltage(_ bus: Int, _ block: Int) -> Phasors {
        Phasors(
            real: voltages.real[row: bus, block: block], imaginary: voltages.imaginary[row: bus, block: block]
        )
    }
}

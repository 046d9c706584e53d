import Grid
import LinearAlgebra

/// One regulator control as the sweep sees it: what its relay reads, and which taps it moves.
struct Relay {
    /// Monitored cell, and its place among the sweep's taps.
    private let cell: Int
    private let tap: Int
    private let moved: [Int]
    /// Relay volts of one per unit of voltage, and of one per unit of current through the compensator.
    private let scale: Double
    private let drop: Complex
    private let band: ClosedRange<Double>
    private let taps: ClosedRange<Int>
    private let step: Double
    /// How long the voltage must have been outside: in whole steps, and s.
    private let wait: Int
    private let delay: Double
    /// s.
    private let interval: Double

    /// Those of a tree, in the order of `UnbalancedNetwork.controls`; nil where there is no path to the
    /// source.
    static func all(_ tree: PhaseTree, _ network: UnbalancedNetwork, interval: Double) -> [Relay?] {
        var firstTap: [Int: (tap: Int, node: PhaseTree.Node)] = [:]
        var count = 0
        for node in tree.nodes {
            guard case .regulated = node.link else { continue }
            firstTap[node.branch] = (count, node)
            count += node.phases.count
        }
        return network.branches.enumerated().flatMap { index, branch -> [Relay?] in
            guard case .regulator(let regulator) = branch.element else { return [] }
            guard let place = firstTap[index] else { return regulator.controls.map { _ in nil } }
            let base = network.buses[branch.to].nominalPhaseVoltage
            return regulator.controls.map {
                Relay($0, of: regulator, place.node, place.tap, (base, tree.basePower / base), interval)
            }
        }
    }

    private init(
        _ control: UnbalancedNetwork.StepRegulator.Control, of regulator: UnbalancedNetwork.StepRegulator,
        _ node: PhaseTree.Node, _ firstTap: Int, _ base: (voltage: Double, current: Double),
        _ interval: Double
    ) {
        let monitored = node.phases.firstIndex(of: control.monitored)!
        cell = node.first + monitored
        tap = firstTap + monitored
        moved = control.phases.indices.map { firstTap + node.phases.firstIndex(of: $0)! }
        scale = base.voltage / control.potentialRatio
        drop = Complex(control.resistance, control.reactance) * (base.current / control.currentRating)
        band = (control.level - control.bandwidth / 2)...(control.level + control.bandwidth / 2)
        taps = regulator.range
        step = regulator.step
        wait = Int((control.delay / interval).rounded(.down).clamped(to: 0...1e9))
        delay = control.delay
        self.interval = interval
    }

    /// What is left of the delay at the start of a step, s, where the voltage was outside at the end of so
    /// many steps before; nil where the delay does not end within the step.
    func delayLeft(after waited: Int) -> Double? {
        guard waited >= wait else { return nil }
        return waited == 0 ? delay : max(0, delay - Double(waited) * interval)
    }

    /// The position in range that is nearest to this one.
    func nearest(_ tap: Int) -> Int { min(max(tap, taps.lowerBound), taps.upperBound) }

    /// The way the tap wants to go from where it is, in a lane at rest: −1, 0 or 1.
    func wish(_ sweep: PhaseSweep, _ lane: Int, tap position: Int) -> Int {
        let voltage = Complex(sweep.cells[cell].real[lane], sweep.cells[cell].imaginary[lane])
        let current = Complex(sweep.taps[tap].currentReal[lane], sweep.taps[tap].currentImaginary[lane])
        let seen = (voltage * scale - drop * current).magnitude
        if seen < band.lowerBound { return position < taps.upperBound ? 1 : 0 }
        return seen > band.upperBound && position > taps.lowerBound ? -1 : 0
    }

    func set(_ position: Int, _ sweep: PhaseSweep, _ lane: Int) {
        for index in moved { sweep.taps[index].ratio[lane] = 1 + Double(position) * step }
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}

import Glibc
public import Grid
public import Lanes
import LinearAlgebra

/// What the branches carried in a controlled series: how full each was, and what was lost.
public struct BranchLoadings: Hashable, Sendable {
    /// A row a branch: the larger of current over `ampacity` and apparent power over `rating`, at the worse
    /// of its two ends; 0 where it has neither, is open, or the step has no solution.
    public private(set) var loading: StepTable
    /// Lost in all branches, W, one a step: in series resistance and in iron.
    public private(set) var losses: [Double]

    /// In how many steps a branch was above its limit.
    public func overloadedSteps(_ branch: Int) -> Int {
        (0..<loading.steps).count { loading[branch, $0] > 1 }
    }

    /// The highest loading of a branch in any step.
    public func peak(_ branch: Int) -> Double {
        (0..<loading.steps).reduce(0) { max($0, loading[branch, $1]) }
    }

    /// - Precondition: `series` was made for this network and these controls.
    public init(_ series: ControlledSeries, network: Network, controls: VoltageControls) {
        let perUnit = PerUnitNetwork(network)
        loading = StepTable(rows: network.branches.count, steps: series.steps)
        losses = Array(repeating: 0, count: series.steps)
        for index in network.branches.indices where network.branches[index].isClosed {
            let line = Line(network.branches[index], perUnit.branches[index], of: perUnit)
            let changer = controls.tapChangers.firstIndex { $0.branch == index }
            for step in 0..<series.steps {
                let position = changer.map { Double(series.tap($0, step: step)) } ?? 0
                let tap = 1 + position * (changer.map { controls.tapChangers[$0].step } ?? 0)
                let from = series.voltage(bus: line.from, step: step)
                let to = series.voltage(bus: line.to, step: step)
                let flow = line.flow(
                    Complex(from.real, from.imaginary), Complex(to.real, to.imaginary), tap: tap)
                losses[step] += flow.loss
                loading[index, step] = flow.loading
            }
        }
    }

    private struct Line {
        let from: Int
        let to: Int
        /// ratio·e^(jθ), which a tap multiplies.
        let turn: Complex
        let admittance: Complex
        let halfShunt: Complex
        let basePower: Double
        /// 1 over the limits, p.u.²: of the currents at the two ends, and of apparent power.
        let perCurrentFrom: Double
        let perCurrentTo: Double
        let perPower: Double

        init(_ limits: Branch, _ branch: PerUnitNetwork.Branch, of network: PerUnitNetwork) {
            from = branch.from
            to = branch.to
            turn = Complex(branch.ratio * cos(branch.shift), branch.ratio * sin(branch.shift))
            admittance = Complex(branch.conductance, branch.susceptance)
            halfShunt = Complex(branch.shuntConductance / 2, branch.charging / 2)
            basePower = network.basePower
            func squared(_ base: Double, _ limit: Double?) -> Double {
                limit.map { base * base / ($0 * $0) } ?? 0
            }
            perCurrentFrom = squared(network.baseCurrent(at: from), limits.ampacity?.value)
            perCurrentTo = squared(network.baseCurrent(at: to), limits.ampacity?.value)
            perPower = squared(basePower, limits.rating?.value)
        }

        func flow(_ near: Complex, _ far: Complex, tap: Double) -> (loss: Double, loading: Double) {
            let turn = turn * tap
            let behind = near / turn
            let through = (behind - far) * admittance
            let into = (through + behind * halfShunt) / turn.conjugate
            let out = far * halfShunt - through
            let loss = (near * into.conjugate + far * out.conjugate).real * basePower
            let current = max(into.squared * perCurrentFrom, out.squared * perCurrentTo)
            let power = max(into.squared * near.squared, out.squared * far.squared) * perPower
            return (loss, max(current, power).squareRoot())
        }
    }
}

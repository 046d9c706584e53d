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

    /// The highest loading of a branch in any step.
    public func peak(_ branch: Int) -> Double {
        (0..<loading.steps).reduce(0) { max($0, loading[branch, $1]) }
    }

    /// The loadings and losses of every step of `series`.
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
        let port: TwoPort
        let limits: BranchLimits
        let basePower: Double

        init(_ branch: Branch, _ perUnit: PerUnitNetwork.Branch, of network: PerUnitNetwork) {
            from = branch.from
            to = branch.to
            port = TwoPort(perUnit)
            limits = BranchLimits(branch, of: network)
            basePower = network.basePower
        }

        func flow(_ near: Complex, _ far: Complex, tap: Double) -> (loss: Double, loading: Double) {
            let port = port.scalingRatio(by: tap)
            let flow = port.currents(near, far)
            let (into, out) = (flow.from, flow.to)
            let loss = (near * into.conjugate + far * out.conjugate).real * basePower
            return (loss, limits.squaredLoading(from: (near, into), to: (far, out)).squareRoot())
        }
    }
}

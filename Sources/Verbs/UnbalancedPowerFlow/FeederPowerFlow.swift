public import Grid
import Lanes
import LinearAlgebra

/// Power flow of one state of a `Feeder`; for many use `FeederTimeSeries`. Not thread-safe: create one
/// instance per thread.
public final class FeederPowerFlow {
    private let plan: PortPlan
    private let flow: PortFlow
    /// The state that was solved last.
    private var states: FeederStates?

    /// `tolerance`: largest power mismatch of a load or shunt, at its nominal power, as a fraction of ⅓ MVA.
    /// Throws all mistakes of the feeder.
    public init(feeder: Feeder, tolerance: Double = 1e-8) throws(FeederMistakes) {
        precondition(tolerance > 0)
        plan = try PortPlan(feeder)
        flow = PortFlow(plan, tolerance: tolerance)
    }

    /// With the loads at `factor` of their nominal power. Controls act until they rest, or not at all where
    /// they are not `controlled`.
    public func solve(factor: Double = 1, controlled: Bool = true) -> FeederPoint {
        solve(factor: factor, controlled: controlled, from: nil)
    }

    /// Taps move from `taps`, in steps from the middle of their ranges.
    func solve(factor: Double, controlled: Bool = true, from taps: [Int]?) -> FeederPoint {
        let feeder = plan.system.feeder
        let demand = DemandSeries(
            shapes: [[factor]], loads: feeder.loads.map { _ in 0 }, interval: .greatestFiniteMagnitude)
        var kit = FeederKit(plan, interval: demand.interval)
        if !controlled { kit = kit.withoutRelays }
        let record = FeederRecord(steps: 1, slots: plan.base.count, first: kit.first)
        TimeSegments(steps: 1, count: 1, start: taps.map(kit.first(taps:)) ?? kit.first).run(
            on: [FeederRunner(flow, kit, demand, from: 0, record)])
        let states = FeederStates(plan, kit, demand)
        self.states = states
        states.load(0..<1, of: record, from: 0)
        return point(states, factor)
    }

    /// What each pair of a source gives in the state that was solved last, VA.
    func sourcePowers(_ source: Int) -> [Complex] { states?.powers(source: source, 0) ?? [] }

    private func point(_ states: FeederStates, _ factor: Double) -> FeederPoint {
        let feeder = plan.system.feeder
        var point = FeederPoint(
            nodes: states.nodes.count, taps: feeder.tapControls.indices.map { states.tap($0, 0) },
            positions: feeder.tapControls.indices.map { states.position($0, 0) },
            closed: feeder.shuntControls.indices.map { states.closed($0, 0) })
        point.status = states.status(0)
        point.iterations = states.iterations(0)
        guard states.isSolved(0) else { return point }
        point.mismatch = flow.change[0].squareRoot() * 2 * plan.largest
        point.voltage = states.nodes.indices.map { states.voltage($0, 0) }
        func currents(_ index: Int, atFrom: Bool) -> [Complex] {
            feeder.lines[index].from.conductors.indices.map {
                states.current(line: index, place: $0, atFrom: atFrom, 0)
            }
        }
        point.lineFrom = feeder.lines.indices.map { currents($0, atFrom: true) }
        point.lineTo = feeder.lines.indices.map { currents($0, atFrom: false) }
        point.winding = feeder.transformers.enumerated().map { index, transformer in
            transformer.windings.enumerated().map { w, winding in
                winding.pairs.indices.map { states.current(transformer: index, winding: w, phase: $0, 0) }
            }
        }
        point.sourcePower = feeder.sources.indices.map { states.power(source: $0, 0) }
        point.inverterPower = feeder.inverters.indices.map { states.power(inverter: $0, 0) }
        point.lineLoss = feeder.lines.indices.map { Power(states.loss(line: $0, 0)) }
        point.transformerLoss = feeder.transformers.indices.map { Power(states.loss(transformer: $0, 0)) }
        point.shuntLoss = Power(feeder.shunts.indices.reduce(0) { $0 + states.loss(shunt: $1, 0) })
        for load in feeder.loads {
            for (pair, active) in zip(load.pairs, load.active)
            where plan.system.place(load.bus, pair) == nil {
                point.unserved += max(active, .zero) * factor
            }
        }
        return point
    }
}

public import Grid
import Lanes
import LinearAlgebra

/// Power flow of a `Feeder` over many steps: taps and switched shunts go from step to step.
///
/// The horizon is cut into stretches that fit into a fixed memory, and each stretch into segments that are
/// solved at once (see `TimeSegments`). A segment begins with the controls as the stretch found them, and is
/// solved again where the segment before ends otherwise. So taps are those of a solution step by step, and
/// voltages the same to the tolerance. The cut depends on nothing but the feeder and the number of steps, so
/// the result is the same at any number of workers.
///
/// Within a step controls act until none wants to. Of several that want to, those whose delay ends first do,
/// then the feeder is solved again. A delay of one step or longer is waited for: the control must have wanted
/// to act at the end of that many steps before. A step in which controls hunt ends at the `iterationLimit`.
/// Not thread-safe: create one instance per thread.
public final class FeederTimeSeries {
    /// Segments are not shorter than this.
    private static let shortest = 96
    private static let segments = 32
    /// Bytes that a stretch may take.
    private static let memory = 64 << 20

    private let plan: PortPlan
    private let flows: [PortFlow]

    /// `tolerance`: largest power mismatch of a load or shunt, at its nominal power, as a fraction of ⅓ MVA.
    /// `workers`: threads, with a workspace each. Throws all mistakes of the feeder.
    public init(feeder: Feeder, tolerance: Double = 1e-8, workers: Int = 1) throws(FeederMistakes) {
        precondition(tolerance > 0)
        let plan = try PortPlan(feeder)
        self.plan = plan
        flows = (0..<max(1, workers)).map { _ in PortFlow(plan, tolerance: tolerance) }
    }

    /// Solves every step of `demand`, whose first entries belong to the loads, and the others, if there are
    /// any, to the inverters. Hands the states to `body`, at most eight steps at a time and in order.
    public func solve(_ demand: DemandSeries, _ body: (FeederStates) -> Void) {
        let feeder = plan.system.feeder
        precondition(
            demand.active.count == feeder.loads.count
                || demand.active.count == feeder.loads.count + feeder.inverters.count)
        let kit = FeederKit(plan, interval: demand.interval)
        let states = FeederStates(plan, kit, demand)
        var first = kit.first
        let most = max(1024, Self.memory / (16 * (plan.base.count + 1)) / 8 * 8)
        var offset = 0
        while offset < demand.steps {
            let count = min(most, demand.steps - offset)
            let record = FeederRecord(steps: count, slots: plan.base.count, first: first)
            TimeSegments(
                steps: count, count: max(1, min(Self.segments, count / Self.shortest)), start: first
            ).run(on: flows.map { FeederRunner($0, kit, demand, from: offset, record) })
            for start in stride(from: 0, to: count, by: Lanes.scalarCount) {
                let end = min(start + Lanes.scalarCount, count)
                states.load(offset + start..<offset + end, of: record, from: offset)
                body(states)
            }
            first = record.states(count - 1)
            offset += count
        }
    }
}

/// Power flow of one state of a `Feeder`; for many use `FeederTimeSeries`. Not thread-safe: create one
/// instance per thread.
public final class FeederPowerFlow {
    private let plan: PortPlan
    private let flow: PortFlow

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
        let feeder = plan.system.feeder
        let demand = DemandSeries(
            shapes: [[factor]], loads: feeder.loads.map { _ in 0 }, interval: .greatestFiniteMagnitude)
        var kit = FeederKit(plan, interval: demand.interval)
        if !controlled { kit = kit.withoutRelays }
        let record = FeederRecord(steps: 1, slots: plan.base.count, first: kit.first)
        TimeSegments(steps: 1, count: 1, start: kit.first).run(
            on: [FeederRunner(flow, kit, demand, from: 0, record)])
        let states = FeederStates(plan, kit, demand)
        states.load(0..<1, of: record, from: 0)
        return point(states, factor)
    }

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

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

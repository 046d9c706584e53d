public import Grid
import Lanes
import LinearAlgebra

/// Power flow of a `Feeder` step by step, for a loop in which each step follows from the one before: taps and
/// switched shunts go from step to step, and each step begins at the voltages of the last.
///
/// A step may be solved several times, with other powers; its controls begin each time as the step before
/// left them, until `endStep`. The result of a series of steps is that of `FeederTimeSeries` to the
/// tolerance. Not thread-safe: create one instance per thread.
public final class FeederStepper {
    private let runner: FeederRunner
    private let record: FeederRecord
    private let states: FeederStates
    /// The controls at the begin of the step.
    private var controls: [ControlState]
    private var hasBegun = false
    private var demand: DemandSeries

    /// For steps of `interval`, s. `tolerance`: largest power mismatch of a load or shunt, at its nominal
    /// power, as a fraction of ⅓ MVA. Throws all mistakes of the feeder.
    public init(feeder: Feeder, interval: Double, tolerance: Double = 1e-8) throws(FeederMistakes) {
        precondition(tolerance > 0)
        let count = feeder.loads.count + feeder.inverters.count
        demand = DemandSeries(
            shapes: Array(repeating: [1], count: max(1, 2 * count)), active: Array(0..<count),
            reactive: Array(count..<2 * count), interval: interval)
        let plan = try PortPlan(feeder)
        let kit = FeederKit(plan, interval: interval)
        controls = kit.first
        record = FeederRecord(steps: 1, slots: plan.base.count, first: kit.first)
        runner = FeederRunner(
            PortFlow(plan, tolerance: tolerance), kit, demand, from: 0, record, lanes: 0...0)
        states = FeederStates(plan, kit, demand)
    }

    /// Sets what a load takes, or an inverter (counted behind the loads) gives: multiples of its nominal
    /// powers.
    public func set(_ index: Int, active: Double, reactive: Double) {
        demand.setFactor(active, of: demand.active[index], at: 0)
        demand.setFactor(reactive, of: demand.reactive[index], at: 0)
    }

    /// Solves the step that begins `clock` s after midnight with the powers that were set. Returns its
    /// state as step 0 of `FeederStates`, valid until the next call.
    public func solve(at clock: Double) -> FeederStates {
        runner.demand = demand
        runner.clock = clock
        if hasBegun {
            runner.resume(0, at: 0, from: controls)
        } else {
            runner.begin(0, at: 0, from: controls)
        }
        hasBegun = true
        repeat { runner.iterate() } while !runner.finishes(0, in: 0)
        _ = runner.recordState(after: 0, in: 0)
        states.load(record, demand)
        return states
    }

    /// Ends the step that was solved last: what its controls did and wait for goes to the next.
    public func endStep() { controls = record.states(0) }
}

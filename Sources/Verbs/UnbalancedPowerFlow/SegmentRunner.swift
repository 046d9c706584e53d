// A step of a feeder with regulators depends on the step before through its taps, so neighbouring steps
// cannot be solved side by side. Instead the horizon is cut into segments, a lane each, which run at once,
// each at its own pace: a lane that has come to rest moves its taps or goes on to its next step while others
// still sweep. Every segment but the first begins from an assumed state; see `UnbalancedTimeSeries` for the
// repair.
//
// Within a step: solve; every tap whose voltage is outside its band, and has been for its delay, moves by
// one; solve again; until none wants to move.

import Grid
import LinearAlgebra

/// Owns eight lanes; one a worker.
final class SegmentRunner {
    /// What a lane is to do.
    struct Task {
        let steps: Range<Int>
        /// Of each control, before the first step.
        let start: [State]
        /// Whether the segment was run before, so that the lane may stop where it meets what is on record.
        let isRepair: Bool
    }

    /// All that a control remembers.
    struct State: Hashable {
        let tap: Int
        /// For how many steps its voltage has been outside.
        let waited: Int
    }

    private struct Lane {
        var task: Task
        var step: Int
        var isActive: Bool
        /// In this step, and since the last start, tap or flat.
        var sweeps = 0
        var since = 0
        var moves = 0
        /// Whether the step began from the voltages of another.
        var isWarm = false
    }

    static let lanes = PhaseSweep.Lanes.scalarCount
    private static let limit = 200

    private let sweep: PhaseSweep
    private let compensation: Compensation?
    private let relays: [Relay?]
    private let demand: DemandSeries
    private let record: Trace
    private var lanes: [Lane] = []
    private var taps: [[Int]]
    private var waited: [[Int]]
    /// More tap moves than this in one step are hunting.
    private let mostMoves: Int

    init(
        _ sweep: PhaseSweep, _ compensation: Compensation?, _ relays: [Relay?], _ demand: DemandSeries,
        _ record: Trace
    ) {
        self.sweep = sweep
        self.compensation = compensation
        self.relays = relays
        self.demand = demand
        self.record = record
        taps = Array(repeating: Array(repeating: 0, count: relays.count), count: Self.lanes)
        waited = taps
        mostMoves = 100 + 40 * relays.count
    }

    /// Runs at most `lanes` tasks to their ends.
    func run(_ tasks: ArraySlice<Task>) {
        lanes = tasks.map { Lane(task: $0, step: $0.steps.lowerBound, isActive: !$0.steps.isEmpty) }
        for lane in lanes.indices where lanes[lane].isActive { begin(lane) }
        while lanes.contains(where: \.isActive) {
            if let compensation { compensation.sweep() } else { sweep.sweep() }
            for lane in lanes.indices where lanes[lane].isActive {
                lanes[lane].sweeps += 1
                lanes[lane].since += 1
                if sweep.isAtRest(lane) {
                    rest(lane)
                } else if lanes[lane].since >= Self.limit {
                    giveUp(lane)
                }
            }
        }
    }

    private func begin(_ lane: Int) {
        for (control, state) in lanes[lane].task.start.enumerated() {
            taps[lane][control] = state.tap
            waited[lane][control] = state.waited
            relays[control]?.set(state.tap, sweep, lane)
        }
        restart(lane)
        load(lane)
    }

    private func restart(_ lane: Int) {
        sweep.reset(lane)
        compensation?.reset(lane)
        lanes[lane].isWarm = false
        lanes[lane].since = 0
    }

    /// Sets what the loads take in the lane's step.
    private func load(_ lane: Int) {
        let step = lanes[lane].step
        for index in sweep.terminals.indices {
            let terminal = sweep.terminals[index]
            let load = Int(terminal.load)
            let p = demand.factors[demand.active[load] * demand.steps + step]
            let q = demand.factors[demand.reactive[load] * demand.steps + step]
            sweep.demands[index].active[lane] = terminal.nominalActive * p
            sweep.demands[index].reactive[lane] = terminal.nominalReactive * q
        }
    }

    /// The lane is solved for where its taps are.
    private func rest(_ lane: Int) {
        var hasMoved = false
        for control in relays.indices {
            guard let relay = relays[control], waited[lane][control] >= relay.delay else { continue }
            let wish = relay.wish(sweep, lane, tap: taps[lane][control])
            guard wish != 0 else { continue }
            taps[lane][control] += wish
            hasMoved = true
        }
        guard hasMoved else { return finish(lane, .converged) }
        for control in relays.indices { relays[control]?.set(taps[lane][control], sweep, lane) }
        lanes[lane].since = 0
        lanes[lane].moves += 1
        if lanes[lane].moves > mostMoves { fail(lane, .iterationLimit) }
    }

    private func giveUp(_ lane: Int) {
        if lanes[lane].isWarm { return restart(lane) }
        fail(lane, sweep.change[lane] < 1 ? .iterationLimit : .diverged)
    }

    private func fail(_ lane: Int, _ status: OperatingPoint.Status) {
        restart(lane)
        finish(lane, status)
    }

    /// Writes the step and goes on to the next, or stops where a repair meets the record.
    private func finish(_ lane: Int, _ status: OperatingPoint.Status) {
        let step = lanes[lane].step
        for control in relays.indices {
            guard status == .converged, let relay = relays[control] else { continue }
            let isOutside = relay.wish(sweep, lane, tap: taps[lane][control]) != 0
            waited[lane][control] = isOutside ? waited[lane][control] + 1 : 0
        }
        let hasMet =
            lanes[lane].task.isRepair
            && relays.indices.allSatisfy {
                record.state($0, step) == State(tap: taps[lane][$0], waited: waited[lane][$0])
            }
        record.write(step, status, lanes[lane].sweeps, taps[lane], waited[lane])
        record.write(step, sweep, lane, isSolved: status == .converged)
        lanes[lane].step += 1
        if hasMet || lanes[lane].step == lanes[lane].task.steps.upperBound {
            lanes[lane].isActive = false
            return
        }
        lanes[lane].isWarm = status == .converged
        lanes[lane].sweeps = 0
        lanes[lane].since = 0
        lanes[lane].moves = 0
        load(lane)
    }
}

// Within a step: solve; of the taps whose voltages are outside their bands, and have been for their delays in
// whole steps, those move by one whose delay ends first; solve again; until none wants to move. That is the
// order of OpenDSS's static control mode. Taps and delays go from step to step, so the steps are run by
// `TimeSegments`.

import Grid
import Lanes

/// Steps eight lanes through time; one for each worker and call.
final class UnbalancedRunner: SegmentRunner {
    /// All that a control remembers.
    struct ControlState: Hashable {
        let tap: Int
        /// For how many steps its voltage has been outside.
        let waited: Int
    }

    private struct Lane {
        /// In this step, and since the last start, tap or flat.
        var sweeps = 0
        var since = 0
        var moves = 0
        /// Whether the step began from the voltages of another.
        var isWarm = false
        /// How the step ended.
        var status = OperatingPoint.Status.diverged
    }

    private static let limit = 200

    private let sweep: PhaseSweep
    private let compensation: Compensation?
    private let relays: [Relay?]
    private let demand: DemandSeries
    private let record: Trace
    private var lanes = [Lane](repeating: Lane(), count: Lanes.scalarCount)
    private var taps: [[Int]]
    private var waited: [[Int]]
    /// Which way each control wants to go: used within `rest` only.
    private var wishes: [Int]
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
        taps = Array(repeating: Array(repeating: 0, count: relays.count), count: Lanes.scalarCount)
        waited = taps
        wishes = Array(repeating: 0, count: relays.count)
        mostMoves = 100 + 40 * relays.count
    }

    func begin(_ lane: Int, at step: Int, from state: [ControlState]) {
        for (control, state) in state.enumerated() {
            taps[lane][control] = state.tap
            waited[lane][control] = state.waited
            relays[control]?.set(state.tap, sweep, lane)
        }
        restart(lane)
        load(lane, step)
    }

    func proceed(_ lane: Int, to step: Int) {
        lanes[lane].isWarm = lanes[lane].status == .converged
        load(lane, step)
    }

    func iterate() {
        if let compensation { compensation.sweep() } else { sweep.sweep() }
    }

    func finishes(_ step: Int, in lane: Int) -> Bool {
        lanes[lane].sweeps += 1
        lanes[lane].since += 1
        let isDone = sweep.isAtRest(lane) ? rest(lane) : lanes[lane].since >= Self.limit && giveUp(lane)
        guard isDone else { return false }
        let status = lanes[lane].status
        record.write(step, status, lanes[lane].sweeps)
        record.write(step, sweep, lane, isSolved: status == .converged)
        return true
    }

    func recordState(after step: Int, in lane: Int) -> Bool {
        for control in relays.indices {
            guard lanes[lane].status == .converged, let relay = relays[control] else { continue }
            let isOutside = relay.wish(sweep, lane, tap: taps[lane][control]) != 0
            waited[lane][control] = isOutside ? waited[lane][control] + 1 : 0
        }
        let isKnown = relays.indices.allSatisfy {
            record.state($0, step) == ControlState(tap: taps[lane][$0], waited: waited[lane][$0])
        }
        record.write(step, taps[lane], waited[lane])
        return isKnown
    }

    func state(after step: Int) -> [ControlState] { relays.indices.map { record.state($0, step) } }

    private func restart(_ lane: Int) {
        sweep.reset(lane)
        compensation?.reset(lane)
        lanes[lane].isWarm = false
        lanes[lane].since = 0
    }

    /// Sets what the loads take in the lane's step.
    private func load(_ lane: Int, _ step: Int) {
        lanes[lane].sweeps = 0
        lanes[lane].since = 0
        lanes[lane].moves = 0
        for index in sweep.terminals.indices {
            let terminal = sweep.terminals[index]
            let load = Int(terminal.load)
            let p = demand.factors[demand.active[load] * demand.steps + step]
            let q = demand.factors[demand.reactive[load] * demand.steps + step]
            sweep.demands[index].active[lane] = terminal.nominalActive * p
            sweep.demands[index].reactive[lane] = terminal.nominalReactive * q
        }
    }

    /// The lane is solved for where its taps are. Returns whether its step is done.
    private func rest(_ lane: Int) -> Bool {
        var first = Double.infinity
        for control in relays.indices {
            guard let relay = relays[control] else { continue }
            let left = relay.delayLeft(after: waited[lane][control])
            wishes[control] = left == nil ? 0 : relay.wish(sweep, lane, tap: taps[lane][control])
            if let left, wishes[control] != 0 { first = min(first, left) }
        }
        guard first < .infinity else {
            lanes[lane].status = .converged
            return true
        }
        for control in relays.indices where wishes[control] != 0 {
            guard let relay = relays[control], relay.delayLeft(after: waited[lane][control]) == first else {
                continue
            }
            taps[lane][control] += wishes[control]
            relay.set(taps[lane][control], sweep, lane)
        }
        lanes[lane].since = 0
        lanes[lane].moves += 1
        guard lanes[lane].moves > mostMoves else { return false }
        return fail(lane, .iterationLimit)
    }

    /// Begins once more from no load; where that was tried already, the step is done.
    private func giveUp(_ lane: Int) -> Bool {
        if lanes[lane].isWarm {
            restart(lane)
            return false
        }
        return fail(lane, sweep.change[lane] < 1 ? .iterationLimit : .diverged)
    }

    private func fail(_ lane: Int, _ status: OperatingPoint.Status) -> Bool {
        restart(lane)
        lanes[lane].status = status
        return true
    }
}

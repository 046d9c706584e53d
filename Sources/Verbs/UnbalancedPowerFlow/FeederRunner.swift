// Within a step: solve; of the controls that want to act, and have wanted to for their delays in whole steps,
// those act whose delay ends first; solve again; until none wants to. That is the order of OpenDSS's static
// control mode. What controls remember goes from step to step, so the steps are run by `TimeSegments`.

import Grid
import Lanes

/// Steps eight lanes through time; one for each worker and call.
final class FeederRunner: SegmentRunner {
    private struct Lane {
        /// In this step, and since the last start or move.
        var iterations = 0
        var since = 0
        var moves = 0
        /// Whether the step began from the voltages of another.
        var isWarm = false
        /// Whether the fixed point failed in this step.
        var isHard = false
        /// What shortens the steps of inverters in this step.
        var caution = 1.0
        /// How the step ended.
        var status = OperatingPoint.Status.diverged
    }

    /// Iterations that may bring a lane to rest; more where powers follow voltages in damped steps.
    private var limit: Double { inverters.followVoltage ? 800 : 200 }

    private let flow: PortFlow
    private let kit: FeederKit
    /// What loads and inverters follow.
    var demand: DemandSeries
    /// When the series begins, s after midnight.
    var clock = 0.0
    private let offset: Int
    /// Lanes that are used.
    private let busy: ClosedRange<Int>
    private let record: FeederRecord
    private var inverters: InverterLanes
    private var lanes = [Lane](repeating: Lane(), count: Lanes.scalarCount)
    private var states: [[ControlState]]
    /// What each control wants, and how much of its delay is left: used within `rest` only.
    private var wishes: [ControlWish]
    private var left: [Double]
    /// More moves than this in one step are hunting.
    private let mostMoves: Int

    /// `offset`: step of `demand` at which the record begins. Only `lanes` of the eight are used.
    init(
        _ flow: PortFlow, _ kit: FeederKit, _ demand: DemandSeries, from offset: Int, _ record: FeederRecord,
        lanes busy: ClosedRange<Int> = 0...Lanes.scalarCount - 1
    ) {
        self.busy = busy
        self.flow = flow
        self.kit = kit
        self.demand = demand
        self.offset = offset
        self.record = record
        inverters = InverterLanes(kit.inverters)
        states = Array(repeating: kit.first, count: Lanes.scalarCount)
        wishes = Array(repeating: .rest, count: kit.relays.count)
        left = Array(repeating: 0, count: kit.relays.count)
        mostMoves = 100 + 40 * kit.relays.count
    }

    func begin(_ lane: Int, at step: Int, from state: [ControlState]) {
        states[lane] = state
        for (index, relay) in kit.relays.enumerated() { relay?.set(state[index], flow, lane) }
        restart(lane)
        load(lane, step)
    }

    /// Prepares a lane for a step from the controls `state`, at the voltages that it has.
    func resume(_ lane: Int, at step: Int, from state: [ControlState]) {
        states[lane] = state
        for (index, relay) in kit.relays.enumerated() { relay?.set(state[index], flow, lane) }
        proceed(lane, to: step)
    }

    func proceed(_ lane: Int, to step: Int) {
        lanes[lane].isWarm = lanes[lane].status == .converged
        load(lane, step)
    }

    func iterate() {
        if !kit.inverters.isEmpty { inverters.advance(flow, busy) }
        flow.iterate()
    }

    func finishes(_ step: Int, in lane: Int) -> Bool {
        lanes[lane].iterations += 1
        lanes[lane].since += 1
        guard isDone(lane, step) else { return false }
        record.write(step, lanes[lane].status, lanes[lane].iterations)
        record.write(step, flow, lane, isSolved: lanes[lane].status == .converged)
        return true
    }

    func recordState(after step: Int, in lane: Int) -> Bool {
        for (index, relay) in kit.relays.enumerated() {
            guard lanes[lane].status == .converged, let relay else { continue }
            let state = states[lane][index]
            let wish = relay.wish(flow, lane, state, at: time(step))
            let isMoving = if case .move = wish { true } else { false }
            states[lane][index].waited = isMoving ? min(state.waited + 1, kit.mostWaits[index]) : 0
            states[lane][index].waitedToTurn =
                wish == .turn ? min(state.waitedToTurn + 1, kit.mostWaits[index]) : 0
            let isCounting = relay is ShuntRelay && state.open > 0 && state.open < kit.mostWaits[index]
            states[lane][index].open += isCounting ? 1 : 0
        }
        return record.write(step, states[lane])
    }

    func state(after step: Int) -> [ControlState] { record.states(step) }

    /// End of a step, s after the midnight before the series; a single state stands at midnight.
    private func time(_ step: Int) -> Double {
        demand.interval < .greatestFiniteMagnitude ? clock + Double(offset + step + 1) * demand.interval : 0
    }

    private func restart(_ lane: Int) {
        flow.reset(lane)
        lanes[lane].isWarm = false
        lanes[lane].since = 0
    }

    /// Sets what loads and inverters do in the lane's step.
    private func load(_ lane: Int, _ step: Int) {
        lanes[lane].iterations = 0
        lanes[lane].since = 0
        lanes[lane].moves = 0
        lanes[lane].isHard = false
        lanes[lane].caution = 1
        inverters.setCaution(1, lane)
        let at = offset + step
        let loads = kit.loadCount
        for index in flow.terminals.indices {
            let terminal = flow.details[index]
            let source = Int(terminal.source)
            guard source < loads else { continue }
            flow.demands[index].active[lane] =
                terminal.nominalActive * demand.factors[demand.active[source] * demand.steps + at]
            flow.demands[index].reactive[lane] =
                terminal.nominalReactive * demand.factors[demand.reactive[source] * demand.steps + at]
        }
        for index in kit.inverters.indices {
            let isGiven = demand.active.count > loads
            let p = isGiven ? demand.factors[demand.active[loads + index] * demand.steps + at] : 1
            let q = isGiven ? demand.factors[demand.reactive[loads + index] * demand.steps + at] : 1
            inverters.begin(index, lane, active: p, reactive: q, flow)
        }
    }

    /// The lane is solved for where its controls are. Returns whether its step is done.
    private func rest(_ lane: Int, _ step: Int) -> Bool {
        var first = Double.infinity
        for (index, relay) in kit.relays.enumerated() {
            wishes[index] = .rest
            guard let relay else { continue }
            let state = states[lane][index]
            let wish = relay.wish(flow, lane, state, at: time(step))
            guard wish != .rest else { continue }
            let waited = wish == .turn ? state.waitedToTurn : state.waited
            let delay = relay.delay(of: wish, state, interval: demand.interval)
            guard let left = delayLeft(delay, waited: waited, interval: demand.interval) else { continue }
            wishes[index] = wish
            self.left[index] = left
            first = min(first, left)
        }
        guard first < .infinity else {
            lanes[lane].status = .converged
            return true
        }
        for (index, relay) in kit.relays.enumerated() where wishes[index] != .rest && left[index] == first {
            switch wishes[index] {
            case .move(let steps):
                states[lane][index].position += steps
                states[lane][index].open = steps < 0 ? 1 : 0
                relay?.set(states[lane][index], flow, lane)
            case .turn: states[lane][index].isReversed.toggle()
            case .rest: break
            }
        }
        lanes[lane].since = 0
        lanes[lane].moves += 1
        guard lanes[lane].moves > mostMoves else { return false }
        return fail(lane, .iterationLimit)
    }

    /// Begins once more from no load where the step did not; then factors anew at each iteration.
    private func isDone(_ lane: Int, _ step: Int) -> Bool {
        if !lanes[lane].isHard, flow.isAtRest(lane), inverters.isAtRest(lane, flow) {
            return rest(lane, step)
        }
        guard lanes[lane].isHard || Double(lanes[lane].since) >= limit / lanes[lane].caution else {
            return false
        }
        if lanes[lane].isWarm {
            restart(lane)
            return false
        }
        if !lanes[lane].isHard, lanes[lane].caution > 1.0 / 256, inverters.followVoltage {
            restart(lane)
            lanes[lane].caution /= 16
            inverters.setCaution(lanes[lane].caution, lane)
            return false
        }
        if !lanes[lane].isHard { restart(lane) }
        lanes[lane].isHard = true
        let isSolved = flow.rescue(lane) {
            inverters.advance(flow, lane...lane)
            return inverters.isAtRest(lane, flow)
        }
        return isSolved ? rest(lane, step) : fail(lane, .diverged)
    }

    private func fail(_ lane: Int, _ status: OperatingPoint.Status) -> Bool {
        restart(lane)
        lanes[lane].status = status
        return true
    }
}

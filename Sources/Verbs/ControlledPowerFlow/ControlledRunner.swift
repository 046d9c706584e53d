// Runs pieces of the time side by side, one a lane (see `TimeSegments`). A lane that comes to rest acts, or
// writes its step and takes the next, while the others sweep on. Voltages and powers of one step are the
// start of the next.

import Grid
import Lanes
import LinearAlgebra

/// Steps eight lanes through time; one for each worker and call.
final class ControlledRunner: SegmentRunner {
    /// Sweeps to one solution.
    private static let sweepLimit = 400
    /// Moves of taps and capacitors in one step.
    private static let actionLimit = 100

    /// What a lane has done: sweeps to this solution, sweeps and actions in this step.
    private struct Count {
        var sweeps = 0
        var sweepsOfStep = 0
        var actions = 0
    }

    private let work: ControlledWorkspace
    private let record: StepRecord
    private let counts: UnsafeMutableBufferPointer<Count>
    /// Each lane's sum of squares of what was off in the last sweep.
    private var change = Lanes.zero

    init(_ work: ControlledWorkspace, writing record: StepRecord) {
        self.work = work
        self.record = record
        counts = .filled(Lanes.scalarCount, with: Count())
    }

    deinit { counts.deallocate() }

    func begin(_ lane: Int, at step: Int, from state: [SwitchState]) {
        work.reset(lane)
        for (device, state) in state.enumerated() {
            work.switches.set(device, to: state, lane: lane, in: work.sweep)
        }
        if step > 0 { work.switches.wait(lane: lane) }
        load(lane, step)
    }

    func proceed(_ lane: Int, to step: Int) {
        work.switches.wait(lane: lane)
        load(lane, step)
    }

    func iterate() {
        change = work.sweep.forward() + work.inverters.follow(work.sweep)
        change += work.switches.follow(work.sweep) + work.chords.follow(work.sweep)
        work.sweep.backward()
    }

    func finishes(_ step: Int, in lane: Int) -> Bool {
        counts[lane].sweeps += 1
        counts[lane].sweepsOfStep += 1
        if change[lane] <= work.allowed { return settle(lane, step) }
        if counts[lane].sweeps == Self.sweepLimit {
            giveUp(lane, step, change[lane].isFinite ? .iterationLimit : .diverged)
            return true
        }
        if counts[lane].sweeps % work.patience == 0 { work.inverters.slowDown(lane) }
        return false
    }

    func recordState(after step: Int, in lane: Int) -> Bool {
        var isKnown = true
        for device in 0..<record.devices {
            let state = work.switches.state(of: device, lane: lane)
            if isKnown { isKnown = record.state(of: device, after: step) == state }
            record.set(state, of: device, after: step)
        }
        return isKnown
    }

    func end(_ lane: Int) { work.reset(lane) }

    func state(after step: Int) -> [SwitchState] {
        (0..<record.devices).map { record.state(of: $0, after: step) }
    }

    /// A lane's power flow is solved: its controls act, or its step is done.
    private func settle(_ lane: Int, _ step: Int) -> Bool {
        counts[lane].sweeps = 0
        work.inverters.speedUp(lane)
        guard work.switches.act(lane: lane, in: work.sweep) else {
            write(lane, step)
            return true
        }
        counts[lane].actions += 1
        guard counts[lane].actions == Self.actionLimit else { return false }
        giveUp(lane, step, .iterationLimit)
        return true
    }

    /// Sets the powers of a lane's step. What stands at a source is not seen by the sweep.
    private func load(_ lane: Int, _ step: Int) {
        counts[lane] = Count()
        let perWatt = 1 / work.basePower
        let cells = work.sweep.cells
        for (position, bus) in work.loaded {
            cells[position].active[lane] = -record.active[bus, step] * perWatt
            cells[position].reactive[lane] = -record.reactive[bus, step] * perWatt
        }
        for unit in work.inverters.units.indices {
            work.inverters.set(record.available[unit, step] * perWatt, of: unit, lane: lane)
        }
    }
}

// A step's end.
extension ControlledRunner {
    private func write(_ lane: Int, _ step: Int) {
        let (sweep, tree, rows) = (work.sweep, work.tree, record.rows)
        record.status[step] = work.solved
        record.iterations[step] = counts[lane].sweepsOfStep
        for (position, bus) in tree.live.buses.enumerated() {
            let cell = sweep.cells[position]
            let voltage = Complex(cell.real[lane], cell.imaginary[lane]) * tree.units[position]
            record.set(voltage.real, rows.real + bus, step)
            record.set(voltage.imaginary, rows.imaginary + bus, step)
        }
        for (index, unit) in work.inverters.units.enumerated() {
            record.set(unit.activePower[lane] * work.basePower, rows.inverterActive + index, step)
            record.set(unit.reactivePower[lane] * work.basePower, rows.inverterReactive + index, step)
        }
        let source = sourcePower(lane, step) * work.basePower
        record.set(source.real, rows.sourceActive, step)
        record.set(source.imaginary, rows.sourceReactive, step)
    }

    /// p.u.: what flows into the branches and devices, and what stands at the sources themselves.
    private func sourcePower(_ lane: Int, _ step: Int) -> Complex {
        let (sweep, tree) = (work.sweep, work.tree)
        var sum = Complex.zero
        for root in tree.live.roots {
            let (cell, node) = (sweep.cells[root], tree.nodes[root])
            let voltage = Complex(cell.real[lane], cell.imaginary[lane])
            let u = cell.inverse[lane]
            let bus = tree.live.buses[root]
            let load = Complex(record.active[bus, step], record.reactive[bus, step]) * (-1 / work.basePower)
            let weight = node.constantImpedance + u * (node.constantCurrent + u * node.constantPower)
            let shunt = Complex(node.conductance, -node.susceptance)
            let current = Complex(cell.currentReal[lane], cell.currentImaginary[lane])
            sum += voltage * current.conjugate + (load * weight + shunt) * voltage.squared
        }
        return sum
    }

    /// Leaves a step without a solution, and starts afresh.
    private func giveUp(_ lane: Int, _ step: Int, _ status: OperatingPoint.Status) {
        record.status[step] = status
        record.iterations[step] = counts[lane].sweepsOfStep
        for row in 0..<record.rows.count { record.set(0, row, step) }
        work.reset(lane)
    }
}

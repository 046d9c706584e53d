// Runs pieces of the time side by side, one a lane. Lanes do not wait for one another: each is at a step and
// a control action of its own; when it comes to rest it acts, or writes its step and takes the next, while
// the others sweep on. Voltages and powers of one step are the start of the next.
//
// A piece that is run again, because the one before it ended otherwise than it had assumed, ends early where
// its controls stand as they had stood: all that follows is the same.

import Grid
import LinearAlgebra

/// A piece of the time, and where the controls stand before it.
struct Segment {
    let steps: Range<Int>
    var start: [SwitchState]
}

/// Owns all that eight lanes need; one a worker.
final class SegmentRunner {
    /// Sweeps to one solution.
    private static let sweepLimit = 400
    /// Moves of taps and capacitors in one step.
    private static let actionLimit = 100

    private struct Lane {
        var step = 0
        var end = 0
        var sweeps = 0
        var sweepsOfStep = 0
        var actions = 0
        var isBusy = false
    }

    private let feeder: Feeder
    private let sweep: LaneSweep
    private let chords: Chords
    private let inverters: Inverters
    private let switches: Switches
    private let basePower: Double
    private let allowed: Double
    /// How many sweeps pass before inverters slow down, and again: more where loops take their time.
    private let patience: Int
    private let lanes: UnsafeMutableBufferPointer<Lane>
    private let solved: OperatingPoint.Status
    /// What the sweep sees: every live bus that is no source, by position and in the network's order.
    private let loaded: [(position: Int, bus: Int)]

    init(
        _ feeder: Feeder, _ chords: Chords, of network: PerUnitNetwork, controls: VoltageControls,
        mode: ControlledTimeSeries.Mode, tolerance: Double
    ) {
        self.feeder = feeder
        self.chords = chords
        sweep = LaneSweep(feeder, of: network)
        inverters = Inverters(controls.inverters, on: feeder, basePower: network.basePower)
        switches = Switches(controls, on: feeder, of: network, mode: mode)
        basePower = network.basePower
        allowed = tolerance * tolerance
        patience = feeder.chords.isEmpty ? 10 : 25
        solved = feeder.live.isWhole ? .converged : .islanded
        loaded = feeder.live.buses.enumerated().filter { feeder.live.parents[$0.offset] >= 0 }.map {
            ($0, $1)
        }
        lanes = .filled(Lanes.scalarCount, with: Lane())
    }

    deinit { lanes.deallocate() }

    /// Runs at most eight segments. With `isRepair`, each ends where it meets what the record holds.
    func run(_ segments: ArraySlice<Segment>, isRepair: Bool, in record: StepRecord) {
        for (lane, segment) in segments.enumerated() where !segment.steps.isEmpty {
            lanes[lane] = Lane(step: segment.steps.lowerBound, end: segment.steps.upperBound, isBusy: true)
            reset(lane)
            for (device, state) in segment.start.enumerated() {
                switches.set(device, to: state, lane: lane, in: sweep)
            }
            if segment.steps.lowerBound > 0 { switches.wait(lane: lane) }
            load(lane, record)
        }
        while lanes.contains(where: \.isBusy) {
            var change = sweep.forward() + inverters.follow(sweep)
            change += switches.follow(sweep) + chords.follow(sweep)
            sweep.backward()
            for lane in lanes.indices where lanes[lane].isBusy {
                lanes[lane].sweeps += 1
                lanes[lane].sweepsOfStep += 1
                if change[lane] <= allowed {
                    settle(lane, isRepair, record)
                } else if lanes[lane].sweeps == Self.sweepLimit {
                    giveUp(lane, change[lane].isFinite ? .iterationLimit : .diverged, record)
                    advance(lane, isRepair, record)
                } else if lanes[lane].sweeps % patience == 0 {
                    inverters.slowDown(lane)
                }
            }
        }
    }

    /// A lane's power flow is solved: its controls act, or its step is done.
    private func settle(_ lane: Int, _ isRepair: Bool, _ record: StepRecord) {
        lanes[lane].sweeps = 0
        inverters.speedUp(lane)
        if switches.act(lane: lane, in: sweep) {
            lanes[lane].actions += 1
            guard lanes[lane].actions == Self.actionLimit else { return }
            giveUp(lane, .iterationLimit, record)
        } else {
            write(lane, record)
        }
        advance(lane, isRepair, record)
    }

    /// Hands the controls' state to the next step.
    private func advance(_ lane: Int, _ isRepair: Bool, _ record: StepRecord) {
        let step = lanes[lane].step
        var isMet = isRepair
        for device in 0..<record.devices {
            let state = switches.state(of: device, lane: lane)
            if isMet { isMet = record.state(of: device, after: step) == state }
            record.set(state, of: device, after: step)
        }
        lanes[lane].step += 1
        if isMet || lanes[lane].step == lanes[lane].end {
            lanes[lane] = Lane()
            reset(lane)
        } else {
            lanes[lane].sweeps = 0
            lanes[lane].sweepsOfStep = 0
            lanes[lane].actions = 0
            switches.wait(lane: lane)
            load(lane, record)
        }
    }

    private func reset(_ lane: Int) {
        inverters.speedUp(lane)
        sweep.reset(lane)
        chords.reset(lane)
        inverters.reset(lane)
        switches.reset(lane)
    }

    /// Sets the powers of a lane's step. What stands at a source is not seen by the sweep.
    private func load(_ lane: Int, _ record: StepRecord) {
        let step = lanes[lane].step
        let perWatt = 1 / basePower
        for (position, bus) in loaded {
            let at = bus * record.steps + step
            sweep.cells[position].active[lane] = -record.active[at] * perWatt
            sweep.cells[position].reactive[lane] = -record.reactive[at] * perWatt
        }
        for unit in inverters.units.indices {
            inverters.set(record.available[unit * record.steps + step] * perWatt, of: unit, lane: lane)
        }
    }
}

// A step's end.
extension SegmentRunner {
    private func write(_ lane: Int, _ record: StepRecord) {
        let (step, rows) = (lanes[lane].step, record.rows)
        record.status[step] = solved
        record.iterations[step] = lanes[lane].sweepsOfStep
        for (position, bus) in feeder.live.buses.enumerated() {
            let cell = sweep.cells[position]
            let voltage = Complex(cell.real[lane], cell.imaginary[lane]) * feeder.units[position]
            record.set(voltage.real, rows.real + bus, step)
            record.set(voltage.imaginary, rows.imaginary + bus, step)
        }
        for (index, unit) in inverters.units.enumerated() {
            record.set(unit.activePower[lane] * basePower, rows.inverterActive + index, step)
            record.set(unit.reactivePower[lane] * basePower, rows.inverterReactive + index, step)
        }
        let source = sourcePower(lane, record) * basePower
        record.set(source.real, rows.sourceActive, step)
        record.set(source.imaginary, rows.sourceReactive, step)
    }

    /// p.u.: what flows into the branches and devices, and what stands at the sources themselves.
    private func sourcePower(_ lane: Int, _ record: StepRecord) -> Complex {
        var sum = Complex.zero
        for root in feeder.live.roots {
            let (cell, node) = (sweep.cells[root], feeder.nodes[root])
            let voltage = Complex(cell.real[lane], cell.imaginary[lane])
            let u = cell.inverse[lane]
            let at = feeder.live.buses[root] * record.steps + lanes[lane].step
            let load = Complex(record.active[at], record.reactive[at]) * (-1 / basePower)
            let weight = node.constantImpedance + u * (node.constantCurrent + u * node.constantPower)
            let shunt = Complex(node.conductance, -node.susceptance)
            let current = Complex(cell.currentReal[lane], cell.currentImaginary[lane])
            sum += voltage * current.conjugate + (load * weight + shunt) * voltage.squared
        }
        return sum
    }

    /// Leaves a step without a solution, and starts afresh.
    private func giveUp(_ lane: Int, _ status: OperatingPoint.Status, _ record: StepRecord) {
        let step = lanes[lane].step
        record.status[step] = status
        record.iterations[step] = lanes[lane].sweepsOfStep
        for row in 0..<record.rows.count { record.set(0, row, step) }
        reset(lane)
    }
}

// Taps and capacitors: what moves in steps, between one solution of the power flow and the next.
//
// Until quiet: of those that want to move, the ones with the shortest delay do; a tap 7/10 of what it wants,
// rounded down, but at least one position, a capacitor one stage. Then the power flow is solved again, until
// nothing wants to move. Delays only say who goes first. (What OpenDSS's static control mode does.)
//
// Delayed: a step is a snapshot. A clock starts when a device first wants to move and runs on as long as it
// wants the same way. Once the clock shows the delay, the device moves one position and its pause is taken
// off the clock; the power flow is solved again, and so on until no clock shows its delay.

import Grid
import Lanes

/// How long a device has wanted to move, s, and which way.
struct SwitchClock: Hashable {
    var direction = 0
    var waited = 0.0
}

/// What a device hands from one step to the next.
struct SwitchState: Hashable {
    var position = 0
    var clock = SwitchClock()
}

/// Owns the positions of the taps and capacitors of eight lanes: taps first.
final class Switches {
    let controllers: [LocalController]
    private let mode: ControlledTimeSeries.Mode
    /// One a device and lane.
    private let states: UnsafeMutableBufferPointer<SwitchState>
    private let wants: UnsafeMutableBufferPointer<Int>
    private let capacitors: UnsafeMutableBufferPointer<Capacitor>
    private let steps: [Double]

    private struct Capacitor {
        let position: Int
        /// Susceptance of one stage, p.u. in the bus's own unit.
        let stage: Double
        var susceptance = Lanes.zero
        var ownReal = Lanes.zero
        var ownImaginary = Lanes.zero
    }

    init(
        _ controls: VoltageControls, on tree: ControlledTree, of network: PerUnitNetwork,
        mode: ControlledTimeSeries.Mode
    ) {
        self.mode = mode
        controllers =
            controls.tapChangers.enumerated().map {
                LocalController($1, index: $0, on: tree, of: network)
            }
            + controls.capacitors.map { LocalController($0, on: tree, of: network) }
        steps = controls.tapChangers.map(\.step)
        let count = controllers.count * Lanes.scalarCount
        states = .filled(count, with: SwitchState())
        wants = .filled(controllers.count, with: 0)
        let capacitors = controls.capacitors.map { capacitor in
            let position = tree.live.positions[capacitor.bus]!
            let scale = tree.scale[position]
            return Capacitor(
                position: position, stage: capacitor.stage.value / network.basePower * scale * scale)
        }
        self.capacitors = .copy(of: capacitors)
    }

    deinit {
        states.deallocate()
        wants.deallocate()
        capacitors.deallocate()
    }

    func state(of device: Int, lane: Int) -> SwitchState { states[device * Lanes.scalarCount + lane] }

    /// Sets a device in one lane, and what it does in the sweep.
    func set(_ device: Int, to state: SwitchState, lane: Int, in sweep: LaneSweep) {
        states[device * Lanes.scalarCount + lane] = state
        if device < steps.count {
            sweep.setRatio(1 + steps[device] * Double(state.position), of: device, lane: lane)
        } else {
            let stage = capacitors[device - steps.count].stage
            capacitors[device - steps.count].susceptance[lane] = stage * Double(state.position)
        }
    }

    /// Forgets what the capacitors drew in one lane.
    func reset(_ lane: Int) {
        for index in capacitors.indices {
            capacitors[index].ownReal[lane] = 0
            capacitors[index].ownImaginary[lane] = 0
        }
    }

    /// Draws the capacitors' currents at the voltages of the forward pass. Gives each lane's sum of squares
    /// of the change.
    func follow(_ sweep: LaneSweep) -> Lanes {
        var change = Lanes.zero
        for index in capacitors.indices {
            let capacitor = capacitors[index]
            let cell = sweep.cells[capacitor.position]
            let real = -capacitor.susceptance * cell.imaginary
            let imaginary = capacitor.susceptance * cell.real
            let (dr, di) = (real - capacitor.ownReal, imaginary - capacitor.ownImaginary)
            change += cell.squaredVoltage * (dr * dr + di * di)
            capacitors[index].ownReal = real
            capacitors[index].ownImaginary = imaginary
            sweep.cells[capacitor.position].currentReal += real
            sweep.cells[capacitor.position].currentImaginary += imaginary
        }
        return change
    }

    /// Lets the time between two steps pass for what waits.
    func wait(lane: Int) {
        guard case .delayed(let step) = mode else { return }
        for at in stride(from: lane, to: states.count, by: Lanes.scalarCount)
        where states[at].clock.direction != 0 {
            states[at].clock.waited += step
        }
    }

    /// Moves, at the solution of one lane, what is to move now. Gives whether anything did.
    func act(lane: Int, in sweep: LaneSweep) -> Bool {
        for device in controllers.indices {
            let position = state(of: device, lane: lane).position
            wants[device] = controllers[device].want(at: position, sweep: sweep, lane: lane)
        }
        return switch mode {
        case .untilQuiet: moveFirst(lane, sweep)
        case .delayed: moveDue(lane, sweep)
        }
    }

    private func moveFirst(_ lane: Int, _ sweep: LaneSweep) -> Bool {
        var first = Double.infinity
        for device in controllers.indices where wants[device] != 0 {
            first = min(first, controllers[device].delay(wants[device]))
        }
        for device in controllers.indices
        where wants[device] != 0 && controllers[device].delay(wants[device]) == first {
            let size = max(1, abs(wants[device]) * 7 / 10)
            move(device, by: wants[device].signum() * size, lane, sweep)
        }
        return first < .infinity
    }

    private func moveDue(_ lane: Int, _ sweep: LaneSweep) -> Bool {
        var hasMoved = false
        for device in controllers.indices {
            let at = device * Lanes.scalarCount + lane
            let direction = wants[device].signum()
            if direction != states[at].clock.direction {
                states[at].clock = SwitchClock(direction: direction)
            }
            guard direction != 0, states[at].clock.waited >= controllers[device].delay(direction) else {
                continue
            }
            states[at].clock.waited -= controllers[device].pause(direction)
            move(device, by: direction, lane, sweep)
            hasMoved = true
        }
        return hasMoved
    }

    private func move(_ device: Int, by count: Int, _ lane: Int, _ sweep: LaneSweep) {
        let range = controllers[device].range
        var state = state(of: device, lane: lane)
        state.position = min(max(state.position + count, range.lowerBound), range.upperBound)
        set(device, to: state, lane: lane, in: sweep)
    }
}

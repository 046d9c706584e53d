import Grid
import Lanes

/// The memory of one call: what is given, and what several workers write, no two of them the same step.
final class StepRecord: @unchecked Sendable {
    let steps: Int
    let rows: ControlledSeries.Rows
    let devices: Int
    let active: StepTable.Numbers
    let reactive: StepTable.Numbers
    let available: StepTable.Numbers
    let values: StepTable.MutableNumbers
    let status: UnsafeMutableBufferPointer<OperatingPoint.Status>
    let iterations: UnsafeMutableBufferPointer<Int>
    let positions: UnsafeMutableBufferPointer<Int16>
    let clocks: UnsafeMutableBufferPointer<SwitchClock>

    /// The tables must outlive this.
    init(
        steps: Int, rows: ControlledSeries.Rows, devices: Int, active: StepTable.Numbers,
        reactive: StepTable.Numbers, available: StepTable.Numbers, values: StepTable.MutableNumbers
    ) {
        self.steps = steps
        self.rows = rows
        self.devices = devices
        self.active = active
        self.reactive = reactive
        self.available = available
        self.values = values
        status = .filled(steps, with: .diverged)
        iterations = .filled(steps, with: 0)
        positions = .filled(devices * steps, with: 0)
        clocks = .filled(devices * steps, with: SwitchClock())
    }

    deinit {
        status.deallocate()
        iterations.deallocate()
        positions.deallocate()
        clocks.deallocate()
    }

    /// Where a device stands after a step; before the first, at rest in position 0.
    func state(of device: Int, after step: Int) -> SwitchState {
        guard step >= 0 else { return SwitchState() }
        let at = device * steps + step
        return SwitchState(position: Int(positions[at]), clock: clocks[at])
    }

    func set(_ state: SwitchState, of device: Int, after step: Int) {
        positions[device * steps + step] = Int16(state.position)
        clocks[device * steps + step] = state.clock
    }

    @inline(__always) func set(_ value: Double, _ row: Int, _ step: Int) {
        values[row, step] = value
    }
}

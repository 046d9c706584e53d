import Grid
import Lanes
import LinearAlgebra

/// Where the segments of one stretch of time are written, and read again: each step by one lane at a time.
final class FeederRecord: @unchecked Sendable {
    /// By step and slot: real and imaginary part of every unknown that takes part in the fixed point.
    let values: UnsafeMutableBufferPointer<Double>
    private let controls: UnsafeMutableBufferPointer<ControlState>
    let status: UnsafeMutableBufferPointer<OperatingPoint.Status>
    let iterations: UnsafeMutableBufferPointer<Int>
    let slots: Int
    private let controlCount: Int

    init(steps: Int, slots: Int, first: [ControlState]) {
        self.slots = slots
        controlCount = first.count
        values = .filled(2 * slots * steps, with: 0)
        // No state is written yet: none is equal to one that is.
        controls = .filled(first.count * steps, with: ControlState(position: .min))
        status = .filled(steps, with: .diverged)
        iterations = .filled(steps, with: 0)
    }

    deinit {
        values.deallocate()
        controls.deallocate()
        status.deallocate()
        iterations.deallocate()
    }

    func states(_ step: Int) -> [ControlState] {
        Array(controls[step * controlCount..<(step + 1) * controlCount])
    }

    func state(_ control: Int, _ step: Int) -> ControlState { controls[step * controlCount + control] }

    func write(_ step: Int, _ status: OperatingPoint.Status, _ iterations: Int) {
        self.status[step] = status
        self.iterations[step] = iterations
    }

    /// Returns whether the record held the same before.
    func write(_ step: Int, _ states: [ControlState]) -> Bool {
        var isKnown = true
        for (control, state) in states.enumerated() {
            let at = step * controlCount + control
            isKnown = isKnown && controls[at] == state
            controls[at] = state
        }
        return isKnown
    }

    /// The unknowns of a lane; zeros where it has none.
    func write(_ step: Int, _ flow: PortFlow, _ lane: Int, isSolved: Bool) {
        let at = values.baseAddress! + 2 * step * slots
        guard isSolved else { return at.update(repeating: 0, count: 2 * slots) }
        for slot in 0..<slots {
            at[2 * slot] = flow.values[slot].real[lane]
            at[2 * slot + 1] = flow.values[slot].imaginary[lane]
        }
    }
}

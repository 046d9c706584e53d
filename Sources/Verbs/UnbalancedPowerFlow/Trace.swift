import Grid

/// Where the segments of one series are written, and read again: each step by one lane at a time.
struct Trace: @unchecked Sendable {
    typealias State = UnbalancedRunner.ControlState

    let voltages: UnsafeMutableBufferPointer<Double>
    let taps: UnsafeMutableBufferPointer<Int16>
    let waits: UnsafeMutableBufferPointer<Int32>
    let status: UnsafeMutableBufferPointer<OperatingPoint.Status>
    let iterations: UnsafeMutableBufferPointer<Int>
    let controls: Int
    let cells: Int

    func state(_ control: Int, _ step: Int) -> State {
        State(tap: Int(taps[step * controls + control]), waited: Int(waits[step * controls + control]))
    }

    func write(_ step: Int, _ status: OperatingPoint.Status, _ sweeps: Int) {
        self.status[step] = status
        iterations[step] = sweeps
    }

    func write(_ step: Int, _ taps: [Int], _ waited: [Int]) {
        for control in 0..<controls {
            self.taps[step * controls + control] = Int16(truncatingIfNeeded: taps[control])
            waits[step * controls + control] = Int32(clamping: waited[control])
        }
    }

    /// The voltages of a lane; zeros where it has none.
    func write(_ step: Int, _ sweep: PhaseSweep, _ lane: Int, isSolved: Bool) {
        let at = voltages.baseAddress! + 2 * step * cells
        guard isSolved else { return at.update(repeating: 0, count: 2 * cells) }
        // A cell is four registers of eight lanes.
        sweep.cells.baseAddress!.withMemoryRebound(to: Double.self, capacity: 32 * cells) { values in
            for cell in 0..<cells {
                at[2 * cell] = values[32 * cell + lane]
                at[2 * cell + 1] = values[32 * cell + 8 + lane]
            }
        }
    }
}

extension UnbalancedSeries {
    mutating func withTrace(_ body: (Trace) -> Void) {
        let (controls, cells) = (controls, cellCount)
        voltages.withUnsafeMutableBufferPointer { voltages in
            taps.withUnsafeMutableBufferPointer { taps in
                waited.withUnsafeMutableBufferPointer { waits in
                    status.withUnsafeMutableBufferPointer { status in
                        iterations.withUnsafeMutableBufferPointer { iterations in
                            body(
                                Trace(
                                    voltages: voltages, taps: taps, waits: waits, status: status,
                                    iterations: iterations, controls: controls, cells: cells))
                        }
                    }
                }
            }
        }
    }
}

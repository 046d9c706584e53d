// A year cut into pieces that run side by side. What a step hands to the next, the positions of taps and
// capacitors and how long they have waited, is unknown where a piece begins: each assumes that all are at
// rest in position 0, and is run. Where a piece turns out to begin otherwise, as the one before it ended, it
// is run again from there until its controls stand as they stood before: from then on it is the same. A
// control forgets its past within hours, so little is run twice; and where it does not, the piece is run to
// its end, and the next one is looked at again. The result is that of one run from begin to end.

public import Grid
import LinearAlgebra

/// Power flow with controls over many steps: within each step, loads that depend on voltage and inverters
/// that follow it are solved together with the power flow; taps and capacitors move between solutions.
///
/// For radial networks and those with a few loops, of one source or several. Not for two threads at once.
public final class ControlledTimeSeries {
    /// When taps and capacitors move.
    public enum Mode: Hashable, Sendable {
        /// In every step until none wants to; those with the shortest delay first.
        case untilQuiet
        /// Each when it has wanted to for its delay. A step is a snapshot, s apart from the next.
        case delayed(step: Double)
    }

    /// Why a network with its controls cannot be run.
    public enum Refusal: Error, Hashable, Sendable {
        /// The loops have no impedance.
        case loops
        /// A regulator of the network holds the voltage of this bus by reactive power; an inverter with a
        /// steep curve can be put in its place.
        case regulator(bus: Int)
        /// By index: what it names does not exist, is open or without a source, or does not act on what it
        /// measures; or a number makes no sense.
        case tapChanger(Int)
        case capacitor(Int)
        case inverter(Int)
        case loadMix(Int)
        /// The time between steps is below zero or not finite.
        case step
    }

    private let network: Network
    private let controls: VoltageControls
    private let segments: Int
    /// One a worker.
    private let runners: [SegmentRunner]

    private var devices: Int { controls.tapChangers.count + controls.capacitors.count }

    /// `tolerance`: largest power mismatch of a bus or device, as a fraction of the network's base power.
    /// `segments`: pieces of the time; they and `workers` decide how fast the result is found, not what it
    /// is, but for the tolerance.
    public init(
        network: Network, controls: VoltageControls, mode: Mode = .untilQuiet, tolerance: Double = 1e-8,
        segments: Int = 16, workers: Int = 1
    ) throws(Refusal) {
        let perUnit = PerUnitNetwork(network)
        let live = LiveNetwork(perUnit)
        try controls.check(network, live)
        if case .delayed(let step) = mode, !(step >= 0 && step.isFinite) { throw .step }
        self.network = network
        self.controls = controls
        self.segments = max(1, segments)
        let feeder = Feeder(live, of: perUnit, controls: controls)
        runners = (0..<max(1, workers)).compactMap { _ in
            guard let chords = Chords(feeder) else { return nil }
            return SegmentRunner(
                feeder, chords, of: perUnit, controls: controls, mode: mode, tolerance: tolerance)
        }
        if runners.isEmpty { throw .loops }
    }

    /// Solves every step of `demand`, whose rows must be the network's buses and the controls' inverters.
    public func solve(_ demand: ControlledDemand) -> ControlledSeries {
        var series = ControlledSeries(network: network, controls: controls, steps: demand.active.steps)
        solve(demand, into: &series)
        return series
    }

    /// Overwrites `series`, which must have been made for this network, these controls and the steps of
    /// `demand`.
    public func solve(_ demand: ControlledDemand, into series: inout ControlledSeries) {
        precondition(demand.active.rows == network.buses.count && demand.reactive.rows == network.buses.count)
        precondition(demand.available.rows == controls.inverters.count)
        precondition(series.steps == demand.active.steps && series.steps == demand.reactive.steps)
        precondition(
            series.rows
                == ControlledSeries.Rows(buses: network.buses.count, inverters: controls.inverters.count))
        precondition(
            series.steps == demand.available.steps && series.positions.count == devices * series.steps)
        let (steps, rows) = (series.steps, series.rows)
        let record = demand.active.values.withUnsafeBufferPointer { active in
            demand.reactive.values.withUnsafeBufferPointer { reactive in
                demand.available.values.withUnsafeBufferPointer { available in
                    series.values.values.withUnsafeMutableBufferPointer { values in
                        let record = StepRecord(
                            steps: steps, rows: rows, devices: devices, active: active, reactive: reactive,
                            available: available, values: values)
                        run(record)
                        return record
                    }
                }
            }
        }
        series.status = Array(record.status)
        series.iterations = Array(record.iterations)
        series.positions = Array(record.positions)
    }

    private func run(_ record: StepRecord) {
        let count = min(segments, record.steps)
        var pieces = (0..<count).map { index in
            Segment(
                steps: index * record.steps / count..<(index + 1) * record.steps / count,
                start: Array(repeating: SwitchState(), count: devices))
        }
        run(pieces, isRepair: false, in: record)
        while true {
            var late: [Segment] = []
            for index in pieces.indices.dropFirst() {
                let before = pieces[index].steps.lowerBound - 1
                let start = (0..<devices).map { record.state(of: $0, after: before) }
                guard start != pieces[index].start else { continue }
                pieces[index].start = start
                late.append(pieces[index])
            }
            if late.isEmpty { return }
            run(late, isRepair: true, in: record)
        }
    }

    private func run(_ pieces: [Segment], isRepair: Bool, in record: StepRecord) {
        let groups = (pieces.count + Lanes.scalarCount - 1) / Lanes.scalarCount
        let count = min(runners.count, groups)
        let crew = Crew(runners: runners)
        concurrently(count) { worker in
            for group in stride(from: worker, to: groups, by: count) {
                let first = group * Lanes.scalarCount
                crew.runners[worker].run(
                    pieces[first..<min(pieces.count, first + Lanes.scalarCount)], isRepair: isRepair,
                    in: record)
            }
        }
    }

    /// Each is used by one worker.
    private struct Crew: @unchecked Sendable {
        let runners: [SegmentRunner]
    }
}

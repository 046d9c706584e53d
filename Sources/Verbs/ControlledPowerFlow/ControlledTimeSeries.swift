// What a step hands to the next, the positions of taps and capacitors and how long they have waited, is
// unknown where a segment of the time begins: each assumes that all are at rest in position 0 (see
// `TimeSegments`). A control forgets its past within hours, so little is run twice.

public import Grid
import Lanes

/// Power flow with controls over many steps: within each step, loads that depend on voltage and inverters
/// that follow it are solved together with the power flow; taps and capacitors move between solutions.
///
/// For radial networks and those with a few loops, of one source or several. Not thread-safe: create one
/// instance per thread.
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
    /// One for each worker.
    private let workspaces: [ControlledWorkspace]

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
        let tree = ControlledTree(live, of: perUnit, controls: controls)
        workspaces = (0..<max(1, workers)).compactMap { _ in
            guard let chords = Chords(tree) else { return nil }
            return ControlledWorkspace(
                tree, chords, of: perUnit, controls: controls, mode: mode, tolerance: tolerance)
        }
        if workspaces.isEmpty { throw .loops }
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
        let record = demand.active.withNumbers { active in
            demand.reactive.withNumbers { reactive in
                demand.available.withNumbers { available in
                    series.values.withMutableNumbers { values in
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
        let start = [SwitchState](repeating: SwitchState(), count: devices)
        TimeSegments(steps: record.steps, count: segments, start: start).run(
            on: workspaces.map { ControlledRunner($0, writing: record) })
    }
}

import Grid
import Lanes

/// Owns all that eight lanes need; one for each worker.
struct ControlledWorkspace {
    let tree: ControlledTree
    let sweep: LaneSweep
    let chords: Chords
    let inverters: Inverters
    let switches: Switches
    let basePower: Double
    /// Largest sum of squared mismatches of a solution, p.u.²
    let allowed: Double
    /// How many sweeps pass before inverters slow down, and again: more where loops take their time.
    let patience: Int
    /// Status of a step with a solution.
    let solved: OperatingPoint.Status
    /// What the sweep sees: every live bus that is no source, by position and in the network's order.
    let loaded: [(position: Int, bus: Int)]

    init(
        _ tree: ControlledTree, _ chords: Chords, of network: PerUnitNetwork, controls: VoltageControls,
        mode: ControlledTimeSeries.Mode, tolerance: Double
    ) {
        self.tree = tree
        self.chords = chords
        sweep = LaneSweep(tree, of: network)
        inverters = Inverters(controls.inverters, on: tree, basePower: network.basePower)
        switches = Switches(controls, on: tree, of: network, mode: mode)
        basePower = network.basePower
        allowed = tolerance * tolerance
        patience = tree.chords.isEmpty ? 10 : 25
        solved = tree.live.isWhole ? .converged : .islanded
        loaded = tree.live.buses.enumerated().filter { tree.live.parents[$0.offset] >= 0 }.map {
            ($0, $1)
        }
    }

    /// Forgets what a lane held.
    func reset(_ lane: Int) {
        inverters.speedUp(lane)
        sweep.reset(lane)
        chords.reset(lane)
        inverters.reset(lane)
        switches.reset(lane)
    }
}

import Glibc
import Grid
import LinearAlgebra

/// The controller of a tap changer or capacitor: what it measures in a solution, and by how many positions it
/// wants to move.
struct LocalController {
    private enum Measure {
        case held(Held)
        case voltage(position: Int, scale: Double, on: Double, off: Double)
        case reactive(Passing, on: Double, off: Double)
    }

    private struct Held {
        let position: Int
        let scale: Double
        let voltage: Double
        let halfBand: Double
        /// By how much |v| rises with one position, nearly.
        let rise: Double
        /// The branch's end that is farther from the source, and p.u. drop by its current.
        let end: Int
        let drop: Complex
        let changer: Int
    }

    /// Power into a branch at its end nearer to the source.
    private struct Passing {
        let parent: Int
        let end: Int
        let halfCharging: Double
        let changer: Int?
    }

    let range: ClosedRange<Int>
    private let measure: Measure
    private let delayUp: Double
    private let delayDown: Double
    private let pauseUp: Double
    private let pauseDown: Double

    func delay(_ want: Int) -> Double { want > 0 ? delayUp : delayDown }
    func pause(_ want: Int) -> Double { want > 0 ? pauseUp : pauseDown }

    init(_ changer: TapChanger, index: Int, on tree: ControlledTree, of network: PerUnitNetwork) {
        let position = tree.live.positions[changer.bus]!
        let end = tree.live.parentBranches.firstIndex(of: changer.branch)!
        let branch = network.branches[changer.branch]
        let unit = network.nominalVoltage[changer.bus] * network.nominalVoltage[changer.bus]
        let perOhm = network.basePower / unit
        let leadsAway = branch.to == tree.live.buses[end]
        range = changer.positions
        measure = .held(
            Held(
                position: position, scale: tree.scale[position], voltage: changer.voltage,
                halfBand: changer.deadband / 2, rise: leadsAway ? -changer.step : changer.step, end: end,
                drop: Complex(changer.dropResistance.value, changer.dropReactance.value)
                    * (perOhm / tree.scale[end]), changer: index))
        (delayUp, delayDown) = (changer.delay, changer.delay)
        (pauseUp, pauseDown) = (changer.pause, changer.pause)
    }

    init(_ capacitor: SwitchedCapacitor, on tree: ControlledTree, of network: PerUnitNetwork) {
        range = 0...capacitor.stages
        switch capacitor.measure {
        case .voltage(let bus, let on, let off):
            let position = tree.live.positions[bus]!
            measure = .voltage(position: position, scale: tree.scale[position], on: on, off: off)
        case .reactive(let index, let on, let off):
            let end = tree.live.parentBranches.firstIndex(of: index)!
            let parent = tree.live.parents[end]
            let branch = network.branches[index]
            let unit = tree.scale[branch.to == tree.live.buses[end] ? end : parent]
            measure = .reactive(
                Passing(
                    parent: parent, end: end, halfCharging: branch.charging / 2 * unit * unit,
                    changer: tree.changers.firstIndex { $0.position == end }),
                on: on.value / network.basePower, off: off.value / network.basePower)
        }
        (delayUp, delayDown) = (capacitor.delayOn, capacitor.delayOff)
        (pauseUp, pauseDown) = (capacitor.delayOn, capacitor.delayOff)
    }

    /// By how many positions the device wants to move from `position`: none where it cannot. A tap wants as
    /// many as would bring the voltage nearest to the one wished for, which may be none, so that a deadband
    /// narrower than a step does not make it hunt; a capacitor one stage.
    func want(at position: Int, sweep: LaneSweep, lane: Int) -> Int {
        let want: Int
        switch measure {
        case .held(let held):
            let missing = held.voltage - Self.voltage(held, sweep, lane)
            guard abs(missing) > held.halfBand else { return 0 }
            let span = Double(range.upperBound - range.lowerBound)
            want = Int(min(max((missing / held.rise).rounded(.toNearestOrEven), -span), span))
        case .voltage(let at, let scale, let on, let off):
            let cell = sweep.cells[at]
            let voltage = Complex(cell.real[lane], cell.imaginary[lane]).squared.squareRoot() * scale
            want = voltage < on ? 1 : voltage > off ? -1 : 0
        case .reactive(let passing, let on, let off):
            let power = Self.reactive(passing, sweep, lane)
            want = power > on ? 1 : power < off ? -1 : 0
        }
        return want > 0 && position == range.upperBound || want < 0 && position == range.lowerBound ? 0 : want
    }

    private static func voltage(_ held: Held, _ sweep: LaneSweep, _ lane: Int) -> Double {
        let cell = sweep.cells[held.position]
        let voltage = Complex(cell.real[lane], cell.imaginary[lane]) * held.scale
        let end = sweep.cells[held.end]
        let current = Complex(end.currentReal[lane], end.currentImaginary[lane])
        let drop = held.drop * current * (1 / sweep.taps[held.changer].far[lane])
        return (voltage - drop).squared.squareRoot()
    }

    private static func reactive(_ passing: Passing, _ sweep: LaneSweep, _ lane: Int) -> Double {
        let (parent, end) = (sweep.cells[passing.parent], sweep.cells[passing.end])
        let factor = passing.changer.map { sweep.taps[$0].near[lane] } ?? 1
        let voltage = Complex(parent.real[lane], parent.imaginary[lane]) * factor
        let current = Complex(end.currentReal[lane], end.currentImaginary[lane])
        return (voltage * current.conjugate).imaginary - passing.halfCharging * voltage.squared
    }
}

// How the voltages of some buses answer to powers given there, on a forest: a branch lowers |v| by
// r·P + x·Q of the power that passes, p.u. Only the buses asked for and those where their ways part are kept;
// chains of cable between them are summed.
//
// At each place the power given falls with its own voltage, r − σ·d, with r missing and d the change of
// voltage sought. With S and T the sums of σ and r beyond a branch, of active and of reactive power, from the
// leaves to the roots
//
//     g = 1/(1 + r·S_P + x·S_Q),  e = r·T_P + x·T_Q,  S(parent) += g·S,  T(parent) += T − g·e·S,
//
// and from the roots to the leaves d = g·(d(parent) + e), 0 at a root. No slope is negative: g is in 0…1.

import Grid
import Lanes

/// The change of voltage at the buses of inverters that follows from changes of their powers, in eight lanes.
final class VoltageSensitivity {
    private struct Place {
        let parent: Int
        let resistance: Double
        let reactance: Double
        var slopeActive = Lanes.zero
        var slopeReactive = Lanes.zero
        var missingActive = Lanes.zero
        var missingReactive = Lanes.zero
        var gain = Lanes.zero
        var drive = Lanes.zero
        var answer = Lanes.zero
    }

    private let places: UnsafeMutableBufferPointer<Place>
    /// The place of each position asked for.
    let indices: [Int: Int]

    init(_ tree: ControlledTree, at positions: [Int]) {
        let kept = Self.kept(tree, positions)
        var indices: [Int: Int] = [:]
        var places: [Place] = []
        for position in kept {
            var (resistance, reactance) = (0.0, 0.0)
            var at = position
            repeat {
                // Changes of |v| as a fraction of nominal, at |v| near 1.
                let unit = tree.scale[at] * tree.scale[at]
                resistance += tree.nodes[at].resistance * unit
                reactance += tree.nodes[at].reactance * unit
                at = tree.live.parents[at]
            } while at >= 0 && indices[at] == nil
            indices[position] = places.count
            places.append(Place(parent: indices[at] ?? -1, resistance: resistance, reactance: reactance))
        }
        self.places = .copy(of: places)
        self.indices = indices
    }

    deinit { places.deallocate() }

    /// In rising order: those asked for, and those at which ways to them part.
    private static func kept(_ tree: ControlledTree, _ positions: [Int]) -> [Int] {
        let asked = Set(positions)
        var ways = [Int](repeating: 0, count: tree.nodes.count)
        var kept: [Int] = []
        for position in tree.nodes.indices.reversed() {
            let isKept = asked.contains(position) || ways[position] > 1
            if isKept { kept.append(position) }
            let parent = tree.live.parents[position]
            if parent >= 0, isKept || ways[position] == 1 { ways[parent] += 1 }
        }
        return kept.reversed()
    }

    @inline(__always)
    func add(
        slope: (active: Lanes, reactive: Lanes), missing: (active: Lanes, reactive: Lanes), at place: Int
    ) {
        places[place].slopeActive += slope.active
        places[place].slopeReactive += slope.reactive
        places[place].missingActive += missing.active
        places[place].missingReactive += missing.reactive
    }

    /// Finds the answers, and forgets what was added.
    func solve() {
        for index in places.indices.reversed() {
            let place = places[index]
            let (r, x) = (place.resistance, place.reactance)
            let gain = 1 / (1 + (r * place.slopeActive + x * place.slopeReactive))
            let drive = r * place.missingActive + x * place.missingReactive
            places[index].gain = gain
            places[index].drive = drive
            if place.parent >= 0 {
                let (active, reactive) = (gain * place.slopeActive, gain * place.slopeReactive)
                add(
                    slope: (active, reactive),
                    missing: (
                        place.missingActive - drive * active, place.missingReactive - drive * reactive
                    ), at: place.parent)
            }
            places[index].slopeActive = .zero
            places[index].slopeReactive = .zero
            places[index].missingActive = .zero
            places[index].missingReactive = .zero
        }
        for index in places.indices {
            let parent = places[index].parent
            let above = parent < 0 ? .zero : places[parent].answer
            places[index].answer = places[index].gain * (above + places[index].drive)
        }
    }

    /// The change of |v| at a place, as a fraction of nominal.
    @inline(__always) func answer(at place: Int) -> Lanes { places[place].answer }
}

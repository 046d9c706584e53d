// Where the voltages go when the unknowns of a `Compensation` move: with the currents of a tree's own buses
// as they are, currents drawn at the terminals run along the paths from there to the sources, and between two
// places where such paths meet the current is the same. There, v(k) moves by base + z(k)·current: z(k) is the
// impedance from where the segment begins to k, or to where k's lateral leaves. So eight steps of a thousand
// buses are moved by the currents and bases of a few segments.

/// The terminals' paths in a tree.
struct LoopSegments {
    /// Of one position; in its segment, negated where that saves a subtraction.
    struct Place {
        /// 0: nothing moves.
        var segment: Int32
        /// Index of the regulator that stands here, −1 where none does.
        var regulator: Int32
        var minusResistance: Double
        var reactance: Double
        var minusReactance: Double
    }

    struct Segment {
        /// 0 where it begins at a source.
        let parent: Int
        /// The place in the parent where it begins.
        let start: Place
        /// Of `terminals` and of `children`, those that draw through it.
        fileprivate(set) var terminals = 0..<0
        fileprivate(set) var children = 0..<0
    }

    /// An end of a chord or a regulator, and the sign with which its current is taken there.
    struct Terminal {
        /// Chords first.
        let unknown: Int
        let sign: Double
    }

    private(set) var places: [Place]
    /// Parents first; number 0 is the segment in which nothing moves.
    private(set) var segments: [Segment]
    /// Segment by segment: its terminals, and the numbers of the segments that begin in it.
    private(set) var terminals: [Terminal] = []
    private(set) var children: [Int] = []

    init(_ tree: SweepTree) {
        let still = Place(segment: 0, regulator: -1, minusResistance: 0, reactance: 0, minusReactance: 0)
        places = Array(repeating: still, count: tree.nodes.count)
        segments = [Segment(parent: 0, start: still)]
        var isTerminal = [Bool](repeating: false, count: tree.nodes.count)
        for chord in tree.chords {
            isTerminal[chord.from] = true
            isTerminal[chord.to] = true
        }
        for regulator in tree.regulators { isTerminal[regulator.position] = true }
        let carrying = Self.carryingChildren(tree, isTerminal)
        for (position, node) in tree.nodes.enumerated() where node.parent >= 0 {
            let parent = Int(node.parent)
            var place = places[parent]
            if isTerminal[position] || carrying[position] > 0 {
                let isFork = isTerminal[parent] || carrying[parent] > 1 || tree.nodes[parent].parent < 0
                if isFork {
                    segments.append(Segment(parent: Int(place.segment), start: place))
                    place = still
                    place.segment = Int32(segments.count - 1)
                }
                place.minusResistance += node.minusResistance
                place.reactance += node.reactance
                place.minusReactance += node.minusReactance
            }
            place.regulator = -1
            places[position] = place
        }
        for (number, regulator) in tree.regulators.enumerated() {
            places[regulator.position].regulator = Int32(number)
        }
        connect(tree)
    }

    private mutating func connect(_ tree: SweepTree) {
        var standing: [(position: Int, terminal: Terminal)] = []
        for (number, chord) in tree.chords.enumerated() {
            standing.append((chord.from, Terminal(unknown: number, sign: 1)))
            standing.append((chord.to, Terminal(unknown: number, sign: -1)))
        }
        for (number, regulator) in tree.regulators.enumerated() {
            standing.append((regulator.position, Terminal(unknown: tree.chords.count + number, sign: 1)))
        }
        for segment in segments.indices.dropFirst() {
            let first = (terminals.count, children.count)
            terminals += standing.filter { Int(places[$0.position].segment) == segment }.map(\.terminal)
            children += segments.indices.dropFirst().filter { segments[$0].parent == segment }
            segments[segment].terminals = first.0..<terminals.count
            segments[segment].children = first.1..<children.count
        }
    }

    /// How many of a position's children have terminals in or below them.
    private static func carryingChildren(_ tree: SweepTree, _ isTerminal: [Bool]) -> [Int] {
        var carrying = [Int](repeating: 0, count: tree.nodes.count)
        for (position, node) in tree.nodes.enumerated().reversed() where node.parent >= 0 {
            if isTerminal[position] || carrying[position] > 0 { carrying[Int(node.parent)] += 1 }
        }
        return carrying
    }
}

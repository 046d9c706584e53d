// Every element is one of two things. In series: rows r over nodes c with real incidence α, a current i each,
//
//     Σ α(r,c)·v(c) − Σ Z(r,j)·i(j) = e(r)        node c takes Σ α(r,c)·i(r)
//
// A line has α = ±1; a winding of n volts has ±1/n at its two conductors, and a transformer of w windings has
// w − 1 rows, from the first winding to each other, i in VA; a source has its voltage as e. And in shunt: an
// admittance between two nodes. The currents are unknowns beside the voltages, so impedances may be zero,
// nothing is inverted, and a tap stands in its incidence alone (modified nodal analysis: C.-W. Ho,
// A. E. Ruehli and P. A. Brennan, IEEE Transactions on Circuits and Systems 22(6), 1975; transformers by
// incidence: H. W. Dommel, *EMTP Theory Book*, 1986).
//
// Voltages are fractions of the bus's nominal phase voltage, currents at nodes of `basePower` over it. Rows
// are scaled so that the matrix is symmetric.

import Grid
import LinearAlgebra

/// The linear part of a feeder, with the taps and steps it begins with.
struct FeederSystem {
    /// VA.
    static let basePower = 1e6 / 3

    let feeder: Feeder
    /// Nodes with a path to a source; an unknown is one of them or, behind them, a current.
    let nodes: [Feeder.Node]
    private let indices: [Feeder.Node: Int]
    /// V of one per unit, by node.
    let scale: [Double]
    private(set) var entries: [ComplexSparseLU.Entry] = []
    private(set) var right: [Complex]
    /// First current of each source, line and transformer; nil where it is open or without voltage.
    private(set) var sourceRows: [Int?] = []
    private(set) var lineRows: [[Int?]] = []
    private(set) var transformerRows: [Int?] = []

    /// Number of unknowns.
    var order: Int { right.count }

    init(_ feeder: Feeder) {
        self.feeder = feeder
        let live = feeder.liveNodes()
        nodes = feeder.nodes.filter(live.contains)
        indices = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
        scale = nodes.map { feeder.buses[$0.bus].nominalPhaseVoltage }
        right = Array(repeating: .zero, count: nodes.count)
        for source in feeder.sources { append(source) }
        for line in feeder.lines { append(line) }
        for transformer in feeder.transformers { append(transformer) }
        for shunt in feeder.shunts {
            for (pair, admittance) in zip(shunt.pairs, shunt.admittance) {
                let closed = Double(shunt.closed) / Double(shunt.steps)
                addShunt(place(shunt.bus, pair), admittance * closed)
            }
        }
    }

    /// Index of a node; nil for earth and for what has no path to a source.
    func index(_ bus: Int, _ conductor: Int) -> Int? {
        indices[Feeder.Node(bus: bus, conductor: conductor)]
    }

    /// The two ends of a pair.
    struct Place: Hashable {
        /// Nil is earth.
        let plus: Int?
        let minus: Int?
    }

    /// Nil where a conductor other than earth is without voltage.
    func place(_ bus: Int, _ pair: Feeder.Pair) -> Place? {
        let (plus, minus) = (index(bus, pair.plus), index(bus, pair.minus))
        guard plus != nil || pair.plus == 0, minus != nil || pair.minus == 0 else { return nil }
        return Place(plus: plus, minus: minus)
    }

    // MARK: Series

    private typealias Term = (node: Int?, factor: Double)

    /// Adds rows of incidence whose voltages are fractions of `base`, V; returns the first current.
    private mutating func addSeries(
        _ rows: [[Term]], base: Double, emf: [Complex] = [], _ impedance: (Int, Int) -> Complex
    ) -> Int {
        let first = right.count
        let toUnit = Self.basePower / (base * base)
        for (r, terms) in rows.enumerated() {
            for (node, factor) in terms {
                guard let node else { continue }
                let value = Complex(factor * scale[node] / base, 0)
                entries.append(.init(first + r, node, value))
                entries.append(.init(node, first + r, value))
            }
            for j in rows.indices {
                let z = impedance(r, j) * toUnit
                if z != .zero || r == j { entries.append(.init(first + r, first + j, -z)) }
            }
            right.append(emf.isEmpty ? .zero : emf[r] * (1 / base))
        }
        return first
    }

    private mutating func append(_ source: Feeder.Source) {
        let places = source.pairs.map { place(source.bus, $0) }
        guard !places.contains(nil) else { return sourceRows.append(nil) }
        let emf = source.pairs.indices.map {
            Complex(magnitude: source.magnitude[$0].value, angle: source.angle[$0])
        }
        sourceRows.append(
            addSeries(
                places.map { [($0!.plus, 1), ($0!.minus, -1)] },
                base: feeder.buses[source.bus].nominalPhaseVoltage, emf: emf
            ) { source.impedance[$0, $1] })
    }

    private mutating func append(_ line: Feeder.Line) {
        let ends = [line.from, line.to].map { end in end.conductors.map { index(end.bus, $0) } }
        let places = line.from.conductors.indices
        // A conductor whose ends nothing feeds carries nothing.
        let live = places.filter { i in
            line.isClosed && (ends[0][i] != nil || ends[1][i] != nil)
        }
        var rows = [Int?](repeating: nil, count: places.count)
        if !live.isEmpty {
            let first = addSeries(
                live.map { [(ends[0][$0], 1), (ends[1][$0], -1)] },
                base: feeder.buses[line.from.bus].nominalPhaseVoltage
            ) { line.impedance[live[$0], live[$1]] }
            for (offset, place) in live.enumerated() { rows[place] = first + offset }
            for end in ends where !line.admittance.isZero {
                addMatrix(live.map { end[$0] }) { line.admittance[live[$0], live[$1]] * 0.5 }
            }
        }
        lineRows.append(rows)
    }

    private mutating func append(_ transformer: Feeder.Transformer) {
        let windings = transformer.windings
        let phases = windings[0].pairs.indices
        let places = windings.map { winding in phases.map { place(winding.bus, winding.pairs[$0]) } }
        guard transformer.isClosed, !places.contains(where: { $0.contains(nil) }) else {
            return transformerRows.append(nil)
        }
        let power = transformer.rating.value / Double(phases.count)
        var first: Int?
        for phase in phases {
            let incidence = windings.indices.map { w -> [Term] in
                let turns = 1 / (windings[w].voltage.value * windings[w].tap)
                return [(places[w][phase]!.plus, turns), (places[w][phase]!.minus, -turns)]
            }
            let rows = windings.indices.dropFirst().map { w in
                incidence[0] + incidence[w].map { ($0.node, -$0.factor) }
            }
            let row = addSeries(rows, base: 1) { transformer.impedance($0, $1) * (1 / power) }
            first = first ?? row
        }
        transformerRows.append(first)
        for (w, winding) in windings.enumerated() {
            let volts = winding.voltage.value
            for place in places[w] {
                if w == 1, transformer.core != .zero {
                    addShunt(place, transformer.core * (power / (volts * winding.tap * volts * winding.tap)))
                }
                let tie = Complex(0, -0.5 * transformer.tie * power / (volts * volts))
                for node in [place!.plus, place!.minus] { addShunt(Place(plus: node, minus: nil), tie) }
            }
        }
    }

    // MARK: Shunts

    /// Adds an admittance in S.
    private mutating func addShunt(_ place: Place?, _ admittance: Complex) {
        guard let place, admittance != .zero else { return }
        addMatrix([place.plus, place.minus]) { $0 == $1 ? admittance : -admittance }
    }

    private mutating func addMatrix(_ nodes: [Int?], _ admittance: (Int, Int) -> Complex) {
        for (i, row) in nodes.enumerated() {
            for (j, column) in nodes.enumerated() {
                guard let row, let column else { continue }
                let y = admittance(i, j) * (scale[row] * scale[column] / Self.basePower)
                if y != .zero { entries.append(.init(row, column, y)) }
            }
        }
    }
}

extension Feeder.Transformer {
    /// Row by row over the windings but the first, as a fraction of the base: what a current from the first
    /// winding to one of them drops on the way to another.
    func impedance(_ i: Int, _ j: Int) -> Complex {
        func shortCircuit(_ a: Int, _ b: Int) -> Complex {
            // Pairs 01, 02 …, 12 …
            let (low, high) = (min(a, b), max(a, b))
            let at = low * (2 * windings.count - low - 1) / 2 + high - low - 1
            return Complex(windings[a].resistance + windings[b].resistance, reactances[at])
        }
        if i == j { return shortCircuit(0, i + 1) }
        return (shortCircuit(0, i + 1) + shortCircuit(0, j + 1) - shortCircuit(i + 1, j + 1)) * 0.5
    }

    /// Admittance of iron and magnetisation, across the second winding, as a fraction of the base.
    var core: Complex { Complex(ironLoss, -magnetizing) }
}

extension Feeder {
    /// Nodes with a path to a source, through wires and windings, or to earth, through wires alone.
    func liveNodes() -> Set<Node> {
        var links: [Node: [Node]] = [:]
        func link(_ group: [Node]) {
            let group = group.filter { $0.conductor > 0 }
            for (a, b) in zip(group, group.dropFirst()) {
                links[a, default: []].append(b)
                links[b, default: []].append(a)
            }
        }
        func reached(from start: [Node]) -> Set<Node> {
            var waiting = start
            var live = Set(waiting)
            while let node = waiting.popLast() {
                for next in links[node] ?? [] where live.insert(next).inserted { waiting.append(next) }
            }
            return live
        }
        func nodes(_ bus: Int, _ pair: Pair) -> [Node] {
            [Node(bus: bus, conductor: pair.plus), Node(bus: bus, conductor: pair.minus)]
        }
        var earthed: [Node] = []
        for line in lines where line.isClosed {
            for (a, b) in zip(line.from.conductors, line.to.conductors) {
                let ends = [Node(bus: line.from.bus, conductor: a), Node(bus: line.to.bus, conductor: b)]
                link(ends)
                if a == 0 || b == 0 { earthed += ends.filter { $0.conductor > 0 } }
            }
        }
        let wires = reached(from: earthed)
        for transformer in transformers where transformer.isClosed {
            for phase in transformer.windings[0].pairs.indices {
                link(transformer.windings.flatMap { nodes($0.bus, $0.pairs[phase]) })
            }
        }
        for shunt in shunts { for pair in shunt.pairs { link(nodes(shunt.bus, pair)) } }
        let fed = sources.flatMap { source in source.pairs.flatMap { nodes(source.bus, $0) } }
        return reached(from: fed.filter { $0.conductor > 0 }).union(wires)
    }
}

import Grid
import LinearAlgebra

/// Equations whose right-hand sides change, and unknowns that are read in every iteration.
struct PortSet {
    private(set) var equations: Set<Int> = []
    private(set) var unknowns: Set<Int> = []

    init(_ system: FeederSystem) {
        let feeder = system.feeder
        for load in feeder.loads {
            let used = load.pairs.indices.filter { load.active[$0] != .zero || load.reactive[$0] != .zero }
            add(system, load.bus, used.map { load.pairs[$0] })
        }
        for inverter in feeder.inverters { add(system, inverter.bus, inverter.pairs) }
        for control in feeder.tapControls {
            let transformer = feeder.transformers[control.transformer]
            guard let first = system.transformerRows[control.transformer] else { continue }
            let winding = transformer.windings[control.winding]
            add(system, winding.bus, winding.pairs)
            let currents = first..<first + winding.pairs.count * (transformer.windings.count - 1)
            equations.formUnion(currents)
            unknowns.formUnion(currents)
            read(system, control.voltage)
            let measured = transformer.windings[control.measured]
            read(system, Feeder.VoltagePoint(bus: measured.bus, pairs: measured.pairs))
        }
        for control in feeder.shuntControls {
            let shunt = feeder.shunts[control.shunt]
            add(system, shunt.bus, shunt.pairs)
            if let override = control.override { read(system, override.voltage) }
            switch control.kind {
            case .voltage(let point, _, _, _): read(system, point)
            case .current(let point, _, _, _), .reactive(let point, _, _), .powerFactor(let point, _, _):
                read(system, point)
            case .time: break
            }
        }
    }

    private mutating func add(_ system: FeederSystem, _ bus: Int, _ pairs: [Feeder.Pair]) {
        for pair in pairs {
            guard let place = system.place(bus, pair) else { continue }
            for node in [place.plus, place.minus] {
                guard let node else { continue }
                equations.insert(node)
                unknowns.insert(node)
            }
        }
    }

    private mutating func read(_ system: FeederSystem, _ point: Feeder.VoltagePoint) {
        for pair in point.pairs {
            guard let place = system.place(point.bus, pair) else { continue }
            unknowns.formUnion([place.plus, place.minus].compactMap { $0 })
        }
    }

    private mutating func read(_ system: FeederSystem, _ point: Feeder.CurrentPoint) {
        for term in system.terms(of: point) {
            unknowns.formUnion(term.currents.map(\.unknown) + [term.plus, term.minus].compactMap { $0 })
            unknowns.formUnion(term.charging.map(\.node))
        }
    }
}

extension FeederSystem {
    /// A measured current, and the voltage that goes with it: Σ factor·unknown, p.u. of the node `plus`.
    struct CurrentTerm {
        let plus: Int?
        let minus: Int?
        let currents: [(unknown: Int, factor: Double)]
        let charging: [(node: Int, susceptance: Complex)]
        /// V of one per unit.
        let volts: Double
    }

    /// What the currents of a point are made of, one for each place or phase.
    func terms(of point: Feeder.CurrentPoint) -> [CurrentTerm] {
        switch point {
        case .line(let index, let atFrom, let places):
            let line = feeder.lines[index]
            let end = atFrom ? line.from : line.to
            return places.compactMap { place in
                guard let row = lineRows[index][place] else { return nil }
                let plus = self.index(end.bus, end.conductors[place])
                let base = feeder.buses[line.from.bus].nominalPhaseVoltage
                let own = feeder.buses[end.bus].nominalPhaseVoltage
                let charging = end.conductors.indices.compactMap { j -> (Int, Complex)? in
                    guard let node = self.index(end.bus, end.conductors[j]) else { return nil }
                    let y = line.admittance[place, j] * (0.5 * own * scale[node] / Self.basePower)
                    return y == .zero ? nil : (node, y)
                }
                return CurrentTerm(
                    plus: plus, minus: nil, currents: [(row, (atFrom ? 1 : -1) * own / base)],
                    charging: charging, volts: own)
            }
        case .winding(let index, let winding, let phases):
            let transformer = feeder.transformers[index]
            guard let first = transformerRows[index] else { return [] }
            let others = transformer.windings.count - 1
            let own = transformer.windings[winding]
            let volts = feeder.buses[own.bus].nominalPhaseVoltage
            let factor = volts / (own.voltage.value * own.tap)
            return phases.compactMap { phase in
                guard let place = place(own.bus, own.pairs[phase]) else { return nil }
                let rows = (0..<others).filter { winding == 0 || $0 == winding - 1 }
                return CurrentTerm(
                    plus: place.plus, minus: place.minus,
                    currents: rows.map {
                        (first + phase * others + $0, winding == 0 ? factor : -factor)
                    }, charging: [], volts: volts)
            }
        }
    }

    /// By unknown: whether it is a voltage at a bus where three or more branches meet.
    var junctions: [Bool] {
        var branches = [Int](repeating: 0, count: feeder.buses.count)
        for line in feeder.lines where line.isClosed {
            branches[line.from.bus] += 1
            branches[line.to.bus] += 1
        }
        for transformer in feeder.transformers where transformer.isClosed {
            for bus in Set(transformer.windings.map(\.bus)) { branches[bus] += 1 }
        }
        return (0..<order).map { $0 < nodes.count && branches[nodes[$0].bus] > 2 }
    }

    /// Factors whose pivots stay on the diagonal even where impedances are small: so the fewest places take
    /// part in the fixed point.
    func factors(_ isLate: [Bool]) throws(FeederMistakes) -> ComplexSparseLU {
        let mistakes = undetermined()
        guard mistakes.isEmpty else { throw FeederMistakes(all: mistakes) }
        guard
            let lu = ComplexSparseLU(order: order, entries: entries, isLate: isLate, diagonal: 1e-9)
        else {
            let name = feeder.sources.first?.name ?? "feeder"
            throw FeederMistakes(all: [FeederMistakes.Mistake(name: name, kind: .singular)])
        }
        return lu
    }
}

// Two ways to leave a matrix without an answer, found before it is factored. A set of conductors joined by
// wires, coils and shunts floats where nothing ties one of them to earth: its voltages may all shift. And
// wires or ideal transformers without impedance that close a loop leave the current around it free.

import Grid
import LinearAlgebra

extension FeederSystem {
    /// What leaves voltages or currents undetermined, by the names of buses and branches.
    func undetermined() -> [FeederMistakes.Mistake] {
        floatingBuses().map { FeederMistakes.Mistake(name: feeder.buses[$0].name, kind: .floating) }
            + shortLoops().map { FeederMistakes.Mistake(name: $0, kind: .shortLoop) }
    }

    /// One bus of each set of conductors that nothing ties to earth.
    private func floatingBuses() -> [Int] {
        // Earth is the last.
        let earth = nodes.count
        var sets = DisjointSets(count: nodes.count + 1)
        func join(_ bus: Int, _ pair: Feeder.Pair) {
            guard let place = place(bus, pair) else { return }
            sets.join(place.plus ?? earth, place.minus ?? earth)
        }
        for source in feeder.sources { for pair in source.pairs { join(source.bus, pair) } }
        for (line, rows) in zip(feeder.lines, lineRows) {
            for (k, row) in rows.enumerated() where row != nil {
                let ends = [(line.from.bus, line.from.conductors[k]), (line.to.bus, line.to.conductors[k])]
                let indices = ends.map { index($0.0, $0.1) ?? earth }
                sets.join(indices[0], indices[1])
                // Charging between the conductors alone holds none of them.
                let charging = rows.indices.reduce(Complex.zero) { $0 + line.admittance[k, $1] }
                if charging.magnitude > 1e-9 * line.admittance[k, k].magnitude {
                    sets.join(indices[0], earth)
                }
            }
        }
        for transformer in feeder.transformers where transformer.isClosed {
            for winding in transformer.windings {
                for pair in winding.pairs {
                    join(winding.bus, pair)
                    guard transformer.tie != 0, let place = place(winding.bus, pair) else { continue }
                    sets.join(place.plus ?? earth, earth)
                }
            }
        }
        for shunt in feeder.shunts where shunt.closed > 0 {
            for (pair, y) in zip(shunt.pairs, shunt.admittance) where y != .zero { join(shunt.bus, pair) }
        }
        var seen: Set<Int> = [sets.root(earth)]
        return nodes.indices.filter { seen.insert(sets.root($0)).inserted }.map { nodes[$0].bus }
    }

    /// Branches without impedance that close a loop of such.
    private func shortLoops() -> [String] {
        let earth = nodes.count
        var sets = DisjointSets(count: nodes.count + 1)
        var found: [String] = []
        for (line, rows) in zip(feeder.lines, lineRows) where line.impedance.isZero {
            var isLoop = false
            for (k, row) in rows.enumerated() where row != nil {
                let from = index(line.from.bus, line.from.conductors[k]) ?? earth
                let to = index(line.to.bus, line.to.conductors[k]) ?? earth
                isLoop = !sets.join(from, to) || isLoop
            }
            if isLoop { found.append(line.name) }
        }
        for (transformer, row) in zip(feeder.transformers, transformerRows)
        where row != nil && transformer.isIdeal {
            var isLoop = false
            for phase in transformer.windings[0].pairs.indices {
                let places = transformer.windings.compactMap { place($0.bus, $0.pairs[phase]) }
                guard places.allSatisfy({ $0.minus == nil }) else { continue }
                for (a, b) in zip(places, places.dropFirst()) {
                    isLoop = !sets.join(a.plus ?? earth, b.plus ?? earth) || isLoop
                }
            }
            if isLoop { found.append(transformer.name) }
        }
        return found
    }
}

extension Feeder.Transformer {
    fileprivate var isIdeal: Bool {
        windings.allSatisfy { $0.resistance == 0 } && reactances.allSatisfy { $0 == 0 }
    }
}

/// Sets that only grow together.
struct DisjointSets {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    /// What stands for the set of an element.
    mutating func root(_ element: Int) -> Int {
        var element = element
        while parents[element] != element {
            parents[element] = parents[parents[element]]
            element = parents[element]
        }
        return element
    }

    /// Joins two sets; false where they were one.
    @discardableResult
    mutating func join(_ a: Int, _ b: Int) -> Bool {
        let (a, b) = (root(a), root(b))
        parents[max(a, b)] = min(a, b)
        return a != b
    }
}

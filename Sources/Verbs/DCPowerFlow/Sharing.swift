import Grid

/// Who takes a remainder, and how much of it: sources and regulators by participation, within what branches
/// connect.
struct Sharing {
    private struct Participant {
        let bus: Int
        let weight: Double
        let island: Int
    }

    private let regulators: [Participant]
    /// By island, of sources and regulators.
    private let totals: [Double]
    /// Of each bus; nil where there is no source.
    private let islands: [Int?]

    init(_ model: LinearModel) {
        let islands = Self.islands(model)
        let network = model.network
        var totals = [Double](repeating: 0, count: network.sources.count)
        for source in network.sources {
            if let island = islands[source.bus] { totals[island] += Self.weight(source.participation) }
        }
        regulators = network.regulators.compactMap { regulator in
            guard let island = islands[regulator.bus] else { return nil }
            let weight = Self.weight(regulator.participation)
            totals[island] += weight
            return Participant(bus: regulator.bus, weight: weight, island: island)
        }
        self.totals = totals
        self.islands = islands
    }

    /// The parts that regulators take of what one generator gave; the sources take the rest. A regulator
    /// that this generator alone upheld takes none.
    func shares(without lost: Int, of generators: [NetworkCase.Generator]) -> [(bus: Int, part: Double)] {
        let bus = generators[lost].bus
        guard let island = islands[bus] else { return [] }
        let isUpheld = generators.indices.contains {
            $0 != lost && generators[$0].bus == bus && generators[$0].isConnected
                && generators[$0].voltage != nil
        }
        let remaining = regulators.filter { $0.island == island && ($0.bus != bus || isUpheld) }
        let gone = isUpheld ? 0 : regulators.reduce(0) { $1.bus == bus ? $0 + $1.weight : $0 }
        let total = totals[island] - gone
        guard total > 0 else { return [] }
        return remaining.map { ($0.bus, $0.weight / total) }
    }

    private static func weight(_ participation: Double) -> Double {
        participation > 0 && participation.isFinite ? participation : 0
    }

    /// Of each bus, the least number of the sources that branches connect it to.
    private static func islands(_ model: LinearModel) -> [Int?] {
        let live = model.live
        var island = Array(live.roots.indices)
        var tree = [Int](repeating: 0, count: live.buses.count)
        for (number, root) in live.roots.enumerated() { tree[root] = number }
        for position in live.buses.indices where live.parents[position] >= 0 {
            tree[position] = tree[live.parents[position]]
        }
        for line in model.lines {
            guard let from = live.positions[line.from], let to = live.positions[line.to] else { continue }
            let (a, b) = (island[tree[from]], island[tree[to]])
            guard a != b else { continue }
            for number in island.indices where island[number] == max(a, b) { island[number] = min(a, b) }
        }
        return live.positions.map { position in position.map { island[tree[$0]] } }
    }
}

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

    /// The parts that regulators take of what one generator gave; the sources take the rest. The regulator
    /// that this generator upheld with others keeps the weight of the others, and none where it was alone.
    func shares(without lost: Int, of generators: [NetworkCase.Generator]) -> [(bus: Int, part: Double)] {
        let bus = generators[lost].bus
        guard let island = islands[bus] else { return [] }
        let kept = Self.kept(without: lost, of: generators)
        let remaining = regulators.filter { $0.island == island }
            .map { (bus: $0.bus, weight: $0.bus == bus ? $0.weight * kept : $0.weight, whole: $0.weight) }
        let total = totals[island] - remaining.reduce(0) { $0 + ($1.whole - $1.weight) }
        guard total > 0 else { return [] }
        return remaining.filter { $0.weight > 0 }.map { ($0.bus, $0.weight / total) }
    }

    /// What part of the weight of a generator's bus is left without it.
    private static func kept(without lost: Int, of generators: [NetworkCase.Generator]) -> Double {
        let others = generators.indices.filter {
            $0 != lost && generators[$0].bus == generators[lost].bus && generators[$0].isConnected
                && generators[$0].voltage != nil
        }
        guard !others.isEmpty else { return 0 }
        guard generators[lost].voltage != nil else { return 1 }
        let weight = others.reduce(0) { $0 + generators[$1].weight }
        return weight > 0 ? weight / (weight + generators[lost].weight) : 1
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

import Grid
import TestSupport
import Testing

/// A case with some edits, and its answer.
struct GoldenVariant {
    let name: String
    let edits: GoldenTable.Row
    /// Status, and sums over the network.
    let sums: GoldenTable.Row
    /// Of all buses, or of some of a large case.
    let voltages: [GoldenTable.Row]

    /// The case as edited; `make_golden.py` says what the columns mean.
    func edited(_ golden: GoldenCase) throws -> NetworkCase {
        let base = golden.base
        let buses = Dictionary(
            uniqueKeysWithValues: base.network.buses.enumerated().map { ($1.name, $0) })
        func bus(_ number: Double) throws -> Int { try #require(buses[String(Int(number))]) }
        let magnitude = edits.optional("source_pu")
        let sources = base.network.sources.map {
            Network.Source(
                bus: $0.bus, voltage: magnitude ?? $0.voltage, angle: $0.angle,
                participation: $0.participation)
        }
        let added = try edits.lists("source").map {
            Network.Source(bus: try bus($0[0]), voltage: $0[1], angle: $0[2] * .pi / 180)
        }
        var edited = NetworkCase(
            name: name, buses: base.network.buses, branches: try branches(base.network.branches),
            sources: sources + added, loads: try loads(golden, bus),
            generators: try generators(base.generators, bus), basePower: base.network.basePower)
        let parts = try edits.lists("shared").map { (try bus($0[0]), $0[1]) }
        if !parts.isEmpty { edited.network = edited.network.shared(Dictionary(uniqueKeysWithValues: parts)) }
        return edited
    }

    var isConstantPower: Bool {
        get throws { edits.optional("current") == nil && edits.optional("impedance") == nil }
    }
    /// Whether sources and generators take the remainder together.
    var isShared: Bool {
        !edits.text("shared").isEmpty
    }

    private func loads(_ golden: GoldenCase, _ bus: (Double) throws -> Int) throws -> [NetworkCase.Load] {
        let names = edits.text("profile").split(separator: " ").map(String.init)
        var loads = golden.base.loads
        if !names.isEmpty {
            loads = try names.flatMap { try #require(golden.profiles[$0]) }.map { row in
                NetworkCase.Load(
                    name: "", bus: try bus(row["bus"]),
                    active: Power(row["p_mw"] * 1e6),
                    reactive: ReactivePower(row["q_mvar"] * 1e6))
            }
        }
        let scale = edits.optional("load") ?? 1
        for index in loads.indices {
            loads[index].active = loads[index].active * scale
            loads[index].reactive = loads[index].reactive * scale
            loads[index].constantCurrent = edits.optional("current") ?? 0
            loads[index].constantImpedance = edits.optional("impedance") ?? 0
        }
        return loads
    }

    private func generators(
        _ base: [NetworkCase.Generator], _ bus: (Double) throws -> Int
    ) throws -> [NetworkCase.Generator] {
        var generators = base
        let scale = edits.optional("generation") ?? 1
        for index in generators.indices { generators[index].active = generators[index].active * scale }
        generators += try edits.lists("unit").map { unit in
            NetworkCase.Generator(
                name: "", bus: try bus(unit[0]), active: Power(unit[1] * 1e6),
                reactiveLimits: unit[3].isFinite
                    ? ReactivePower(unit[3] * 1e6)...ReactivePower(unit[4] * 1e6) : nil,
                voltage: unit[2])
        }
        if edits.optional("limits") == nil {
            for index in generators.indices { generators[index].reactiveLimits = nil }
        }
        return generators
    }

    private func branches(_ base: [Branch]) throws -> [Branch] {
        func edit(_ column: String) throws -> [Int: Double] {
            edits.lists(column).reduce(into: [:]) { $0[Int($1[0]) - 1] = $1.last! }
        }
        let (open, close) = (try edit("open"), try edit("close"))
        let (ratio, shift) = (try edit("ratio"), try edit("shift"))
        return base.enumerated().map { index, branch in
            var edited = branch
            edited.ratio = ratio[index] ?? branch.ratio
            edited.phaseShift = shift[index].map { $0 * .pi / 180 } ?? branch.phaseShift
            edited.isClosed = close[index] != nil || (branch.isClosed && open[index] == nil)
            return edited
        }
    }
}

extension Network {
    /// With parts in a shared remainder, by bus.
    fileprivate func shared(_ parts: [Int: Double]) -> Network {
        var network = self
        for index in sources.indices {
            network.sources[index].participation = parts[sources[index].bus] ?? 0
        }
        for index in regulators.indices {
            network.regulators[index].participation = parts[regulators[index].bus] ?? 0
        }
        return network
    }
}

import Foundation
import Grid
import UnbalancedPowerFlow

/// A time series of a feeder for the terminal: extremes, energies and switching counts.
struct FeederSeriesSummary {
    private struct Extreme {
        var voltage: Double
        var node: Int
        var label: String
    }

    private let name: String
    private let feeder: Feeder
    private let nodes: [Feeder.Node]
    private let interval: Double
    private var steps = 0
    private(set) var unsolved = 0
    private var lowest: Extreme?
    private var highest: Extreme?
    /// kWh.
    private var given = 0.0
    private var lost = 0.0
    /// Moves of each tap control, then of each shunt control, and the positions of the step before.
    private var moves: [Int]
    private var positions: [Int]?

    init(_ name: String, _ feeder: Feeder, interval: Double) {
        self.name = name
        self.feeder = feeder
        self.interval = interval
        nodes = feeder.nodes
        moves = Array(repeating: 0, count: feeder.tapControls.count + feeder.shuntControls.count)
    }

    /// Names of the controls whose positions are counted.
    static func controls(_ feeder: Feeder) -> [String] {
        feeder.tapControls.map(\.name) + feeder.shuntControls.map(\.name)
    }

    /// Positions of all controls in a step.
    static func positions(_ feeder: Feeder, _ states: FeederStates, _ step: Int) -> [Int] {
        feeder.tapControls.indices.map { states.position($0, step) }
            + feeder.shuntControls.indices.map { states.closed($0, step) }
    }

    /// Takes a step.
    mutating func add(
        _ states: FeederStates, _ step: Int, label: String, kilowatts: Double, losses: Double,
        positions now: [Int]
    ) {
        steps += 1
        if let before = positions {
            for index in now.indices { moves[index] += abs(now[index] - before[index]) }
        }
        positions = now
        guard states.status(step).isSolved else {
            unsolved += 1
            return
        }
        given += kilowatts * interval / 3600
        lost += losses * interval / 3600
        for node in nodes.indices where nodes[node].conductor <= 3 {
            let magnitude = states.magnitude(node, step)
            guard magnitude > 0 else { continue }
            if magnitude < lowest?.voltage ?? .infinity {
                lowest = Extreme(voltage: magnitude, node: node, label: label)
            }
            if magnitude > highest?.voltage ?? 0 {
                highest = Extreme(voltage: magnitude, node: node, label: label)
            }
        }
    }

    private func title(_ node: Int) -> String {
        "\(feeder.buses[nodes[node].bus].name).\(nodes[node].conductor)"
    }

    private var counts: [(name: String, moves: Int)] { Array(zip(Self.controls(feeder), moves)) }

    var text: String {
        let heading =
            "\(name) · \(feeder.buses.count) buses, \(nodes.count) nodes, \(steps) steps of "
            + "\(stepText(Int(interval))) · \(unsolved) without a solution"
        let rows = [("lowest", lowest), ("highest", highest)].compactMap { name, extreme in
            extreme.map {
                "  \(padded(name)) \(fixed($0.voltage, 6)) p.u. at \(title($0.node)), step \($0.label)"
            }
        }
        let energies = [
            "  \(padded("source")) \(fixed(given, 3)) kWh", "  \(padded("losses")) \(fixed(lost, 3)) kWh",
        ]
        let moves =
            counts.isEmpty
            ? []
            : ["  \(padded("moves")) " + counts.map { "\($0.name) \($0.moves)" }.joined(separator: ", ")]
        return ([heading] + rows + energies + moves).joined(separator: "\n")
    }

    var json: String {
        get throws {
            var members: [String: Any] = [
                "case": name, "buses": feeder.buses.count, "nodes": nodes.count, "steps": steps,
                "step_s": interval, "unsolved": unsolved, "source_kwh": given, "losses_kwh": lost,
                "moves": Dictionary(counts.map { ($0.name, $0.moves) }) { first, _ in first },
            ]
            for (name, extreme) in [("lowest", lowest), ("highest", highest)] {
                guard let extreme else { continue }
                members["\(name)_voltage_pu"] = extreme.voltage
                members["\(name)_voltage_node"] = title(extreme.node)
                members["\(name)_voltage_step"] = extreme.label
            }
            return String(
                decoding: try JSONSerialization.data(
                    withJSONObject: members, options: [.prettyPrinted, .sortedKeys]),
                as: UTF8.self)
        }
    }
}

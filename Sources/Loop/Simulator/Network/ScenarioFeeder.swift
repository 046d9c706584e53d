public import Grid

/// The three-phase feeder of a scenario: what its devices are in it, its limits, and the balanced network
/// that takes its place in plans.
///
/// The loop solves the feeder in each step. Its controls act in the loop: taps, switched capacitors, and
/// inverters that follow the voltage.
public struct ScenarioFeeder: Hashable, Sendable {
    /// What a device is in the feeder.
    public enum Role: Hashable, Sendable {
        /// The grid connection, which holds the voltage.
        case source
        /// Index of a load, which takes what the device takes; negative where the device gives. With nominal
        /// powers of 1 W and 1 var, or those of a load of the feeder file.
        case load(Int)
        /// Index of an inverter that follows the voltage.
        case inverter(Int)
    }

    /// The wires, windings, controls, and one load or inverter for each device but the grid connection. Its
    /// buses are those of the scenario's network.
    public let feeder: Feeder
    /// What each device is in it.
    public let roles: [Role]
    /// The balanced network; the limits of its buses hold for each of `phases`.
    public let equivalent: FeederEquivalent
    /// Largest negative-sequence voltage, as a fraction of the positive-sequence voltage.
    public let unbalanceLimit: Double

    /// A voltage that is a result.
    public struct Phase: Hashable, Sendable {
        /// Index of the bus.
        public let bus: Int
        /// A phase against the neutral or earth; two phases at a bus that nothing joins to earth.
        public let pair: Feeder.Pair
    }

    /// The voltages of all buses, in order.
    public let phases: [Phase]
    /// The buses of three phases, whose unbalance is a result.
    public let threePhaseBuses: [Int]
    /// The lines with a neutral conductor, whose current is a result.
    public let neutralLines: [Int]
    /// The conductor against which the voltages of each bus count: its neutral where a line or load has one
    /// there, else earth (0).
    public let neutrals: [Int]

    /// Names of the tap controls, then of the shunt controls, all different.
    public let controlNames: [String]

    /// Largest ratio of negative- to positive-sequence voltage that EN 50160 allows.
    public static let usualUnbalanceLimit = 0.02

    /// A feeder whose device i is `roles[i]`.
    public init(
        feeder: Feeder, roles: [Role], equivalent: FeederEquivalent,
        unbalanceLimit: Double = usualUnbalanceLimit
    ) {
        self.feeder = feeder
        self.roles = roles
        self.equivalent = equivalent
        self.unbalanceLimit = unbalanceLimit
        var conductors = feeder.buses.map { _ in [Int]() }
        for node in feeder.nodes where node.conductor <= 3 { conductors[node.bus].append(node.conductor) }
        let (isEarthed, neutrals) = (feeder.earthedBuses, Self.neutrals(of: feeder))
        phases = conductors.enumerated().flatMap { bus, present -> [Phase] in
            guard !isEarthed[bus] else {
                return present.map { Phase(bus: bus, pair: Feeder.Pair($0, neutrals[bus])) }
            }
            return Feeder.Pair.delta.filter { present.contains($0.plus) && present.contains($0.minus) }
                .map { Phase(bus: bus, pair: $0) }
        }
        threePhaseBuses = conductors.indices.filter { conductors[$0].count == 3 }
        neutralLines = feeder.lines.indices.filter { index in
            feeder.lines[index].from.conductors.contains { $0 > 3 } && feeder.lines[index].isPhaseLine
        }
        self.neutrals = neutrals
        controlNames = Self.numbered(
            feeder.tapControls.map(\.name) + feeder.shuntControls.map(\.name))
    }

    /// The conductor against which the voltages of each bus count.
    public static func neutrals(of feeder: Feeder) -> [Int] {
        var neutrals = Array(repeating: 0, count: feeder.buses.count)
        for line in feeder.lines where line.isPhaseLine {
            for end in [line.from, line.to] where end.conductors.contains(neutral) {
                neutrals[end.bus] = neutral
            }
        }
        for load in feeder.loads where load.pairs.contains(where: { $0.minus == neutral }) {
            neutrals[load.bus] = neutral
        }
        return neutrals
    }

    private static let neutral = 4

    /// `NAME`, or `NAME-2`, `NAME-3`, … for the next of the same name.
    private static func numbered(_ names: [String]) -> [String] {
        var counts: [String: Int] = [:]
        return names.map { name in
            counts[name, default: 0] += 1
            return counts[name] == 1 ? name : "\(name)-\(counts[name]!)"
        }
    }
}

extension Feeder.Line {
    /// Whether it joins phases of two buses.
    fileprivate var isPhaseLine: Bool {
        from.bus != to.bus && from.conductors.contains { (1...3).contains($0) }
    }
}

/// What a step has only where the network is a feeder of three phases. Zeros where it has no solution.
public struct FeederStep: Hashable, Sendable {
    /// |V| of `ScenarioFeeder.phases`, as a fraction of nominal.
    public var voltage: [Double]
    /// Negative- over positive-sequence voltage, by `ScenarioFeeder.threePhaseBuses`.
    public var unbalance: [Double]
    /// Current in the neutral, A, by `ScenarioFeeder.neutralLines`.
    public var neutralCurrent: [Double]
    /// Steps of each tap control from the middle of its range, then closed steps of each shunt control, at
    /// the end of the step.
    public var positions: [Int]
}

import Grid
import Simulator
import Timeline

/// What a run on a feeder of three phases shows of its phases, neutrals and controls.
public struct FeederTally: Hashable, Sendable {
    /// The voltages of one phase over all buses; of ab with those of a where nothing joins a bus to earth.
    public struct Phase: Hashable, Sendable {
        /// Lowest |V|, fraction of nominal, with its bus.
        public fileprivate(set) var lowest: Extreme?
        /// Highest |V|, likewise.
        public fileprivate(set) var highest: Extreme?
        /// Lowest |V| of each step; nil without a solution.
        public fileprivate(set) var lowestSeries: [Double?] = []
        /// Highest |V| of each step, likewise.
        public fileprivate(set) var highestSeries: [Double?] = []
    }

    /// What a tap control or shunt control did.
    public struct Control: Hashable, Sendable {
        /// Name of the control.
        public let name: String
        /// Whether it moves a tap, and not the steps of a shunt.
        public let isTap: Bool
        /// Lowest and highest position at the end of a step.
        public fileprivate(set) var range: ClosedRange<Int>
        /// Position at the end of the last step.
        public fileprivate(set) var last: Int
        /// Steps by which it moved from the end of one step to that of the next, all together.
        public fileprivate(set) var moves = 0
    }

    /// The phases a, b and c.
    public private(set) var phases = [Phase(), Phase(), Phase()]
    /// Largest negative- over positive-sequence voltage, with its bus.
    public private(set) var largestUnbalance: Extreme?
    /// Largest of each step; nil without a solution, or without a bus of three phases.
    public private(set) var unbalanceSeries: [Double?] = []
    /// Largest current in a neutral, A.
    public private(set) var largestNeutralCurrent: Extreme?
    /// Name of its line.
    public private(set) var neutralLine = ""
    /// Tap controls, then shunt controls; empty before the first step.
    public private(set) var controls: [Control] = []

    init() {}

    mutating func add(_ step: FeederStep, isSolved: Bool, of own: ScenarioFeeder, at instant: Instant) {
        addControls(step, own)
        guard isSolved else {
            for phase in phases.indices {
                phases[phase].lowestSeries.append(nil)
                phases[phase].highestSeries.append(nil)
            }
            return unbalanceSeries.append(nil)
        }
        var (low, high) = ([Double](repeating: .infinity, count: 3), [0.0, 0, 0])
        for (node, value) in zip(own.phases, step.voltage) where value > 0 {
            let phase = node.pair.plus - 1
            (low[phase], high[phase]) = (min(low[phase], value), max(high[phase], value))
            if value < phases[phase].lowest?.value ?? .infinity {
                phases[phase].lowest = Extreme(value, at: instant, bus: node.bus)
            }
            phases[phase].highest = .greatest(
                phases[phase].highest, Extreme(value, at: instant, bus: node.bus), value)
        }
        for phase in phases.indices {
            phases[phase].lowestSeries.append(low[phase].isFinite ? low[phase] : nil)
            phases[phase].highestSeries.append(high[phase] > 0 ? high[phase] : nil)
        }
        unbalanceSeries.append(step.unbalance.max())
        for (bus, value) in zip(own.threePhaseBuses, step.unbalance) {
            largestUnbalance = .greatest(largestUnbalance, Extreme(value, at: instant, bus: bus), value)
        }
        for (line, value) in zip(own.neutralLines, step.neutralCurrent)
        where value > largestNeutralCurrent?.value ?? -1 {
            largestNeutralCurrent = Extreme(value, at: instant)
            neutralLine = own.feeder.lines[line].name
        }
    }

    private mutating func addControls(_ step: FeederStep, _ own: ScenarioFeeder) {
        guard !controls.isEmpty else {
            controls = zip(own.controlNames, step.positions).enumerated().map { index, part in
                Control(
                    name: part.0, isTap: index < own.feeder.tapControls.count, range: part.1...part.1,
                    last: part.1)
            }
            return
        }
        for (index, position) in step.positions.enumerated() {
            let range = controls[index].range
            controls[index].range = min(range.lowerBound, position)...max(range.upperBound, position)
            controls[index].moves += abs(position - controls[index].last)
            controls[index].last = position
        }
    }

    /// Steps by which all controls moved together.
    public var moves: Int { controls.reduce(0) { $0 + $1.moves } }
}

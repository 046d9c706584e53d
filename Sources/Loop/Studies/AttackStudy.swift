import Devices
import Events
public import Grid
public import Market
public import Results
import Scheduling
import Settlement
public import Simulator
import Timeline

/// What the attacks of a scenario do: each alone, and all together, beside the same run without them.
public struct AttackStudy: Sendable {
    /// One run.
    public struct Row: Hashable, Sendable {
        /// Attacks that act in it, by their place among the attacks of the scenario.
        public let attacks: [Int]
        /// Name for readers: `none`, `false-power +20.0 kW of workshop`, `all`.
        public let name: String
        /// Cost of the run, yuan: see `Costs`.
        public let cost: Double
        /// Demand not served.
        public let unserved: Energy
        /// Steps and places in which a limit was broken.
        public let alarms: Int
        /// When each of its attacks was noticed.
        public let outcomes: [AttackOutcome]
        /// What each participant receives less what it pays, in the order of the participants.
        public let net: [Money]
    }

    private let scenario: Scenario
    /// Names of those who settle with each other.
    public let participants: [String]

    /// Creates the study of a scenario with attacks among its events.
    public init(_ scenario: Scenario) {
        self.scenario = scenario
        participants = scenario.terms.participants.map(\.name)
    }

    /// Attacks of each run: none; each alone; all, where there are several.
    public var runs: [[Int]] {
        let all = Array(scenario.events.attacks.indices)
        return [[]] + all.map { [$0] } + (all.count > 1 ? [all] : [])
    }

    /// Simulates all runs.
    public func rows() -> [Row] { runs.map(row) }

    /// Simulates one run.
    public func row(of attacks: [Int]) -> Row {
        var scenario = scenario
        scenario.events = scenario.events.keeping { attacks.contains($0) }
        var (summary, conduct) = (Summary(scenario), Conduct(scenario))
        for record in Simulation(scenario) {
            summary.add(record)
            conduct.take(record)
        }
        let statements = summary.statements
        return Row(
            attacks: attacks, name: name(of: attacks), cost: conduct.costs(in: Hindsight(scenario)).total,
            unserved: summary.unserved, alarms: summary.alarms.reduce(0) { $0 + $1.count },
            outcomes: summary.resilience.attacks,
            net: scenario.terms.participants.map { participant in
                statements.reduce(.zero) { $1.participant == participant ? $0 + $1.net : $0 }
            })
    }

    private func name(of attacks: [Int]) -> String {
        guard let first = attacks.first else { return "none" }
        guard attacks.count == 1 else { return "all" }
        let (device, attack, _) = scenario.events.attacks[first]
        let size = attack.size(step: scenario.horizon.step)
        return "\(attack.name)\(size.isEmpty ? "" : " \(size)") of \(scenario.devices[device].name)"
    }
}

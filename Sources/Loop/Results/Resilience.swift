import Devices
import Events
public import Grid
public import Scheduling
public import Simulator
public import Timeline

/// How a run came through its events: energy not served by cause, islands, and what happened when.
public struct Resilience: Hashable, Sendable {
    /// Energy not served, in the order of the causes; only causes that occurred.
    public var unserved: [(cause: UnservedCause, energy: Energy)] {
        zip(UnservedCause.allCases, byCause).filter { $0.1 > .zero }.map { ($0.0, $0.1) }
    }
    /// Hours in which some demand was not served.
    public private(set) var unservedHours = 0.0
    /// Hours with at least one island.
    public private(set) var islandedHours = 0.0
    /// Hours in which the microgrid was not joined to the external grid.
    public private(set) var disconnectedHours = 0.0
    /// Hours in which each device held the voltage of an island, by device; only those above 0.
    public var formingHours: [(device: DeviceID, hours: Double)] {
        byFormer.enumerated().filter { $0.1 > 0 }.map { (DeviceID($0.0), $0.1) }
    }
    /// Islands that started from a dead network.
    public private(set) var blackStarts = 0
    /// Times that an island was joined to another part of the network.
    public private(set) var synchronisations = 0
    /// Lowest frequency of an island after primary response, Hz.
    public private(set) var lowestFrequency: Extreme?
    /// Highest such frequency, Hz.
    public private(set) var highestFrequency: Extreme?
    /// What happened, in order; empty in a run without events.
    public private(set) var story: [Chapter] = []

    /// Attacks of the run, and when they were noticed.
    public private(set) var attacks: [AttackOutcome]

    private var byCause = Array(repeating: Energy.zero, count: UnservedCause.allCases.count)
    private var byFormer: [Double]
    private var teller: StoryTeller

    /// What happened in one step.
    public struct Chapter: Hashable, Sendable {
        /// Begin of the step.
        public let at: Instant
        /// Statements, in the order of their causes.
        public let statements: [String]
        /// Demand of all loads.
        public let demand: Power
        /// Demand that is not served.
        public let unserved: Power
        /// Lowest frequency of the islands after primary response, Hz; nil without islands.
        public let frequency: Double?
    }

    init(_ scenario: Scenario) {
        byFormer = scenario.devices.map { _ in 0 }
        teller = StoryTeller(scenario)
        attacks = AttackOutcome.all(of: scenario)
    }

    mutating func add(_ record: Record, _ facts: StepFacts, of scenario: Scenario) {
        let hours = record.interval.hours
        if facts.unserved > Power(1) { unservedHours += hours }
        count(record, of: scenario)
        if let islanding = record.islanding {
            if !islanding.islands.isEmpty { islandedHours += hours }
            if !islanding.isConnected { disconnectedHours += hours }
            blackStarts += islanding.islands.count(where: \.isBlackStart)
            synchronisations += islanding.synchronised.count
            for island in islanding.islands {
                byFormer[island.slack.index] += hours
                let frequency = island.frequency
                if frequency < lowestFrequency?.value ?? .infinity {
                    lowestFrequency = Extreme(frequency, at: record.interval.start)
                }
                highestFrequency = .greatest(
                    highestFrequency, Extreme(frequency, at: record.interval.start), frequency)
            }
        }
        for index in attacks.indices { attacks[index].add(record) }
        guard !scenario.events.isEmpty else { return }
        let statements = teller.statements(of: record)
        guard !statements.isEmpty else { return }
        story.append(
            Chapter(
                at: record.interval.start, statements: statements, demand: facts.demand,
                unserved: facts.unserved,
                frequency: record.islanding?.islands.map(\.frequency).min()))
    }

    private mutating func count(_ record: Record, of scenario: Scenario) {
        let usual: UnservedCause = record.point.status.isSolved ? .dispatch : .noSolution
        for (index, device) in scenario.devices.enumerated() {
            let unserved = device.deviceKind.unserved(record.power[index], of: record.potential[index])
            guard unserved > .zero else { continue }
            let cause = record.islanding?.causes[index] ?? usual
            let place = UnservedCause.allCases.firstIndex(of: cause)!
            byCause[place] += unserved.energy(hours: record.interval.hours)
        }
    }
}

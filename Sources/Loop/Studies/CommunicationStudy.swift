import Devices
public import Messaging
import Results
import Scheduling
public import Simulator

/// What communication costs: a scenario simulated over links of several kinds and networks of several shapes,
/// with a controller at the centre and with agents that agree without one.
///
/// The cost above perfect foresight has three parts, which add up to it exactly:
///
/// - *information*: the centre on perfect links, above perfect foresight;
/// - *coordination*: the same plan by other means on perfect links, above the centre on perfect links;
/// - *communication*: the links as they are, above perfect links.
public struct CommunicationStudy: Sendable {
    /// Who plans.
    public enum Coordinator: String, Hashable, Sendable, Codable, CaseIterable {
        /// A controller.
        case centre
        /// The agents, each by itself from all offers, and a tree of bids.
        case sharedOffers = "shared-offers"
        /// The agents, by relaxed ADMM and a tree of bids.
        case relaxedADMM = "r-admm"

        /// Whether it can talk over a network of a shape. Agents without a controller need neighbours, and
        /// loads of one agent may be at several buses of a cable.
        public func allows(_ topology: Communication.Topology) -> Bool {
            topology != .list && (self == .centre || topology != .cable)
        }
    }

    /// One simulation.
    public struct Point: Hashable, Sendable, Codable {
        /// Who plans.
        public let coordinator: Coordinator
        /// Shape of the communication network.
        public let topology: Communication.Topology
        /// Name of the link; nil: a link without delay or loss.
        public let link: String?
        /// Packet loss, 0 … 1; nil: the link's own.
        public let loss: Double?
        /// Random seed.
        public let seed: UInt64

        /// Creates a point.
        public init(
            coordinator: Coordinator, topology: Communication.Topology, link: String?, loss: Double?,
            seed: UInt64
        ) {
            (self.coordinator, self.topology) = (coordinator, topology)
            (self.link, self.loss, self.seed) = (link, loss, seed)
        }
    }

    /// Parts of the cost of one point, yuan.
    public struct Parts: Hashable, Sendable {
        /// Cost of perfect foresight: no dispatch can be below it.
        public let foresight: Double
        /// See `CommunicationStudy`.
        public let information, coordination, communication: Double

        /// Cost above perfect foresight.
        public var regret: Double { information + coordination + communication }
    }

    /// All simulations: of each seed those on perfect links first.
    public let points: [Point]
    private let template: ScenarioTemplate
    private let links: [String: Link]
    private let settings: PeerSettings

    /// Creates a study of all combinations of shapes, links, losses and coordinators for each seed;
    /// those that a coordinator does not allow are left out.
    public init(
        _ template: ScenarioTemplate, topologies: [Communication.Topology],
        links: [(name: String, link: Link)], losses: [Double?], coordinators: [Coordinator],
        settings: PeerSettings, seeds: [UInt64]
    ) {
        self.template = template
        self.settings = settings
        self.links = Dictionary(uniqueKeysWithValues: links.map { ($0.name, $0.link) })
        var points: [Point] = []
        for seed in seeds {
            func add(
                _ coordinator: Coordinator, _ topology: Communication.Topology, _ link: String?,
                _ loss: Double?
            ) {
                guard coordinator.allows(topology) else { return }
                points.append(
                    Point(coordinator: coordinator, topology: topology, link: link, loss: loss, seed: seed))
            }
            // Over perfect links a controller hears everything at once, whatever the shape.
            add(.centre, .star, nil, nil)
            for coordinator in coordinators where coordinator != .centre {
                for topology in topologies { add(coordinator, topology, nil, nil) }
            }
            for coordinator in coordinators {
                for topology in topologies {
                    for link in links { for loss in losses { add(coordinator, topology, link.name, loss) } }
                }
            }
        }
        self.points = points
    }

    /// Simulates one point.
    public func row(of point: Point) -> Row {
        let scenario = scenario(of: point)
        var conduct = Conduct(scenario)
        var summary = Summary(scenario)
        var timings = Timings()
        for record in Simulation(scenario) {
            conduct.take(record)
            summary.add(record)
            timings.add(record.timing)
        }
        return Row(
            point, summary, timings, cost: conduct.costs(in: Hindsight(scenario)).total,
            tick: scenario.communication.tick ?? (scenario.peers == nil ? nil : PeerSettings.tick))
    }

    private func scenario(of point: Point) -> Scenario {
        var scenario = template.scenario(seed: point.seed)
        var link = point.link.flatMap { links[$0] } ?? .perfect
        if let loss = point.loss { link.loss = .independent(loss) }
        scenario.communication = scenario.communication.over(
            point.topology, buses: scenario.devices.map(\.bus), in: scenario.network, seed: point.seed,
            link: link)
        scenario.peers = nil
        if let plan = PeerSettings.Plan(rawValue: point.coordinator.rawValue) {
            scenario.peers = settings
            (scenario.peers!.plan, scenario.peers!.topology) = (plan, point.topology)
        }
        return scenario
    }

    /// Cost of perfect foresight with a seed, yuan; nil where its program was not solved.
    public func foresight(seed: UInt64) -> Double? {
        Hindsight(template.scenario(seed: seed)).optimum().bound
    }

    /// Divides the cost of a row into its parts. `rows` has those of perfect links too.
    public static func parts(of row: Row, among rows: [Row], foresight: Double) -> Parts? {
        let perfect = rows.filter { $0.point.link == nil && $0.point.seed == row.point.seed }
        guard let centre = perfect.first(where: { $0.point.coordinator == .centre })?.cost else { return nil }
        let own =
            row.point.coordinator == .centre
            ? centre
            : perfect.first {
                $0.point.coordinator == row.point.coordinator && $0.point.topology == row.point.topology
            }?.cost
        guard let own else { return nil }
        return Parts(
            foresight: foresight, information: centre - foresight, coordination: own - centre,
            communication: row.cost - own)
    }
}

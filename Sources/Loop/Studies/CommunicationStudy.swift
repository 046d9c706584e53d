public import Messaging
public import Simulator

/// What communication costs: a scenario simulated over links of several kinds, with a controller at the
/// centre and with agents that agree without one.
///
/// The cost above perfect foresight has three parts, which add up to it exactly:
///
/// - *information*: the centre on perfect links, above perfect foresight;
/// - *coordination*: the same plan by other means on perfect links, above the centre on perfect links;
/// - *communication*: the links as they are, above perfect links.
public struct CommunicationStudy: Sendable {
    /// Who plans.
    public enum Coordinator: String, Hashable, Sendable, CaseIterable {
        /// A controller, over a star.
        case centre
        /// The agents, by relaxed ADMM and a tree of bids.
        case peers = "r-admm"
    }

    /// One simulation.
    public struct Point: Hashable, Sendable {
        /// Who plans.
        public let coordinator: Coordinator
        /// Name of the link; nil: a link without delay or loss.
        public let link: String?
        /// Packet loss, 0 … 1; nil: the link's own.
        public let loss: Double?
        /// Random seed.
        public let seed: UInt64

        /// Creates a point.
        public init(coordinator: Coordinator, link: String?, loss: Double?, seed: UInt64) {
            (self.coordinator, self.link, self.loss, self.seed) = (coordinator, link, loss, seed)
        }
    }

    /// What one simulation came to.
    public struct Row: Hashable, Sendable {
        /// Which simulation.
        public let point: Point
        /// Cost of what happened, yuan: see `Conduct.costs`.
        public let cost: Double
        /// Steps of devices whose powers were not agreed on in time.
        public let missed: Int
        /// Alarms, summed over the steps.
        public let alarms: Int
        /// Messages sent and lost, and bytes sent.
        public let sent, lost, bytes: Int

        /// Creates a row.
        public init(point: Point, cost: Double, missed: Int, alarms: Int, sent: Int, lost: Int, bytes: Int) {
            (self.point, self.cost, self.missed, self.alarms) = (point, cost, missed, alarms)
            (self.sent, self.lost, self.bytes) = (sent, lost, bytes)
        }
    }

    /// Parts of the cost of one point, yuan.
    public struct Parts: Hashable, Sendable {
        /// Cost of perfect foresight: no dispatch can be below it.
        public let foresight: Double
        /// See `CommunicationStudy`.
        public let information, coordination, communication: Double
    }

    /// All simulations: of each seed those on perfect links first.
    public let points: [Point]
    private let template: ScenarioTemplate
    private let links: [String: Link]
    private let settings: PeerSettings

    /// Creates a study of all combinations of links, losses and coordinators for each seed.
    public init(
        _ template: ScenarioTemplate, links: [(name: String, link: Link)], losses: [Double?],
        coordinators: [Coordinator], settings: PeerSettings, seeds: [UInt64]
    ) {
        self.template = template
        self.settings = settings
        self.links = Dictionary(uniqueKeysWithValues: links.map { ($0.name, $0.link) })
        var points: [Point] = []
        for seed in seeds {
            for coordinator in Coordinator.allCases
            where coordinator == .centre || coordinators.contains(coordinator) {
                points.append(Point(coordinator: coordinator, link: nil, loss: nil, seed: seed))
            }
            for coordinator in coordinators {
                for link in links {
                    for loss in losses {
                        points.append(
                            Point(coordinator: coordinator, link: link.name, loss: loss, seed: seed))
                    }
                }
            }
        }
        self.points = points
    }

    /// Simulates one point.
    public func row(of point: Point) -> Row {
        var scenario = template.scenario(seed: point.seed)
        var link = point.link.flatMap { links[$0] } ?? .perfect
        if let loss = point.loss { link.loss = .independent(loss) }
        scenario.communication.set(link)
        scenario.peers = point.coordinator == .peers ? settings : nil
        var conduct = Conduct(scenario)
        var (missed, alarms, traffic) = (0, 0, Traffic())
        for record in Simulation(scenario) {
            conduct.take(record)
            missed += record.conversation.held + record.conversation.fallback
            alarms += record.alarms.count
            traffic = traffic + record.conversation.traffic
        }
        return Row(
            point: point, cost: conduct.costs(in: Hindsight(scenario)).total, missed: missed, alarms: alarms,
            sent: traffic.sent.messages, lost: traffic.lost.messages + traffic.dropped.messages,
            bytes: traffic.sent.bytes)
    }

    /// Cost of perfect foresight with a seed, yuan; nil where its program was not solved.
    public func foresight(seed: UInt64) -> Double? {
        Hindsight(template.scenario(seed: seed)).optimum().bound
    }

    /// Divides the cost of a row into its parts. `rows` has those of perfect links too.
    public static func parts(of row: Row, among rows: [Row], foresight: Double) -> Parts? {
        func perfect(_ coordinator: Coordinator) -> Double? {
            rows.first {
                $0.point.link == nil && $0.point.coordinator == coordinator && $0.point.seed == row.point.seed
            }?.cost
        }
        guard let centre = perfect(.centre), let own = perfect(row.point.coordinator) else { return nil }
        return Parts(
            foresight: foresight, information: centre - foresight, coordination: own - centre,
            communication: row.cost - own)
    }
}

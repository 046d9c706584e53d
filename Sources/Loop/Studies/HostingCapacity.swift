// How much more solar a network takes at each bus, over all steps of a study, before a limit binds:
//
//     capacity(bus) = the largest rating r, a multiple of the resolution, with no limit broken in any step t
//                     when the bus is given r·sunshine(t) beside what is injected already
//
// Only few steps decide, but which is not known before. So the search keeps a small set of critical steps: it
// finds r on them by doubling and halving, checks r in every step with sun, adds the steps that break a
// limit, and starts again with r as a bound. Each round either ends or lowers the bound, so what comes back
// holds in every step. It is the largest such r as long as a limit, once passed on the way up, stays passed.

public import Grid
import Lanes
public import PowerFlow
import Synchronization

/// The question: a network, what is injected in every step, and the sun.
///
/// ```swift
/// let study = HostingCapacity(
///     network: network, injections: InjectionSeries(buses: 2, steps: 3), sunshine: [0, 0.5, 0.9])
/// let result = study.study(study.candidates)
/// for site in result.sites { print(site.bus, site.finding.rating, site.finding.binding as Any) }
/// ```
///
/// A limit broken in a step even without additional solar counts there only if it is broken worse: no solar
/// is blamed for the evening's undervoltage. Steps in which the network has no solution as it is count
/// for nothing.
public struct HostingCapacity: Sendable {
    /// The network with its limits.
    public let network: Network
    /// Injections in each step without additional solar; the first source takes the remainder.
    public let injections: InjectionSeries
    /// What a plant gives in each step, W per W of rating; not negative.
    public let sunshine: [Double]
    /// What may flow out at the network's first source; nil: without limit.
    public let exportLimit: Power?
    /// Reactive power that a plant gives, var per W; negative takes it, which holds the voltage down.
    public let reactiveRatio: Double
    /// Ratings are multiples of it.
    public let resolution: Power
    /// Largest rating that is considered.
    public let ceiling: Power

    /// Creates the question. Buses and steps must agree, `sunshine` must be finite and not negative, and
    /// `ceiling` must exceed `resolution`.
    public init(
        network: Network, injections: InjectionSeries, sunshine: [Double], exportLimit: Power? = nil,
        reactiveRatio: Double = 0, resolution: Power = Power(1000), ceiling: Power = Power(100e6)
    ) {
        precondition(injections.buses == network.buses.count && injections.steps == sunshine.count)
        precondition(sunshine.allSatisfy { $0 >= 0 && $0.isFinite } && reactiveRatio.isFinite)
        precondition(resolution > .zero && ceiling > resolution && ceiling / resolution < 1e12)
        self.network = network
        self.injections = injections
        self.sunshine = sunshine
        self.exportLimit = exportLimit
        self.reactiveRatio = reactiveRatio
        self.resolution = resolution
        self.ceiling = ceiling
    }

    /// The limit that prevents a larger rating.
    public enum Limit: Hashable, Sendable {
        case overvoltage(bus: Int), undervoltage(bus: Int)
        case overload(branch: Int)
        /// Of the connection.
        case export
        /// The network equations have no solution that was found.
        case solvability
    }

    /// Hosting capacity of one bus, or of several in fixed proportion.
    public struct Finding: Hashable, Sendable {
        /// The largest rating that breaks no limit.
        public let rating: Power
        /// Limit that the next larger rating breaks; nil where the ceiling was reached.
        public let binding: Limit?
        /// Step in which it breaks it; nil where the ceiling was reached.
        public let step: Int?
    }

    /// Hosting capacity of one bus alone.
    public struct Site: Hashable, Sendable {
        /// Index of the bus.
        public let bus: Int
        /// Its hosting capacity.
        public let finding: Finding
    }

    /// Hosting capacity of a network.
    public struct Result: Hashable, Sendable {
        /// Each bus alone, in the order asked for.
        public let sites: [Site]
        /// All of them at once, in proportion to what each takes alone: the sum of the ratings. Nil without
        /// sites.
        public let together: Finding?
        /// Steps with sun in which limits are broken without additional solar.
        public let brokenSteps: Int
        /// Steps with sun in which the power flow has no solution.
        public let unsolvedSteps: Int
    }

    /// Buses with a path to a source and without one themselves.
    public var candidates: [Int] {
        let live = LiveNetwork(PerUnitNetwork(network))
        let sources = Set(network.sources.map(\.bus))
        return live.buses.filter { !sources.contains($0) }.sorted()
    }

    /// Studies each of `buses`, which must have a path to a source, and then all at once. The result does not
    /// depend on the number of workers.
    public func study(_ buses: [Int], workers: Int = 1) -> Result {
        let year = HostingYear(self, workers: workers)
        let board = Board(count: buses.count)
        concurrently(max(1, min(workers, buses.count))) { _ in
            let search = HostingSearch(year)
            while let index = board.next() {
                board.write(search.find([.init(bus: buses[index], part: 1)]), at: index)
            }
        }
        let sites = zip(buses, board.findings).map { Site(bus: $0, finding: $1) }
        precondition(sites.allSatisfy { (.zero...ceiling).contains($0.finding.rating) })
        return Result(
            sites: sites, together: sites.isEmpty ? nil : HostingSearch(year).find(Self.placement(sites)),
            brokenSteps: year.brokenSteps, unsolvedSteps: year.unsolvedSteps)
    }

    private static func placement(_ sites: [Site]) -> [HostingSearch.Plant] {
        let total = sites.reduce(0) { $0 + $1.finding.rating.value }
        return sites.map {
            HostingSearch.Plant(
                bus: $0.bus, part: total > 0 ? $0.finding.rating.value / total : 1 / Double(sites.count))
        }
    }

    /// Hands out the sites to workers and keeps what they find.
    private final class Board: Sendable {
        private let state: Mutex<(next: Int, findings: [Finding?])>

        init(count: Int) { state = Mutex((0, Array(repeating: nil, count: count))) }

        func next() -> Int? {
            state.withLock { state in
                guard state.next < state.findings.count else { return nil }
                state.next += 1
                return state.next - 1
            }
        }

        func write(_ finding: Finding, at index: Int) { state.withLock { $0.findings[index] = finding } }

        var findings: [Finding] { state.withLock { $0.findings.compactMap { $0 } } }
    }
}

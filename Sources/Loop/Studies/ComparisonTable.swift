import Devices
import EconomicDispatch
import Grid
import Messaging
import Planning
public import Results
public import Scheduling
import Simulator
import Timeline

/// Comparison of several dispatchers on the same weather, forecasts, communication and network.
public struct ComparisonTable: Sendable {
    /// Results of one dispatcher with one seed.
    public struct Row: Hashable, Sendable {
        /// Name of the dispatcher.
        public let dispatcher: String
        /// Random seed of the scenario.
        public let seed: UInt64
        /// Parts of `cost`, yuan: energy at the grid connection, fuel, wear, energy not served, power beyond
        /// the connection's limits, months' peaks, and the value of the energy stored at the end.
        public let connection, gensets, wear, unserved, beyondLimits, peaks, stored: Double
        /// Lower bound of the cost of any dispatcher, yuan; nil where it is not known, or where a dispatcher
        /// came out below it.
        public fileprivate(set) var bound: Double?
        /// Emissions, kg CO₂; energy not served and curtailed energy, kWh.
        public let emissions, unservedEnergy, curtailedEnergy: Double
        /// Hours with demand not served, and hours with an island.
        public let unservedHours, islandedHours: Double
        /// Buses outside their voltage limits, summed over the steps.
        public let voltageViolations: Int
        /// Messages sent.
        public let messages: Int
        /// Number of plans by how planning ended: `optimal`, `by rule`, `fallback`, …
        public let plans: [String: Int]

        /// Cost of the run, yuan.
        public var cost: Double { connection + gensets + wear + unserved + beyondLimits + peaks - stored }
        /// Regret: cost above the bound, yuan, zero or more; nil where the bound is not known.
        public var regret: Double? { bound.map { max(cost - $0, 0) } }
        /// Regret as a percentage of the bound's size; nil where the bound is not known or rounds to zero.
        public var regretPercent: Double? { regret.flatMap { percent($0, of: bound ?? 0) } }
        /// Whether the cost lies below the bound by more than the rounding of both.
        fileprivate var contradictsBound: Bool {
            bound.map { cost < $0 - 0.005 - 1e-6 * (cost.magnitude + $0.magnitude) } ?? false
        }
        /// Plans that the fallback dispatcher made.
        public var fallbacks: Int { plans[Plan.Status.fallback.rawValue] ?? 0 }

        /// Collects the figures of a run: its results, its costs and the bound of its scenario.
        public init(_ summary: Summary, _ costs: Costs, bound: Double?) {
            let scenario = summary.scenario
            func sum(_ kinds: DeviceKind...) -> Double {
                zip(scenario.devices, costs.offers).reduce(0) {
                    kinds.contains($1.0.deviceKind) ? $0 + $1.1 : $0
                }
            }
            dispatcher = scenario.planning.dispatcher.name
            seed = scenario.seed
            connection = sum(.grid)
            gensets = sum(.genset)
            wear = sum(.battery, .solar, .wind, .hydro)
            unserved = sum(.load)
            beyondLimits = costs.beyond
            peaks = costs.demandCharge
            stored = costs.storedValue
            self.bound = bound
            emissions = summary.emissions
            unservedEnergy = summary.unserved.kilowattHours
            curtailedEnergy = summary.curtailed.kilowattHours
            unservedHours = summary.resilience.unservedHours
            islandedHours = summary.resilience.islandedHours
            voltageViolations = summary.alarms.reduce(0) {
                ["undervoltage", "overvoltage"].contains($1.kind) ? $0 + $1.count : $0
            }
            messages = summary.messages.traffic.sent.messages
            plans = Dictionary(summary.plans.map { ($0.status.rawValue, $0.count) }) { $0 + $1 }
        }
    }

    /// Results of one dispatcher over all seeds.
    public struct Standing: Hashable, Sendable {
        /// Name of the dispatcher.
        public let dispatcher: String
        /// One row a seed.
        public let rows: [Row]

        /// Mean of a figure over the seeds.
        public func mean(_ value: (Row) -> Double) -> Double {
            rows.map(value).reduce(0, +) / Double(rows.count)
        }

        /// Regrets of the seeds whose bound is known, yuan.
        public var regrets: [Double] { rows.compactMap(\.regret) }

        /// Mean of these regrets, yuan; nil without any.
        public var meanRegret: Double? {
            regrets.isEmpty ? nil : regrets.reduce(0, +) / Double(regrets.count)
        }

        /// Mean regret as a percentage of the mean bound's size; nil where that is not known or rounds to
        /// zero.
        public var regretPercent: Double? {
            let bounds = rows.compactMap(\.bound)
            let bound = bounds.reduce(0, +) / Double(max(bounds.count, 1))
            return meanRegret.flatMap { percent($0, of: bound) }
        }
    }

    /// Rows by seed, then in the order of the dispatchers given.
    public let rows: [Row]
    /// Dispatchers in order of mean cost, the cheapest first.
    public let standings: [Standing]

    /// Seeds whose bound is left out because a dispatcher came out below it.
    public let contradicted: [UInt64]

    /// Sorts `rows` into standings.
    public init(_ rows: [Row]) {
        let contradicted = Set(rows.filter(\.contradictsBound).map(\.seed))
        self.contradicted = contradicted.sorted()
        var rows = rows
        for k in rows.indices where contradicted.contains(rows[k].seed) { rows[k].bound = nil }
        self.rows = rows
        precondition(rows.allSatisfy { !$0.contradictsBound }, "a regret below zero")
        var names: [String] = []
        for row in rows where !names.contains(row.dispatcher) { names.append(row.dispatcher) }
        standings = names.map { name in
            Standing(dispatcher: name, rows: rows.filter { $0.dispatcher == name })
        }.enumerated().sorted { a, b in
            let costs = (a.element.mean(\.cost), b.element.mean(\.cost))
            return costs.0 != costs.1 ? costs.0 < costs.1 : a.offset < b.offset
        }.map(\.element)
    }

    /// Seeds in order of first occurrence.
    public var seeds: [UInt64] {
        var found: [UInt64] = []
        for row in rows where !found.contains(row.seed) { found.append(row.seed) }
        return found
    }
}

/// Returns `part` as a percentage of the size of `whole`, yuan; nil where that is shown as 0.00.
private func percent(_ part: Double, of whole: Double) -> Double? {
    whole.magnitude >= 0.005 ? part / whole.magnitude * 100 : nil
}

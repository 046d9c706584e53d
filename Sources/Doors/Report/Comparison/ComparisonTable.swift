import Devices
public import Export
public import Foundation
import Grid
import Messaging
public import Scheduling
import Simulator
import Timeline

/// How several dispatchers did on the same weather, forecasts and channel.
public struct ComparisonTable: Sendable {
    /// One dispatcher on one seed.
    public struct Row: Hashable, Sendable {
        public let dispatcher: String
        public let seed: UInt64
        /// Yuan: what it cost, by kind; together they are `cost`.
        public let connection, gensets, wear, unserved, beyondLimits, peaks, stored: Double
        /// Yuan below which no dispatcher could have come; nil where it is not known.
        public let bound: Double?
        /// kg CO₂, kWh, kWh.
        public let emissions, unservedEnergy, curtailedEnergy: Double
        /// Buses outside their limits, summed over the steps.
        public let voltageViolations: Int
        public let messages: Int
        /// Plans by how they ended: `optimal`, `by rule`, `fallback` …
        public let plans: [String: Int]

        public var cost: Double { connection + gensets + wear + unserved + beyondLimits + peaks - stored }
        public var regret: Double? { bound.map { cost - $0 } }
        public var fallbacks: Int { plans[Plan.Status.fallback.rawValue] ?? 0 }

        public init(_ summary: Summary, _ costs: Costs, bound: Double?) {
            let scenario = summary.scenario
            func sum(_ kinds: DeviceKind...) -> Double {
                zip(scenario.devices, costs.offers).reduce(0) {
                    kinds.contains($1.0.sort) ? $0 + $1.1 : $0
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
            emissions = summary.importEmissions + summary.gensetEmissions
            unservedEnergy = summary.tally(of: .load).unserved.kilowattHours
            curtailedEnergy = summary.curtailed.kilowattHours
            voltageViolations = summary.alarms.reduce(0) {
                ["undervoltage", "overvoltage"].contains($1.kind) ? $0 + $1.count : $0
            }
            messages = summary.messages.messages.sent
            plans = Dictionary(summary.plans.map { ($0.status.rawValue, $0.count) }) { $0 + $1 }
        }
    }

    /// One dispatcher over all seeds.
    public struct Standing: Hashable, Sendable {
        public let dispatcher: String
        public let rows: [Row]

        public func mean(_ value: (Row) -> Double) -> Double {
            rows.map(value).reduce(0, +) / Double(rows.count)
        }

        /// Yuan, over the seeds of which the bound is known.
        public var regrets: [Double] { rows.compactMap(\.regret) }

        public var meanRegret: Double? {
            regrets.isEmpty ? nil : regrets.reduce(0, +) / Double(regrets.count)
        }

        /// Of the bound's size.
        public var regretPercent: Double? {
            let bounds = rows.compactMap(\.bound)
            let bound = bounds.reduce(0, +).magnitude / Double(max(bounds.count, 1))
            return meanRegret.flatMap { bound > 0 ? $0 / bound * 100 : nil }
        }
    }

    /// By seed, then in the order asked for.
    public let rows: [Row]
    /// The dispatchers, the cheapest first.
    public let standings: [Standing]

    public init(_ rows: [Row]) {
        self.rows = rows
        var names: [String] = []
        for row in rows where !names.contains(row.dispatcher) { names.append(row.dispatcher) }
        standings = names.map { name in
            Standing(dispatcher: name, rows: rows.filter { $0.dispatcher == name })
        }.enumerated().sorted { a, b in
            let costs = (a.element.mean(\.cost), b.element.mean(\.cost))
            return costs.0 != costs.1 ? costs.0 < costs.1 : a.offset < b.offset
        }.map(\.element)
    }

    public var seeds: [UInt64] {
        var found: [UInt64] = []
        for row in rows where !found.contains(row.seed) { found.append(row.seed) }
        return found
    }

    private static let columns: [(name: String, text: @Sendable (Row) -> String)] = [
        (
            "dispatch",
            {
                $0.dispatcher.contains(where: { ",\"".contains($0) })
                    ? "\"\($0.dispatcher.replacing("\"", with: "\"\""))\"" : $0.dispatcher
            }
        ),
        ("seed", { "\($0.seed)" }),
        ("cost_yuan", { money($0.cost) }), ("bound_yuan", { money($0.bound) }),
        ("regret_yuan", { money($0.regret) }),
        (
            "regret_percent",
            { row in
                let bound = row.bound?.magnitude ?? 0
                return row.regret.flatMap {
                    bound > 0 ? FixedDecimal(decimals: 4).text($0 / bound * 100) : nil
                } ?? ""
            }
        ),
        ("connection_yuan", { money($0.connection) }), ("fuel_yuan", { money($0.gensets) }),
        ("wear_yuan", { money($0.wear) }), ("unserved_yuan", { money($0.unserved) }),
        ("beyond_limits_yuan", { money($0.beyondLimits) }), ("peaks_yuan", { money($0.peaks) }),
        ("stored_yuan", { money($0.stored) }),
        ("emissions_kg", { FixedDecimal(decimals: 1).text($0.emissions) }),
        ("unserved_kwh", { FixedDecimal(decimals: 3).text($0.unservedEnergy) }),
        ("curtailed_kwh", { FixedDecimal(decimals: 3).text($0.curtailedEnergy) }),
        ("voltage_violations", { "\($0.voltageViolations)" }), ("messages", { "\($0.messages)" }),
        ("plans", { "\($0.plans.values.reduce(0, +))" }), ("fallback_plans", { "\($0.fallbacks)" }),
    ]

    /// One line a dispatcher and seed.
    public var csv: Data {
        let head = Self.columns.map(\.name).joined(separator: ",")
        let lines = rows.map { row in Self.columns.map { $0.text(row) }.joined(separator: ",") }
        return Data(([head] + lines).map { $0 + "\n" }.joined().utf8)
    }

    private static func money(_ value: Double?) -> String {
        value.map { FixedDecimal(decimals: 2).text($0) } ?? ""
    }
}

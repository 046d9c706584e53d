public import Foundation
import Grid
public import Simulator
public import Studies
import Timeline

/// Results of a study of hosting capacity in words and figures, for files and pages.
public struct HostingTable: Sendable {
    /// Hosting capacity of one bus, or of all at once.
    public struct Row: Hashable, Sendable, Encodable {
        /// Name of the bus; nil for all at once.
        public let bus: String?
        /// Capacity of the plant's modules, kW.
        public let capacityKilowatts: Double
        /// What binds: `overvoltage`, `undervoltage`, `overload`, `export-limit`, `no-solution`; nil where
        /// nothing did.
        public let limit: String?
        /// Name of the bus or branch that binds.
        public let place: String?
        /// Begin of the step in which it does, with the zone's offset.
        public let begin: String?

        enum CodingKeys: String, CodingKey {
            case bus, limit, place, begin
            case capacityKilowatts = "capacity_kw"
        }
    }

    /// One row a bus.
    public let rows: [Row]
    /// All buses at once, the sum.
    public let together: Row?
    let brokenSteps: Int
    let unsolvedSteps: Int
    let resolutionKilowatts: Double

    /// Of capacities in kW: as many as the resolution has, at most three.
    public var decimals: Int {
        let grains = [1, 10, 100].map { resolutionKilowatts * $0 }
        return grains.firstIndex { ($0 - $0.rounded()).magnitude < 1e-9 } ?? 3
    }

    /// Names buses, branches and times of `result`.
    public init(_ scenario: Scenario, _ study: HostingCapacity, _ result: HostingCapacity.Result) {
        func row(_ bus: Int?, _ finding: HostingCapacity.Finding) -> Row {
            let (limit, place) = finding.binding?.words(in: scenario.network) ?? (nil, nil)
            return Row(
                bus: bus.map { scenario.network.buses[$0].name },
                capacityKilowatts: finding.rating.kilowatts, limit: limit, place: place,
                begin: finding.step.map { scenario.zone.iso8601(scenario.horizon[$0].start) })
        }
        rows = result.sites.map { row($0.bus, $0.finding) }
        together = result.together.map { row(nil, $0) }
        brokenSteps = result.brokenSteps
        unsolvedSteps = result.unsolvedSteps
        resolutionKilowatts = study.resolution.kilowatts
    }

    /// One line a bus: `bus,capacity_kw,limit,place,begin`.
    public var csv: Data {
        let lines = rows.map { row in
            [row.bus, Self.figure(row.capacityKilowatts), row.limit, row.place, row.begin]
                .map { Self.field($0 ?? "") }.joined(separator: ",") + "\n"
        }
        return Data(("bus,capacity_kw,limit,place,begin\n" + lines.joined()).utf8)
    }

    /// The rows as JSON with sorted keys.
    public var json: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Names, dates and finite numbers: nothing in them can fail to be encoded.
        return try! encoder.encode(self)
    }

    private static func figure(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
    }

    private static func field(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}

extension HostingTable: Encodable {
    enum CodingKeys: String, CodingKey {
        case together
        case rows = "buses"
        case brokenSteps = "steps_with_a_broken_limit"
        case unsolvedSteps = "steps_without_solution"
        case resolutionKilowatts = "resolution_kw"
    }
}

extension HostingTable.Row {
    /// `overvoltage at 18`, `branch 2-3 overloaded`; a dash where nothing binds.
    public var reason: String {
        switch limit {
        case "overload": "branch \(place ?? "") full"
        case "export-limit": "export limit"
        case "no-solution": "no solution of the network"
        case let limit?: "\(limit) at \(place ?? "")"
        case nil: "–"
        }
    }

    /// Local date and time of the step, without seconds; empty where nothing binds.
    public var time: String { String((begin ?? "").prefix(16).map { $0 == "T" ? " " : $0 }) }
}

extension HostingCapacity.Limit {
    fileprivate func words(in network: Network) -> (limit: String, place: String?) {
        switch self {
        case .overvoltage(let bus): ("overvoltage", network.buses[bus].name)
        case .undervoltage(let bus): ("undervoltage", network.buses[bus].name)
        case .overload(let branch): ("overload", network.branches[branch].name)
        case .export: ("export-limit", nil)
        case .solvability: ("no-solution", nil)
        }
    }
}

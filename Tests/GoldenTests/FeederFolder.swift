import Foundation
import Grid

/// A folder of Tests/Golden/unbalanced: the tables of an IEEE test feeder, in their units.
struct FeederFolder {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/unbalanced")

    let url: URL
    private(set) var names: [String] = []
    private var nominal: [String: Double] = [:]
    private var branches: [UnbalancedNetwork.Branch] = []
    private var loads: [UnbalancedNetwork.Load] = []

    init(_ name: String) { url = Self.root.appending(path: name) }

    func rows(_ table: String) throws -> [[String: String]] {
        let file = url.appending(path: "\(table).csv")
        return FileManager.default.fileExists(atPath: file.path()) ? try Table(file).rows : []
    }

    mutating func index(_ bus: String, nominal kilovolts: Double) -> Int {
        if let index = names.firstIndex(of: bus) { return index }
        names.append(bus)
        nominal[bus] = kilovolts
        return names.count - 1
    }

    /// Regulators start at the published taps, or at neutral.
    mutating func network(atPublishedTaps: Bool = false, closing: Set<String> = []) throws
        -> UnbalancedNetwork
    {
        let source = try rows("source")[0]
        let feeder = try source.number("nominal_kv")
        let start = index(source["bus"]!, nominal: feeder)
        try readRegulators(feeder, atPublishedTaps)
        for row in try rows("transformer") {
            let rating = ApparentPower(try row.number("kva") * 1000)
            branches.append(
                UnbalancedNetwork.Branch(
                    name: row["name"]!, from: index(row["from"]!, nominal: feeder),
                    to: index(row["to"]!, nominal: try row.number("to_kv")),
                    element: .transformer(
                        UnbalancedNetwork.Transformer(
                            connection: .init(rawValue: row["connection"]!)!, rating: rating,
                            resistance: try row.number("r_percent") / 100,
                            reactance: try row.number("x_percent") / 100))))
        }
        try readLines(feeder, closing)
        for row in try rows("load") { try addLoad(row, at: index(row["bus"]!, nominal: feeder), part: 1) }
        let capacitors = try rows("capacitor").map { row in
            UnbalancedNetwork.Capacitor(
                name: "C\(row["bus"]!)", bus: index(row["bus"]!, nominal: feeder),
                reactive: try "abc".map { ReactivePower(kilovars: try row.number("kvar_\($0)")) })
        }
        return UnbalancedNetwork(
            buses: names.map {
                UnbalancedNetwork.Bus(name: $0, nominalVoltage: Voltage(nominal[$0]! * 1000))
            }, branches: branches, loads: loads, capacitors: capacitors,
            source: .init(bus: start, voltage: try source.number("voltage_pu")))
    }

    private mutating func readRegulators(_ feeder: Double, _ atPublishedTaps: Bool) throws {
        let units = Dictionary(grouping: try rows("regulator")) { $0["name"]! }
        for name in units.keys.sorted() {
            let rows = units[name]!
            let controls = try rows.map { row in
                UnbalancedNetwork.StepRegulator.Control(
                    phases: Self.phases(row["phases"]!), monitored: Self.phases(row["monitored"]!).indices[0],
                    level: try row.number("level_v"), bandwidth: try row.number("bandwidth_v"),
                    potentialRatio: try row.number("pt_ratio"), currentRating: try row.number("ct_primary_a"),
                    resistance: try row.number("r_v"), reactance: try row.number("x_v"),
                    tap: atPublishedTaps ? try row.index("published_tap") : 0)
            }
            branches.append(
                UnbalancedNetwork.Branch(
                    name: name, from: index(rows[0]["from"]!, nominal: feeder),
                    to: index(rows[0]["to"]!, nominal: feeder),
                    phases: controls.reduce([]) { $0.union($1.phases) },
                    element: .regulator(UnbalancedNetwork.StepRegulator(controls: controls))))
        }
    }

    private mutating func readLines(_ feeder: Double, _ closing: Set<String>) throws {
        let pairs = ["aa", "ab", "ac", "bb", "bc", "cc"]
        var types: [String: (Phases, PhaseMatrix, PhaseMatrix)] = [:]
        for row in try rows("configuration") {
            let susceptance = try pairs.map { try row.number("b_\($0)_us_per_mile") * 1e-6 }
            types[row["config"]!] = (
                Self.phases(row["phases"]!),
                PhaseMatrix(
                    real: try pairs.map { try row.number("r_\($0)_ohm_per_mile") },
                    imaginary: try pairs.map { try row.number("x_\($0)_ohm_per_mile") }),
                PhaseMatrix(real: susceptance)
            )
        }
        let spread = Dictionary(uniqueKeysWithValues: try rows("distributed").map { ($0["line"]!, $0) })
        for row in try rows("line") {
            let (phases, impedance, susceptance) = types[row["configuration"]!]!
            let miles = try row.number("length_ft") / 5280
            var from = index(row["from"]!, nominal: feeder)
            let to = index(row["to"]!, nominal: nominal[row["from"]!]!)
            func line(_ from: Int, _ to: Int, _ part: Double) -> UnbalancedNetwork.Branch {
                UnbalancedNetwork.Branch(
                    name: row["name"]!, from: from, to: to, phases: phases,
                    element: .line(
                        impedance: impedance * (miles * part), susceptance: susceptance * (miles * part)))
            }
            var rest = 1.0
            if let load = spread[row["name"]!] {
                let middle = index(row["name"]!, nominal: feeder)
                branches.append(line(from, middle, 0.25))
                try addLoad(load, at: middle, part: 2.0 / 3)
                try addLoad(load, at: to, part: 1.0 / 3)
                (from, rest) = (middle, 0.75)
            }
            branches.append(line(from, to, rest))
        }
        for row in try rows("switch") {
            branches.append(
                UnbalancedNetwork.Branch(
                    name: row["name"]!, from: index(row["from"]!, nominal: feeder),
                    to: index(row["to"]!, nominal: feeder), phases: Self.phases(row["phases"]!),
                    element: .line(impedance: .zero, susceptance: .zero),
                    isClosed: row["closed"] == "1" || closing.contains(row["name"]!)))
        }
    }

    private mutating func addLoad(_ row: [String: String], at bus: Int, part: Double) throws {
        loads.append(
            UnbalancedNetwork.Load(
                name: "S\(names[bus])", bus: bus, connection: .init(rawValue: row["connection"]!)!,
                active: try (1...3).map { Power(kilowatts: try row.number("kw_\($0)") * part) },
                reactive: try (1...3).map { ReactivePower(kilovars: try row.number("kvar_\($0)") * part) },
                constantCurrent: row["model"] == "I" ? 1 : 0, constantImpedance: row["model"] == "Z" ? 1 : 0))
    }

    private static func phases(_ letters: String) -> Phases {
        letters.reduce([]) { $0.union(Phases(index: ["a", "b", "c"].firstIndex(of: $1)!)) }
    }
}

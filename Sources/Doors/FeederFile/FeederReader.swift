import Foundation
import Grid
import TextFile

/// Reads the tables of a feeder one after another.
struct FeederReader {
    private typealias Branch = UnbalancedNetwork.Branch
    private typealias Load = UnbalancedNetwork.Load

    private let path: String
    private(set) var mistakes: [FileMistake] = []
    private var names: [String] = []
    private var indices: [String: Int] = [:]
    private var branches: [Branch] = []
    private var loads: [Load] = []
    /// Nominal voltage of the buses on the secondary side of a transformer, V.
    private var secondary: [Int: Double] = [:]

    init(_ path: String) { self.path = path }

    /// The feeder; nil if a required table is missing. To be used only if there are no mistakes.
    mutating func network() -> UnbalancedNetwork? {
        guard var source = table("source", isNeeded: true), !source.rows.isEmpty else { return nil }
        let start = source.names("bus").map { bus($0) }[0]
        let nominal = source.numbers("nominal_kv", in: 1e-6...1e6)[0] * 1000
        let voltage = source.numbers("voltage_pu", in: 1e-3...1e3)[0]
        mistakes += source.mistakes
        readRegulators()
        readTransformers()
        readLines()
        readSwitches()
        if let table = table("load") { loads = readLoads(table, column: "bus").map(\.load) }
        let capacitors = readCapacitors()
        let spread = table("distributed").map { readLoads($0, column: "line") } ?? []
        let nominals = nominals(from: start, nominal)
        var network = UnbalancedNetwork(
            buses: names.indices.map {
                UnbalancedNetwork.Bus(name: names[$0], nominalVoltage: Voltage(nominals[$0]))
            }, branches: branches, loads: loads, capacitors: capacitors,
            source: UnbalancedNetwork.Source(bus: start, voltage: voltage))
        var loaded: Set<String> = []
        for (line, load) in spread {
            let branch = branches.firstIndex { $0.name == line && $0.isLine }
            guard let branch, loaded.insert(line).inserted else {
                let problem = branch == nil ? "there is no line" : "more than one load is distributed along"
                mistakes.append(
                    FileMistake(file: file("distributed"), message: "\(problem) '\(line.prefix(40))'"))
                continue
            }
            network = network.spreading(load, along: branch)
        }
        return network
    }

    private func file(_ name: String) -> String {
        URL(filePath: path).appending(path: "\(name).csv").path(percentEncoded: false)
    }

    private mutating func table(_ name: String, isNeeded: Bool = false) -> FeederTable? {
        let file = file(name)
        guard isNeeded || FileManager.default.fileExists(atPath: file) else { return nil }
        do throws(FileMistakes) {
            let table = FeederTable(try InputFile.bytes(at: file, name: file), file)
            if isNeeded, table.rows.isEmpty {
                mistakes.append(FileMistake(file: file, message: "the table has no rows"))
            }
            return table
        } catch {
            mistakes += error.all
            return nil
        }
    }

    private mutating func bus(_ name: String) -> Int {
        if let index = indices[name] { return index }
        indices[name] = names.count
        names.append(name)
        return names.count - 1
    }

    private mutating func ends(_ table: inout FeederTable) -> [(from: Int, to: Int)] {
        let (from, to) = (table.names("from"), table.names("to"))
        return zip(from, to).map { (bus($0), bus($1)) }
    }

    /// Nominal voltages by bus: that of the neighbour nearer to the source, or of the transformer's secondary
    /// side.
    private func nominals(from source: Int, _ nominal: Double) -> [Double] {
        var known: [Int: Double] = secondary
        known[source] = nominal
        var neighbours = [[Int]](repeating: [], count: names.count)
        for branch in branches where secondary[branch.to] == nil || branch.isLine {
            neighbours[branch.from].append(branch.to)
            neighbours[branch.to].append(branch.from)
        }
        var waiting = Array(known.keys.sorted().reversed())
        while let bus = waiting.popLast() {
            for other in neighbours[bus] where known[other] == nil {
                known[other] = known[bus]
                waiting.append(other)
            }
        }
        return names.indices.map { known[$0] ?? nominal }
    }
}

extension UnbalancedNetwork.Branch {
    fileprivate var isLine: Bool { if case .line = element { true } else { false } }
}

// Table by table.
extension FeederReader {
    private mutating func readRegulators() {
        guard var table = table("regulator") else { return }
        let (names, ends) = (table.names("name"), ends(&table))
        let (phases, monitored) = (table.phases("phases"), table.phases("monitored"))
        let (level, bandwidth) = (table.numbers("level_v"), table.numbers("bandwidth_v"))
        let (ratio, rating) = (table.numbers("pt_ratio"), table.numbers("ct_primary_a"))
        let (r, x) = (table.numbers("r_v"), table.numbers("x_v"))
        mistakes += table.mistakes
        var controls: [String: [UnbalancedNetwork.StepRegulator.Control]] = [:]
        for row in table.rows {
            controls[names[row], default: []].append(
                UnbalancedNetwork.StepRegulator.Control(
                    phases: phases[row], monitored: monitored[row].indices[0], level: level[row],
                    bandwidth: bandwidth[row], potentialRatio: ratio[row], currentRating: rating[row],
                    resistance: r[row], reactance: x[row]))
        }
        for row in table.rows {
            guard let controls = controls.removeValue(forKey: names[row]) else { continue }
            branches.append(
                Branch(
                    name: names[row], from: ends[row].from, to: ends[row].to,
                    phases: controls.reduce([]) { $0.union($1.phases) },
                    element: .regulator(UnbalancedNetwork.StepRegulator(controls: controls))))
        }
    }

    private mutating func readTransformers() {
        guard var table = table("transformer") else { return }
        let (names, ends) = (table.names("name"), ends(&table))
        let connections = table.values("connection", "a supported vector group", default: .YNyn0) {
            UnbalancedNetwork.Transformer.Connection(rawValue: $0)
        }
        let (kilovolts, rating) = (
            table.numbers("to_kv", in: 1e-6...1e6), table.numbers("kva", in: 1e-6...1e9)
        )
        let (r, x) = (table.numbers("r_percent"), table.numbers("x_percent"))
        mistakes += table.mistakes
        for row in table.rows {
            secondary[ends[row].to] = kilovolts[row] * 1000
            branches.append(
                Branch(
                    name: names[row], from: ends[row].from, to: ends[row].to,
                    element: .transformer(
                        UnbalancedNetwork.Transformer(
                            connection: connections[row],
                            rating: ApparentPower(max(rating[row], 1e-6) * 1000),
                            resistance: r[row] / 100, reactance: x[row] / 100))))
        }
    }

    private struct Configuration {
        let phases: Phases
        let impedance: PhaseMatrix
        let susceptance: PhaseMatrix
    }

    private mutating func readConfigurations() -> [String: Configuration] {
        guard var table = table("configuration", isNeeded: true) else { return [:] }
        let (names, phases) = (table.names("config"), table.phases("phases"))
        let pairs = ["aa", "ab", "ac", "bb", "bc", "cc"]
        let r = pairs.map { table.numbers("r_\($0)_ohm_per_mile") }
        let x = pairs.map { table.numbers("x_\($0)_ohm_per_mile") }
        let b = pairs.map { table.numbers("b_\($0)_us_per_mile") }
        mistakes += table.mistakes
        var all: [String: Configuration] = [:]
        for row in table.rows {
            all[names[row]] = Configuration(
                phases: phases[row],
                impedance: PhaseMatrix(real: r.map { $0[row] }, imaginary: x.map { $0[row] }),
                susceptance: PhaseMatrix(real: b.map { $0[row] * 1e-6 }))
        }
        return all
    }

    private mutating func readLines() {
        let configurations = readConfigurations()
        guard var table = table("line", isNeeded: true) else { return }
        let (names, ends) = (table.names("name"), ends(&table))
        let kinds = table.values("configuration", "the name of a configuration", default: nil) {
            configurations[$0].map { $0 as Configuration? }
        }
        let (feet, closed) = (table.numbers("length_ft", in: 0...1e9), table.flags("closed"))
        mistakes += table.mistakes
        for row in table.rows {
            guard let kind = kinds[row] else { continue }
            let miles = feet[row] / 5280
            branches.append(
                Branch(
                    name: names[row], from: ends[row].from, to: ends[row].to, phases: kind.phases,
                    element: .line(
                        impedance: kind.impedance * miles, susceptance: kind.susceptance * miles),
                    isClosed: closed[row]))
        }
    }

    private mutating func readSwitches() {
        guard var table = table("switch") else { return }
        let (names, ends) = (table.names("name"), ends(&table))
        let (phases, closed) = (table.phases("phases"), table.flags("closed"))
        mistakes += table.mistakes
        for row in table.rows {
            branches.append(
                Branch(
                    name: names[row], from: ends[row].from, to: ends[row].to, phases: phases[row],
                    element: .line(impedance: .zero, susceptance: .zero), isClosed: closed[row]))
        }
    }

    /// Loads, each with the name in `column`: its bus, or the line along which it is distributed.
    private mutating func readLoads(_ table: FeederTable, column: String) -> [(place: String, load: Load)] {
        var table = table
        let places = table.names(column)
        let connections = table.values("connection", "wye or delta", default: .wye) {
            Load.Connection(rawValue: $0)
        }
        let models = table.values("model", "PQ, I or Z", default: "PQ") {
            ["PQ", "I", "Z"].contains($0) ? $0 : nil
        }
        let active = (1...3).map { table.numbers("kw_\($0)") }
        let reactive = (1...3).map { table.numbers("kvar_\($0)") }
        mistakes += table.mistakes
        return table.rows.map { row in
            let load = Load(
                name: "S\(places[row])", bus: column == "bus" ? bus(places[row]) : 0,
                connection: connections[row], active: active.map { Power(kilowatts: $0[row]) },
                reactive: reactive.map { ReactivePower(kilovars: $0[row]) },
                constantCurrent: models[row] == "I" ? 1 : 0, constantImpedance: models[row] == "Z" ? 1 : 0)
            return (places[row], load)
        }
    }

    private mutating func readCapacitors() -> [UnbalancedNetwork.Capacitor] {
        guard var table = table("capacitor") else { return [] }
        let places = table.names("bus")
        let reactive = ["a", "b", "c"].map { table.numbers("kvar_\($0)") }
        mistakes += table.mistakes
        return table.rows.map { row in
            UnbalancedNetwork.Capacitor(
                name: "C\(places[row])", bus: bus(places[row]),
                reactive: reactive.map { ReactivePower(kilovars: $0[row]) })
        }
    }
}

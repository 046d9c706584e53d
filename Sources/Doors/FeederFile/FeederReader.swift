import Foundation
import Grid
import TextFile
import YAMLFile

/// Reads the tables of a feeder one after another.
struct FeederReader {
    typealias Branch = UnbalancedNetwork.Branch
    typealias Load = UnbalancedNetwork.Load

    private let path: String
    var mistakes: [FileMistake] = []
    var warnings: [FileMistake] = []
    private var names: [String] = []
    private var indices: [String: Int] = [:]
    var branches: [Branch] = []
    /// Names of the branches, and the table in which each stands.
    var branchTables: [String: String] = [:]
    /// Nominal voltage of the buses on the secondary side of a transformer, V.
    var secondary: [Int: Double] = [:]

    init(_ path: String) { self.path = path }

    /// The feeder; nil if a required table is missing. To be used only if there are no mistakes.
    mutating func network() -> UnbalancedNetwork? {
        let source = readSource()
        readRegulators()
        readTransformers()
        readLines()
        readSwitches()
        guard let source else { return nil }
        if !branches.isEmpty, indices[source.bus] == nil {
            let hint = hint(source.bus, among: names)
            mistakes.append(
                source.mistake("no branch begins or ends at '\(source.bus.prefix(40))'\(hint)"))
        }
        let start = bus(source.bus)
        let loads = table("load").map { readLoads($0, column: "bus") } ?? []
        let capacitors = readCapacitors()
        let spread = table("distributed").map { readLoads($0, column: "line") } ?? []
        let nominals = nominals(from: start, source.nominal)
        var network = UnbalancedNetwork(
            buses: names.indices.map {
                UnbalancedNetwork.Bus(name: names[$0], nominalVoltage: Voltage(nominals[$0]))
            }, branches: branches, loads: loads.map(\.load), capacitors: capacitors,
            source: UnbalancedNetwork.Source(bus: start, voltage: source.voltage, angle: source.angle))
        for (line, load) in spread {
            guard let branch = branches.firstIndex(where: { $0.name == line && $0.isLine }) else { continue }
            network = network.spreading(load, along: branch)
        }
        return network
    }

    private struct SourceRow {
        let bus: String
        let nominal: Double
        let voltage: Double
        /// rad.
        let angle: Double
        let mistake: (String) -> FileMistake
    }

    private mutating func readSource() -> SourceRow? {
        guard var table = table("source", isNeeded: true), !table.rows.isEmpty else { return nil }
        let buses = table.names("bus")
        let nominal = table.numbers("nominal_kv", in: 1e-6...1e6)
        let voltage = table.numbers("voltage_pu", in: 0.1...2)
        let angle = table.numbers("angle_degrees", in: -360...360, default: 0)
        for row in table.rows.dropFirst() {
            table.refuse("a feeder has one source, in one row", row, "bus")
        }
        table.close(&mistakes)
        return SourceRow(
            bus: buses[0], nominal: nominal[0] * 1000, voltage: voltage[0], angle: angle[0] * .pi / 180
        ) { [table] in table.mistake($0, 0, "bus") }
    }

    func table(_ name: String, isNeeded: Bool = false, _ mistakes: inout [FileMistake]) -> FeederTable? {
        let file = URL(filePath: path).appending(path: "\(name).csv").path(percentEncoded: false)
        guard isNeeded || FileManager.default.fileExists(atPath: file) else { return nil }
        do throws(FileMistakes) {
            let bytes = try InputFile.bytes(at: file, name: file)
            let table = FeederTable(bytes, file, &mistakes)
            if isNeeded, table?.rows.isEmpty == true {
                mistakes.append(FileMistake(file: file, message: "the table has no rows"))
            }
            return table
        } catch {
            mistakes += error.all
            return nil
        }
    }

    mutating func table(_ name: String, isNeeded: Bool = false) -> FeederTable? {
        var found: [FileMistake] = []
        defer { mistakes += found }
        return table(name, isNeeded: isNeeded, &found)
    }

    /// The index of a bus, which is made where no row has named it yet.
    mutating func bus(_ name: String) -> Int {
        if let index = indices[name] { return index }
        indices[name] = names.count
        names.append(name)
        return names.count - 1
    }

    /// The index of each bus in `column`, which the branches must have named; 0 where they have not.
    func knownBuses(_ column: String, of table: inout FeederTable) -> [Int] {
        let places = table.names(column)
        var unknown = 0
        return places.enumerated().map { row, name in
            if let index = indices[name] { return index }
            unknown += 1
            if !name.isEmpty, unknown <= 10 {
                let hint = hint(name, among: names)
                table.refuse("no branch begins or ends at '\(name.prefix(40))'\(hint)", row, column)
            }
            return 0
        }
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
    var isLine: Bool { if case .line = element { true } else { false } }
}

import CaseFile
import Foundation
import Grid
import TextFile
import YAMLFile

/// `network: {case: FILE}`: the network of a file of another tool. Its loads may be taken
/// (`loads.from_case`); its generators are not: devices stand in their place.
struct CaseSection {
    let network: Network
    /// Every bus by the names that the file has for it.
    let buses: [(String, Int)]
    let loads: [NetworkCase.Load]
    /// The case as it was read.
    let networkCase: NetworkCase
    /// Where its tables are, if it is a folder of SimBench tables.
    let tables: String?

    init?(_ section: Mapping, _ folder: InputFolder) {
        let model = section.optional("model")
        let isPhases = model?.choice("a model of a case", [("branches", false), ("phases", true)]) ?? false
        let limits = section.optional("limits").map {
            $0.mapping { $0.required("voltage")?.range(.perUnitVoltage, in: Bounds(0...2)) }
        }
        let field = section.required("case")
        guard let field, let read = Self.load(field, folder), limits.map({ $0 != nil }) ?? true else {
            return nil
        }
        guard read.network.sources.count == 1 else {
            field.mistake(
                "the case has \(read.network.sources.count) sources; a scenario has one source bus, that of the "
                    + "grid connection")
            return nil
        }
        var network = read.network
        if let limits = limits ?? nil {
            for bus in network.buses.indices { network.buses[bus].limits = limits }
        }
        var names: Set<String> = []
        for index in network.branches.indices {
            let branch = network.branches[index]
            let ends = "\(network.buses[branch.from].name)-\(network.buses[branch.to].name)"
            network.branches[index].name = freeName(branch.name.isEmpty ? ends : branch.name, &names)
        }
        network.regulators = []
        self.network = network
        networkCase = read
        let name = field.text ?? ""
        tables = name.hasSuffix(".m") || name.hasSuffix(".json") ? nil : folder.prefix + name
        let named = read.namedBuses.map { ($0.name, $0.bus) }
        buses = named
        loads = read.loads.filter(\.isConnected)
        Self.warn(of: read, field, keepsDependence: isPhases)
    }

    private static func load(_ field: Field, _ folder: InputFolder) -> NetworkCase? {
        guard let name = field.text else { return field.refuse("the name of a case file") }
        do throws(FileMistakes) {
            let loaded: LoadedCase
            if name.hasSuffix(".m") || name.hasSuffix(".json") {
                guard let bytes = field.fileBytes(in: folder) else { return nil }
                loaded = try CaseFile.parse(
                    bytes, name: folder.prefix + name, format: name.hasSuffix(".m") ? .matpower : .pandapower)
            } else {
                guard readTables(name, field, folder) else { return nil }
                loaded = try CaseFile.load(path: folder.prefix + name)
            }
            for warning in loaded.warnings.prefix(mostTold) { field.warning("\(warning)") }
            return loaded.networkCase
        } catch {
            field.collector.add(error.all)
            return nil
        }
    }

    /// Warnings of the case file that are shown.
    private static let mostTold = 20

    /// Reads the tables of a folder, so that they are among the inputs of the run.
    static func readTables(_ name: String, _ field: Field, _ folder: InputFolder) -> Bool {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.prefix + name)
        guard let tables = names?.filter({ $0.hasSuffix(".csv") }).sorted(), !tables.isEmpty else {
            field.mistake(
                "\(quoted(name)) is neither a MATPOWER file (.m), nor a pandapower file (.json), nor an OpenDSS "
                    + "script (.dss), nor a folder of SimBench or three-phase tables beside the scenario")
            return false
        }
        do throws(InputFolder.Refusal) {
            for table in tables { _ = try folder.read("\(name)/\(table)") }
            return true
        } catch {
            field.mistake(error.reason)
            return false
        }
    }

    private static func warn(of read: NetworkCase, _ field: Field, keepsDependence: Bool) {
        let generators = read.generators.count { $0.isConnected && $0.bus != read.network.source }
        if generators > 0 {
            field.warning(
                "\(generators) generators of the case are not taken; write devices in their place")
        }
        if !keepsDependence,
            read.loads.contains(where: { $0.constantCurrent > 0 || $0.constantImpedance > 0 })
        {
            field.warning("loads of the case that depend on the voltage are taken as constant power")
        }
    }
}

/// `name`, or `name-2`, `name-3`, … if it is taken: parallel branches.
func freeName(_ name: String, _ taken: inout Set<String>) -> String {
    var (candidate, count) = (name, 1)
    while !taken.insert(candidate).inserted {
        count += 1
        candidate = "\(name)-\(count)"
    }
    return candidate
}

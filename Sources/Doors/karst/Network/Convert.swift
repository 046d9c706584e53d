import ArgumentParser
import CaseFile
import Export
import FeederFile
import Foundation
import Grid
import PowerFlow
import ScenarioFile
import TextFile

struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a case or a feeder in the format of another tool, or as tables of Karst.",
        discussion: """
            The power flow of the written case gives the same voltages. What the format cannot hold \
            directly is written in an equivalent form (a transformer's iron losses as shunts at its buses); \
            otherwise the case is refused. A MATPOWER file starts from the voltages of the solution (without \
            reactive limits, as MATPOWER solves it), so that MATPOWER finds it too.

            An OpenDSS script, or a folder of feeder tables, becomes a folder of feeder tables (--to \
            tables). A balanced case with one nominal voltage becomes the sections and tables of a scenario \
            (--to scenario): network.yaml, branches.csv, loads.csv.

            EXAMPLES
              karst convert case33bw.m --to pandapower --output case33bw.json
              karst convert network.json --to matpower > network.m
              karst convert case33bw.m --to scenario --output site
              karst convert Tests/Golden/unbalanced/ieee13 --to tables --output ieee13
            """)

    /// What is written.
    enum Target: String, CaseIterable, ExpressibleByArgument {
        case matpower, pandapower, tables, scenario
    }

    @OptionGroup var source: CaseOptions
    @Option(help: "Format to write: matpower, pandapower, tables (of a feeder) or scenario.")
    var to: Target
    @Option(
        help: """
            New file to write, by default standard output; for tables and scenario a new directory, which is \
            required.
            """, transform: outputPath)
    var output: String?
    @Option(
        help: """
            Folder that holds every file an OpenDSS script reads; a script reads no file outside. Default: \
            the folder of the script.
            """)
    var root: String?
    @Option(help: "Shape of the loads of a scenario, a column of its table of shapes.")
    var shape = "residential"

    func validate() throws {
        if output == nil, to == .tables || to == .scenario {
            throw ValidationError("with --to \(to.rawValue), --output names the new directory")
        }
    }

    func run() throws {
        let isScript = OpenDSSFile.isScript(source.path)
        guard root == nil || isScript else {
            throw ValidationError("--root is for OpenDSS scripts, which end in .dss")
        }
        switch to {
        case .matpower: try writeCase(as: .matpower)
        case .pandapower: try writeCase(as: .pandapower)
        case .tables: try writeTables(ofScript: isScript)
        case .scenario:
            let networkCase = try source.load()
            let tables = try told { () throws(FileMistakes) in
                try NetworkTables(networkCase, shape: shape)
            }
            note(tables.warnings)
            try write(tables.files.map { ($0.name, $0.text) })
        }
    }

    private func writeTables(ofScript isScript: Bool) throws {
        guard isScript || FeederFolder.isFeeder(at: source.path) else {
            throw ValidationError(
                "--to tables is for three-phase feeders: OpenDSS scripts and folders of feeder tables")
        }
        let tables = try told { () throws(FileMistakes) in
            let feeder: Feeder
            if isScript {
                let script = try OpenDSSFile.load(path: source.path, root: root)
                note(script.warnings)
                feeder = script.feeder
            } else {
                let loaded = try FeederFolder.load(path: source.path)
                note(loaded.warnings)
                feeder = loaded.network.feeder
            }
            return try FeederTables(feeder, name: source.path)
        }
        note(tables.warnings)
        try write(tables.files.map { ($0.name, $0.text) })
    }

    private func write(_ files: [(name: String, text: String)]) throws {
        let directory = try RunDirectory(at: output ?? "")
        for file in files { try directory.write(Data(file.text.utf8), as: file.name) }
        try directory.publish()
    }

    private func writeCase(as format: CaseFile.Format) throws {
        let networkCase = try source.load()
        let file = try output.map { try NewFile(at: $0) }
        let start = format == .matpower ? solution(networkCase) : nil
        let text = try told { () throws(FileMistakes) in
            try CaseFile.text(networkCase, as: format, start: start)
        }
        if let file {
            try file.write(Data(text.utf8))
        } else {
            try Terminal.put(text)
        }
    }

    /// The voltages of the power flow; nil, which is told, where it has no solution.
    private func solution(_ networkCase: NetworkCase) -> StartVoltages? {
        let network = networkCase.network
        for keepsReactiveLimits in [false, true] {
            let solver = PowerFlowSolver(network: network, keepsReactiveLimits: keepsReactiveLimits)
            var point = OperatingPoint(
                buses: network.buses.count, branches: network.branches.count,
                regulators: network.regulators.count)
            solver.solve(networkCase.injections, into: &point)
            if point.status.isSolved {
                let nominal = network.buses.map(\.nominalVoltage)
                return StartVoltages(
                    magnitudes: zip(point.voltage, nominal).map { $0 / $1 }, angles: point.angle)
            }
        }
        note(
            "\(source.path): warning: the power flow has no solution; the file starts from 1 p.u. and 0 degrees"
        )
        return nil
    }
}

import Export
import Foundation
import Grid
import Lanes
import PowerFlow
import Testing

@Suite("Files of power flows")
struct PowerFlowFilesTests {
    /// A source at bus `a`, 400 V, and a load of 8 kW behind 0.1 Ω.
    private var networkCase: NetworkCase {
        NetworkCase(
            name: "two",
            buses: ["a", "=b,c"].map { Bus(name: $0, nominalVoltage: Voltage(400), limits: 0.9...1.1) },
            branches: [
                Branch(
                    name: "wire", from: 0, to: 1, resistance: Impedance(0.1), reactance: Impedance(0),
                    ampacity: Current(25)),
                Branch(
                    name: "open", from: 0, to: 1, resistance: Impedance(0.1), reactance: Impedance(0),
                    isClosed: false),
            ], sources: [.init(bus: 0, voltage: 1)],
            loads: [.init(name: "load", bus: 1, active: Power(8000), reactive: .zero)], generators: [],
            basePower: Power(1e6))
    }

    private func result() -> PowerFlowResult {
        var point = OperatingPoint(buses: 2, branches: 2)
        PowerFlowSolver(network: networkCase.network, tolerance: 1e-12).solve(
            networkCase.injections, into: &point)
        return PowerFlowResult(networkCase, point)
    }

    /// V = 200 + √(200² − 0.1·8000) V at the load, of the quadratic V(400 − V) = 0.1·8000.
    @Test func tablesHoldWhatWasSolved() throws {
        let folder = Folder()
        try PowerFlowFiles(at: folder.path + "/out").write(result())
        let voltage = 200 + (200.0 * 200 - 800).squareRoot()
        let buses = try folder.text("out/bus.csv").split(separator: "\n")
        #expect(buses[0] == "bus,nominal_kv,voltage_pu,angle_deg,injected_kw,injected_kvar")
        #expect(
            buses[2].hasPrefix(
                "\"'=b,c\",0.400000,\(String(format: "%.9f", voltage / 400)),0.000000,-8.000000,"))
        let branches = try folder.text("out/branch.csv").split(separator: "\n").map {
            $0.split(separator: ",")
        }
        // The comma in a bus's name parts its cell in two; an unknown loading is no cell.
        let current = 8000 / (3.0.squareRoot() * voltage)
        #expect(abs(Double(branches[1][8])! - current) < 1e-6)
        #expect(abs(Double(branches[1][9])! - current / 25 * 100) < 1e-3)
        #expect(branches[2].count == 9)
    }

    @Test func nothingIsOverwrittenAndNothingIsLeftBehind() throws {
        let folder = Folder()
        for name in ["out", "out.sqlite"] {
            try PowerFlowFiles(at: "\(folder.path)/\(name)").write(result())
            #expect(throws: ExportError.self) {
                try PowerFlowFiles(at: "\(folder.path)/\(name)").write(result())
            }
        }
        try NewFile(at: folder.path + "/text").write(Data("one".utf8))
        #expect(throws: ExportError.self) { try NewFile(at: folder.path + "/text").write(Data("two".utf8)) }
        #expect(try folder.text("text") == "one")
        #expect(try folder.entries == ["out", "out.sqlite", "text"])
    }

    /// Before anything is solved: nobody waits for a result that has no place.
    @Test func aPlaceIsCheckedFirst() throws {
        let folder = Folder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link.csv", withDestinationPath: "nowhere")
        for (name, word) in [
            ("link.csv", "exists already"), ("none/x.csv", "there is no folder"),
            ("none/../x.csv", "there is no folder"), ("..", "does not end in the name"),
            ("", "exists already"), (String(repeating: "x", count: 300), "File name too long"),
        ] {
            let error = #expect(throws: ExportError.self) {
                try NewFile(at: folder.path + "/" + name).write(Data())
            }
            #expect(error?.description.contains(word) == true, "\(name): \(error?.description ?? "")")
        }
        #expect(throws: ExportError.self) { try PowerFlowFiles(at: folder.path + "/link.csv/none/../o") }
        #expect(try folder.entries == ["link.csv"])
    }

    @Test func aDatabaseIsThereWhole() throws {
        let folder = Folder()
        try PowerFlowFiles(at: folder.path + "/out.sqlite").write(result())
        #expect(try folder.data("out.sqlite").starts(with: Data("SQLite format 3".utf8)))
    }

    @Test func voltagesOfEveryStepAndNoneWhereThereIsNoSolution() throws {
        let folder = Folder()
        var series = InjectionSeries(buses: 2, steps: 2)
        series.active[1, 0] = -8000
        series.active[1, 1] = -1e6
        let voltages = TimeSeriesPowerFlow(network: networkCase.network, tolerance: 1e-10).solve(series)
        try PowerFlowFiles(at: folder.path + "/out").write(
            voltages, labels: ["00:00", "00:15"], labelName: "time", of: networkCase)
        let rows = try folder.text("out/voltages.csv").split(separator: "\n")
        let voltage = 200 + (200.0 * 200 - 800).squareRoot()
        #expect(rows[0] == "time,status,a_pu,\"'=b,c_pu\"")
        #expect(rows[1] == "00:00,converged,1.00000000,\(String(format: "%.8f", voltage / 400))")
        #expect(rows[2].hasPrefix("00:15,") && rows[2].hasSuffix(",,") && !rows[2].contains("converged"))
    }
}

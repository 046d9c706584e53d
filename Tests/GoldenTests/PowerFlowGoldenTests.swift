import Foundation
import Grid
import PowerFlow
import Testing

/// Every folder of Tests/Golden/powerflow, by every method it names.
@Suite struct PowerFlowGoldenTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/powerflow")

    static let cases: [(folder: String, method: PowerFlowSolver.Method)] = {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: root.path())) ?? []
        return folders.sorted().flatMap { folder in
            let table = try? Table(root.appending(path: "\(folder)/case.csv"))
            let names = table?.rows[0]["methods"]?.split(separator: " ") ?? []
            return names.map { (folder, PowerFlowSolver.Method(rawValue: String($0))!) }
        }
    }()

    @Test func casesAreThere() {
        #expect(Self.cases.count >= 10)
    }

    @Test(arguments: cases) func agrees(folder: String, method: PowerFlowSolver.Method) throws {
        let url = Self.root.appending(path: folder)
        let network = try Self.network(url)
        let loads = Dictionary(grouping: try Table(url.appending(path: "load.csv")).rows) { $0["step"]! }
        let expected = Dictionary(grouping: try Table(url.appending(path: "expected.csv")).rows) {
            $0["step"]!
        }
        let solver = PowerFlowSolver(network: network, method: method)
        var point = OperatingPoint(buses: network.buses.count, branches: network.branches.count)
        for step in expected.keys.sorted() {
            var injections = Injections(buses: network.buses.count)
            for row in loads[step]! {
                injections.active[try row.index("bus")] = Power(kilowatts: -(try row.number("p_kw")))
                injections.reactive[try row.index("bus")] = ReactivePower(
                    kilovars: -(try row.number("q_kvar")))
            }
            solver.solve(injections, into: &point)
            #expect(point.status == .converged)
            #expect(point.mismatch <= 1e-8)
            for row in expected[step]! {
                let value = try Self.value(of: row, in: point, network, injections)
                let isNear = abs(value - (try row.number("value"))) <= (try row.number("tolerance"))
                #expect(
                    isNear,
                    "step \(step): \(row["quantity"]!) \(row["index"]!): \(value), not \(row["value"]!)")
            }
        }
    }

    static func value(
        of row: [String: String], in point: OperatingPoint, _ network: Network, _ injections: Injections
    ) throws -> Double {
        switch row["quantity"] {
        case "voltage_pu":
            let bus = try row.index("index")
            return point.voltage[bus] / network.buses[bus].nominalVoltage
        case "angle_rad": return point.angle[try row.index("index")]
        case "losses_kw": return point.losses.kilowatts
        case "losses_kvar":
            return (point.sourceReactive + injections.reactive.reduce(.zero, +)).kilovars
        default: throw CocoaError(.featureUnsupported)
        }
    }

    static func network(_ url: URL) throws -> Network {
        let about = try Table(url.appending(path: "case.csv")).rows[0]
        let nominal = Voltage(try about.number("nominal_kv") * 1000)
        let buses = (0..<(try about.index("buses"))).map {
            Bus(name: "\($0)", nominalVoltage: nominal, limits: 0.9...1.1)
        }
        let branches = try Table(url.appending(path: "branch.csv")).rows.map { row in
            Branch(
                name: "\(row["from"]!)-\(row["to"]!)", from: try row.index("from"), to: try row.index("to"),
                resistance: Impedance(try row.number("r_ohm")), reactance: Impedance(try row.number("x_ohm")))
        }
        return Network(
            buses: buses, branches: branches, source: try about.index("source_bus"),
            sourceVoltage: try about.number("source_voltage_pu"))
    }
}

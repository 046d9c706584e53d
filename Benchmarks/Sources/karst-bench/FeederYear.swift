import Foundation
import Grid
import Lanes
import PowerFlow

/// A year of quarter-hours on a distribution feeder, no two steps alike: the problems that
/// `Tests/Golden/powerflow-years` describes.
struct FeederYear {
    enum Feeder: String {
        case ieee33, feeder1041

        /// Line-to-line, of every bus.
        var kilovolts: Double { self == .ieee33 ? 12.66 : 20 }
        var sourceVoltage: Double { self == .ieee33 ? 1 : 1.02 }
        var stream: UInt64 { self == .ieee33 ? 33 : 1041 }
        /// Quarter-hours of the year that are solved.
        var steps: Int { self == .ieee33 ? 35_040 : 8_760 }
    }

    enum Shape: String {
        case radial = ""
        /// Its ties are closed.
        case meshed = "m"
        /// The same, and some buses hold their voltage.
        case regulated = "mpv"
    }

    let name: String
    let network: Network
    let injections: InjectionSeries
    /// |V| p.u. by bus, at some steps.
    let golden: (steps: [Int], magnitudes: [[Double]])

    private static let folder = Peers.golden.appending(path: "powerflow-years")
    private static let shapes =
        ["res1", "res2", "res3", "res4", "res5", "res6", "com1", "com2"]
        + ["pv1", "pv2", "pv3"]

    init(_ feeder: Feeder, _ shape: Shape = .radial) throws {
        name = feeder.rawValue + shape.rawValue
        let plants = shape == .regulated ? try Self.table("\(feeder)_gen") : []
        network = try Self.network(feeder, shape, plants)
        injections = try Self.injections(feeder, buses: network.buses.count, plants)
        let rows = try Self.table("golden_\(name)")
        golden = (
            rows[0].dropFirst().map { Int($0)! }, rows.dropFirst().map { $0.dropFirst().map { Double($0)! } }
        )
    }

    private static func network(_ feeder: Feeder, _ shape: Shape, _ plants: [[Substring]]) throws -> Network {
        let rows = try table("\(feeder)_branch").dropFirst()
        let ohms = feeder.kilovolts * feeder.kilovolts
        let branches = rows.map { row in
            Branch(
                name: "", from: Int(row[0])!, to: Int(row[1])!, resistance: Impedance(Double(row[2])! * ohms),
                reactance: Impedance(Double(row[3])! * ohms), charging: Double(row[4])! / ohms,
                isClosed: row[5] == "0" || shape != .radial)
        }
        let bus = Bus(name: "", nominalVoltage: Voltage(feeder.kilovolts * 1000), limits: 0.9...1.1)
        return Network(
            buses: Array(repeating: bus, count: 1 + branches.map { max($0.from, $0.to) }.max()!),
            branches: branches.filter(\.isClosed),
            sources: [Network.Source(bus: 0, voltage: feeder.sourceVoltage)],
            regulators: plants.dropFirst().map {
                Network.Regulator(bus: Int($0[0])!, voltage: Double($0[2])!)
            })
    }

    private static func injections(_ feeder: Feeder, buses: Int, _ plants: [[Substring]]) throws
        -> InjectionSeries
    {
        let (stream, bytes) = (feeder.stream, try shapeBytes())
        var series = InjectionSeries(buses: buses, steps: feeder.steps)
        for (index, load) in try table("\(feeder)_load").dropFirst().enumerated() {
            let (bus, p, q) = (Int(load[0])!, Double(load[1])! * 1e6, Double(load[2])! * 1e6)
            for (step, s) in shape(load[3], feeder, bytes).enumerated() {
                series.active[bus, step] -= p * s * (0.8 + 0.4 * Profile.uniform(stream, index, step))
                series.reactive[bus, step] -= q * s * (0.8 + 0.4 * Profile.uniform(stream + 1, index, step))
            }
        }
        for sun in try suns(feeder) {
            for (step, power) in sun.power.enumerated() { series.active[sun.bus, step] += power }
        }
        for plant in plants.dropFirst() {
            let (bus, p) = (Int(plant[0])!, Double(plant[1])! * 1e6)
            for (step, s) in shape(plant[3], feeder, bytes).enumerated() { series.active[bus, step] += p * s }
        }
        return series
    }

    /// The solar plants: their peaks and what they could give in every step, W.
    static func suns(_ feeder: Feeder) throws -> [(bus: Int, peak: Double, power: [Double])] {
        let bytes = try shapeBytes()
        return try table("\(feeder)_pv").dropFirst().enumerated().map { index, plant in
            let peak = Double(plant[1])! * 1e6
            let power = shape(plant[2], feeder, bytes).enumerated().map { step, s in
                peak * s * (0.9 + 0.1 * Profile.uniform(feeder.stream + 2, index, step))
            }
            return (Int(plant[0])!, peak, power)
        }
    }

    private static func shapeBytes() throws -> Data {
        try Data(contentsOf: folder.appending(path: "shapes.u16"))
    }

    private static func shape(_ name: Substring, _ feeder: Feeder, _ bytes: Data) -> [Double] {
        let column = shapes.firstIndex(of: String(name))!
        return (0..<feeder.steps).map { step in
            let at = 2 * (step * shapes.count + column)
            return Double(UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8) * 1e-4
        }
    }

    /// The network as the peers' scripts read it, p.u.
    func writeNetwork(to folder: URL) throws {
        let volts = network.buses[0].nominalVoltage.value
        let ohms = volts * volts / network.basePower.value
        let peer = PeerNetwork(
            kv: volts / 1000, source: network.sourceVoltage,
            branches: network.branches.map {
                [
                    Double($0.from), Double($0.to), $0.resistance.value / ohms, $0.reactance.value / ohms,
                    $0.charging * ohms,
                ]
            }, regulators: network.regulators.map { [Double($0.bus), $0.voltage] })
        try JSONEncoder().encode(peer).write(to: folder.appending(path: "network.json"))
    }

    /// The injections, p.u., and our answer, as `peers/powerflow.py` reads them.
    func writeSeries(to folder: URL, _ voltages: VoltageSeries) throws {
        let (buses, steps, base) = (injections.buses, injections.steps, network.basePower.value)
        func write(_ name: String, _ tables: [StepTable], times factor: Double) throws {
            var numbers: [Double] = []
            numbers.reserveCapacity(tables.count * buses * steps)
            for step in 0..<steps {
                for bus in 0..<buses { for table in tables { numbers.append(table[bus, step] * factor) } }
            }
            try numbers.withUnsafeBytes { try Data($0).write(to: folder.appending(path: name)) }
        }
        try write("active.f64", [injections.active], times: 1 / base)
        try write("reactive.f64", [injections.reactive], times: 1 / base)
        try write("voltages.c128", [voltages.real, voltages.imaginary], times: 1)
    }

    private struct PeerNetwork: Encodable {
        let kv: Double
        let source: Double
        let branches: [[Double]]
        let regulators: [[Double]]
    }

    /// The cells of a file, heading first.
    private static func table(_ name: String) throws -> [[Substring]] {
        try String(contentsOf: folder.appending(path: "\(name).csv"), encoding: .utf8)
            .split(separator: "\n").map { $0.split(separator: ",") }
    }
}

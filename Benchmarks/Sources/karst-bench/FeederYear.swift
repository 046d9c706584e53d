import Foundation
import Grid
import PowerFlow

/// A year of quarter-hours on Baran & Wu's feeder: 32 loads of eight daily shapes, five solar plants whose
/// power runs against the cables at noon, no two steps alike. Synthetic, and made from the formulas below
/// alone.
///
/// With h the hour of day, d the day of year, bump and clear sky as in `Profile`, σ the logistic function:
///
///     home k = 0…5   0.22 + 0.30 bump(h, 7 + 0.4k, 1.2) + 0.55 bump(h, 18 + 0.5k, 2.1),
///                    times 1 + 0.18 cos 2π(d − 15)/365
///     shop k = 0, 1  0.18 + 0.75 σ(2(h − 7.5 − k)) σ(2(18.5 + k − h)), times 0.35 on two days of seven
///     sun            clear sky times 0.3 + 0.7 u, u one for each plant and hour
///
/// A load is its nominal power times its shape times 0.8 + 0.4 u, u drawn by SplitMix64 for each load and
/// step.
struct FeederYear {
    static let steps = 35_040

    let network: Network
    /// Net, one a step; p.u. values of them all as `P[step][bus]` then `Q[step][bus]` are what peers read.
    let injections: [Injections]

    init() throws {
        let folder = Peers.root.appending(path: "../Tests/Golden/powerflow/ieee33")
        network = Self.network(try Self.rows(folder.appending(path: "branch.csv")))
        let loads = try Self.rows(folder.appending(path: "load.csv"))
        injections = (0..<Self.steps).map { Self.injections(loads, at: $0) }
    }

    func write(to file: URL) throws {
        let base = network.basePower.value
        var numbers: [Double] = []
        for step in injections { numbers += step.active.map { $0.value / base } }
        for step in injections { numbers += step.reactive.map { $0.value / base } }
        try numbers.withUnsafeBytes { try Data($0).write(to: file) }
    }

    private static func network(_ rows: [[Double]]) -> Network {
        let bus = Bus(name: "", nominalVoltage: Voltage(12_660), limits: 0.9...1.1)
        return Network(
            buses: Array(repeating: bus, count: 33),
            branches: rows.map {
                Branch(
                    name: "", from: Int($0[0]), to: Int($0[1]), resistance: Impedance($0[2]),
                    reactance: Impedance($0[3]))
            }, source: 0, sourceVoltage: 1)
    }

    private static func injections(_ loads: [[Double]], at step: Int) -> Injections {
        var injections = Injections(buses: 33)
        let shapes = shapes(at: step)
        for (index, load) in loads.enumerated() {
            let (bus, shape) = (Int(load[1]), shapes[index % 8])
            injections.active[bus] = Power(
                kilowatts: -load[2] * shape * (0.8 + 0.4 * Profile.uniform(33, index, step)))
            injections.reactive[bus] = ReactivePower(
                kilovars: -load[3] * shape * (0.8 + 0.4 * Profile.uniform(34, index, step)))
        }
        for (index, plant) in [(13, 500.0), (17, 400), (21, 600), (24, 900), (32, 500)].enumerated() {
            let sun =
                Profile.clearSky(hour: Double(step % 96) / 4, day: step / 96)
                * (0.3 + 0.7 * Profile.uniform(35, index, step / 4))
            injections.active[plant.0] = injections.active[plant.0] + Power(kilowatts: plant.1 * sun)
        }
        return injections
    }

    private static func shapes(at step: Int) -> [Double] {
        let hour = Double(step % 96) / 4
        let day = step / 96
        let season = 1 + 0.18 * cos(2 * .pi * Double(day - 15) / 365)
        func bump(_ centre: Double, _ width: Double) -> Double { Profile.bump(hour, centre, width) }
        func rise(_ x: Double) -> Double { 1 / (1 + exp(-2 * x)) }
        let homes = (0..<6).map(Double.init).map {
            (0.22 + 0.30 * bump(7 + 0.4 * $0, 1.2) + 0.55 * bump(18 + 0.5 * $0, 2.1)) * season
        }
        let open = day % 7 >= 5 ? 0.35 : 1
        let shops = [0.0, 1].map { 0.18 + 0.75 * rise(hour - 7.5 - $0) * rise(18.5 + $0 - hour) * open }
        return homes + shops
    }

    private static func rows(_ file: URL) throws -> [[Double]] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map { line in
            line.split(separator: ",").compactMap { Double($0) }
        }
    }
}

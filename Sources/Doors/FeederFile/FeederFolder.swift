import Foundation
public import Grid
public import TextFile
import YAMLFile

/// A three-phase feeder that was read from a folder.
public struct LoadedFeeder: Hashable, Sendable {
    /// The feeder, in SI units.
    public let network: UnbalancedNetwork
    /// What the author should know although the folder can be used.
    public let warnings: [FileMistake]
}

/// Reads a feeder from a folder of CSV tables, in the units of the IEEE test feeders:
///
/// ```swift
/// let feeder = try FeederFolder.load(path: path).network
/// let point = try UnbalancedPowerFlowSolver(network: feeder).solve()
/// print(point.status, point.losses)
/// ```
///
/// - `source`, one row: bus, nominal_kv, voltage_pu; may have angle_degrees (of phase a, default 0)
/// - `configuration`: config, phases, and by pair of phases `r_ab_ohm_per_mile`, `x_ab_…`,
///   `b_ab_us_per_mile`; or each `…_per_km`
/// - `line`: name, from, to, configuration, length_ft (or length_m, length_km), closed
/// - `switch`: name, from, to, phases, closed
/// - `transformer`: name, from, to, connection (a vector group such as Dyn1), to_kv, kva, r_percent,
///   x_percent
/// - `regulator`: name, from, to, phases, monitored, level_v, bandwidth_v, pt_ratio, ct_primary_a, r_v, x_v;
///   may have tap (position at first, −16…16, default 0) and delay_s (see `UnbalancedTimeSeries`, default 0):
///   one row for each control; rows with the same name are one regulator, of 32 steps of 5/8 %
/// - `load`: bus, connection (wye, delta), model (PQ, I, Z), kw_1, kvar_1 … kw_3, kvar_3 (of a, b, c, or of
///   ab, bc, ca); may have name
/// - `distributed`: line, and the columns of a load: spread along the line
/// - `capacitor`: bus, kvar_a, kvar_b, kvar_c; may have connection (default wye; with delta the three are of
///   ab, bc, ca)
///
/// All but the first three tables may be missing. Other tables and other columns are mistakes, as are rows
/// that repeat a name or another row. The buses are those that the branches name.
public enum FeederFolder {
    static let tables = [
        "source", "configuration", "line", "switch", "transformer", "regulator", "load", "distributed",
        "capacitor",
    ]

    /// The feeder in the folder `path`. Throws all mistakes of its tables at once; the solver checks the
    /// feeder itself.
    public static func load(path: String) throws(FileMistakes) -> LoadedFeeder {
        var mistakes = unknownTables(in: path)
        var reader = FeederReader(path)
        let network = reader.network()
        mistakes += reader.mistakes
        guard mistakes.isEmpty, let network else { throw FileMistakes(mistakes) }
        guard network.loads.isEmpty else {
            return LoadedFeeder(network: network, warnings: reader.warnings)
        }
        let message = "the feeder has no loads: there is no row in load.csv and none in distributed.csv"
        return LoadedFeeder(
            network: network,
            warnings: reader.warnings + [FileMistake(severity: .warning, file: path, message: message)])
    }

    /// Whether `path` is a folder of these tables and not of SimBench's, whose names begin with a capital.
    public static func isFeeder(at path: String) -> Bool {
        let names = fileNames(in: path)
        return names.contains("source.csv")
            || names.contains("configuration.csv")
                && !names.contains("Node.csv")
    }

    private static func fileNames(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// A mistake for each CSV file in the folder that is not a table of a feeder.
    private static func unknownTables(in folder: String) -> [FileMistake] {
        let names = fileNames(in: folder)
        let known = tables.map { "\($0).csv" }
        return names.filter { $0.lowercased().hasSuffix(".csv") && !known.contains($0) }.map { name in
            let near = suggestion(name, in: known.filter { !names.contains($0) })
            let hint = near.isEmpty ? "; the tables are \(known.joined(separator: ", "))" : near
            return FileMistake(
                file: URL(filePath: folder).appending(path: name).path(percentEncoded: false),
                message: "a feeder has no such table\(hint)")
        }
    }
}

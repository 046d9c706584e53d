import Foundation
public import Grid
public import TextFile

/// Reads a feeder from a folder of CSV tables, in the units of the IEEE test feeders:
///
/// ```swift
/// let feeder = try FeederFolder.network(at: path)
/// let point = try UnbalancedPowerFlowSolver(network: feeder).solve()
/// print(point.status, point.losses)
/// ```
///
/// - `source`: bus, nominal_kv, voltage_pu
/// - `configuration`: config, phases, and by pair of phases `r_ab_ohm_per_mile`, `x_ab_…`, `b_ab_us_per_mile`
/// - `line`: name, from, to, configuration, length_ft, closed
/// - `switch`: name, from, to, phases, closed
/// - `transformer`: name, from, to, connection (a vector group such as Dyn1), to_kv, kva, r_percent,
///   x_percent
/// - `regulator`: name, from, to, phases, monitored, level_v, bandwidth_v, pt_ratio, ct_primary_a, r_v, x_v:
///   one row for each control; rows with the same name are one regulator
/// - `load`: bus, connection (wye, delta), model (PQ, I, Z), kw_1, kvar_1 … kw_3, kvar_3
/// - `distributed`: line, and the columns of a load: spread along the line
/// - `capacitor`: bus, kvar_a, kvar_b, kvar_c
///
/// All but the first three may be missing. The buses are those that the rows name.
public enum FeederFolder {
    /// The feeder in the folder `path`. Throws all mistakes of its tables at once; the solver checks the
    /// feeder itself.
    public static func network(at path: String) throws(FileMistakes) -> UnbalancedNetwork {
        var reader = FeederReader(path)
        let network = reader.network()
        guard reader.mistakes.isEmpty, let network else { throw FileMistakes(reader.mistakes) }
        return network
    }
}

/// One table, read by the names of its columns; `mistakes` collects what is missing or wrong.
struct FeederTable {
    private let table: CSVTable
    private(set) var mistakes: [FileMistake] = []

    init(_ bytes: [UInt8], _ file: String) {
        table = CSVTable(bytes, file: file, mistakes: &mistakes)
    }

    var rows: Range<Int> { 0..<table.rowCount }

    /// One name a row; an empty cell is a mistake.
    mutating func names(_ column: String) -> [String] {
        values(column, "a name", default: "") { $0.isEmpty ? nil : $0 }
    }

    mutating func numbers(_ column: String, in range: ClosedRange<Double> = -1e12...1e12) -> [Double] {
        table.numbers(column, in: range, mistakes: &mistakes)
    }

    /// One value a row, which `read` makes from the text; nil from `read` is a mistake.
    mutating func values<Value>(
        _ column: String, _ allowed: String, default value: Value, _ read: (String) -> Value?
    ) -> [Value] {
        table.texts(column, mistakes: &mistakes).enumerated().map { row, text in
            if let value = read(text) { return value }
            if let index = table.index(of: column) {
                mistakes.append(
                    table.mistake("'\(text.prefix(40))' is not \(allowed)", row: row, column: index))
            }
            return value
        }
    }

    mutating func phases(_ column: String) -> [Phases] {
        values(column, "some of the letters abc", default: .abc) { text in
            let indices = text.map { ["a", "b", "c"].firstIndex(of: $0) }
            guard !indices.isEmpty, !indices.contains(nil) else { return nil }
            return indices.reduce(into: Phases()) { $0.formUnion(Phases(index: $1!)) }
        }
    }

    mutating func flags(_ column: String) -> [Bool] {
        values(column, "0 or 1", default: true) { ["0": false, "1": true][$0] }
    }
}

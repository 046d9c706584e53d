import Glibc
public import Optimization
import TestSupport

/// The year of one or five microgrids of `Tests/Golden/dispatch` as a staged program; README.md there
/// states it. Used by tests and benchmarks.
public struct MicrogridProgram {
    /// Whether each store ends as it begins at a level to be chosen, or begins and ends at a given one.
    public enum Storage: Sendable { case cyclic, fixed }
    /// Whether lines join the microgrids: none, lines whose flows are free within their limits, or lines
    /// whose flows also follow Kirchhoff's law of voltages.
    public enum Lines: Sendable { case none, transport, kirchhoff }

    /// One stage for each step of the year.
    public private(set) var program: StagedProgram
    private let hours: Double

    /// Reads the tables `name` (`mg1_8760`, `mg1_35040` or `mg5_8760`) and those of its devices and lines.
    public init(
        _ name: String, storage: Storage = .cyclic, isCurved: Bool = false,
        hasPeak: Bool = false,
        lines: Lines = .none
    ) throws {
        func table(_ name: String) throws -> [[Double]] { try GoldenTable("dispatch/" + name).numbers }
        let series = try table(name)
        let grids = try table(name.hasPrefix("mg1") ? "mg1_params" : "mg5_params")
        let wires = lines == .none ? [] : try table("mg5_lines")
        let stages = series.count
        hours = 8760 / Double(stages)
        // Columns of a grid: sun, wind, gen, import, export, charge, discharge, shed, stored, change of gen;
        // rows: balance, store, ramp. Then the flows, the peak and what it rises by; then cycles, the peak.
        let own = 10
        let flows = grids.count * own
        let peak = flows + wires.count
        var stage = Stage()
        for (g, p) in grids.enumerated() { stage.putGrid(p, row: 3 * g, column: g * own, hours) }
        for (l, wire) in wires.enumerated() {
            stage.put(3 * (Int(wire[1]) - 1), flows + l, -1)
            stage.put(3 * (Int(wire[2]) - 1), flows + l, 1)
        }
        var rows = 3 * grids.count
        if lines == .kirchhoff {
            // 1-2-3 closed by line 6 (1-3), and 3-4-5-1 closed by it the other way.
            for cycle in [[(0, 1.0), (1, 1), (5, -1)], [(2, 1), (3, 1), (4, 1), (5, 1)]] {
                for (l, sign) in cycle { stage.put(rows, flows + l, sign * wires[l][3]) }
                rows += 1
            }
        }
        var columns = flows + wires.count
        let months = Self.monthStarts(stages)
        var values: [Double] = []
        if hasPeak {
            // The peak is the same in every step of its month; no import above it.
            stage.put(rows, peak, 1)
            stage.put(rows, peak + 1, -1)
            stage.put(rows, peak, -1, carried: true)
            stage.put(rows + 1, peak, 1)
            stage.put(rows + 1, 3, -1)
            stage.put(rows + 1, peak + 2, -1)
            rows += 2
            columns += 3
            let count = stage.values.count
            values = (0..<stages).flatMap { _ in stage.values }
            for t in months { values[t * count + count - 4] = 0 }
        }
        program = StagedProgram(
            pattern: .init(
                stages: stages, columns: columns, rows: rows, entries: stage.entries,
                isCyclic: storage == .cyclic), values: hasPeak ? values : stage.values)
        fill(series, grids, wires, storage, isCurved, flows)
        if hasPeak { fillPeak(grids[0], peak, months) }
    }

    /// The matrix entries of one stage.
    private struct Stage {
        var entries: [StagedProgram.Entry] = []
        var values: [Double] = []

        mutating func put(_ row: Int, _ column: Int, _ value: Double, carried: Bool = false) {
            entries.append(.init(row: row, column: column, isCarried: carried))
            values.append(value)
        }

        /// Balance, store and ramp of a grid with parameters `p`.
        mutating func putGrid(_ p: [Double], row: Int, column at: Int, _ hours: Double) {
            for (column, sign) in [1.0, 1, 1, 1, -1, -1, 1, 1].enumerated() { put(row, at + column, sign) }
            put(row + 1, at + 8, 1)
            put(row + 1, at + 5, -p[4] * hours)
            put(row + 1, at + 6, hours / p[5])
            put(row + 1, at + 8, -pow(1 - p[6], hours), carried: true)
            put(row + 2, at + 2, 1)
            put(row + 2, at + 9, -1)
            put(row + 2, at + 2, -1, carried: true)
        }
    }

    private mutating func fill(
        _ series: [[Double]], _ grids: [[Double]], _ wires: [[Double]], _ storage: Storage, _ isCurved: Bool,
        _ flows: Int
    ) {
        let columns = program.pattern.columns
        for (t, now) in series.enumerated() {
            for (g, p) in grids.enumerated() {
                let at = t * columns + g * 10
                let (load, sun, wind) = (now[3 * g], now[3 * g + 1], now[3 * g + 2])
                let upper = [sun, wind, p[9], p[13], p[14], p[2], p[3], load, p[1]]
                let cost = [0, 0, p[11], now.last!, -p[15], 0, p[8], p[16], 0]
                for k in 0..<9 {
                    program.upper[at + k] = upper[k]
                    program.cost[at + k] = hours * cost[k]
                }
                if isCurved { program.quadratic[at + 2] = 2 * hours * p[12] }
                // No ramp into the first step.
                let ramp = t == 0 ? p[9] : p[10] * hours
                (program.lower[at + 9], program.upper[at + 9]) = (-ramp, ramp)
                program.rightHandSide[t * program.pattern.rows + 3 * g] = load
                guard storage == .fixed else { continue }
                if t == 0 { program.rightHandSide[3 * g + 1] = pow(1 - p[6], hours) * p[7] }
                if t == series.count - 1 {
                    (program.lower[at + 8], program.upper[at + 8]) = (p[7], p[7])
                }
            }
            for (l, wire) in wires.enumerated() {
                let at = t * columns + flows + l
                (program.lower[at], program.upper[at]) = (-wire[4], wire[4])
            }
        }
    }

    private mutating func fillPeak(_ p: [Double], _ peak: Int, _ months: [Int]) {
        let columns = program.pattern.columns
        for t in 0..<program.pattern.stages {
            let at = t * columns + peak
            program.upper[at] = p[13]
            program.upper[at + 1] = months.contains(t) ? p[13] : 0
            program.upper[at + 2] = p[13]
            if months.contains(t) { program.cost[at + 1] = p[17] }
        }
    }

    /// The first step of every month of a year that is no leap year.
    private static func monthStarts(_ stages: Int) -> [Int] {
        var day = 0
        return [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].map { days in
            defer { day += days }
            return day * stages / 365
        }
    }
}

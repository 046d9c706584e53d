/// Why a program has no point, and the least that would have to give way.
///
/// The conflict is an irreducible infeasible subset: rows and bounds that no point satisfies together, each
/// of which is needed for that. The relaxation is the point that violates rows and bounds by the smallest
/// weighted sum. Both look at the program as if no variable had to be whole.
public struct ConflictAnalysis: Sendable {
    /// A row or bound of a program, by the index of the row or variable.
    public enum Limit: Hashable, Sendable {
        /// Both sides of a row.
        case row(Int)
        /// The lower bound of a variable.
        case lower(Int)
        /// The upper bound of a variable.
        case upper(Int)
    }

    /// One limit and by how much it gives way.
    public struct Relief: Hashable, Sendable {
        /// What gives way.
        public let limit: Limit
        /// The amount, > 0, in the unit of the row or variable.
        public let amount: Double
    }

    private let library: HiGHSLibrary

    /// Throws where HiGHS is not on this machine.
    public init() throws(HiGHSLibrary.Missing) { library = try HiGHSLibrary.open() }

    /// Rows first, each kind in order. Empty where the program has a point, or the solver finds no conflict.
    public func conflict(_ program: MixedIntegerProgram) -> [Limit] {
        let highs = HiGHSModel(library, program.relaxed)
        guard highs.isValid else { return [] }
        _ = highs.calls.setInt(highs.model, "iis_strategy", 6)
        var (columns, rows): (Int32, Int32) = (0, 0)
        var column = [Int32](repeating: 0, count: program.variables)
        var (columnBound, columnState) = (column, column)
        var row = [Int32](repeating: 0, count: program.rows)
        var (rowBound, rowState) = (row, row)
        let ended = highs.calls.conflict(
            highs.model, &columns, &rows, &column, &row, &columnBound, &rowBound, &columnState, &rowState)
        guard ended >= 0 else { return [] }
        let bounds = (0..<Int(columns)).sorted { column[$0] < column[$1] }
        return row[..<Int(rows)].sorted().map { .row(Int($0)) }
            + bounds.flatMap { k -> [Limit] in
                let j = Int(column[k])
                // 2: the lower bound; 3: the upper; 4: both.
                let bound = columnBound[k]
                return (bound == 2 || bound == 4 ? [.lower(j)] : [])
                    + (bound == 3 || bound == 4 ? [.upper(j)] : [])
            }
    }

    /// The smallest sum of weight × violation that lets the program have a point; rows first, each kind in
    /// order; violations up to `tolerance` are none. `weight` answers nil for a limit that must hold. Nil
    /// where no violation of the others is enough, or the solver gave up.
    public func relaxation(
        _ program: MixedIntegerProgram, tolerance: Double = 1e-7, weight: (Limit) -> Double?
    ) -> [Relief]? {
        var linear = program.relaxed
        linear.quadratic = Array(repeating: 0, count: program.variables)
        let highs = HiGHSModel(library, linear)
        guard highs.isValid else { return nil }
        let columns = 0..<program.variables
        let ended = highs.calls.relax(
            highs.model, 1, 1, 1, columns.map { weight(.lower($0)) ?? -1 },
            columns.map { weight(.upper($0)) ?? -1 }, (0..<program.rows).map { weight(.row($0)) ?? -1 })
        let x = highs.columns()
        guard ended >= 0, !x.isEmpty else { return nil }
        var reliefs: [Relief] = []
        func note(_ limit: Limit, _ amount: Double) {
            if amount > tolerance { reliefs.append(Relief(limit: limit, amount: amount)) }
        }
        for (i, value) in program.matrix.times(x).enumerated() {
            note(.row(i), max(program.rowLower[i] - value, value - program.rowUpper[i]))
        }
        for j in columns { note(.lower(j), program.lower[j] - x[j]) }
        for j in columns { note(.upper(j), x[j] - program.upper[j]) }
        // Where that is not enough, the solver ends with a point that breaks what must hold.
        return reliefs.allSatisfy { weight($0.limit) != nil } ? reliefs : nil
    }
}

extension MixedIntegerProgram {
    fileprivate var relaxed: MixedIntegerProgram {
        var copy = self
        copy.isInteger = Array(repeating: false, count: variables)
        copy.start = nil
        return copy
    }
}

extension SparseRows {
    /// A·x.
    fileprivate func times(_ x: [Double]) -> [Double] {
        (0..<pattern.rows).map { row in
            (pattern.start[row]..<pattern.start[row + 1]).reduce(0) {
                $0 + values[$1] * x[pattern.column[$1]]
            }
        }
    }
}

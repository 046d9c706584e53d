/// A convex program whose rows repeat stage after stage:
///
///     minimise  Σ_t c_tᵀx_t + ½ x_tᵀQ_t x_t   subject to  A_t·x_t + B_t·x_t−1 = b_t,  l_t ≤ x_t ≤ u_t,
///
/// Q diagonal and ≥ 0, bounds perhaps infinite, every stage with the same columns, rows and places for
/// entries. What would join all stages is carried from one to the next: a sum that is bounded at the end, a
/// peak that is equal in every stage of its month.
public struct StagedProgram: Hashable, Sendable {
    /// A place in the rows of a stage where a value may stand.
    public struct Entry: Hashable, Sendable {
        /// Row within the stage.
        public let row: Int
        /// Column within its stage.
        public let column: Int
        /// Whether the entry stands in B: its column is one of the stage before.
        public let isCarried: Bool

        /// Creates a place in A or, where it is carried, in B.
        public init(row: Int, column: Int, isCarried: Bool = false) {
            self.row = row
            self.column = column
            self.isCarried = isCarried
        }
    }

    /// What all programs of one kind share: the size of a stage, and where values may stand.
    public struct Pattern: Hashable, Sendable {
        /// Number of stages.
        public let stages: Int
        /// Number of columns of each stage.
        public let columns: Int
        /// Number of rows of each stage.
        public let rows: Int
        /// Where values may stand; no place twice.
        public let entries: [Entry]
        /// Whether the last stage stands before the first. If not, the first stage's entries in B do not
        /// count.
        public let isCyclic: Bool

        /// Creates a pattern; entries must be different places within the rows and columns.
        public init(stages: Int, columns: Int, rows: Int, entries: [Entry], isCyclic: Bool = false) {
            precondition(stages >= 0 && Set(entries).count == entries.count)
            precondition(
                entries.allSatisfy { (0..<rows).contains($0.row) && (0..<columns).contains($0.column) })
            self.stages = stages
            self.columns = columns
            self.rows = rows
            self.entries = entries
            self.isCyclic = isCyclic
        }
    }

    /// Sizes and places of the values.
    public let pattern: Pattern
    /// Value of entry e: at e if the same in every stage, or in stage t at e + t·entries.
    public var values: [Double]
    /// c: of column j in stage t at j + t·columns.
    public var cost: [Double]
    /// The diagonal of Q, ≥ 0: of column j in stage t at j + t·columns.
    public var quadratic: [Double]
    /// Lower bounds: of column j in stage t at j + t·columns.
    public var lower: [Double]
    /// Upper bounds: of column j in stage t at j + t·columns.
    public var upper: [Double]
    /// b: of row i in stage t at i + t·rows.
    public var rightHandSide: [Double]

    /// Creates a program with zero cost and right-hand side, and variables between 0 and infinity.
    public init(pattern: Pattern, values: [Double]) {
        let count = pattern.entries.count
        precondition(values.count == count || values.count == count * pattern.stages)
        self.pattern = pattern
        self.values = values
        cost = Array(repeating: 0, count: pattern.stages * pattern.columns)
        quadratic = cost
        lower = cost
        upper = Array(repeating: .infinity, count: cost.count)
        rightHandSide = Array(repeating: 0, count: pattern.stages * pattern.rows)
    }

    /// Returns the value of an entry in a stage.
    public func value(_ entry: Int, at stage: Int) -> Double {
        let count = pattern.entries.count
        return values[values.count == count ? entry : entry + stage * count]
    }
}

extension ConvexProgram {
    /// Creates the same program without its stages; variables and rows keep their order.
    public init(_ staged: StagedProgram) {
        let pattern = staged.pattern
        var rows = [[(column: Int, value: Double)]](
            repeating: [], count: pattern.stages * pattern.rows)
        for t in 0..<pattern.stages {
            for (e, entry) in pattern.entries.enumerated() {
                var stage = t
                if entry.isCarried { stage = t > 0 ? t - 1 : pattern.isCyclic ? pattern.stages - 1 : -1 }
                guard stage >= 0 else { continue }
                let (row, column) = (t * pattern.rows + entry.row, stage * pattern.columns + entry.column)
                let value = staged.value(e, at: t)
                if let known = rows[row].firstIndex(where: { $0.column == column }) {
                    rows[row][known].value += value
                } else {
                    rows[row].append((column, value))
                }
            }
        }
        self.init(matrix: SparseRows(columns: pattern.stages * pattern.columns, rows: rows))
        (cost, quadratic) = (staged.cost, staged.quadratic)
        (lower, upper) = (staged.lower, staged.upper)
        rightHandSide = staged.rightHandSide
    }
}

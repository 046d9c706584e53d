/// The convex program
///
///     minimise  cᵀx + ½ xᵀQx   subject to  A·x = b,  l ≤ x ≤ u,
///
/// Q diagonal and ≥ 0, bounds perhaps infinite. Order the rows so that rows which share a variable stand near
/// each other (by stage): the work of a solver grows with the square of the greatest distance.
public struct ConvexProgram: Hashable, Sendable {
    /// c, one a variable.
    public var cost: [Double]
    /// The diagonal of Q, ≥ 0, one a variable.
    public var quadratic: [Double]
    /// l, one a variable; −infinity for none.
    public var lower: [Double]
    /// u, one a variable; infinity for none.
    public var upper: [Double]
    /// b, one a row.
    public var rightHandSide: [Double]
    /// A.
    public var matrix: SparseRows

    /// Creates a program with zero cost and right-hand side, and variables between 0 and infinity.
    public init(matrix: SparseRows) {
        self.matrix = matrix
        cost = Array(repeating: 0, count: matrix.pattern.columns)
        quadratic = cost
        lower = cost
        upper = Array(repeating: .infinity, count: matrix.pattern.columns)
        rightHandSide = Array(repeating: 0, count: matrix.pattern.rows)
    }

    /// Number of variables, the columns of A.
    public var variables: Int { matrix.pattern.columns }
    /// Number of rows of A.
    public var rows: Int { matrix.pattern.rows }
}

/// A sparse matrix, row by row.
public struct SparseRows: Hashable, Sendable {
    /// Where values may stand.
    public struct Pattern: Hashable, Sendable {
        /// Number of columns.
        public let columns: Int
        /// Row i owns the entries `start[i]..<start[i + 1]`.
        public let start: [Int]
        /// The column of each entry; no column twice in a row.
        public let column: [Int]

        /// Creates a pattern from its rows; `start` has one entry more than there are rows.
        public init(columns: Int, start: [Int], column: [Int]) {
            precondition(start.first == 0 && start.last == column.count)
            precondition(column.allSatisfy { (0..<columns).contains($0) })
            self.columns = columns
            self.start = start
            self.column = column
        }

        /// Number of rows.
        public var rows: Int { start.count - 1 }
    }

    /// Where values may stand.
    public let pattern: Pattern
    /// One value for each entry of the pattern.
    public var values: [Double]

    /// Creates a matrix with one value for each entry of the pattern.
    public init(pattern: Pattern, values: [Double]) {
        precondition(values.count == pattern.column.count)
        self.pattern = pattern
        self.values = values
    }

    /// Creates a matrix from the entries of each row.
    public init(columns: Int, rows: [[(column: Int, value: Double)]]) {
        var start = [0]
        var column: [Int] = []
        var values: [Double] = []
        for row in rows {
            for entry in row {
                column.append(entry.column)
                values.append(entry.value)
            }
            start.append(column.count)
        }
        self.init(pattern: Pattern(columns: columns, start: start, column: column), values: values)
    }
}

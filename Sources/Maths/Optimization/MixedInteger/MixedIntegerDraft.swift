/// A mixed-integer program in the making, column by column and row by row.
public struct MixedIntegerDraft {
    /// c of each column so far.
    public var cost: [Double] = []
    /// The diagonal of Q of each column so far.
    public var quadratic: [Double] = []
    /// Lower bound of each column so far.
    public var lower: [Double] = []
    /// Upper bound of each column so far.
    public var upper: [Double] = []
    private var isInteger: [Bool] = []
    private var rowLower: [Double] = []
    private var rowUpper: [Double] = []
    private var start = [0]
    private var column: [Int] = []
    private var values: [Double] = []

    /// Begins without columns and rows.
    public init() {}

    /// Begins with the columns and rows of a convex program.
    public init(_ program: ConvexProgram) {
        (cost, quadratic, lower, upper) = (program.cost, program.quadratic, program.lower, program.upper)
        isInteger = Array(repeating: false, count: program.variables)
        (rowLower, rowUpper) = (program.rightHandSide, program.rightHandSide)
        (start, column) = (program.matrix.pattern.start, program.matrix.pattern.column)
        values = program.matrix.values
    }

    /// Adds a column. Returns its index.
    public mutating func addColumn(
        cost: Double = 0, _ bounds: ClosedRange<Double>, isInteger whole: Bool = false
    ) -> Int {
        self.cost.append(cost)
        quadratic.append(0)
        lower.append(bounds.lowerBound)
        upper.append(bounds.upperBound)
        isInteger.append(whole)
        return self.cost.count - 1
    }

    /// Adds a row over existing columns, none of them twice.
    public mutating func addRow(
        _ entries: [(column: Int, value: Double)], from least: Double = -.infinity,
        to most: Double = .infinity
    ) {
        for entry in entries {
            column.append(entry.column)
            values.append(entry.value)
        }
        start.append(column.count)
        rowLower.append(least)
        rowUpper.append(most)
    }

    /// The program with the columns and rows so far.
    public var program: MixedIntegerProgram {
        let pattern = SparseRows.Pattern(columns: cost.count, start: start, column: column)
        var program = MixedIntegerProgram(matrix: SparseRows(pattern: pattern, values: values))
        (program.cost, program.quadratic, program.lower, program.upper) = (cost, quadratic, lower, upper)
        (program.isInteger, program.rowLower, program.rowUpper) = (isInteger, rowLower, rowUpper)
        return program
    }
}

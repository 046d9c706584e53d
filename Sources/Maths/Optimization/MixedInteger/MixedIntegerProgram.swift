/// The program
///
///     minimise  cᵀx + ½ xᵀQx   subject to  r_l ≤ A·x ≤ r_u,  l ≤ x ≤ u,  some x whole,
///
/// Q diagonal and ≥ 0; where Q is not zero no variable may be whole. Bounds of both kinds may be infinite.
public struct MixedIntegerProgram: Hashable, Sendable {
    /// c, one a variable.
    public var cost: [Double]
    /// The diagonal of Q, ≥ 0, one a variable.
    public var quadratic: [Double]
    /// l, one a variable; −infinity for none.
    public var lower: [Double]
    /// u, one a variable; infinity for none.
    public var upper: [Double]
    /// Which variables must be whole.
    public var isInteger: [Bool]
    /// r_l, one a row; −infinity for none.
    public var rowLower: [Double]
    /// r_u, one a row; infinity for none.
    public var rowUpper: [Double]
    /// A.
    public var matrix: SparseRows
    /// Values to begin with, one a variable; NaN: unknown. Nil: none. A start that cannot be completed is
    /// passed over.
    public var start: [Double]?

    /// Creates a program with zero cost, variables between 0 and infinity, and rows equal to zero.
    public init(matrix: SparseRows) {
        self.matrix = matrix
        cost = Array(repeating: 0, count: matrix.pattern.columns)
        (quadratic, lower) = (cost, cost)
        upper = Array(repeating: .infinity, count: matrix.pattern.columns)
        isInteger = Array(repeating: false, count: matrix.pattern.columns)
        rowLower = Array(repeating: 0, count: matrix.pattern.rows)
        rowUpper = rowLower
    }

    /// Creates the same program as a convex one, with no whole variable and with equal row limits.
    public init(_ program: ConvexProgram) {
        matrix = program.matrix
        (cost, quadratic, lower, upper) = (program.cost, program.quadratic, program.lower, program.upper)
        isInteger = Array(repeating: false, count: program.variables)
        (rowLower, rowUpper) = (program.rightHandSide, program.rightHandSide)
    }

    /// Number of variables, the columns of A.
    public var variables: Int { matrix.pattern.columns }
    /// Number of rows of A.
    public var rows: Int { matrix.pattern.rows }
}

/// How a mixed-integer program was answered, and what the answer is worth.
public struct MixedIntegerSolution: Hashable, Sendable {
    /// How a search ended.
    public enum Status: String, Hashable, Sendable {
        /// The bound is within the asked gap of the objective.
        case optimal
        /// Stopped by the time limit or by the caller; `x` is the best point found, or empty if none was.
        case stopped
        /// No point satisfies the constraints.
        case infeasible
        /// The cost falls without end, or (where the solver cannot tell) no point satisfies the constraints.
        case unbounded
        /// The solver gave up.
        case failed
    }

    /// How the search ended.
    public let status: Status
    /// The variables; empty where no point was found.
    public let x: [Double]
    /// cᵀx + ½ xᵀQx; infinite where no point was found.
    public let objective: Double
    /// No point costs less than this; −infinity where nothing is known.
    public let bound: Double
    /// Nodes of the search.
    public let nodes: Int

    /// (objective − bound) / |objective|; 1 where that says nothing.
    public var gap: Double {
        guard objective.isFinite, bound.isFinite else { return 1 }
        return max(objective - bound, 0) / max(abs(objective), 1e-10)
    }
}

/// Progress of a search.
public struct MixedIntegerProgress: Hashable, Sendable {
    /// Time since the search began, s.
    public let seconds: Double
    /// Cost of the best point so far; infinite before the first.
    public let objective: Double
    /// No point costs less than this; −infinity where nothing is known.
    public let bound: Double

    /// (objective − bound)/|objective|; infinite before the first point and bound.
    public var gap: Double {
        let gap = (objective - bound) / objective.magnitude
        return gap.isFinite ? max(gap, 0) : objective == bound ? 0 : .infinity
    }
}

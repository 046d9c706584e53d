/// The reading of a convex program, whose rows and variables stand stage after stage, as a staged one. It is
/// found once from the pattern of the program.
public struct Staging: Sendable {
    /// Pattern of the staged program.
    public let pattern: StagedProgram.Pattern
    /// Of each stage and entry the place of its value in the matrix, −1 where it has none: a zero.
    private let source: [Int]

    /// `stages` times as many rows and variables as a stage has. Nil where they cannot be shared out, or a
    /// row touches another stage than its own and the one before.
    public init?(_ matrix: SparseRows.Pattern, stages: Int) {
        guard stages > 0, matrix.rows % stages == 0, matrix.columns % stages == 0 else { return nil }
        let (rows, columns) = (matrix.rows / stages, matrix.columns / stages)
        var entries: [StagedProgram.Entry] = []
        var known: [StagedProgram.Entry: Int] = [:]
        var found: [(stage: Int, entry: Int, at: Int)] = []
        for row in 0..<matrix.rows {
            for at in matrix.start[row]..<matrix.start[row + 1] {
                let (stage, of) = (row / rows, matrix.column[at] / columns)
                guard of == stage || of == stage - 1 else { return nil }
                let entry = StagedProgram.Entry(
                    row: row % rows, column: matrix.column[at] % columns, isCarried: of < stage)
                let index = known[entry] ?? entries.count
                if index == entries.count {
                    known[entry] = index
                    entries.append(entry)
                }
                found.append((stage, index, at))
            }
        }
        var source = [Int](repeating: -1, count: stages * entries.count)
        for one in found { source[one.stage * entries.count + one.entry] = one.at }
        self.source = source
        pattern = .init(stages: stages, columns: columns, rows: rows, entries: entries)
    }

    /// `program`, whose matrix has the pattern this was made from.
    public func staged(_ program: ConvexProgram) -> StagedProgram {
        let values = source.map { $0 < 0 ? 0 : program.matrix.values[$0] }
        var staged = StagedProgram(pattern: pattern, values: values)
        (staged.cost, staged.quadratic) = (program.cost, program.quadratic)
        (staged.lower, staged.upper) = (program.lower, program.upper)
        staged.rightHandSide = program.rightHandSide
        return staged
    }
}

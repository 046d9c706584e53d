import Lanes
import LinearAlgebra
import Optimization
import Testing

/// The examples in the doc comments of the mathematics, and what they answer.
@Suite("Examples: mathematics")
struct MathsExamples {
    @Test("a table of rows and steps")
    func stepTable() {
        var powers = StepTable(rows: 2, steps: 96)
        for step in 0..<96 { powers[1, step] = Double(step) }
        let block = powers[row: 1, block: 3]  // Steps 24 … 31 of row 1 in one register.
        let sum = block.sum()  // 220.

        #expect(sum == 220)
    }

    @Test("a dense linear system")
    func dense() {
        var a = Matrix(rows: 2, columns: 2)
        (a[0, 0], a[0, 1]) = (2, 1)
        (a[1, 0], a[1, 1]) = (1, 3)
        let lu = LU(order: 2)
        var x = [3.0, 5.0]  // The right-hand side, then the solution.
        if lu.factor(a) { lu.solve(&x) }

        #expect((x[0] - 0.8).magnitude < 1e-12 && (x[1] - 1.4).magnitude < 1e-12)
    }

    @Test("a sparse linear system")
    func sparse() {
        // | 4 1 0 |
        // | 0 3 0 |, column by column.
        // | 2 0 5 |
        let lu = SparseLU(order: 3, columnStarts: [0, 2, 4, 5], rowIndices: [0, 2, 0, 1, 2])
        for (index, value) in [4.0, 2, 1, 3, 5].enumerated() { lu.values[index] = value }
        var x = [5.0, 3, 7]
        if lu.factor() { lu.solve(&x) }

        for value in x { #expect((value - 1).magnitude < 1e-12) }
    }

    @Test("a small linear program")
    func linearProgram() {
        // Least 300 a + 450 b with a + b = 100, 0 ≤ a ≤ 60, b ≥ 0.
        let balance = SparseRows(columns: 2, rows: [[(column: 0, value: 1), (column: 1, value: 1)]])
        var program = ConvexProgram(matrix: balance)
        program.cost = [300, 450]
        program.upper = [60, .infinity]
        program.rightHandSide = [100]
        let solution = InteriorPoint(pattern: balance.pattern).solve(program)
        print(solution.x, solution.y)  // About [60, 40] and the price [450].

        #expect(solution.status == .optimal)
        #expect((solution.x[0] - 60).magnitude < 1e-4 && (solution.x[1] - 40).magnitude < 1e-4)
        #expect((solution.y[0] - 450).magnitude < 1e-3)
    }
}

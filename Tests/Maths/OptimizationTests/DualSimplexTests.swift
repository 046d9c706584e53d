import LinearAlgebra
import Optimization
import TestSupport
import Testing

@Suite struct DualSimplexTests {
    /// From no guess, a random one and all columns at once. The band of the whole program is the oracle.
    @Test(arguments: 1...40) func agreesWithTheBandFromAnyGuess(seed: UInt64) throws {
        var random = SplitMix64(skipping: seed)
        let program = stagedProgram(&random, stages: 3 + Int(seed) / 2, curved: false)
        let band = InteriorPoint(pattern: program.matrix.pattern, kernel: .lapack).solve(program)
        #expect(band.status == .optimal)
        let simplex = DualSimplex(pattern: program.matrix.pattern, limit: 1000)
        for share in [0, 0.4, 1] {
            for j in simplex.isBasic.indices { simplex.isBasic[j] = random.uniform(0...1) < share }
            let solution = try #require(simplex.solve(program))
            #expect(
                abs(solution.objective - band.objective) < 3e-8 * (1 + abs(band.objective)),
                "\(solution.objective) \(band.objective)")
            let defect = kktDefect(program, solution)
            #expect(defect.violation < 1e-8 && defect.gap < 1e-8, "\(defect)")
            #expect(simplex.isBasic.count { $0 } == program.rows)
        }
        // The basis it ended with is the optimum's: nothing is left to exchange.
        let again = try #require(simplex.solve(program))
        #expect(again.iterations == 0)
    }

    /// Bᵀy = c_B by LAPACK's dense factors.
    @Test(arguments: 1...10) func multipliersAreThoseOfLAPACK(seed: UInt64) throws {
        var random = SplitMix64(skipping: seed)
        let program = stagedProgram(&random, stages: 12, curved: false)
        let simplex = DualSimplex(pattern: program.matrix.pattern, limit: 1000)
        let solution = try #require(simplex.solve(program))
        let basic = simplex.isBasic.indices.filter { simplex.isBasic[$0] }
        var basis = Matrix(rows: program.rows, columns: program.rows)
        for (k, j) in basic.enumerated() {
            for row in 0..<program.rows {
                let entries = program.matrix.pattern.start[row]..<program.matrix.pattern.start[row + 1]
                for e in entries where program.matrix.pattern.column[e] == j {
                    basis[k, row] = program.matrix.values[e]
                }
            }
        }
        let lapack = LU(order: program.rows)
        #expect(lapack.factor(basis))
        var y = basic.map { program.cost[$0] }
        y.withUnsafeMutableBufferPointer { lapack.solve($0) }
        for (one, other) in zip(y, solution.y) { #expect(abs(one - other) < 1e-9 * (1 + abs(one))) }
    }

    @Test func anOptimumThatIsNotTheOnlyOneIsLeftToOthers() {
        // x₀ + x₁ = 1 at the same cost.
        var program = ConvexProgram(matrix: SparseRows(columns: 2, rows: [[(0, 1), (1, 1)]]))
        program.upper = [1, 1]
        program.rightHandSide = [1]
        program.cost = [1, 1]
        let simplex = DualSimplex(pattern: program.matrix.pattern)
        #expect(simplex.solve(program) == nil)
        program.cost = [1, 2]
        #expect(simplex.solve(program)?.x == [1, 0])
    }

    @Test func whatHasNoOptimumIsLeftToOthers() {
        var program = ConvexProgram(matrix: SparseRows(columns: 2, rows: [[(0, 1), (1, -1)]]))
        program.upper = [1, 1]
        program.rightHandSide = [3]
        let simplex = DualSimplex(pattern: program.matrix.pattern)
        #expect(simplex.solve(program) == nil, "infeasible")
        program.upper = [.infinity, .infinity]
        program.cost = [-1, 0.5]
        #expect(simplex.solve(program) == nil, "unbounded")
        program.cost = [1, 0.5]
        #expect(simplex.solve(program)?.x == [3, 0])
    }

    @Test func rowsThatDependOnEachOtherAreLeftToOthers() {
        var program = ConvexProgram(
            matrix: SparseRows(columns: 3, rows: [[(0, 1), (1, 1)], [(0, 2), (1, 2)]]))
        program.rightHandSide = [1, 2]
        #expect(DualSimplex(pattern: program.matrix.pattern).solve(program) == nil)
    }
}

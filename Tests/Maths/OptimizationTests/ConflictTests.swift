import Optimization
import TestSupport
import Testing

@Suite(.needsHiGHS) struct ConflictTests {
    /// Two units of 50 and 30 against a demand of 100, beside a third row that is no part of the quarrel.
    @Test func twoUnitsAreTwentyShort() throws {
        let rows = SparseRows(columns: 3, rows: [[(2, 1)], [(0, 1), (1, 1)]])
        var program = MixedIntegerProgram(matrix: rows)
        program.upper = [50, 30, 10]
        program.rowLower = [4, 100]
        program.rowUpper = [6, .infinity]
        let analysis = try ConflictAnalysis()
        #expect(analysis.conflict(program) == [.row(1), .upper(0), .upper(1)])
        for giving in [ConflictAnalysis.Limit.row(1), .upper(1)] {
            let reliefs = analysis.relaxation(program) { $0 == giving ? 1 : nil }
            #expect(reliefs?.map(\.limit) == [giving])
            #expect(abs((reliefs?[0].amount ?? 0) - 20) < 1e-6)
        }
        #expect(analysis.relaxation(program) { $0 == .lower(0) ? 1 : nil } == nil)
        program.rowLower[1] = 80
        #expect(analysis.conflict(program).isEmpty)
        #expect(analysis.relaxation(program) { _ in 1 } == [])
    }

    /// The conflict alone has no point; without any one of its limits it has.
    @Test(arguments: 1...25) func noLimitOfAConflictCanBeSpared(seed: UInt64) throws {
        var random = SplitMix64(skipping: seed + 40)
        var program = MixedIntegerProgram(stagedProgram(&random, stages: 4, curved: false))
        for j in 0..<program.variables { program.upper[j] = min(program.upper[j], program.lower[j] + 5) }
        program.rowLower[3] += 100
        program.rowUpper[3] += 100
        let conflict = try ConflictAnalysis().conflict(program)
        try #require(try MixedIntegerSolver().solve(program).status == .infeasible)
        #expect(!conflict.isEmpty)
        #expect(try MixedIntegerSolver().solve(program.keeping(conflict)).status == .infeasible)
        for spared in conflict {
            let fewer = program.keeping(conflict.filter { $0 != spared })
            #expect(try MixedIntegerSolver().solve(fewer).status == .optimal, "\(spared) is not needed")
        }
    }
}

extension MixedIntegerProgram {
    /// Only these limits, and no cost.
    fileprivate func keeping(_ limits: [ConflictAnalysis.Limit]) -> MixedIntegerProgram {
        var kept = MixedIntegerProgram(matrix: matrix)
        kept.lower = Array(repeating: -.infinity, count: variables)
        kept.rowLower = Array(repeating: -.infinity, count: rows)
        kept.rowUpper = Array(repeating: .infinity, count: rows)
        for limit in limits {
            switch limit {
            case .row(let i): (kept.rowLower[i], kept.rowUpper[i]) = (rowLower[i], rowUpper[i])
            case .lower(let j): kept.lower[j] = lower[j]
            case .upper(let j): kept.upper[j] = upper[j]
            }
        }
        return kept
    }
}

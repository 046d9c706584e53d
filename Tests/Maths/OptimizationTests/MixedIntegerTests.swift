import Optimization
import TestSupport
import Testing

extension Trait where Self == ConditionTrait {
    /// Runs tests where HiGHS is on this machine.
    static var needsHiGHS: Self {
        .enabled("`make highs` has not fetched HiGHS") { (try? HiGHSLibrary.open()) != nil }
    }
}

@Suite(.needsHiGHS) struct MixedIntegerTests {
    /// The interior point against a simplex and an active-set method that know nothing of it.
    @Test(arguments: 1...40) func interiorPointFindsTheCostOfHiGHS(seed: UInt64) throws {
        var random = SplitMix64(skipping: seed + 500)
        let program = stagedProgram(&random, stages: 3 + Int(seed) % 17, curved: seed % 2 == 0)
        let ours = InteriorPoint(pattern: program.matrix.pattern).solve(program)
        let theirs = try MixedIntegerSolver().solve(MixedIntegerProgram(program))
        #expect(ours.status == .optimal && theirs.status == .optimal)
        #expect(abs(ours.objective - theirs.objective) < 1e-6 * (1 + abs(ours.objective)))
    }

    /// Every choice of twelve binaries tried by hand.
    @Test(arguments: 1...20) func binariesAreThoseOfEnumeration(seed: UInt64) throws {
        let program = knapsacks(seed, binaries: 12)
        let solution = try MixedIntegerSolver(relativeGap: 0).solve(program)
        var best = Double.infinity
        for choice in 0..<(1 << 12) {
            let x = (0..<12).map { choice >> $0 & 1 == 1 ? 1.0 : 0 }
            guard violation(program, x) <= 1e-9 else { continue }
            best = min(best, zip(program.cost, x).reduce(0) { $0 + $1.0 * $1.1 })
        }
        #expect(solution.status == .optimal)
        #expect(abs(solution.objective - best) < 1e-9 * (1 + abs(best)))
        #expect(violation(program, solution.x) < 1e-6)
        #expect(solution.x.allSatisfy { abs($0 - $0.rounded()) < 1e-6 })
        #expect(solution.bound <= solution.objective && solution.gap <= 1e-9)
    }

    @Test func aGapIsAPromise() throws {
        let program = knapsacks(3, binaries: 40)
        let exact = try MixedIntegerSolver(relativeGap: 0).solve(program)
        let rough = try MixedIntegerSolver(relativeGap: 0.05).solve(program)
        #expect(rough.gap <= 0.05 && rough.objective >= exact.objective)
        #expect(rough.bound <= exact.objective)
        #expect(try MixedIntegerSolver(relativeGap: 0).solve(program) == exact, "the same again")
    }

    @Test func impossibleAndEndlessAreToldApart() throws {
        var program = MixedIntegerProgram(matrix: SparseRows(columns: 1, rows: [[(0, 1)]]))
        program.cost = [-1]
        program.rowLower = [-.infinity]
        program.rowUpper = [.infinity]
        #expect(try MixedIntegerSolver().solve(program).status == .unbounded)
        program.rowUpper = [-1]
        let impossible = try MixedIntegerSolver().solve(program)
        #expect(impossible.status == .infeasible && impossible.x.isEmpty && impossible.gap == 1)
        program.rowUpper = [2.5]
        program.isInteger = [true]
        #expect(try MixedIntegerSolver().solve(program).x == [2])
    }

    @Test func theCallerStopsTheSearch() throws {
        let program = knapsacks(5, binaries: 200, rows: 30)
        var told: [MixedIntegerProgress] = []
        let solution = try MixedIntegerSolver(relativeGap: 0, timeLimit: 20).solve(program) {
            told.append($0)
            return false
        }
        #expect(solution.status == .stopped && told.count == 1)
        #expect(told.allSatisfy { $0.seconds >= 0 && $0.bound <= $0.objective })
        #expect(solution.x.isEmpty == (solution.objective == .infinity))
    }

    @Test func aLimitOfTimeEndsWithWhatIsKnown() throws {
        let program = knapsacks(5, binaries: 200, rows: 30)
        let solution = try MixedIntegerSolver(relativeGap: 0, timeLimit: 0.3).solve(program)
        #expect(solution.status == .stopped)
        #expect(solution.bound <= solution.objective)
    }

    /// A start that is the optimum is taken: no other point is as cheap.
    @Test func aStartIsTaken() throws {
        var program = knapsacks(5, binaries: 200, rows: 30)
        let first = try MixedIntegerSolver(relativeGap: 0.01).solve(program)
        program.start = first.x
        var objectives: [Double] = []
        _ = try MixedIntegerSolver(relativeGap: 0).solve(program) {
            objectives.append($0.objective)
            return false
        }
        #expect(objectives.first.map { $0 <= first.objective + 1e-6 } == true)
    }
}

/// Least cost with `rows` covering rows over binaries.
func knapsacks(_ seed: UInt64, binaries: Int, rows count: Int = 3) -> MixedIntegerProgram {
    var random = SplitMix64(skipping: seed + 900)
    let rows = (0..<count).map { _ in (0..<binaries).map { (column: $0, value: random.uniform(1...20)) } }
    var program = MixedIntegerProgram(matrix: SparseRows(columns: binaries, rows: rows))
    program.cost = (0..<binaries).map { _ in random.uniform(5...30) }
    program.upper = Array(repeating: 1, count: binaries)
    program.isInteger = Array(repeating: true, count: binaries)
    program.rowLower = rows.map { 0.37 * $0.reduce(0) { $0 + $1.value } }
    program.rowUpper = Array(repeating: .infinity, count: count)
    return program
}

/// The largest violation of rows and bounds.
func violation(_ program: MixedIntegerProgram, _ x: [Double]) -> Double {
    var worst = 0.0
    let pattern = program.matrix.pattern
    for i in 0..<program.rows {
        var sum = 0.0
        for k in pattern.start[i]..<pattern.start[i + 1] {
            sum += program.matrix.values[k] * x[pattern.column[k]]
        }
        worst = max(worst, program.rowLower[i] - sum, sum - program.rowUpper[i])
    }
    for j in x.indices { worst = max(worst, program.lower[j] - x[j], x[j] - program.upper[j]) }
    return worst
}

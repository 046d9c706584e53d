import Optimization
import TestSupport
import Testing

@Suite struct StagedInteriorPointTests {
    /// The band of the whole horizon is the oracle: factored by LAPACK, and written apart from this solver.
    @Test(arguments: 1...60) func agreesWithTheBand(seed: UInt64) {
        var random = SplitMix64(skipping: seed)
        let stages = Int(seed)
        let program = randomStages(&random, stages: stages, curved: seed % 2 == 0, cyclic: seed % 3 == 0)
        let staged = StagedInteriorPoint(pattern: program.pattern).solve(program)
        let whole = ConvexProgram(program)
        let band = InteriorPoint(pattern: whole.matrix.pattern, kernel: .lapack).solve(whole)
        #expect(staged.status == .optimal && band.status == .optimal, "\(staged.status) \(band.status)")
        #expect(
            abs(staged.objective - band.objective) < 3e-8 * (1 + abs(band.objective)),
            "\(staged.objective) \(band.objective)")
        let defect = kktDefect(whole, staged)
        #expect(defect.violation < 1e-7 && defect.gap < 2e-8, "\(defect)")
    }

    @Test func reuseLeavesNoTrace() {
        var random = SplitMix64(skipping: 11)
        let first = randomStages(&random, stages: 20, curved: false, cyclic: false)
        var second = first
        for j in second.cost.indices { second.cost[j] += random.uniform(-1...1) }
        second.upper[3] = .infinity
        second.upper[7] = second.lower[7]
        let solver = StagedInteriorPoint(pattern: first.pattern)
        let alone = solver.solve(first)
        _ = solver.solve(second)
        #expect(solver.solve(first) == alone)
    }

    /// Turning a cycle does not change it: the segments then begin elsewhere.
    @Test func aCycleHasNoBeginning() {
        var random = SplitMix64(skipping: 12)
        let program = randomStages(&random, stages: 48, curved: true, cyclic: true)
        var turned = program
        func turn(_ values: [Double], _ each: Int) -> [Double] {
            Array(values[5 * each..<values.count] + values[0..<5 * each])
        }
        let (n, rows) = (program.pattern.columns, program.pattern.rows)
        turned.values = turn(program.values, program.pattern.entries.count)
        (turned.cost, turned.quadratic) = (turn(program.cost, n), turn(program.quadratic, n))
        (turned.lower, turned.upper) = (turn(program.lower, n), turn(program.upper, n))
        turned.rightHandSide = turn(program.rightHandSide, rows)
        let solver = StagedInteriorPoint(pattern: program.pattern)
        let (one, other) = (solver.solve(program), solver.solve(turned))
        #expect(one.status == .optimal && other.status == .optimal)
        #expect(abs(one.objective - other.objective) < 3e-8 * (1 + abs(one.objective)))
    }

    @Test func infeasibleAndUnboundedAreTold() {
        // A store of 3 that may take 1 an hour must hold 5 after 4 hours.
        let pattern = StagedProgram.Pattern(
            stages: 4, columns: 2, rows: 1,
            entries: [
                .init(row: 0, column: 0), .init(row: 0, column: 1),
                .init(row: 0, column: 0, isCarried: true),
            ])
        var program = StagedProgram(pattern: pattern, values: [1, -1, -1])
        program.upper = [9, 1, 9, 1, 9, 1, 9, 1]
        program.lower[6] = 5
        let solver = StagedInteriorPoint(pattern: pattern)
        #expect(solver.solve(program).status == .infeasible)
        program.lower[6] = 4
        let full = solver.solve(program)
        #expect(full.status == .optimal && abs(full.x[6] - 4) < 1e-6)
        program.upper = Array(repeating: .infinity, count: 8)
        program.cost[6] = -1
        let answer = solver.solve(program)
        #expect(answer.status == .unbounded, "\(answer)")
        #expect(answer.x.allSatisfy(\.isFinite) && answer.objective.isFinite)
    }

    @Test func noStagesAreNoTrouble() {
        let pattern = StagedProgram.Pattern(
            stages: 0, columns: 1, rows: 1, entries: [.init(row: 0, column: 0)])
        let program = StagedProgram(pattern: pattern, values: [1])
        let solution = StagedInteriorPoint(pattern: pattern).solve(program)
        #expect(solution.status == .optimal && solution.objective == 0 && solution.x.isEmpty)
    }

    @Test func stagesAreReadFromRows() {
        var random = SplitMix64(skipping: 13)
        let program = stagedProgram(&random, stages: 19, curved: true)
        let staging = Staging(program.matrix.pattern, stages: 19)!
        #expect(staging.pattern.entries.count { $0.isCarried } == 1)
        let back = ConvexProgram(staging.staged(program))
        let (a, b) = (
            InteriorPoint(pattern: program.matrix.pattern).solve(program),
            InteriorPoint(pattern: back.matrix.pattern).solve(back)
        )
        #expect(a.objective == b.objective)
        // Rows that reach further, or stages that cannot be.
        #expect(Staging(program.matrix.pattern, stages: 38) == nil)
        #expect(Staging(program.matrix.pattern, stages: 3) == nil)
    }
}

/// A feasible staged program: two carried states, one row that is only of its stage, values that vary, every
/// kind of bound.
private func randomStages(_ random: inout SplitMix64, stages: Int, curved: Bool, cyclic: Bool)
    -> StagedProgram
{
    let places = [
        (0, 0, false), (0, 1, false), (0, 2, false), (0, 0, true), (1, 3, false), (1, 4, false),
        (1, 3, true), (1, 1, true), (2, 1, false), (2, 2, false), (2, 4, false), (2, 5, false), (2, 6, false),
    ]
    let pattern = StagedProgram.Pattern(
        stages: stages, columns: 7, rows: 3,
        entries: places.map { .init(row: $0.0, column: $0.1, isCarried: $0.2) }, isCyclic: cyclic)
    let common = places.map { $0.2 ? -0.9 : random.uniform(0.5...2) }
    let values = (0..<stages).flatMap { _ in
        common.enumerated().map { $0 % 4 == 2 ? $1 + random.uniform(-0.2...0.2) : $1 }
    }
    var program = StagedProgram(pattern: pattern, values: values)
    var point: [Double] = []
    for j in 0..<stages * 7 {
        let kind = random.uniform(0...1)
        let low = random.uniform(-3...3)
        program.lower[j] = kind < 0.1 ? -.infinity : low
        program.upper[j] = kind < 0.15 || kind > 0.8 ? .infinity : low + random.uniform(0.5...5)
        if kind > 0.75, kind < 0.8 { program.upper[j] = low }
        point.append(min(low + random.uniform(0...2), program.upper[j]))
        program.cost[j] = program.upper[j] < .infinity ? random.uniform(-2...3) : random.uniform(0...3)
        if kind < 0.15 || curved && random.uniform(0...1) < 0.5 {
            program.quadratic[j] = random.uniform(0.1...2)
        }
        if program.lower[j] == -.infinity { program.quadratic[j] += 0.5 }
    }
    for t in 0..<stages {
        for (e, entry) in pattern.entries.enumerated() {
            let from = entry.isCarried ? (t > 0 ? t - 1 : cyclic ? stages - 1 : -1) : t
            guard from >= 0 else { continue }
            program.rightHandSide[t * 3 + entry.row] +=
                program.value(e, at: t) * point[from * 7 + entry.column]
        }
    }
    return program
}

/// One program inside HiGHS. Everything that changes the answer is set: one thread, seed 0; the same program
/// gives the same answer, unless a time limit or the caller stops the search.
final class HiGHSModel {
    let calls: HiGHSCalls
    let model: HiGHSCalls.Model
    let program: MixedIntegerProgram
    /// The program was taken as it is.
    private(set) var isValid = false

    /// What the solver calls its ends.
    enum End {
        static let solveError: Int32 = 4
        static let empty: Int32 = 6
        static let optimal: Int32 = 7
        static let infeasible: Int32 = 8
        static let infeasibleOrUnbounded: Int32 = 9
        static let unbounded: Int32 = 10
        static let timeLimit: Int32 = 13
        /// Of nodes or of solutions.
        static let solutionLimit: Int32 = 16
        static let interrupted: Int32 = 17
    }

    init(_ library: HiGHSLibrary, _ program: MixedIntegerProgram) {
        calls = library.calls
        self.program = program
        guard let model = calls.create() else { preconditionFailure("HiGHS made no model: out of memory") }
        self.model = model
        // Its log is silent, but on: it tells its progress only while it believes to be printing it.
        _ = calls.setBool(model, "log_to_console", 0)
        _ = calls.setInt(model, "threads", 1)
        _ = calls.setString(model, "parallel", "off")
        _ = calls.setInt(model, "random_seed", 0)
        isValid = pass() >= 0
        if let start = program.start { begin(start) }
    }

    deinit { calls.destroy(model) }

    private func pass() -> Int32 {
        let pattern = program.matrix.pattern
        let wholes = program.isInteger.map { Int32($0 ? 1 : 0) }
        let isCurved = program.quadratic.contains { $0 != 0 }
        var curvatureStart: [Int32] = []
        var curved: [Int32] = []
        if isCurved {
            for (j, q) in program.quadratic.enumerated() {
                curvatureStart.append(Int32(curved.count))
                if q != 0 { curved.append(Int32(j)) }
            }
        }
        return calls.passModel(
            model, Int32(program.variables), Int32(program.rows), Int32(pattern.column.count),
            Int32(curved.count), 2, 1, 1, 0, program.cost, program.lower, program.upper, program.rowLower,
            program.rowUpper, pattern.start.map(Int32.init), pattern.column.map(Int32.init),
            program.matrix.values, isCurved ? curvatureStart : nil, isCurved ? curved : nil,
            isCurved ? curved.map { program.quadratic[Int($0)] } : nil,
            program.isInteger.contains(true) ? wholes : nil)
    }

    private func begin(_ start: [Double]) {
        let known = start.indices.filter { !start[$0].isNaN }
        _ = calls.setSparseSolution(
            model, Int32(known.count), known.map(Int32.init), known.map { start[$0] })
    }

    func info(_ name: String) -> Double {
        var value = 0.0
        return calls.doubleInfo(model, name, &value) >= 0 ? value : .nan
    }

    /// The point it stands at, empty where it has none that satisfies the constraints.
    func point() -> [Double] {
        var state: Int32 = 0
        guard calls.intInfo(model, "primal_solution_status", &state) >= 0, state == 2 else { return [] }
        return columns()
    }

    /// Values of the variables.
    func columns() -> [Double] {
        var x = [Double](repeating: 0, count: program.variables)
        guard calls.solution(model, &x, nil, nil, nil) >= 0, x.allSatisfy(\.isFinite) else { return [] }
        return x
    }
}

import Grid
import LinearAlgebra
import TextFile
import UnitDispatch

/// Reads the coefficients of Kron's loss formula.
struct LossReader {
    private let matrix: NumberTable
    private let linear: NumberTable?
    private let units: Int

    init(_ matrix: NumberTable, _ linear: NumberTable?, units: Int) {
        (self.matrix, self.linear, self.units) = (matrix, linear, units)
    }

    /// Nil where something is wrong.
    func read(_ constant: Double, _ basePower: Power, _ mistakes: inout [FileMistake]) -> LossFormula? {
        let count = mistakes.count
        let names = (0..<units).map { "B\($0 + 1)" }
        let quadratic = columns(names, of: matrix, &mistakes)
        let first = linear.map { columns(["B0"], of: $0, &mistakes).first ?? [] }
        guard mistakes.count == count else { return nil }
        var b = Matrix(rows: units, columns: units)
        for (j, column) in quadratic.enumerated() { for i in 0..<units { b[i, j] = column[i] } }
        return LossFormula(
            perUnit: b, linear: first ?? Array(repeating: 0, count: units), constant: constant,
            basePower: basePower)
    }

    /// The columns of those names, a number for each unit; nothing else may be in the table.
    private func columns(
        _ names: [String], of table: NumberTable, _ mistakes: inout [FileMistake]
    ) -> [[Double]] {
        let known = Set(names)
        let allowed = names.count > 3 ? "B1 to B\(units), one for each unit" : names.joined(separator: ", ")
        table.refuse(unless: { known.contains($0) }, like: names, allowed: allowed, &mistakes)
        if table.rows != units {
            let message = "\(table.rows) rows; there must be one for each of the \(units) units"
            mistakes.append(FileMistake(file: table.file, message: message))
        }
        var tally = MistakeTally()
        let columns = names.map { name -> [Double] in
            guard table.require(name, &mistakes) else { return [] }
            return table.numbers(name, &mistakes).enumerated().map { row, number in
                if table.isEmpty(name, row) {
                    tally.add(table.mistake("a number is missing", name, row), to: &mistakes)
                }
                return number ?? 0
            }
        }
        tally.close(&mistakes)
        return columns
    }
}

import Grid
import LinearAlgebra
import TestSupport
import UnitDispatch

/// The problems of `Tests/Golden/dispatch`.
enum Problems {
    static func table(_ name: String) throws -> GoldenTable { try GoldenTable("dispatch/" + name) }

    static func units(_ name: String) throws -> [GeneratingUnit] { units(try table(name)) }

    static func units(_ table: GoldenTable) -> [GeneratingUnit] {
        table.numbers.map { row in
            GeneratingUnit(
                limits: Power(row[0] * 1e6)...Power(row[1] * 1e6),
                cost: .polynomial(constant: row[2], linear: row[3] / 1e6, quadratic: row[4] / 1e12))
        }
    }

    static func demand(_ name: String) throws -> Power {
        Power(try table("ed_demand").rows.first { $0.text("case") == name }!["demand_mw"] * 1e6)
    }

    static func losses(_ name: String) throws -> LossFormula {
        let rows = try table("\(name)_B").numbers
        var matrix = Matrix(rows: rows.count, columns: rows.count)
        for (i, row) in rows.enumerated() { for (j, value) in row.enumerated() { matrix[i, j] = value } }
        return LossFormula(
            perUnit: matrix, linear: try table("\(name)_B0").numbers.map { $0[0] },
            constant: try table("\(name)_B00").numbers[0][0], basePower: Power(100e6))
    }
}

import Foundation
import Grid
import LinearAlgebra
import TestSupport
import UnitDispatch

/// The problems of `Tests/Golden/dispatch`.
enum Problems {
    static let folder = Checkout.golden.appending(path: "dispatch")

    static func table(_ name: String, in folder: URL = folder) throws -> [[Double]] {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            .split(separator: "\n").dropFirst().map { $0.split(separator: ",").map { Double($0)! } }
    }

    static func units(_ name: String, in folder: URL = folder) throws -> [GeneratingUnit] {
        try table("\(name).csv", in: folder).map { row in
            GeneratingUnit(
                limits: Power(row[0] * 1e6)...Power(row[1] * 1e6),
                cost: .polynomial(constant: row[2], linear: row[3] / 1e6, quadratic: row[4] / 1e12))
        }
    }

    static func demand(_ name: String) throws -> Power {
        let text = try String(contentsOf: folder.appending(path: "ed_demand.csv"), encoding: .utf8)
        let row = text.split(separator: "\n").first { $0.hasPrefix("\(name),") }!
        return Power(Double(row.split(separator: ",")[1])! * 1e6)
    }

    static func losses(_ name: String) throws -> LossFormula {
        let rows = try table("\(name)_B.csv")
        var matrix = Matrix(rows: rows.count, columns: rows.count)
        for (i, row) in rows.enumerated() { for (j, value) in row.enumerated() { matrix[i, j] = value } }
        return LossFormula(
            perUnit: matrix, linear: try table("\(name)_B0.csv").map { $0[0] },
            constant: try table("\(name)_B00.csv")[0][0], basePower: Power(100e6))
    }
}

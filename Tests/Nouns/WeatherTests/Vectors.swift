import Foundation
import TestSupport

/// One file of `Tests/Golden/weather`, by row and column.
struct Vectors {
    private let columns: [String: Int]
    let rows: [Row]

    struct Row {
        fileprivate let columns: [String: Int]
        fileprivate let cells: [Substring]

        func text(_ column: String) -> String { String(cells[columns[column]!]) }
        /// NaN where the cell is empty.
        func callAsFunction(_ column: String) -> Double { Double(text(column)) ?? .nan }
    }

    init(_ name: String) throws {
        let folder = Checkout.golden.appending(path: "weather")
        let text = try String(
            contentsOf: folder.appendingPathComponent("\(name).csv"), encoding: .utf8)
        let lines = text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let header = Dictionary(uniqueKeysWithValues: lines[0].enumerated().map { (String($1), $0) })
        columns = header
        rows = lines.dropFirst().map { Row(columns: header, cells: $0) }
    }
}

func near(_ a: Double, _ b: Double, relative: Double = 1e-6, absolute: Double = 1e-6) -> Bool {
    abs(a - b) <= max(absolute, relative * abs(b))
}

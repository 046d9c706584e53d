import Foundation
import Testing

/// A small CSV file: a header, then rows without quotes.
struct Table {
    typealias Row = [String: String]
    let rows: [Row]

    init(_ url: URL) throws {
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
        let header = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        rows = lines.dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(uniqueKeysWithValues: zip(header, cells))
        }
    }
}

extension Table.Row {
    func text(_ column: String) throws -> String { try #require(self[column]) }
    func number(_ column: String) throws -> Double { try #require(self[column].flatMap(Double.init)) }

    func index(_ column: String) throws -> Int { try #require(self[column].flatMap { Int($0) }) }

    /// Nil where the cell is empty.
    func optional(_ column: String) throws -> Double? {
        try text(column).isEmpty ? nil : number(column)
    }

    /// The numbers of a cell such as `3:30 8:-30`.
    func lists(_ column: String) throws -> [[Double]] {
        try text(column).split(separator: " ").map { part in
            try part.split(separator: ":").map { try #require(Double($0)) }
        }
    }
}

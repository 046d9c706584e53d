import Foundation
import Testing

/// A small CSV file: a header, then rows without quotes.
struct Table {
    let rows: [[String: String]]

    init(_ url: URL) throws {
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
        let header = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        rows = lines.dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(uniqueKeysWithValues: zip(header, cells))
        }
    }
}

extension [String: String] {
    func number(_ column: String) throws -> Double { try #require(self[column].flatMap(Double.init)) }
    func index(_ column: String) throws -> Int { try #require(self[column].flatMap { Int($0) }) }
}

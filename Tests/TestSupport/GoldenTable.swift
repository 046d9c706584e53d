public import Foundation

/// A table of the test data: a CSV file with a header and without quotes.
public struct GoldenTable: Sendable {
    /// One line below the header. A column that the file does not have stops the test run: the file is part
    /// of the checkout, so the mistake is the test's.
    public struct Row: Sendable, CustomStringConvertible {
        fileprivate let columns: [String: Int]
        fileprivate let cells: [Substring]

        /// The cell as it stands.
        public func text(_ column: String) -> String {
            guard let index = columns[column] else {
                preconditionFailure("no column \(column) in \(columns.keys)")
            }
            return String(cells[index])
        }

        /// The cell as a number; not a number where it is empty or holds a word.
        public subscript(column: String) -> Double { Double(text(column)) ?? .nan }

        /// The cell as a number, nil where it is empty.
        public func optional(_ column: String) -> Double? {
            text(column).isEmpty ? nil : self[column]
        }

        /// The numbers of a cell such as `3:30 8:-30`.
        public func lists(_ column: String) -> [[Double]] {
            text(column).split(separator: " ").map { part in
                part.split(separator: ":").map { Double($0) ?? .nan }
            }
        }

        /// All cells in order as numbers; not a number where a cell is empty or holds a word.
        public var numbers: [Double] { cells.map { Double($0) ?? .nan } }

        public var description: String { cells.joined(separator: ",") }
    }

    /// The lines below the header.
    public let rows: [Row]

    /// Reads `Tests/Golden/<path>.csv`.
    public init(_ path: String) throws {
        try self.init(contentsOf: Checkout.golden.appending(path: path + ".csv"))
    }

    /// Reads a file of another folder.
    public init(contentsOf file: URL) throws {
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let header = lines.first ?? []
        let columns = Dictionary(uniqueKeysWithValues: header.enumerated().map { (String($1), $0) })
        for line in lines where line.count != header.count {
            throw Malformed(file: file.path, line: line.joined(separator: ","))
        }
        rows = lines.dropFirst().map { Row(columns: columns, cells: $0) }
    }

    /// A line whose cells are not as many as the header's.
    public struct Malformed: Error {
        let file: String
        let line: String
    }

    /// All rows as numbers.
    public var numbers: [[Double]] { rows.map(\.numbers) }
}

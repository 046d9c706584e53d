import Foundation
import GRDB
public import Grid
public import PowerFlow

/// Where results of power flows are written. Nothing is ever overwritten, and what is written appears whole
/// or not at all.
public struct PowerFlowFiles {
    private enum Place {
        case directory(RunDirectory)
        case database(NewFile)
    }

    private let place: Place

    /// A new directory at `path`; or, where `path` ends in `.sqlite`, a new database. Throws, before anything
    /// is solved, where it cannot be made.
    public init(at path: String) throws(ExportError) {
        place =
            path.hasSuffix(".sqlite")
            ? .database(try NewFile(at: path)) : .directory(try RunDirectory(at: path))
    }

    /// Writes `bus.csv` and `branch.csv`, or tables of these names in the database.
    public func write(_ result: PowerFlowResult) throws(ExportError) {
        switch place {
        case .database(let file):
            try file.write { folder, name throws(ExportError) in
                // Made here, so that the database is never written through a link.
                try ByteSink(name, in: folder).close()
                try Self.database(result.tables, at: folder + "/" + name)
            }
        case .directory(let directory):
            for table in result.tables { try Self.csv(table, in: directory.staging) }
            try directory.publish()
        }
    }

    /// Writes `voltages.csv` in the directory: a row for each step with its label, how it ended, and |V| of
    /// every named bus, per unit of nominal; empty where there is no solution.
    public func write(
        _ voltages: VoltageSeries, labels: [String], labelName: String, of networkCase: NetworkCase
    ) throws(ExportError) {
        guard case .directory(let directory) = place else {
            throw ExportError("voltages of a profile are written to a directory, not to a database")
        }
        let sink = try ByteSink("voltages.csv", in: directory.staging)
        sink.append(([labelName, "status"].joined(separator: ",")).utf8)
        let buses = networkCase.namedBuses
        for bus in buses { sink.append(("," + CSVText.cell("\(bus.name)_pu")).utf8) }
        sink.append(byte: 10)
        let format = FixedDecimal(decimals: 8)
        for step in 0..<voltages.steps {
            sink.append((CSVText.cell(labels[step]) + "," + voltages.status[step].rawValue).utf8)
            for bus in buses {
                sink.append(byte: 44)
                if voltages.status[step].isSolved {
                    sink.append(voltages.magnitude(bus: bus.bus, step: step), format)
                }
            }
            sink.append(byte: 10)
            try sink.check()
        }
        try sink.close()
        try directory.publish()
    }

    private static func csv(_ table: ResultTable, in directory: String) throws(ExportError) {
        let sink = try ByteSink("\(table.name).csv", in: directory)
        sink.append(table.columns.map { CSVText.cell($0.name) }.joined(separator: ",").utf8)
        sink.append(byte: 10)
        let formats = table.columns.map { FixedDecimal(decimals: $0.decimals ?? 0) }
        for row in table.rows {
            for (index, cell) in row.enumerated() {
                if index > 0 { sink.append(byte: 44) }
                switch cell {
                case .text(let text): sink.append(CSVText.cell(text).utf8)
                case .number(let number): if let number { sink.append(number, formats[index]) }
                }
            }
            sink.append(byte: 10)
        }
        try sink.close()
    }

    private static func database(_ tables: [ResultTable], at path: String) throws(ExportError) {
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.write { database in
                for table in tables { try insert(table, in: database) }
            }
            try queue.close()
        } catch {
            throw ExportError("cannot write the database: \(error)")
        }
    }

    private static func insert(_ table: ResultTable, in database: GRDB.Database) throws {
        let columns = table.columns.map { "\($0.name) \($0.decimals == nil ? "TEXT" : "REAL")" }
        try database.execute(
            sql:
                "CREATE TABLE \(table.name) (number INTEGER PRIMARY KEY, \(columns.joined(separator: ", "))) STRICT"
        )
        let marks = Array(repeating: "?", count: columns.count + 1).joined(separator: ", ")
        let statement = try database.makeStatement(sql: "INSERT INTO \(table.name) VALUES (\(marks))")
        for (index, row) in table.rows.enumerated() {
            let values = row.map { cell -> (any DatabaseValueConvertible)? in
                switch cell {
                case .text(let text): text
                case .number(let number): number
                }
            }
            try statement.execute(arguments: StatementArguments([index + 1] + values))
        }
    }
}

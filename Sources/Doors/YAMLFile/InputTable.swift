public import TextFile

/// A CSV table that a YAML file names, read by the names of its columns.
public struct InputTable {
    /// The cells.
    public let csv: CSVTable
    private let collector: MistakeCollector

    /// Reads the table that `field` names; nil, with the reasons reported, if it cannot be read or has no
    /// rows. A table that several fields name is cut into cells once.
    public init?(_ field: Field, in folder: InputFolder) {
        guard let bytes = field.fileBytes(in: folder), let name = field.text else { return nil }
        let (csv, mistakes) = folder.table(name, bytes)
        field.collector.add(mistakes)
        guard mistakes.isEmpty else { return nil }
        self.csv = csv
        collector = field.collector
    }

    /// The indices of the rows; the header is not a row.
    public var rows: Range<Int> { 0..<csv.rowCount }

    /// Reports an error of one cell of a column that exists.
    public func mistake(_ message: String, row: Int, _ column: String) {
        collector.add([csv.mistake(message, row: row, column: csv.index(of: column)!)])
    }

    /// Reports an error of the table as a whole, at its first line.
    public func mistake(_ message: String) {
        collector.add([FileMistake(file: csv.file, line: 1, message: message)])
    }

    /// One cell as a field, so that texts in tables and in YAML files are read by the same code; nil if there
    /// is no such column.
    public func field(row: Int, _ column: String) -> Field? {
        guard let index = csv.index(of: column) else { return nil }
        let place = csv.mistake("", row: row, column: index)
        let node = Node(
            content: .text(csv.text(row: row, column: index), quoted: true),
            mark: Mark(line: place.line, column: place.column))
        return Field(path: column, node: node, collector: collector, file: csv.file)
    }

    /// One text a row; nil, with the reason reported, if the column is missing.
    public func texts(_ column: String) -> [String]? {
        var mistakes: [FileMistake] = []
        let texts = csv.texts(column, mistakes: &mistakes)
        collector.add(mistakes)
        return mistakes.isEmpty ? texts : nil
    }

    /// One number a row; nil, with the reasons reported, if the column is missing or a cell is not a number
    /// within `allowed`.
    public func numbers(_ column: String, in allowed: ClosedRange<Double>) -> [Double]? {
        var mistakes: [FileMistake] = []
        let numbers = csv.numbers(column, in: allowed, mistakes: &mistakes)
        collector.add(mistakes)
        return mistakes.isEmpty ? numbers : nil
    }

    /// One whole number a row; nil, with the reasons reported, if the column is missing or a cell is not a
    /// whole number within `allowed`.
    public func integers(_ column: String, in allowed: ClosedRange<Int>) -> [Int]? {
        var mistakes: [FileMistake] = []
        let integers = csv.integers(column, in: allowed, mistakes: &mistakes)
        collector.add(mistakes)
        return mistakes.isEmpty ? integers : nil
    }

    /// One number a row, nil where the cell is empty. If the column is missing, every row is nil. Nil as a
    /// whole, with the reasons reported, if a cell is not a number within `allowed`.
    public func optionalNumbers(_ column: String, in allowed: ClosedRange<Double>) -> [Double?]? {
        guard let index = csv.index(of: column) else { return rows.map { _ in nil } }
        var isGood = true
        let numbers = rows.map { row -> Double? in
            let text = csv.text(row: row, column: index)
            guard !text.isEmpty else { return nil }
            if let number = decimal(text.utf8), allowed.contains(number) { return number }
            mistake(
                "\(quoted(text)) is not a number from \(shortDecimal(allowed.lowerBound)) to "
                    + "\(shortDecimal(allowed.upperBound))", row: row, column)
            isGood = false
            return nil
        }
        return isGood ? numbers : nil
    }

    /// Reports every row that repeats an earlier one cell by cell; `advice` says what to write if both are
    /// meant.
    public func refuseCopies(_ advice: String) {
        for row in csv.copies {
            mistake("the row repeats an earlier one; \(advice)", row: row, csv.columns[0])
        }
    }

    /// Reports every column whose name is not in `known`.
    public func refuseColumns(besides known: [String]) {
        let unused = known.filter { !csv.columns.contains($0) }
        for column in csv.columns where !known.contains(column) {
            let hint = collector.wantsHints ? suggestion(column, in: unused) : ""
            let allowed = hint.isEmpty ? "; allowed are \(known.joined(separator: ", "))" : hint
            let message = "unknown column \(quoted(column))\(allowed)"
            collector.add([csv.mistake(message, header: csv.index(of: column)!)])
        }
    }
}

extension Field {
    /// The contents of the file in `folder` that this field names; nil, with the reason reported, if it
    /// cannot be read.
    public func fileBytes(in folder: InputFolder) -> [UInt8]? {
        guard let text else { return refuse("the name of a file") }
        do {
            return try folder.read(text)
        } catch {
            mistake("\(quoted(text)): \(error.reason)\(folder.suggestion(for: text))")
            return nil
        }
    }
}

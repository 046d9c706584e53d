import TextFile

/// A table beside the scenario, read by the names of its columns.
struct Table {
    let csv: CSVTable
    let report: Report

    /// Nil, with the reason told, when `field` names no readable table of at least one row.
    init?(_ field: Field, in folder: Folder) {
        guard let bytes = field.fileBytes(in: folder), let name = field.text else { return nil }
        var mistakes: [FileMistake] = []
        let csv = CSVTable(bytes, file: folder.prefix + name, mistakes: &mistakes)
        if mistakes.isEmpty, csv.rowCount == 0 {
            mistakes.append(
                FileMistake(file: folder.prefix + name, line: 1, message: "the table has no rows"))
        }
        field.report.add(mistakes)
        guard mistakes.isEmpty else { return nil }
        self.csv = csv
        report = field.report
    }

    var rows: Range<Int> { 0..<csv.rowCount }

    func mistake(_ message: String, row: Int, _ column: String, _ severity: FileMistake.Severity = .error) {
        let mistake = csv.mistake(message, row: row, column: csv.index(of: column)!)
        report.add([
            FileMistake(
                severity: severity, file: mistake.file, line: mistake.line, column: mistake.column,
                message: mistake.message)
        ])
    }

    /// Nil, with the reason told, when the column is missing.
    func texts(_ column: String) -> [String]? {
        var mistakes: [FileMistake] = []
        let texts = csv.texts(column, mistakes: &mistakes)
        report.add(mistakes)
        return mistakes.isEmpty ? texts : nil
    }

    /// Nil, with the reasons told, when the column is missing or a cell is no number within `allowed`.
    func numbers(_ column: String, in allowed: ClosedRange<Double>) -> [Double]? {
        var mistakes: [FileMistake] = []
        let numbers = csv.numbers(column, in: allowed, mistakes: &mistakes)
        report.add(mistakes)
        return mistakes.isEmpty ? numbers : nil
    }

    /// One number a row, nil where the cell is empty; the column may be left out.
    func optionalNumbers(_ column: String, in allowed: ClosedRange<Double>) -> [Double?]? {
        guard let index = csv.index(of: column) else { return rows.map { _ in nil } }
        var isGood = true
        let numbers = rows.map { row -> Double? in
            let text = csv.text(row: row, column: index)
            guard !text.isEmpty else { return nil }
            if let number = decimal(text.utf8), allowed.contains(number) { return number }
            mistake(
                "\(quoted(text)) is not a number from \(Decimal(allowed.lowerBound)) to "
                    + "\(Decimal(allowed.upperBound))", row: row, column)
            isGood = false
            return nil
        }
        return isGood ? numbers : nil
    }

    /// The columns besides `known`: mistakes where there may be none.
    func refuseColumns(besides known: [String]) {
        for column in csv.columns where !known.contains(column) {
            let unused = known.filter { !csv.columns.contains($0) }
            let hint = suggestion(column, in: unused)
            report.add([
                FileMistake(
                    file: csv.file, line: 1,
                    message: "unknown column \(quoted(column))"
                        + (hint.isEmpty ? "; allowed are \(known.joined(separator: ", "))" : hint))
            ])
        }
    }
}

extension Field {
    /// The file this field names, within the scenario's folder.
    func fileBytes(in folder: Folder) -> [UInt8]? {
        guard let text else { return refuse("the name of a file") }
        do {
            return try folder.read(text)
        } catch {
            mistake("\(quoted(text)): \(error.reason)\(folder.suggestion(for: text))")
            return nil
        }
    }
}

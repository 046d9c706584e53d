import Foundation
import TextFile
import Timeline

/// Reads the profiles that the elements of a SimBench folder name; each table once.
struct SimbenchProfileReader {
    /// Times of the rows of all tables.
    struct Time: Hashable {
        let labels: [String]
        let start: CivilTime
        let step: Int
        /// Row of each step after `start` by the clock; the row before in an hour that a clock change skips,
        /// the first of two in one that comes twice.
        let rows: [Int]
    }

    /// Places in `shapes`.
    struct Columns {
        var active: Int?
        var reactive: Int?
    }

    private let folder: String
    private(set) var mistakes: [FileMistake] = []
    private(set) var shapes: [[Double]] = []
    private(set) var time: Time?
    private var tables: [String: CSVTable?] = [:]
    private var known: [String: Int] = [:]
    /// Files whose times are wrong.
    private var untimed: Set<String> = []

    init(folder: String) { self.folder = folder }

    /// The columns of each element, by its name. `kinds` are tables of elements, and where their profiles
    /// are.
    mutating func columns(of kinds: [(elements: String, profiles: [String])]) -> [String: Columns] {
        var columns: [String: Columns] = [:]
        for (elements, profiles) in kinds {
            guard let table = table(elements), let index = table.index(of: "profile") else { continue }
            let names = table.texts("id", mistakes: &mistakes)
            var tally = MistakeTally()
            for (row, name) in names.enumerated() {
                let profile = table.text(row: row, column: index)
                guard !profile.isMissing else { continue }
                if columns[name] != nil {
                    let message = "'\(name.prefix(60))' has a profile already, in another table"
                    tally.add(table.mistake(message, row: row, column: index), to: &mistakes)
                }
                let parts = elements == "Load" ? ["_pload", "_qload"] : [""]
                let places = parts.map { shape("\(profile)\($0)", in: profiles) }
                if places.contains(nil) {
                    let message =
                        "there is no profile '\(profile.prefix(60))' in \(profiles.joined(separator: ".csv or ")).csv"
                    tally.add(table.mistake(message, row: row, column: index), to: &mistakes)
                }
                columns[name] = Columns(active: places[0], reactive: places.count > 1 ? places[1] : nil)
            }
            tally.close(&mistakes)
        }
        return columns
    }

    /// The place in `shapes` of a column, of the first table that has it.
    private mutating func shape(_ column: String, in files: [String]) -> Int? {
        for file in files {
            if let place = known["\(file)/\(column)"] { return place }
            guard let table = table(file), table.index(of: column) != nil else { continue }
            guard !untimed.contains(file), readTime(of: table) else {
                untimed.insert(file)
                return 0
            }
            let values = table.numbers(column, in: -1e6...1e6, mistakes: &mistakes)
            known["\(file)/\(column)"] = shapes.count
            shapes.append(values)
            return shapes.count - 1
        }
        return nil
    }

    /// Nil where the folder has no such table.
    private mutating func table(_ name: String) -> CSVTable? {
        if let known = tables[name] { return known }
        let path = "\(folder)/\(name).csv"
        var table: CSVTable?
        if FileManager.default.fileExists(atPath: path) {
            do throws(FileMistakes) {
                let bytes = try InputFile.bytes(at: path, name: path)
                table = CSVTable(bytes, file: path, separator: ";", mistakes: &mistakes)
            } catch {
                mistakes += error.all
            }
        }
        tables[name] = .some(table)
        return table
    }

    /// Whether the rows of a table are those of the others, a step apart.
    private mutating func readTime(of table: CSVTable) -> Bool {
        guard let column = table.index(of: "time") else {
            mistakes.append(FileMistake(file: table.file, line: 1, message: "there is no column 'time'"))
            return false
        }
        let labels = (0..<table.rowCount).map { table.text(row: $0, column: column) }
        if labels == time?.labels { return true }
        if time != nil {
            let message = "the times are not those of the other profiles"
            mistakes.append(FileMistake(file: table.file, line: 2, message: message))
            return false
        }
        let seconds = labels.map { Self.civil($0).map { $0.instant(offset: 0) } }
        guard seconds.count > 1, let first = seconds[0], let second = seconds[1], second > first else {
            let message = "two or more rows with times such as '01.01.2016 00:15' are expected"
            mistakes.append(FileMistake(file: table.file, line: 2, message: message))
            return false
        }
        let step = second.seconds(since: first)
        // Clocks that change by an hour are those of local time.
        let steps = [step, step + 3600, step - 3600]
        var rows: [Int] = []
        var before = first - step
        for (row, instant) in seconds.enumerated() {
            guard let instant, steps.contains(instant.seconds(since: before)) else {
                let message = "'\(labels[row].prefix(40))' is not \(step) s after the time of the row before"
                mistakes.append(table.mistake(message, row: row, column: column))
                return false
            }
            before = instant
            let place = instant.seconds(since: first) / step
            while rows.count < place { rows.append(max(0, row - 1)) }
            if rows.count == place { rows.append(row) }
        }
        time = Time(labels: labels, start: CivilTime(first), step: step, rows: rows)
        return true
    }

    /// `01.01.2016 00:15`, or as ISO 8601 writes it.
    private static func civil(_ text: String) -> CivilTime? {
        let parts = text.split(separator: " ")
        let date = parts.first?.split(separator: ".") ?? []
        guard parts.count == 2, date.count == 3, date[2].count == 4 else { return WrittenTime(text)?.civil }
        return WrittenTime("\(date[2])-\(date[1])-\(date[0]) \(parts[1])")?.civil
    }
}

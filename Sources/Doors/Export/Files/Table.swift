/// The shape of a CSV file: what its columns are called, hold and mean. Header and data package are both made
/// of it.
public struct Table: Hashable, Sendable {
    /// The file is `NAME.csv`.
    public let name: String
    /// What it holds, for readers.
    public let title: String
    /// Columns; the first of a series is the time.
    public let fields: [Field]
    /// Path of the file in the run directory.
    public let path: String

    /// One column.
    public struct Field: Hashable, Sendable {
        /// The type names of Frictionless Table Schema.
        public enum Form: String, Hashable, Sendable {
            /// One case a type.
            case datetime, number, integer, string
        }

        /// As in the header: what a spreadsheet would take for a formula is disarmed.
        public let name: String
        /// Type of the values.
        public let form: Form
        /// What the column holds, for readers.
        public let title: String
        /// Unit of the values; `1` for counts and fractions, nil for text and times.
        public let unit: String?
        /// Decimals of numbers, 0 to 9.
        public let decimals: Int

        /// Creates a column.
        public init(_ name: String, _ form: Form, _ title: String, unit: String? = nil, decimals: Int = 3) {
            self.name = CSVText.disarmed(name)
            self.form = form
            self.title = title
            self.unit = unit
            self.decimals = decimals
        }

        /// The first column of every table.
        public static let time = Field(
            "time", .datetime, "Begin of the interval, local time with offset from UTC")
    }

    /// Creates the table of a series, `timeseries/NAME.csv`, with the time as first column; names of columns
    /// must differ.
    public init(name: String, title: String, fields: [Field]) {
        self.init(name: name, title: title, columns: [.time] + fields, path: "timeseries/\(name).csv")
    }

    /// Creates a table that is no series, `NAME.csv`; names of columns must differ.
    public init(result name: String, title: String, fields: [Field]) {
        self.init(name: name, title: title, columns: fields, path: "\(name).csv")
    }

    private init(name: String, title: String, columns: [Field], path: String) {
        precondition(Set(columns.map(\.name)).count == columns.count)
        (self.name, self.title, self.fields, self.path) = (name, title, columns, path)
    }
}

/// Text in a CSV file.
public enum CSVText {
    /// A spreadsheet runs a cell that begins with = + - @, a tab or a line break as a formula: such a text
    /// gets an apostrophe in front (OWASP, CSV injection).
    public static func disarmed(_ text: String) -> String {
        guard let first = text.utf8.first, [61, 43, 45, 64, 9, 13, 10].contains(first) else { return text }
        return "'" + text
    }

    /// As a cell: disarmed, and in quotation marks where RFC 4180 or a former disarming asks for them.
    public static func cell(_ text: String) -> String {
        let safe = disarmed(text)
        guard safe.utf8.contains(where: { [44, 34, 10, 13, 39].contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}

/// The tables of a pandapower network that hold what a power flow reads.
struct PandapowerTables {
    let name: String?
    /// Hz.
    let frequency: Double
    /// MVA.
    let base: Double
    private let tables: [String: PandapowerTable]

    private static let understood: Set = [
        "bus", "switch", "load", "sgen", "gen", "ext_grid", "storage", "motor", "shunt", "ward", "xward",
        "line",
        "trafo", "trafo3w", "impedance",
    ]
    /// Results, costs, drawings and notes.
    private static let skipped: Set = [
        "measurement", "poly_cost", "pwl_cost", "group", "controller", "characteristic", "bus_geodata",
        "line_geodata", "trafo_characteristic_table", "shunt_characteristic_table",
        "q_capability_curve_table", "q_capability_characteristic", "protection", "fuse_std_types",
    ]

    init(name: String?, frequency: Double, base: Double, tables: [String: PandapowerTable]) {
        (self.name, self.frequency, self.base, self.tables) = (name, frequency, base, tables)
    }

    init(_ bytes: [UInt8], _ mistakes: inout MistakeList) {
        let network = Self.network(bytes, &mistakes)
        name = network["name"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        frequency = network["f_hz"]?.number ?? 50
        base = network["sn_mva"]?.number ?? 1
        var tables: [String: PandapowerTable] = [:]
        if case .object(let members) = network {
            for (name, member) in members.sorted(by: { $0.key < $1.key })
            where member["_class"]?.text == "DataFrame" {
                let isRead = Self.understood.contains(name)
                if !isRead, Self.skipped.contains(name) || name.hasPrefix("res_") || name.hasPrefix("_") {
                    continue
                }
                guard let table = Self.table(name, member, &mistakes) else { continue }
                if isRead {
                    tables[name] = table
                } else if Self.isUsed(table, &mistakes) {
                    mistakes.add(
                        "table \(name) has rows in service, but is not supported; supported tables are "
                            + Self.understood.sorted().joined(separator: ", "))
                }
            }
        }
        self.tables = tables
        if mistakes.count == 0 {
            if !(1...1000).contains(frequency) { mistakes.add("f_hz must be between 1 and 1000") }
            if !(1e-9...1e9).contains(base) { mistakes.add("sn_mva must be above 0") }
            if tables["bus"] == nil {
                mistakes.add("the table bus is missing; write the file with pandapower's to_json")
            }
            let format = network["format_version"]?.text ?? ""
            if (Int(format.prefix { $0 != "." }) ?? 0) < 2 {
                mistakes.add("format_version is '\(format.prefix(20))'; only 2 and later can be read")
            }
        }
    }

    private static func network(_ bytes: [UInt8], _ mistakes: inout MistakeList) -> JSONValue {
        let (value, mistake) = read(bytes)
        if let mistake {
            bytes.withUnsafeBufferPointer { bytes in
                mistakes.add(mistake.message, at: lineAndColumn(of: mistake.offset, in: bytes))
            }
        }
        return value["_object"] ?? value
    }

    private static func table(
        _ name: String, _ member: JSONValue, _ mistakes: inout MistakeList
    ) -> PandapowerTable? {
        var frame = member["_object"] ?? .null
        if let text = frame.text {
            let (value, mistake) = read(Array(text.utf8))
            if let mistake {
                mistakes.add(
                    "table \(name): \(mistake.message), at character \(mistake.offset + 1) of its text")
                return nil
            }
            frame = value
        }
        let table = PandapowerTable(name, frame)
        if table == nil { mistakes.add("table \(name) is not a data frame of orientation 'split'") }
        return table
    }

    private static func read(_ bytes: [UInt8]) -> (JSONValue, JSONReader.Mistake?) {
        bytes.withUnsafeBufferPointer { bytes in
            do throws(JSONReader.Mistake) {
                return (try JSONReader.read(bytes), nil)
            } catch {
                return (.null, error)
            }
        }
    }

    private static func isUsed(_ table: PandapowerTable, _ mistakes: inout MistakeList) -> Bool {
        (0..<table.count).contains {
            PandapowerRow(table: table, row: $0).isTrue("in_service", or: true, &mistakes)
        }
    }

    func rows(_ name: String) -> [PandapowerRow] {
        let table = tables[name] ?? PandapowerTable(empty: name)
        return (0..<table.count).map { PandapowerRow(table: table, row: $0) }
    }
}

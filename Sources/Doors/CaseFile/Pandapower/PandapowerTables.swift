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
        "trafo", "trafo3w", "impedance", "q_capability_curve_table",
    ]
    /// Results, costs, drawings and notes; stations and study cases of SimBench.
    private static let skipped: Set = [
        "measurement", "poly_cost", "pwl_cost", "group", "controller", "characteristic", "bus_geodata",
        "line_geodata", "trafo_characteristic_table", "shunt_characteristic_table",
        "q_capability_characteristic", "protection", "fuse_std_types", "loadcases", "substation",
    ]

    init(name: String?, frequency: Double, base: Double, tables: [String: PandapowerTable]) {
        (self.name, self.frequency, self.base, self.tables) = (name, frequency, base, tables)
    }

    init(_ bytes: [UInt8], _ mistakes: inout MistakeList) {
        let network = Self.network(bytes, &mistakes)
        name = network["name"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        frequency = Self.number(network, "f_hz", or: 50, &mistakes)
        base = Self.number(network, "sn_mva", or: 1, &mistakes)
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
            Self.checkVersion(network, &mistakes)
        }
        Self.tellUnused(network, &mistakes)
    }

    /// pandapower writes `format_version` since 2.11; before, its own version says how tables are made.
    private static func checkVersion(_ network: JSONValue, _ mistakes: inout MistakeList) {
        for key in ["format_version", "version"] {
            let found = network[key]?.text ?? network[key]?.number.map(shortest) ?? ""
            if found.isMissing { continue }
            if (Int(found.prefix { $0 != "." }) ?? 0) < 2 {
                mistakes.add("\(key) is '\(found.prefix(20))'; only 2 and later can be read")
            }
            return
        }
        mistakes.add(
            "neither format_version nor version says which pandapower wrote the file; 2 or later is read")
    }

    /// What would change the answer of pandapower, and not Karst's.
    private static func tellUnused(_ network: JSONValue, _ mistakes: inout MistakeList) {
        if case .object(let options)? = network["user_pf_options"], !options.isEmpty {
            mistakes.warn(
                "user_pf_options is not used: " + options.keys.sorted().prefix(20).joined(separator: ", "))
        }
        if let controllers = network["controller"], controllers["_class"]?.text == "DataFrame",
            let table = table("controller", controllers, &mistakes), table.count > 0
        {
            mistakes.warn(
                "controllers are not run (\(table.count) in the file); taps and setpoints stay as they are")
        }
    }

    private static func number(
        _ network: JSONValue, _ key: String, or fallback: Double, _ mistakes: inout MistakeList
    ) -> Double {
        switch network[key] {
        case nil, .null: return fallback
        case .number(let number): return number
        case let other?:
            mistakes.add("\(key) is \(other.spelled); a number is expected")
            return fallback
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
        if let table, let column = table.repeated {
            mistakes.add("table \(name): the column '\(column.prefix(40))' is given twice")
        }
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

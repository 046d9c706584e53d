import Foundation
import TextFile

// SimBench keeps a network as a folder of tables, one a kind of element, with the types of lines and
// transformers apart (Meinecke et al. 2020). Its converter to pandapower defines what they mean; so the
// tables are turned into those of pandapower, and read as these are.

extension CaseFile {
    static func loadSimbench(folder: String) throws(FileMistakes) -> LoadedCase {
        var reader = SimbenchReader(folder: folder)
        let tables = reader.tables()
        let mistakes = SimbenchReader.misspeltTables(in: folder) + reader.mistakes
        guard mistakes.isEmpty else { throw FileMistakes(mistakes) }
        var network = PandapowerReader(tables, MistakeList(file: folder))
        return try network.loaded(name: stem(folder))
    }
}

struct SimbenchReader {
    private let folder: String
    private(set) var mistakes: [FileMistake] = []
    /// Row of each node in pandapower's table of buses.
    private var buses: [String: Int] = [:]
    private var setpoints: [String: (voltage: JSONValue, angle: JSONValue)] = [:]

    private static let refused = ["Transformer3W", "DCLine", "Shunt", "Ward", "xWard"]

    init(folder: String) { self.folder = folder }

    mutating func tables() -> PandapowerTables {
        for name in Self.refused where (table(name, isNeeded: false)?.rowCount ?? 0) > 0 {
            mistakes.append(
                FileMistake(
                    file: "\(folder)/\(name).csv", message: "elements of this kind are not supported"))
        }
        let bus = busTable()
        var made = [bus, lineTable(), transformerTable(), switchTable()]
        made.append(devices("Load", "load", "pLoad", "qLoad"))
        made.append(devices("Storage", "storage", "pStor", "qStor"))
        made += generation()
        return PandapowerTables(
            name: nil, frequency: 50, base: 1,
            tables: Dictionary(made.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }))
    }

    /// Nil, with a mistake where it `isNeeded`, when the folder has no such file.
    private mutating func table(_ name: String, isNeeded: Bool) -> CSVTable? {
        let path = "\(folder)/\(name).csv"
        if !isNeeded, !FileManager.default.fileExists(atPath: path) { return nil }
        do {
            return CSVTable(
                try InputFile.bytes(at: path, name: path), file: path, separator: ";", mistakes: &mistakes)
        } catch {
            mistakes += error.all
            return nil
        }
    }

    /// The numbers of a column; null where a cell is NULL or empty.
    private mutating func numbers(_ table: CSVTable, _ column: String, by factor: Double = 1) -> [JSONValue] {
        guard let index = table.index(of: column) else {
            mistakes.append(FileMistake(file: table.file, line: 1, message: "there is no column '\(column)'"))
            return Array(repeating: .null, count: table.rowCount)
        }
        var tally = MistakeTally()
        let numbers = (0..<table.rowCount).map { row -> JSONValue in
            let text = table.text(row: row, column: index)
            if text.isMissing { return .null }
            if let number = decimal(text.utf8) { return .number(number * factor) }
            tally.add(
                table.mistake("'\(text.prefix(40))' is not a number", row: row, column: index), to: &mistakes)
            return .null
        }
        tally.close(&mistakes)
        return numbers
    }

    private mutating func texts(_ table: CSVTable, _ column: String) -> [JSONValue] {
        table.texts(column, mistakes: &mistakes).map { .text($0) }
    }

    /// The rows of the buses that a column names.
    private mutating func nodes(_ table: CSVTable, _ column: String) -> [JSONValue] {
        references(table, column, buses, "node").map { .number(Double($0)) }
    }

    private mutating func references(
        _ table: CSVTable, _ column: String, _ known: [String: Int], _ what: String
    ) -> [Int] {
        let names = table.texts(column, mistakes: &mistakes)
        var tally = MistakeTally()
        let rows = names.enumerated().map { row, name -> Int in
            if let known = known[name] { return known }
            if let index = table.index(of: column) {
                let message = "there is no \(what) '\(name.prefix(60))'"
                tally.add(table.mistake(message, row: row, column: index), to: &mistakes)
            }
            return 0
        }
        tally.close(&mistakes)
        return rows
    }

    /// Auxiliary nodes last, so that a busbar gives its name to the nodes that switches join to it.
    private mutating func busTable() -> PandapowerTable {
        guard let table = table("Node", isNeeded: true) else { return PandapowerTable(empty: "bus") }
        let names = table.texts("id", mistakes: &mistakes)
        let kinds = table.texts("type", mistakes: &mistakes)
        let columns = [
            texts(table, "id"), numbers(table, "vmR"), numbers(table, "vmMin"), numbers(table, "vmMax"),
        ]
        let (voltages, angles) = (numbers(table, "vmSetp"), numbers(table, "vaSetp"))
        let order =
            (0..<table.rowCount).filter { kinds[$0] != "auxiliary" }
            + (0..<table.rowCount).filter { kinds[$0] == "auxiliary" }
        for (bus, row) in order.enumerated() {
            if buses.updateValue(bus, forKey: names[row]) != nil, let column = table.index(of: "id") {
                mistakes.append(table.mistake("'\(names[row])' is given twice", row: row, column: column))
            }
            setpoints[names[row]] = (voltages[row], angles[row])
        }
        return PandapowerTable(
            "bus", ["name", "vn_kv", "min_vm_pu", "max_vm_pu"],
            columns.map { column in order.map { column[$0] } })
    }

    /// The numbers of another table's columns, found by the type that each row names.
    private mutating func types(
        of table: CSVTable, in file: String, _ columns: [(name: String, factor: Double)]
    ) -> [[JSONValue]] {
        guard let types = self.table(file, isNeeded: true) else {
            return columns.map { _ in Array(repeating: .null, count: table.rowCount) }
        }
        let names = types.texts("id", mistakes: &mistakes)
        let known = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
        let rows = references(table, "type", known, "type")
        return columns.map { column in
            let numbers = numbers(types, column.name, by: column.factor)
            return rows.map { numbers.isEmpty ? .null : numbers[$0] }
        }
    }

    /// SimBench keeps DC lines among the lines, with types of their own.
    private mutating func refuseDCLines(_ table: CSVTable) -> Bool {
        guard let column = table.index(of: "type") else { return false }
        let types = self.table("DCLineType", isNeeded: false)
        let direct = Set(types?.texts("id", mistakes: &mistakes) ?? [])
        var tally = MistakeTally()
        var isFound = false
        for row in 0..<table.rowCount {
            // The converter of pandapower calls such types so, and may leave their table out.
            let type = table.text(row: row, column: column)
            guard direct.contains(type) || type.lowercased().hasPrefix("dcline") else { continue }
            isFound = true
            let id = table.index(of: "id").map { table.text(row: row, column: $0) } ?? ""
            tally.add(
                table.mistake(
                    "DC lines are not understood, and '\(id.prefix(60))' is one; remove it, or put its power at both ends as a load and a RES",
                    row: row, column: column), to: &mistakes)
        }
        tally.close(&mistakes)
        return isFound
    }

    private mutating func lineTable() -> PandapowerTable {
        guard let table = table("Line", isNeeded: false) else { return PandapowerTable(empty: "line") }
        if refuseDCLines(table) { return PandapowerTable(empty: "line") }
        // µS at 50 Hz as nF.
        let capacitance = 1000 / (2 * Double.pi * 50)
        let columns =
            [texts(table, "id"), nodes(table, "nodeA"), nodes(table, "nodeB"), numbers(table, "length")]
            + types(of: table, in: "LineType", [("r", 1), ("x", 1), ("b", capacitance), ("iMax", 0.001)])
        return PandapowerTable(
            "line",
            [
                "name", "from_bus", "to_bus", "length_km", "r_ohm_per_km", "x_ohm_per_km", "c_nf_per_km",
                "max_i_ka",
            ], columns)
    }

    private mutating func transformerTable() -> PandapowerTable {
        guard let table = table("Transformer", isNeeded: false) else {
            return PandapowerTable(empty: "trafo")
        }
        var data = types(
            of: table, in: "TransformerType",
            [
                ("sR", 1), ("vmHV", 1), ("vmLV", 1), ("va0", 1), ("vmImp", 1), ("pFe", 1), ("iNoLoad", 1),
                ("dVm", 1), ("dVa", 1), ("tapNeutr", 1), ("tapMin", 1), ("tapMax", 1), ("pCu", 1),
            ])
        let copper = zip(data.removeLast(), data[0]).map { loss, rating -> JSONValue in
            guard let loss = loss.number, let rating = rating.number, rating > 0 else { return .null }
            return .number(100 * loss / (rating * 1000))
        }
        let columns =
            [texts(table, "id"), nodes(table, "nodeHV"), nodes(table, "nodeLV"), numbers(table, "tappos")]
            + data
            + [copper, sides(table), Array(repeating: .text("Ratio"), count: table.rowCount)]
        return PandapowerTable(
            "trafo",
            [
                "name", "hv_bus", "lv_bus", "tap_pos", "sn_mva", "vn_hv_kv", "vn_lv_kv", "shift_degree",
                "vk_percent", "pfe_kw", "i0_percent", "tap_step_percent", "tap_step_degree", "tap_neutral",
                "tap_min", "tap_max", "vkr_percent", "tap_side",
                "tap_changer_type",
            ], columns)
    }

    /// `hv` or `lv`: where the type of each transformer has its taps.
    private mutating func sides(_ table: CSVTable) -> [JSONValue] {
        guard let types = self.table("TransformerType", isNeeded: false) else {
            return Array(repeating: .null, count: table.rowCount)
        }
        let sides = types.texts("tapside", mistakes: &mistakes)
        let names = types.texts("id", mistakes: &mistakes)
        let known = Dictionary(zip(names, sides), uniquingKeysWith: { first, _ in first })
        return table.texts("type", mistakes: &mistakes).map { .text(known[$0, default: ""].lowercased()) }
    }

    private mutating func switchTable() -> PandapowerTable {
        guard let table = table("Switch", isNeeded: false) else { return PandapowerTable(empty: "switch") }
        let columns = [
            nodes(table, "nodeA"), nodes(table, "nodeB"), numbers(table, "cond"),
            Array(repeating: JSONValue.text("b"), count: table.rowCount),
        ]
        return PandapowerTable("switch", ["bus", "element", "closed", "et"], columns)
    }

    private mutating func devices(
        _ file: String, _ name: String, _ active: String, _ reactive: String
    ) -> PandapowerTable {
        guard let table = table(file, isNeeded: false) else { return PandapowerTable(empty: name) }
        let columns = [
            texts(table, "id"), nodes(table, "node"), numbers(table, active), numbers(table, reactive),
        ]
        return PandapowerTable(name, ["name", "bus", "p_mw", "q_mvar"], columns)
    }

    /// Renewable plants, power plants and outer networks, by what each of them holds: its voltage and angle,
    /// its power and voltage, or its powers.
    private mutating func generation() -> [PandapowerTable] {
        var rows: [String: [[JSONValue]]] = [:]
        for (file, active, reactive) in [
            ("RES", "pRES", "qRES"), ("PowerPlant", "pPP", "qPP"), ("ExternalNet", "pExtNet", "qExtNet"),
        ] {
            guard let table = table(file, isNeeded: false) else { continue }
            let (buses, names) = (nodes(table, "node"), texts(table, "id"))
            let nodes = table.texts("node", mistakes: &mistakes)
            let powers = [numbers(table, active), numbers(table, reactive)]
            for (row, kind) in table.texts("calc_type", mistakes: &mistakes).enumerated() {
                let held = setpoints[nodes[row]] ?? (.null, .null)
                let start = [names[row], buses[row]]
                switch kind {
                case "vavm": rows["ext_grid", default: []].append(start + [held.voltage, held.angle])
                case "pvm": rows["gen", default: []].append(start + [powers[0][row], held.voltage])
                case "pq": rows["sgen", default: []].append(start + [powers[0][row], powers[1][row]])
                default:
                    guard let column = table.index(of: "calc_type") else { continue }
                    let message = "'\(kind.prefix(20))' is not allowed; allowed are vavm, pvm, pq"
                    mistakes.append(table.mistake(message, row: row, column: column))
                }
            }
        }
        let columns = [
            "ext_grid": ["vm_pu", "va_degree"], "gen": ["p_mw", "vm_pu"], "sgen": ["p_mw", "q_mvar"],
        ]
        return columns.sorted { $0.key < $1.key }.map { name, more in
            PandapowerTable(name, ["name", "bus"] + more, rows: rows[name] ?? [])
        }
    }
}

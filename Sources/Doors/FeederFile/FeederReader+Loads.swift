import Grid
import TextFile
import YAMLFile

// What stands at a bus or along a line.
extension FeederReader {
    /// Loads, each with the name in `column`: its bus, or the line along which it is distributed.
    mutating func readLoads(_ table: FeederTable, column: String) -> [(place: String, load: Load)] {
        var table = table
        let isSpread = column == "line"
        let places = isSpread ? table.distinctNames(column) : table.names(column)
        let buses = isSpread ? table.rows.map { _ in 0 } : knownBuses(column, of: &table)
        if isSpread { checkLines(places, &table) }
        let hasNames = table.has("name")
        let names = hasNames ? table.distinctNames("name") : places.map { "S\($0)" }
        let connections = table.values("connection", "wye or delta", default: .wye) {
            Load.Connection(rawValue: $0)
        }
        let models = table.values("model", "PQ, I or Z", default: "PQ") {
            ["PQ", "I", "Z"].contains($0) ? $0 : nil
        }
        let active = (1...3).map { table.numbers("kw_\($0)") }
        let reactive = (1...3).map { table.numbers("kvar_\($0)") }
        if !hasNames, !isSpread {
            table.refuseCopies("add the powers up, or tell the loads apart by a column 'name'")
        }
        table.close(&mistakes)
        return table.rows.map { row in
            let load = Load(
                name: names[row], bus: buses[row], connection: connections[row],
                active: active.map { Power(kilowatts: $0[row]) },
                reactive: reactive.map { ReactivePower(kilovars: $0[row]) },
                constantCurrent: models[row] == "I" ? 1 : 0, constantImpedance: models[row] == "Z" ? 1 : 0)
            return (places[row], load)
        }
    }

    private func checkLines(_ names: [String], _ table: inout FeederTable) {
        let lines = branches.filter { branchTables[$0.name] == "line" }.map(\.name)
        let known = Set(lines)
        for (row, name) in names.enumerated() where !name.isEmpty && !known.contains(name) {
            let kind = branchTables[name].map { "; '\(name.prefix(40))' is a \($0)" }
            let hint = kind ?? hint(name, among: lines)
            table.refuse("there is no line '\(name.prefix(40))'\(hint)", row, "line")
        }
    }

    mutating func readCapacitors() -> [UnbalancedNetwork.Capacitor] {
        guard var table = table("capacitor") else { return [] }
        let places = table.names("bus")
        let buses = knownBuses("bus", of: &table)
        let connections = table.values("connection", "wye or delta", default: .wye, isOptional: true) {
            Load.Connection(rawValue: $0)
        }
        let reactive = ["a", "b", "c"].map { table.numbers("kvar_\($0)") }
        table.refuseCopies("add the powers up")
        table.close(&mistakes)
        return table.rows.map { row in
            UnbalancedNetwork.Capacitor(
                name: "C\(places[row])", bus: buses[row], connection: connections[row],
                reactive: reactive.map { ReactivePower(kilovars: $0[row]) })
        }
    }
}

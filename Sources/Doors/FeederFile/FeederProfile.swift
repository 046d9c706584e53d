public import Grid
public import TextFile
import YAMLFile

/// The powers of a feeder's loads and inverters over many steps.
public struct FeederProfile: Hashable, Sendable {
    /// The feeder whose powers the demand multiplies; those that a column gives in kW or kvar are 1 kW or 1
    /// kvar in it.
    public let feeder: Feeder
    /// Factors of the loads, then of the inverters.
    public let demand: DemandSeries
    /// One label a step.
    public let labels: [String]
    /// The name of the column of labels; `step` if there is none.
    public let labelName: String

    /// Reads a CSV file with a row for each step of `interval` seconds. A first column `time` or `step` is a
    /// label. Every other column is called `NAME_kw`, `NAME_kvar` or `NAME_scale`; NAME is a load, an
    /// inverter or a bus, whose loads follow all together. Powers without a column keep their value. A power
    /// in kW or kvar is shared by the parts of a load, and by the loads of a bus, as their nominal powers
    /// are. Throws all mistakes of the file at once.
    public static func read(
        path: String, for feeder: Feeder, interval: Double = 900
    ) throws(FileMistakes) -> FeederProfile {
        try parse(try InputFile.bytes(at: path, name: path), name: path, for: feeder, interval: interval)
    }

    /// Reads a profile from memory; mistakes name the file `name`.
    public static func parse(
        _ bytes: [UInt8], name: String, for feeder: Feeder, interval: Double = 900
    ) throws(FileMistakes) -> FeederProfile {
        var mistakes: [FileMistake] = []
        let table = CSVTable(bytes, file: name, mistakes: &mistakes)
        guard mistakes.isEmpty else { throw FileMistakes(mistakes) }
        var reader = FeederProfileReader(feeder, table)
        reader.read(&mistakes)
        if table.rowCount == 0 { mistakes.append(FileMistake(file: name, message: "the table has no rows")) }
        guard mistakes.isEmpty else { throw FileMistakes(mistakes) }
        return FeederProfile(
            feeder: reader.feeder,
            demand: DemandSeries(
                shapes: reader.shapes, active: reader.active, reactive: reader.reactive, interval: interval),
            labels: reader.labels ?? (0..<table.rowCount).map(String.init), labelName: reader.labelName)
    }
}

/// Reads a profile column by column.
private struct FeederProfileReader {
    private enum Unit: String { case kw, kvar, scale }

    var feeder: Feeder
    /// The first is 1 in every step.
    var shapes: [[Double]]
    var active: [Int]
    var reactive: [Int]
    var labels: [String]?
    var labelName = "step"
    private let table: CSVTable
    /// Loads, or inverters after them, by name; of a bus all its loads.
    private var places: [String: [Int]] = [:]
    private var taken: Set<[Int]> = []

    init(_ feeder: Feeder, _ table: CSVTable) {
        self.feeder = feeder
        self.table = table
        shapes = [[Double](repeating: 1, count: table.rowCount)]
        let count = feeder.loads.count + feeder.inverters.count
        active = Array(repeating: 0, count: count)
        reactive = active
        for (index, load) in feeder.loads.enumerated() {
            places[feeder.buses[load.bus].name.lowercased(), default: []].append(index)
        }
        for (index, inverter) in feeder.inverters.enumerated() {
            places[inverter.name.lowercased()] = [feeder.loads.count + index]
        }
        for (index, load) in feeder.loads.enumerated() { places[load.name.lowercased()] = [index] }
    }

    mutating func read(_ mistakes: inout [FileMistake]) {
        for (number, name) in table.columns.enumerated() {
            if number == 0, name == "time" || name == "step" {
                labelName = name
                labels = table.texts(name, mistakes: &mistakes)
                continue
            }
            if let problem = add(name, &mistakes) {
                mistakes.append(table.mistake("column '\(name.prefix(60))': \(problem)", header: number))
            }
        }
    }

    /// Takes a column; returns what is wrong with its name, or nil.
    private mutating func add(_ name: String, _ mistakes: inout [FileMistake]) -> String? {
        guard let mark = name.lastIndex(of: "_"), let unit = Unit(rawValue: String(name[mark...].dropFirst()))
        else { return "it must end with _kw, _kvar or _scale" }
        let named = name[..<mark].lowercased()
        guard let found = places[named], !found.isEmpty else {
            let near = suggestion(named, in: places.keys.sorted())
            return "the feeder has no load, inverter or bus \(quoted(named))\(near)"
        }
        let values = table.numbers(name, in: -1e12...1e12, mistakes: &mistakes)
        for place in found {
            let parts = unit == .scale ? [0, 1] : [unit == .kw ? 0 : 1]
            for part in parts where !taken.insert([place, part]).inserted {
                return "another column sets the same power"
            }
        }
        shapes.append(values)
        let shape = shapes.count - 1
        let total = found.reduce(0) { $0 + nominal($1, unit) }
        for place in found {
            if unit != .kvar { active[place] = shape }
            if unit != .kw { reactive[place] = shape }
            guard unit != .scale else { continue }
            let share = total == 0 ? 1 / Double(found.count) : nominal(place, unit) / total
            setNominal(place, unit, 1000 * share)
        }
        return nil
    }

    /// W or var of a load or inverter.
    private func nominal(_ place: Int, _ unit: Unit) -> Double {
        guard place < feeder.loads.count else {
            let inverter = feeder.inverters[place - feeder.loads.count]
            return unit == .kvar ? inverter.reactive.value : inverter.active.value
        }
        let load = feeder.loads[place]
        return unit == .kvar
            ? load.reactive.reduce(0) { $0 + $1.value } : load.active.reduce(0) { $0 + $1.value }
    }

    private mutating func setNominal(_ place: Int, _ unit: Unit, _ value: Double) {
        guard place < feeder.loads.count else {
            let index = place - feeder.loads.count
            if unit == .kvar {
                feeder.inverters[index].reactive = ReactivePower(value)
            } else {
                feeder.inverters[index].active = Power(value)
            }
            return
        }
        let total = nominal(place, unit)
        let count = Double(feeder.loads[place].pairs.count)
        for part in feeder.loads[place].pairs.indices {
            if unit == .kvar {
                let old = feeder.loads[place].reactive[part].value
                feeder.loads[place].reactive[part] = ReactivePower(
                    value * (total == 0 ? 1 / count : old / total))
            } else {
                let old = feeder.loads[place].active[part].value
                feeder.loads[place].active[part] = Power(value * (total == 0 ? 1 / count : old / total))
            }
        }
    }
}

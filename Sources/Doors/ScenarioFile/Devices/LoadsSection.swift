import Devices
import Grid
import TextFile
import Timeline
import YAMLFile

/// The section `loads`: the shapes of loads, and a table of loads.
struct LoadsSection {
    /// Mean fraction of nominal in each step, by name of the shape: nil if this shape, or the time, could not
    /// be read. Nil as a whole if the table could not be read.
    private(set) var shapes: [(String, [Double]?)]? = []
    /// Standard deviation around the shape, as a fraction of the shape.
    private(set) var variation = 0.0
    private(set) var valueOfLostLoad: EnergyCost?
    private(set) var rows: [Row] = []
    private(set) var holidays: Set<CivilDate> = []
    /// Where the shape of the loads of a case file is named; nil: they are not taken.
    private(set) var caseShape: Field?

    /// One row of the table of loads.
    struct Row {
        let name: Field
        /// Nil if the table has no buses, as there is no data of a network.
        let bus: Field?
        let shape: Field
        /// Nil if the cell is empty, or there is no such column.
        let phases: Field?
        /// Nil if the cell is empty.
        let owner: Field?
        let active: Power
        let reactiveRatio: Double
        let priority: Int
    }

    init(
        _ root: Mapping, _ folder: InputFolder, _ horizon: Horizon?, _ zone: TimeZoneTable?, isOneBus: Bool
    ) {
        guard let field = root.optional("loads") else { return }
        let _: Void? = field.mapping { section in
            holidays = section.optional("holidays").map(Self.holidays) ?? []
            let growth = section.quantity("growth", .growth, in: Bounds(-0.5...0.5), default: 0)
            if let file = section.optional("shapes") {
                shapes = Self.shapes(file, folder, horizon, zone, holidays, growth: growth ?? 0)
            }
            variation = section.quantity("variation", .fraction, in: Bounds(0...1), default: 0) ?? 0
            valueOfLostLoad = section.optional("value_of_lost_load")?
                .quantity(.energyPrice, in: .positive).map { EnergyCost($0) }
            caseShape = section.optional("from_case")
            if caseShape != nil, section.optional("value_of_lost_load") == nil {
                _ = section.required("value_of_lost_load")
            }
            guard let file = section.optional("table") else { return nil }
            if section.optional("value_of_lost_load") == nil { _ = section.required("value_of_lost_load") }
            if let table = InputTable(file, in: folder) { rows = Self.rows(table, isOneBus) }
            return nil
        }
    }

    /// `[2026-02-17, 2026-02-18]`
    private static func holidays(_ field: Field) -> Set<CivilDate> {
        Set((field.list() ?? []).compactMap { $0.civilTime(years: PlaceAndTime.years)?.date })
    }

    private static func shapes(
        _ file: Field, _ folder: InputFolder, _ horizon: Horizon?, _ zone: TimeZoneTable?,
        _ holidays: Set<CivilDate>, growth: Double
    ) -> [(String, [Double]?)]? {
        guard let table = InputTable(file, in: folder), let places = places(table) else { return nil }
        let names = table.csv.columns.filter { !["month", "day_type", "hour"].contains($0) }
        return names.map { name in
            guard let numbers = table.numbers(name, in: 0...10) else { return (name, nil) }
            var fractions = Array(repeating: 0.0, count: places.count)
            for (place, number) in zip(places, numbers) { fractions[place] = number }
            guard let horizon, let zone else { return (name, nil) }
            let shape = LoadShape(fractions: fractions)
            return (
                name, shape.fractions(over: horizon, in: zone, holidays: holidays, growth: growth)
            )
        }
    }

    /// The place of each row in a `LoadShape`; every month, day type and hour must be there once.
    private static func places(_ table: InputTable) -> [Int]? {
        let months = table.integers("month", in: 1...12)
        let days = table.texts("day_type")
        let hours = table.integers("hour", in: 0...23)
        guard let months, let days, let hours else { return nil }
        var seen: Set<Int> = []
        var places: [Int] = []
        for row in table.rows {
            guard let day = ["workday", "weekend"].firstIndex(of: days[row]) else {
                table.mistake(
                    "\(quoted(days[row])) is not a day_type; allowed are workday, weekend", row: row,
                    "day_type")
                return nil
            }
            let place = ((months[row] - 1) * 2 + day) * 24 + hours[row]
            guard seen.insert(place).inserted else {
                table.mistake("this month, day_type and hour is written twice", row: row, "month")
                return nil
            }
            places.append(place)
        }
        guard places.count == 576 else {
            table.mistake(
                "the table has \(places.count) rows; 12 months × workday, weekend × 24 hours are 576")
            return nil
        }
        return places
    }

    private static func rows(_ table: InputTable, _ isOneBus: Bool) -> [Row] {
        table.refuseColumns(besides: [
            "name", "bus", "phases", "active_kw", "reactive_kvar", "shape", "owner", "priority",
        ])
        let most = QuantityKind.power.greatest / 1000
        let needsBus = !isOneBus || table.csv.index(of: "bus") != nil
        let hasTexts = (["name", "shape"] + (needsBus ? ["bus"] : [])).map { table.texts($0) != nil }
        let active = table.numbers("active_kw", in: 0...most)
        let reactive = table.numbers("reactive_kvar", in: -most...most)
        let priority =
            table.csv.index(of: "priority") == nil
            ? table.rows.map { _ in 0 } : table.integers("priority", in: 0...Load.highestPriority)
        guard let active, let reactive, let priority, hasTexts.allSatisfy(\.self) else { return [] }
        return table.rows.compactMap { row in
            guard active[row] > 0 || reactive[row] == 0 else {
                table.mistake(
                    "a load without active power cannot have reactive power", row: row, "reactive_kvar")
                return nil
            }
            let ratio = active[row] > 0 ? reactive[row] / active[row] : 0
            guard abs(ratio) <= 100 else {
                table.mistake("more than 100 times the active power", row: row, "reactive_kvar")
                return nil
            }
            let owner = table.field(row: row, "owner")
            return Row(
                name: table.field(row: row, "name")!, bus: table.field(row: row, "bus"),
                shape: table.field(row: row, "shape")!,
                phases: table.field(row: row, "phases").flatMap { $0.text == "" ? nil : $0 },
                owner: owner?.text == "" ? nil : owner,
                active: Power(kilowatts: active[row]), reactiveRatio: ratio, priority: priority[row])
        }
    }
}

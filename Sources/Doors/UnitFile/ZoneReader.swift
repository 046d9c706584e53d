import Grid
import TextFile
import UnitDispatch

/// Reads the table of prohibited zones and of the powers before.
struct ZoneReader {
    private let table: NumberTable
    private let names: [String]
    /// Numbers k of the zones `zonek_lo`, `zonek_hi`, ascending.
    private let zones: [Int]

    init(_ table: NumberTable, _ names: [String]) {
        self.table = table
        self.names = names
        zones = table.columns.compactMap { Self.zone($0) }.sorted().reduce(into: []) { known, k in
            if known.last != k { known.append(k) }
        }
    }

    private static func zone(_ column: String) -> Int? {
        number(of: column, after: "zone", before: "_lo") ?? number(of: column, after: "zone", before: "_hi")
    }

    /// The same units with their zones and windows.
    func read(_ units: [NonconvexUnit], _ mistakes: inout [FileMistake]) -> [NonconvexUnit] {
        let fixed = ["unit", "p0_mw", "ur_mw", "dr_mw"]
        table.refuse(
            unless: { fixed.contains($0) || Self.zone($0) != nil }, like: fixed,
            allowed: "unit, p0_mw, ur_mw, dr_mw, zone1_lo, zone1_hi, zone2_lo, zone2_hi, …", &mistakes)
        guard table.require("unit", &mistakes) else { return units }
        let rows = places(&mistakes)
        let windows = windows(&mistakes)
        let ranges = ranges(&mistakes)
        guard units.count == names.count else { return units }
        var tally = MistakeTally()
        var changed = units
        for (row, place) in rows.enumerated() {
            guard let place else { continue }
            let unit = units[place]
            changed[place] = NonconvexUnit(
                limits: unit.limits, cost: unit.cost, valves: unit.valves, window: windows[row],
                prohibited: ranges[row])
            guard changed[place].allowed.isEmpty else { continue }
            let (low, high) = (unit.limits.lowerBound.value / 1e6, unit.limits.upperBound.value / 1e6)
            let message =
                "unit '\(names[place])' may run nowhere: its limits, \(low) to \(high) MW, its ramps and its "
                + "zones leave no power"
            tally.add(table.mistake(message, "unit", row), to: &mistakes)
        }
        tally.close(&mistakes)
        return changed
    }

    /// The place of each row's unit among all.
    private func places(_ mistakes: inout [FileMistake]) -> [Int?] {
        let known = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
        var seen: Set<Int> = []
        var tally = MistakeTally()
        let places = (table.texts("unit") ?? []).enumerated().map { row, name -> Int? in
            let place = known[name]
            if let place, seen.insert(place).inserted { return place }
            let message =
                place == nil
                ? "no unit is called '\(name.prefix(40))'; \(choice)"
                : "unit '\(name.prefix(40))' has two rows"
            tally.add(table.mistake(message, "unit", row), to: &mistakes)
            return nil
        }
        tally.close(&mistakes)
        return places
    }

    private var choice: String {
        guard names.count > 12 else { return "the units are \(names.joined(separator: ", "))" }
        return "the units are \(names[0]), \(names[1]), … \(names[names.count - 1])"
    }

    private func windows(_ mistakes: inout [FileMistake]) -> [ClosedRange<Power>?] {
        let before = table.numbers("p0_mw", in: -1e6...1e6, &mistakes)
        let up = table.numbers("ur_mw", in: 0...1e6, &mistakes)
        let down = table.numbers("dr_mw", in: 0...1e6, &mistakes)
        var tally = MistakeTally()
        let columns = ["p0_mw", "ur_mw", "dr_mw"]
        let windows = (0..<table.rows).map { row -> ClosedRange<Power>? in
            let missing = columns.filter { table.isEmpty($0, row) }
            if !missing.isEmpty, missing.count < columns.count {
                let message =
                    "\(missing.joined(separator: ", ")) missing: a ramp needs p0_mw, ur_mw and dr_mw"
                let place = columns.first { !missing.contains($0) } ?? "unit"
                tally.add(table.mistake(message, place, row), to: &mistakes)
            }
            guard let power = before[row], let up = up[row], let down = down[row] else { return nil }
            return Power((power - down) * 1e6)...Power((power + up) * 1e6)
        }
        tally.close(&mistakes)
        return windows
    }

    private func ranges(_ mistakes: inout [FileMistake]) -> [[ClosedRange<Power>]] {
        let low = zones.map { table.numbers("zone\($0)_lo", in: -1e6...1e6, &mistakes) }
        let high = zones.map { table.numbers("zone\($0)_hi", in: -1e6...1e6, &mistakes) }
        var tally = MistakeTally()
        let ranges = (0..<table.rows).map { row in
            zones.indices.compactMap { index -> ClosedRange<Power>? in
                let ends = ["zone\(zones[index])_lo", "zone\(zones[index])_hi"]
                let empty = ends.filter { table.isEmpty($0, row) }
                if empty.count == 1 {
                    let place = ends[0] == empty[0] ? ends[1] : ends[0]
                    tally.add(table.mistake("\(empty[0]) is missing", place, row), to: &mistakes)
                }
                guard let from = low[index][row], let to = high[index][row] else { return nil }
                guard from < to else {
                    let message = "\(to) is not above \(ends[0]), \(from)"
                    tally.add(table.mistake(message, ends[1], row), to: &mistakes)
                    return nil
                }
                return Power(from * 1e6)...Power(to * 1e6)
            }
        }
        tally.close(&mistakes)
        return ranges
    }
}

import Grid
import TextFile
import UnitDispatch

/// Reads the table of units.
struct UnitReader {
    private let table: NumberTable
    /// Numbers k of the points `pk_mw`, `costk`, ascending.
    private let points: [Int]

    init(_ table: NumberTable) {
        self.table = table
        points = table.columns.compactMap { Self.point($0) }.sorted().reduce(into: []) { known, k in
            if known.last != k { known.append(k) }
        }
    }

    private static func point(_ column: String) -> Int? {
        number(of: column, after: "p", before: "_mw") ?? number(of: column, after: "cost", before: "")
    }

    /// All units; where `mistakes` gains any, of no use.
    func read(_ mistakes: inout [FileMistake]) -> (names: [String], units: [NonconvexUnit]) {
        let fixed = ["unit", "pmin_mw", "pmax_mw", "a", "b", "c", "e", "f"]
        table.refuse(
            unless: { fixed.contains($0) || Self.point($0) != nil }, like: fixed,
            allowed: "unit, pmin_mw, pmax_mw, a, b, c, e, f, p1_mw, cost1, p2_mw, cost2, …", &mistakes)
        var isWhole = true
        for name in ["pmin_mw", "pmax_mw"] + (points.isEmpty ? ["a", "b", "c"] : [])
        where !table.require(name, &mistakes) {
            isWhole = false
        }
        guard isWhole else { return ([], []) }
        let least = table.numbers("pmin_mw", in: -1e6...1e6, &mistakes)
        let largest = table.numbers("pmax_mw", in: -1e6...1e6, &mistakes)
        let costs = costs(&mistakes)
        let valves = valves(&mistakes)
        var tally = MistakeTally()
        let units = (0..<table.rows).map { row -> NonconvexUnit in
            let limits = limits(row, least[row], largest[row], &tally, &mistakes)
            check(costs[row], limits, row, &tally, &mistakes)
            return NonconvexUnit(limits: limits, cost: costs[row], valves: valves[row])
        }
        tally.close(&mistakes)
        return (names(&mistakes), units)
    }

    private func names(_ mistakes: inout [FileMistake]) -> [String] {
        guard let names = table.texts("unit") else { return (0..<table.rows).map { "\($0 + 1)" } }
        var known: Set<String> = []
        var tally = MistakeTally()
        for (row, name) in names.enumerated() where !known.insert(name).inserted || name.isEmpty {
            let message = name.isEmpty ? "a name is missing" : "two units are called '\(name.prefix(40))'"
            tally.add(table.mistake(message, "unit", row), to: &mistakes)
        }
        tally.close(&mistakes)
        return names
    }

    private func limits(
        _ row: Int, _ least: Double?, _ largest: Double?, _ tally: inout MistakeTally,
        _ mistakes: inout [FileMistake]
    ) -> ClosedRange<Power> {
        for name in ["pmin_mw", "pmax_mw"] where table.isEmpty(name, row) {
            tally.add(table.mistake("a number is missing", name, row), to: &mistakes)
        }
        guard let least, let largest else { return .zero ... .zero }
        guard least <= largest else {
            let message = "\(largest) is less than pmin_mw, \(least)"
            tally.add(table.mistake(message, "pmax_mw", row), to: &mistakes)
            return .zero ... .zero
        }
        return Power(least * 1e6)...Power(largest * 1e6)
    }

    private func costs(_ mistakes: inout [FileMistake]) -> [CostCurve] {
        let a = table.numbers("a", &mistakes)
        let b = table.numbers("b", in: -1e9...1e9, &mistakes)
        let c = table.numbers(
            "c", in: 0...1e9, because: "is not from 0 to 1e9: a cost must be convex", &mistakes)
        let powers = points.map { table.numbers("p\($0)_mw", in: -1e6...1e6, &mistakes) }
        let values = points.map { table.numbers("cost\($0)", &mistakes) }
        var tally = MistakeTally()
        let costs = (0..<table.rows).map { row -> CostCurve in
            let given = points.filter { !table.isEmpty("p\($0)_mw", row) || !table.isEmpty("cost\($0)", row) }
            let polynomial = ["a", "b", "c"].filter { !table.isEmpty($0, row) }
            if given.isEmpty {
                for name in ["a", "b", "c"] where !polynomial.contains(name) {
                    let text = points.isEmpty ? "" : "; or give two or more points p1_mw, cost1, …"
                    tally.add(table.mistake("a number is missing\(text)", name, row), to: &mistakes)
                }
                return .polynomial(
                    constant: a[row] ?? 0, linear: (b[row] ?? 0) / 1e6, quadratic: (c[row] ?? 0) / 1e12)
            }
            if let name = polynomial.first {
                let message = "the cost is given twice: by a, b, c and by points; leave one of them empty"
                tally.add(table.mistake(message, name, row), to: &mistakes)
            }
            for k in given {
                for name in ["p\(k)_mw", "cost\(k)"] where table.isEmpty(name, row) {
                    let message = "point \(k) of the cost is not complete: it needs p\(k)_mw and cost\(k)"
                    tally.add(table.mistake(message, name, row), to: &mistakes)
                }
            }
            return .piecewise(
                points.indices.compactMap { k in
                    guard let power = powers[k][row], let cost = values[k][row] else { return nil }
                    return CostCurve.Point(power: Power(power * 1e6), cost: cost)
                })
        }
        tally.close(&mistakes)
        return costs
    }

    /// A piecewise linear cost must be convex and reach over all powers.
    private func check(
        _ cost: CostCurve, _ limits: ClosedRange<Power>, _ row: Int, _ tally: inout MistakeTally,
        _ mistakes: inout [FileMistake]
    ) {
        guard case .piecewise(let points) = cost else { return }
        let place = self.points.first { !table.isEmpty("p\($0)_mw", row) }.map { "p\($0)_mw" } ?? "pmin_mw"
        func refuse(_ message: String) { tally.add(table.mistake(message, place, row), to: &mistakes) }
        guard let first = points.first?.power, let last = points.last?.power, points.count >= 2 else {
            return refuse("a piecewise linear cost needs two points or more")
        }
        if zip(points, points.dropFirst()).contains(where: { $0.power >= $1.power }) {
            refuse("the powers of the points must ascend")
        } else if cost.convexPieces(from: first.value, to: last.value) == nil {
            refuse("the cost is not convex: its slope falls from one point to the next")
        } else if first > limits.lowerBound || last < limits.upperBound {
            let (low, high) = (limits.lowerBound.value / 1e6, limits.upperBound.value / 1e6)
            refuse("the points must reach from pmin_mw, \(low), to pmax_mw, \(high)")
        }
    }

    private func valves(_ mistakes: inout [FileMistake]) -> [NonconvexUnit.ValvePoints?] {
        let e = table.numbers("e", in: 0...1e12, &mistakes)
        let f = table.numbers("f", in: 0...1e6, &mistakes)
        var tally = MistakeTally()
        let valves = (0..<table.rows).map { row -> NonconvexUnit.ValvePoints? in
            if let amplitude = e[row], amplitude > 0 {
                if let frequency = f[row], frequency > 0 {
                    return .init(amplitude: amplitude, frequency: frequency / 1e6)
                }
                let message = "valve points need a frequency f above 0, in rad/MW"
                tally.add(table.mistake(message, "f", row), to: &mistakes)
            } else if let frequency = f[row], frequency > 0, table.isEmpty("e", row) {
                tally.add(table.mistake("valve points need an amplitude e", "e", row), to: &mistakes)
            }
            return nil
        }
        tally.close(&mistakes)
        return valves
    }
}

import Grid

/// How much reactive power a generator can give and take at an active power: the table
/// `q_capability_curve_table` of pandapower 3, straight lines between its points, constant beyond the ends.
struct PandapowerCapability {
    private struct Point {
        let active: Double
        let lower: Double
        let upper: Double
    }

    /// In the order of their powers, by the number of the curve.
    private var curves: [Int: [Point]] = [:]

    init(_ tables: PandapowerTables, _ mistakes: inout MistakeList) {
        for row in tables.rows("q_capability_curve_table") {
            let curve = row.reference("id_q_capability_curve", &mistakes)
            let point = Point(
                active: row.number("p_mw", &mistakes), lower: row.number("q_min_mvar", &mistakes),
                upper: row.number("q_max_mvar", &mistakes))
            if point.lower > point.upper { mistakes.add("\(row.title): q_min_mvar is above q_max_mvar") }
            curves[curve, default: []].append(point)
        }
        for curve in curves.keys { curves[curve]!.sort { $0.active < $1.active } }
    }

    /// Mvar; nil where there is no such curve.
    func limits(_ curve: Int, at active: Double) -> (lower: Double, upper: Double)? {
        guard let points = curves[curve], let first = points.first, let last = points.last else { return nil }
        if active <= first.active { return (first.lower, first.upper) }
        guard let next = points.firstIndex(where: { $0.active > active }) else {
            return (last.lower, last.upper)
        }
        let (a, b) = (points[next - 1], points[next])
        let part = (active - a.active) / (b.active - a.active)
        return (a.lower + part * (b.lower - a.lower), a.upper + part * (b.upper - a.upper))
    }
}

extension PandapowerReader {
    /// The limits in var that the capability curve of a generator gives at its active power, MW; nil where it
    /// has none. A dispatch that moves the power finds them unmoved, which is told.
    mutating func capability(_ row: PandapowerRow, at active: Double) -> ClosedRange<Double>? {
        guard row.isTrue("reactive_capability_curve", or: false, &mistakes) else { return nil }
        let style = row.text("curve_style") ?? "straightLineYValues"
        if style != "straightLineYValues" {
            mistakes.add(
                "\(row.title): curve_style is '\(style.prefix(30))'; only straightLineYValues is supported")
        }
        let curve = row.reference("id_q_capability_characteristic", &mistakes)
        let curves = capabilities ?? PandapowerCapability(tables, &mistakes)
        capabilities = curves
        guard let limits = curves.limits(curve, at: active) else {
            mistakes.add(
                "\(row.title): id_q_capability_characteristic: q_capability_curve_table has no curve \(curve)"
            )
            return nil
        }
        curved.append(row.title)
        return min(limits.lower, limits.upper) * 1e6...max(limits.lower, limits.upper) * 1e6
    }
}

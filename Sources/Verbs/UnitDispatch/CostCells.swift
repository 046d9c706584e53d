import Grid

/// Part of an allowed range of power, and straight lines that are nowhere above the cost in it.
struct CostCell {
    struct Line {
        /// Money/(W·h), and money/h at 0 W.
        let slope: Double
        let intercept: Double

        func value(at power: Double) -> Double { intercept + slope * power }
    }

    let lower: Double
    let upper: Double
    private(set) var lines: [Line]

    /// Where the cost is concave over the whole cell, one line: its secant. Otherwise tangents of the convex
    /// cost, at both ends and at `between` points, each plus the secant of the concave valve-point effect.
    init(_ unit: NonconvexUnit, _ lower: Double, _ upper: Double, between: Int = 0) {
        (self.lower, self.upper) = (lower, upper)
        let width = upper - lower
        guard width > 0 else {
            lines = [Line(slope: 0, intercept: unit.cost(at: lower))]
            return
        }
        let (atLower, atUpper) = (unit.ripple(at: lower), unit.ripple(at: upper))
        if let valves = unit.valves, case .polynomial = unit.cost,
            min(atLower, atUpper) * valves.frequency * valves.frequency
                >= unit.cost.derivatives(at: lower).1
        {
            let slope = (unit.cost(at: upper) - unit.cost(at: lower)) / width
            lines = [Line(slope: slope, intercept: unit.cost(at: lower) - slope * lower)]
            return
        }
        lines = []
        for part in 0...(between + 1) {
            addTangent(unit, at: lower + width * Double(part) / Double(between + 1))
        }
    }

    /// Adds a line, exact at `power` except for the valve-point effect.
    mutating func addTangent(_ unit: NonconvexUnit, at power: Double) {
        let (atLower, atUpper) = (unit.ripple(at: lower), unit.ripple(at: upper))
        let ripple = (atUpper - atLower) / (upper - lower)
        let (tangent, _) = unit.cost.derivatives(at: power)
        let value = unit.cost.cost(at: power) - tangent * power + atLower - ripple * lower
        lines.append(Line(slope: tangent + ripple, intercept: value))
    }

    /// The lower bound of the cost that the lines give.
    func value(at power: Double) -> Double { lines.reduce(-.infinity) { max($0, $1.value(at: power)) } }
}

/// The cells of one unit, in order of power. They are refined where a solution lies: a convex cost gets one
/// more tangent, another cell is split.
struct CostCells {
    let unit: NonconvexUnit
    private(set) var cells: [CostCell] = []

    init(_ unit: NonconvexUnit, parts: Int) {
        self.unit = unit
        for stretch in unit.stretches {
            let (from, to) = (stretch.lowerBound, stretch.upperBound)
            guard isRippled, to > from else {
                cells.append(CostCell(unit, from, to, between: 2 * parts))
                continue
            }
            let width = (to - from) / Double(parts)
            for part in 0..<parts {
                let low = from + Double(part) * width
                cells.append(CostCell(unit, low, part == parts - 1 ? to : low + width))
            }
        }
    }

    private var isRippled: Bool { (unit.valves?.amplitude ?? 0) > 0 }

    /// Makes the lines exact at `power`, of all cells it lies in where they are more than `slack` below the
    /// cost. False where none was changed.
    mutating func refine(at power: Double, slack: Double) -> Bool {
        var isFiner = false
        for index in cells.indices.reversed() {
            let cell = cells[index]
            guard power >= cell.lower, power <= cell.upper else { continue }
            guard unit.cost(at: power) - cell.value(at: power) > slack else { continue }
            if isRippled {
                guard power > cell.lower, power < cell.upper else { continue }
                cells[index] = CostCell(unit, power, cell.upper)
                cells.insert(CostCell(unit, cell.lower, power), at: index)
            } else {
                cells[index].addTangent(unit, at: power)
            }
            isFiner = true
        }
        return isFiner
    }
}

import Grid
import Optimization

/// The mixed-integer program of `NonconvexDispatch`, and its refinement.
struct CellProgram {
    private var units: [CostCells]
    private let formula: LossFormula?
    private let demand: Double
    /// Powers at which the tangent planes of the losses are taken.
    private var tangents: [[Double]] = []
    /// Units of power, W, and of cost, money/h, in the program.
    private let base: Double
    let money: Double

    init(_ units: [NonconvexUnit], _ formula: LossFormula?, demand: Double, parts: Int) {
        self.units = units.map { CostCells($0, parts: parts) }
        self.formula = formula
        self.demand = demand
        let powers = units.flatMap { [$0.limits.lowerBound.value.magnitude, $0.limits.upperBound.value] }
        base = max(powers.max() ?? 1, 1) / 1024
        let costs = units.map { $0.cost(at: $0.limits.upperBound.value).magnitude }
        money = max(costs.max() ?? 1, 1e-9) / 1024
        if formula != nil {
            tangents = [units.map { ($0.limits.lowerBound.value + $0.limits.upperBound.value) / 2 }]
        }
    }

    /// Columns of each cell in turn: whether it is chosen, its power beyond its lower end, and, where it has
    /// more than one line, its cost.
    var program: MixedIntegerProgram {
        var draft = MixedIntegerDraft()
        var powers: [[(column: Int, value: Double)]] = []
        for unit in units {
            var (choice, power): ([(column: Int, value: Double)], [(column: Int, value: Double)]) = ([], [])
            for cell in unit.cells {
                let (chosen, beyond) = add(cell, &draft)
                choice.append((chosen, 1))
                power += [(chosen, cell.lower / base), (beyond, 1)]
            }
            draft.addRow(choice, from: 1, to: 1)
            powers.append(power)
        }
        if let formula {
            for point in tangents { addLosses(&draft, powers, formula, at: point) }
        } else {
            let entries = powers.flatMap { $0 }.filter { $0.value != 0 }
            draft.addRow(entries, from: demand / base, to: demand / base)
        }
        return draft.program
    }

    private func add(_ cell: CostCell, _ draft: inout MixedIntegerDraft) -> (chosen: Int, beyond: Int) {
        let width = (cell.upper - cell.lower) / base
        let chosen = draft.addColumn(0...1, isInteger: true)
        let beyond = draft.addColumn(0...width)
        draft.addRow([(beyond, 1), (chosen, -width)], to: 0)
        let lines = cell.lines.map { ($0.value(at: cell.lower) / money, $0.slope * base / money) }
        if lines.count == 1 {
            (draft.cost[chosen], draft.cost[beyond]) = lines[0]
        } else {
            let cost = draft.addColumn(cost: 1, -.infinity ... .infinity)
            for (value, slope) in lines {
                draft.addRow([(cost, 1), (chosen, -value), (beyond, -slope)], from: 0)
            }
        }
        return (chosen, beyond)
    }

    /// Adds the row Σ p less the tangent plane of the losses ≥ demand. It is a relaxation because losses are
    /// convex.
    private func addLosses(
        _ draft: inout MixedIntegerDraft, _ powers: [[(column: Int, value: Double)]],
        _ formula: LossFormula, at point: [Double]
    ) {
        let slopes = formula.incremental(at: point)
        let plane = zip(slopes, point).reduce(formula.loss(at: point)) { $0 - $1.0 * $1.1 }
        var row: [(column: Int, value: Double)] = []
        for (i, entries) in powers.enumerated() {
            for entry in entries where entry.value != 0 {
                row.append((entry.column, entry.value * (1 - slopes[i])))
            }
        }
        draft.addRow(row, from: (demand + plane) / base)
    }

    /// Powers of the units, W.
    func powers(_ x: [Double]) -> [Double] {
        var at = 0
        return units.map { unit in
            var (best, power) = (-1.0, 0.0)
            for cell in unit.cells {
                if x[at] > best { (best, power) = (x[at], min(cell.lower + x[at + 1] * base, cell.upper)) }
                at += cell.lines.count == 1 ? 2 : 3
            }
            return power
        }
    }

    /// Refines the cells around `powers`; false where nothing is left to refine.
    mutating func refine(_ powers: [Double]) -> Bool {
        var isFiner = false
        if formula != nil, tangents.last != powers {
            tangents.append(powers)
            isFiner = true
        }
        for (i, power) in powers.enumerated() {
            if units[i].refine(at: power, slack: 1e-9 * money) { isFiner = true }
        }
        return isFiner
    }
}

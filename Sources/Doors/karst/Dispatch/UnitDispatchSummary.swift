import Export
import Foundation
import Grid
import UnitDispatch
import UnitFile

/// The dispatch of one period for the terminal, a spreadsheet and a program.
struct UnitDispatchSummary {
    private let path: String
    private let problem: UnitProblem
    private let outcome: UnitDispatchOutcome
    private static let listed = 40

    init(_ path: String, _ problem: UnitProblem, _ outcome: UnitDispatchOutcome) {
        (self.path, self.problem, self.outcome) = (path, problem, outcome)
    }

    var text: String {
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        let heading =
            "\(name) · \(problem.units.count) units, demand \(megawatts(outcome.demand)) MW · "
            + outcome.status.rawValue
        guard !outcome.powers.isEmpty else { return ([heading] + failure).joined(separator: "\n") }
        return ([heading, ""] + table + [""] + totals).joined(separator: "\n")
    }

    private var failure: [String] {
        let range =
            "\(megawatts(outcome.least)) to \(megawatts(outcome.largest)) MW"
            + (problem.losses == nil ? "" : ", losses subtracted")
        switch outcome.status {
        case .infeasible where outcome.demand < outcome.least || outcome.demand > outcome.largest:
            return ["  the units cannot meet this demand: all running, they deliver \(range)"]
        case .infeasible:
            return [
                "  no combination of allowed powers meets this demand, although it lies within what the "
                    + "units deliver, \(range): prohibited zones leave a gap here"
            ]
        case .stopped: return ["  no schedule was found in the time allowed; try a longer --time-limit"]
        case .optimal, .iterationLimit: return ["  the iteration did not converge; check the loss matrix"]
        }
    }

    private var table: [String] {
        let hasLosses = problem.losses != nil
        let width = max(8, problem.names.prefix(Self.listed).map(\.count).max() ?? 0)
        func line(_ name: String, _ cells: [String], _ limit: String) -> String {
            let start = "  " + name.padding(toLength: width, withPad: " ", startingAt: 0)
            let text = start + zip(cells, [14, 22, 10]).map(aligned).joined()
            return limit.isEmpty ? text : "\(text)  \(limit)"
        }
        let head = ["power MW", "marginal cost /MWh"] + (hasLosses ? ["penalty"] : [])
        let factors = penaltyFactors
        let rows = problem.units.indices.prefix(Self.listed).map { unit in
            var cells = [fixed(outcome.powers[unit] / 1e6, 3), marginal(unit)]
            if hasLosses { cells.append(fixed(factors[unit], 4)) }
            return line(problem.names[unit], cells, limit(unit))
        }
        let rest = problem.units.count - rows.count
        let more = rest > 0 ? ["  … \(rest) more units; --output FILE.csv writes all"] : []
        return [line("unit", head, "limit")] + rows + more
    }

    private var totals: [String] {
        let given = outcome.powers.reduce(0, +) / 1e6
        var lines = [row("generation", fixed(given, 3), "MW")]
        if problem.losses != nil { lines.append(row("losses", megawatts(outcome.loss), "MW")) }
        lines += [
            row("demand", megawatts(outcome.demand), "MW"), row("cost", fixed(outcome.cost, 4), "per hour"),
            outcome.price.map(words) ?? row("λ", "none", "(valve points or prohibited zones)"),
        ]
        if let bound = outcome.bound, let gap = outcome.gap {
            let proof = "per hour: no schedule costs less; gap \(scientific(max(gap, 0)))"
            lines.append(row("bound", fixed(bound, 4), proof))
        }
        return lines
    }

    private func row(_ name: String, _ number: String, _ unit: String) -> String {
        "  \(name.padding(toLength: 12, withPad: " ", startingAt: 0))\(aligned(number, 18)) \(unit)"
    }

    /// Marginal price of demand, λ: one number, or an interval where no unit can move a little either way.
    private func words(_ price: UnitSchedule.PriceInterval) -> String {
        let (low, high) = (price.lowest.map(perMegawattHour), price.highest.map(perMegawattHour))
        switch (low, high) {
        case (let low?, let high?) where high - low <= 1e-9 * max(low.magnitude, high.magnitude):
            return row("λ", fixed(low, 4), "per MWh")
        case (let low?, let high?):
            return row(
                "λ", "\(fixed(low, 4)) to \(fixed(high, 4))", "per MWh: a MWh less saves, a MWh more costs")
        case (let low?, nil): return row("λ", fixed(low, 4), "per MWh for less; no unit can give more")
        case (nil, let high?): return row("λ", fixed(high, 4), "per MWh for more; no unit can give less")
        case (nil, nil): return row("λ", "none", "no unit can give more or less")
        }
    }

    private func perMegawattHour(_ price: EnergyCost) -> Double { price.value * 1e6 }

    private func megawatts(_ power: Power) -> String { fixed(power.value / 1e6, 3) }

    private func marginal(_ unit: Int) -> String {
        let cost = problem.units[unit].marginalCost(at: outcome.powers[unit])
        let (low, high) = (
            fixed(perMegawattHour(cost.lowerBound), 4), fixed(perMegawattHour(cost.upperBound), 4)
        )
        return low == high ? low : "\(low) … \(high)"
    }

    /// 1/(1 − ∂loss/∂p) of each unit: λ is marginal cost times this, for a unit at no limit.
    private var penaltyFactors: [Double] {
        guard let losses = problem.losses else { return outcome.powers.map { _ in 1 } }
        return losses.incremental(at: outcome.powers).map { 1 / (1 - $0) }
    }

    /// The limit that a unit is at; empty where it is at none.
    private func limit(_ index: Int) -> String {
        let (unit, power) = (problem.units[index], outcome.powers[index])
        let (low, high) = (unit.limits.lowerBound.value, unit.limits.upperBound.value)
        let slack = 1e-6 * max(high - low, 1)
        func isAt(_ limit: Power?) -> Bool { limit.map { abs(power - $0.value) <= slack } ?? false }
        if low == high { return "fixed" }
        if isAt(unit.limits.lowerBound) { return "minimum" }
        if isAt(unit.limits.upperBound) { return "maximum" }
        if isAt(unit.window?.lowerBound) { return "ramp down" }
        if isAt(unit.window?.upperBound) { return "ramp up" }
        if let zone = unit.prohibited.first(where: { isAt($0.lowerBound) || isAt($0.upperBound) }) {
            return
                "zone \(fixed(zone.lowerBound.value / 1e6, 0)) to \(fixed(zone.upperBound.value / 1e6, 0)) MW"
        }
        if unit.isAtValvePoint(power) { return "valve point" }
        if case .piecewise(let points) = unit.cost, points.contains(where: { isAt($0.power) }) {
            return "point of the cost"
        }
        return ""
    }

    /// One row per unit.
    var csv: String {
        let factors = penaltyFactors
        let rows = problem.units.indices.map { index -> String in
            let (unit, power) = (problem.units[index], outcome.powers[index])
            let marginal = unit.marginalCost(at: power)
            let numbers = [
                power / 1e6, unit.cost(at: power), perMegawattHour(marginal.lowerBound),
                perMegawattHour(marginal.upperBound), factors[index],
            ]
            return
                ([CSVText.cell(problem.names[index])] + numbers.map { String(format: "%.6f", $0) }
                + [CSVText.cell(limit(index))]).joined(separator: ",") + "\n"
        }
        return "unit,power_mw,cost_per_h,marginal_cost_below_per_mwh,marginal_cost_above_per_mwh,"
            + "penalty_factor,limit\n" + rows.joined()
    }

    var json: String {
        get throws {
            var members: [String: Any] = [
                "status": outcome.status.rawValue, "demand_mw": outcome.demand.value / 1e6,
                "least_deliverable_mw": outcome.least.value / 1e6,
                "largest_deliverable_mw": outcome.largest.value / 1e6,
            ]
            if !outcome.powers.isEmpty { members.merge(solution) { $1 } }
            let data = try JSONSerialization.data(
                withJSONObject: members, options: [.prettyPrinted, .sortedKeys])
            return String(decoding: data, as: UTF8.self)
        }
    }

    private var solution: [String: Any] {
        let factors = penaltyFactors
        var members: [String: Any] = [
            "cost_per_h": outcome.cost, "losses_mw": outcome.loss.value / 1e6,
            "generation_mw": outcome.powers.reduce(0, +) / 1e6, "mismatch_mw": outcome.mismatch.value / 1e6,
        ]
        members["price_low_per_mwh"] = outcome.price?.lowest.map(perMegawattHour)
        members["price_high_per_mwh"] = outcome.price?.highest.map(perMegawattHour)
        members["bound_per_h"] = outcome.bound
        members["gap"] = outcome.gap
        members["units"] = problem.units.indices.map { index -> [String: Any] in
            let (unit, power) = (problem.units[index], outcome.powers[index])
            let marginal = unit.marginalCost(at: power)
            return [
                "unit": problem.names[index], "mw": power / 1e6, "cost_per_h": unit.cost(at: power),
                "marginal_cost_below_per_mwh": perMegawattHour(marginal.lowerBound),
                "marginal_cost_above_per_mwh": perMegawattHour(marginal.upperBound),
                "penalty_factor": factors[index], "limit": limit(index),
            ]
        }
        return members
    }
}

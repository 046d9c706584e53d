import ArgumentParser
import Export
import Foundation
import Grid
import Optimization
import TextFile
import UnitDispatch
import UnitFile

struct DispatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispatch",
        abstract: "Shares the demand of one period among generating units at least cost (economic dispatch).",
        discussion: """
            UNITS.csv has one row per unit. Powers are in MW, costs in money per hour. Columns:

              unit                name (default: the number of the row, from 1)
              pmin_mw, pmax_mw    least and largest power; every unit runs
              a, b, c             cost a + b p + c p^2, with c not below 0
              p1_mw, cost1, ...   in place of a, b, c: points of a piecewise linear,
                                  convex cost
              e, f                valve points: |e sin(f (pmin - p))| is added to
                                  the cost, f in rad/MW

            The table of --zones has one row per unit with ramps or prohibited zones: unit, p0_mw (power \
            before), ur_mw and dr_mw (largest rise and fall), zone1_lo, zone1_hi, zone2_lo, ... in MW. The \
            table of --losses has columns B1, B2, ... and one row per unit. Losses are \
            S (u'Bu + B0'u + B00) with u = p/S and base power S.

            The output gives the power, marginal cost and binding limit of each unit, the cost, the losses \
            and the marginal price of demand (λ). Valve points and prohibited zones need the solver HiGHS \
            (make highs); the output then also gives a lower bound of the cost. Exit code 1: the units \
            cannot meet the demand, or the search ended before it proved the gap.

            EXAMPLES
              karst dispatch units.csv --demand 850MW
              karst dispatch units.csv --demand 1263MW --losses B.csv --b0 B0.csv
              karst dispatch units.csv --demand 1263MW --losses B.csv --zones zones.csv
              karst dispatch valves.csv --demand 10.5GW --gap 1e-4 --output schedule.csv
            """)

    @Argument(
        help: ArgumentHelp("Table of the units, a CSV file.", valueName: "UNITS.csv"),
        completion: .file(extensions: ["csv"]))
    var units: String
    @Option(
        help: ArgumentHelp("Demand to meet, with its unit: 850MW, 900kW.", valueName: "POWER"),
        transform: power)
    var demand: Power
    @Option(
        help: ArgumentHelp("Table of the loss matrix B, per unit. Default: no losses.", valueName: "B.csv"))
    var losses: String?
    @Option(
        help: ArgumentHelp(
            "Table of the linear loss coefficients, per unit: one column B0. Default: 0.", valueName: "B0.csv"
        ))
    var b0: String?
    @Option(help: ArgumentHelp("Constant loss coefficient, per unit. Default: 0.", valueName: "B00"))
    var b00: Double?
    @Option(
        help: ArgumentHelp(
            "Base power of the loss coefficients. Default: 100MW. For coefficients in 1/MW: 1MW.",
            valueName: "POWER"), transform: power)
    var basePower: Power?
    @Option(
        help: ArgumentHelp("Table of ramps and prohibited zones. Default: none.", valueName: "ZONES.csv"))
    var zones: String?
    @Option(
        help: "For valve points and zones: (cost - bound)/cost to prove, above 0 and below 1. Default: 1e-6.")
    var gap: Double?
    @Option(help: "For valve points and zones: seconds for each search. Default: 60.")
    var timeLimit: Double?
    @Option(
        help: ArgumentHelp("Also write the schedule to this new CSV file.", valueName: "FILE"),
        completion: .file(extensions: ["csv"]), transform: outputPath)
    var output: String?
    @Flag(help: "Print no summary.")
    var quiet = false
    @Flag(help: "Print the schedule as one JSON object on standard output, in place of the summary.")
    var json = false

    func validate() throws {
        if losses == nil, b0 != nil || b00 != nil || basePower != nil {
            throw ValidationError("--b0, --b00 and --base-power belong to --losses, which is missing")
        }
        if let b00, !b00.isFinite { throw ValidationError("--b00 must be a number") }
        if let basePower, basePower <= .zero { throw ValidationError("--base-power must be above 0") }
        if let gap, !(gap > 0 && gap < 1) { throw ValidationError("--gap must be above 0 and below 1") }
        if let timeLimit, !(timeLimit > 0 && timeLimit <= 1e6) {
            throw ValidationError("--time-limit must be above 0 and at most 1000000 seconds")
        }
    }

    func run() throws {
        var tables = UnitFile(units: units)
        tables.zones = zones
        tables.lossMatrix = losses
        tables.lossLinear = b0
        tables.lossConstant = b00 ?? 0
        tables.basePower = basePower ?? tables.basePower
        let problem = try told { () throws(FileMistakes) in try tables.read() }
        let file = try output.map { try NewFile(at: $0) }
        let outcome: UnitDispatchOutcome
        do throws(HiGHSLibrary.Missing) {
            outcome = try UnitDispatchOutcome(problem, demand: demand, gap: gap, timeLimit: timeLimit)
        } catch {
            note("\(units): valve points and prohibited zones need a solver: \(error.description)")
            throw ExitCode(1)
        }
        for warning in outcome.warnings { note("\(losses ?? units): warning: \(warning)") }
        let summary = UnitDispatchSummary(units, problem, outcome)
        if !outcome.powers.isEmpty { try file?.write(Data(summary.csv.utf8)) }
        if json {
            try Terminal.put(try summary.json + "\n")
        } else if !quiet {
            try Terminal.show(summary.text)
        }
        guard outcome.isProved else { throw ExitCode(1) }
    }
}

/// A power with its unit, such as `850MW` or `850 MW`.
private func power(_ text: String) throws -> Power {
    let unit = text.suffix { $0.isLetter }
    let factors = ["W": 1, "kW": 1e3, "MW": 1e6, "GW": 1e9]
    let number = decimal(text.dropLast(unit.count).trimmingCharacters(in: .whitespaces).utf8)
    guard let number, let factor = factors[String(unit)], (0...1e15).contains(number * factor) else {
        throw ValidationError(
            "a power of 0 or more is written with its unit, W, kW, MW or GW, such as 850MW")
    }
    return Power(number * factor)
}

extension StringProtocol {
    /// The longest end whose characters all fulfil `condition`.
    fileprivate func suffix(while condition: (Character) -> Bool) -> SubSequence {
        self[(lastIndex { !condition($0) }.map { index(after: $0) } ?? startIndex)...]
    }
}

public import Grid
public import TextFile
public import UnitDispatch

/// The units of one period and, where given, what the network between them loses.
public struct UnitProblem: Hashable, Sendable {
    /// Of each unit, distinct: its name in the file, or its number from 1.
    public let names: [String]
    /// In the order of the file.
    public let units: [NonconvexUnit]
    /// Nil where no loss matrix was given.
    public let losses: LossFormula?
}

/// Reads generating units, their prohibited zones and the coefficients of a loss formula from CSV tables, as
/// the literature prints them: powers in MW, costs in money per hour.
///
/// - Units: a row each. `pmin_mw`, `pmax_mw`; the cost `a + b p + c p²` per hour of p in MW, or points
///   `p1_mw, cost1, p2_mw, cost2, …` of a piecewise linear cost; valve points `|e sin(f (pmin − p))|` from
///   `e` and `f` (rad/MW); a name in `unit`.
/// - Zones: a row for each unit that has any. `unit` (name, or number from 1 where units have no names);
///   `p0_mw`, `ur_mw`, `dr_mw`: the power before, and by how much it may rise and fall; `zone1_lo, zone1_hi,
///   …` in MW: open intervals in which the unit may not stay.
/// - Losses: `B1, B2, …` with a row and a column for each unit, and `B0` with a row for each unit, per unit
///   of the base power.
///
/// An empty cell means that there is none. A cost that is not convex, a column that is not known and a number
/// that is missing are mistakes.
public struct UnitFile: Hashable, Sendable {
    /// Path of the units.
    public var units: String
    /// Path of the zones; nil: none.
    public var zones: String?
    /// Path of the loss matrix B; nil: no losses.
    public var lossMatrix: String?
    /// Path of the linear coefficients B0; nil: all are 0.
    public var lossLinear: String?
    /// B00, per unit of the base power.
    public var lossConstant = 0.0
    /// What the coefficients of the losses are per unit of.
    public var basePower = Power(100e6)

    /// Units without zones and losses.
    public init(units: String) { self.units = units }

    /// Reads all files; throws every mistake in any of them at once.
    public func read() throws(FileMistakes) -> UnitProblem {
        var mistakes: [FileMistake] = []
        let rows = NumberTable.read(units, &mistakes).map { UnitReader($0).read(&mistakes) }
        var read = rows?.units ?? []
        let names = rows?.names ?? []
        if let zones, let table = NumberTable.read(zones, &mistakes), rows != nil {
            read = ZoneReader(table, names).read(read, &mistakes)
        }
        let matrix = lossMatrix.flatMap { NumberTable.read($0, &mistakes) }
        let linear = lossLinear.flatMap { NumberTable.read($0, &mistakes) }
        var formula: LossFormula?
        if lossMatrix == nil, let lossLinear {
            let message = "linear coefficients of losses belong to a loss matrix, which is missing"
            mistakes.append(FileMistake(file: lossLinear, message: message))
        }
        if let matrix, let rows {
            let reader = LossReader(matrix, linear, units: rows.names.count)
            formula = reader.read(lossConstant, basePower, &mistakes)
        }
        guard mistakes.isEmpty else { throw FileMistakes(mistakes) }
        return UnitProblem(names: names, units: read, losses: formula)
    }
}

import Glibc

/// The names MATPOWER's functions give to its columns and bus types, in the order in which they return them.
enum MatpowerNames {
    static let lists: [String: [(name: String, value: Double)]] = [
        "idx_bus": bus, "idx_brch": branch, "idx_gen": generator,
        "idx_cost": cost,
    ]

    private static let bus =
        numbered("PQ PV REF NONE")
        + numbered(
            "BUS_I BUS_TYPE PD QD GS BS BUS_AREA VM VA BASE_KV ZONE VMAX VMIN LAM_P LAM_Q MU_VMAX MU_VMIN")
    private static let branch =
        numbered("F_BUS T_BUS BR_R BR_X BR_B RATE_A RATE_B RATE_C TAP SHIFT BR_STATUS")
        + numbered("PF QF PT QT MU_SF MU_ST", from: 14) + numbered("ANGMIN ANGMAX", from: 12)
        + numbered("MU_ANGMIN MU_ANGMAX", from: 20)
    private static let generator =
        numbered("GEN_BUS PG QG QMAX QMIN VG MBASE GEN_STATUS PMAX PMIN")
        + numbered("MU_PMAX MU_PMIN MU_QMAX MU_QMIN", from: 22)
        + numbered("PC1 PC2 QC1MIN QC1MAX QC2MIN QC2MAX RAMP_AGC RAMP_10 RAMP_30 RAMP_Q APF", from: 11)

    private static let cost =
        numbered("PW_LINEAR POLYNOMIAL") + numbered("MODEL STARTUP SHUTDOWN NCOST COST")

    private static func numbered(_ names: String, from first: Double = 1) -> [(name: String, value: Double)] {
        names.split(separator: " ").enumerated().map { (String($1), first + Double($0)) }
    }

    /// Fields that hold the network and what its generators cost.
    static let read = ["version", "baseMVA", "bus", "gen", "branch", "gencost"]
    /// Fields that a power flow does not need.
    static let skipped: Set<String> = [
        "areas", "bus_name", "branch_name", "gen_name", "gentype", "genfuel", "reserves",
        "A", "l", "u", "N", "fparm", "H", "Cw", "z0", "zl", "zu",
    ]

    /// Functions of one number.
    static let functions: [String: @Sendable (Double) -> Double] = [
        "sin": { Glibc.sin($0) }, "cos": { Glibc.cos($0) }, "tan": { Glibc.tan($0) },
        "asin": { Glibc.asin($0) }, "acos": { Glibc.acos($0) }, "atan": { Glibc.atan($0) },
        "sqrt": { $0.squareRoot() }, "abs": { $0.magnitude },
    ]
    static let constants: [String: Double] = [
        "pi": .pi, "Inf": .infinity, "inf": .infinity, "NaN": .nan, "nan": .nan,
    ]
}

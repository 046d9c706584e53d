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
    /// Fields that change no answer.
    static let silent: Set<String> = [
        "areas", "bus_name", "branch_name", "gen_name", "gentype", "genfuel",
    ]
    /// Known fields that are not read, and what to say of them.
    static let unread: [String: String] = {
        let flows = "as in MATPOWER's power flow"
        var reasons = [
            "dcline": "mpc.dcline is ignored, \(flows)",
            "dclinecost": "mpc.dclinecost is not read, \(flows)",
            "reserves": "mpc.reserves is not read: dispatch here keeps no reserves",
            "if": "mpc.if is not read: dispatch here has no limits of interfaces",
            "softlims": "mpc.softlims is not read: limits are hard",
            "storage": "mpc.storage is not read: no device stores energy in a power flow",
        ]
        for name in ["A", "l", "u", "N", "fparm", "H", "Cw", "z0", "zl", "zu"] {
            reasons[name] =
                "mpc.\(name) is not read: optimal power flow has no constraints and costs beyond the tables"
        }
        return reasons
    }()

    /// Commands that change nothing of a case.
    static let idle: Set<String> = ["warning", "disp", "fprintf", "printf", "display", "format", "more"]
    static let refusedBlocks: Set<String> = ["while", "switch", "try", "parfor", "do", "unwind_protect"]
    /// Words that open a block, and those that close one.
    static let blocks: Set<String> = refusedBlocks.union(["if", "for"])
    static let ends: Set<String> = [
        "end", "endif", "endfor", "endwhile", "endswitch", "end_try_catch", "end_unwind_protect", "endparfor",
    ]

    /// Operators of two numbers; whether they say that something holds.
    static let operators: [String: (value: @Sendable (Double, Double) -> Double, isTruth: Bool)] = {
        func truth(
            _ holds: @escaping @Sendable (Double, Double) -> Bool
        ) -> (value: @Sendable (Double, Double) -> Double, isTruth: Bool) {
            ({ holds($0, $1) ? 1 : 0 }, true)
        }
        let (either, both) = (truth { $0 != 0 || $1 != 0 }, truth { $0 != 0 && $1 != 0 })
        let differs = truth { $0 != $1 }
        return [
            "||": either, "|": either, "&&": both, "&": both, "~=": differs, "!=": differs,
            "==": truth { $0 == $1 }, "<=": truth { $0 <= $1 }, ">=": truth { $0 >= $1 },
            "<": truth { $0 < $1 }, ">": truth { $0 > $1 },
            "+": ({ $0 + $1 }, false), "-": ({ $0 - $1 }, false),
            "*": ({ $0 * $1 }, false), ".*": ({ $0 * $1 }, false),
            "/": ({ $0 / $1 }, false), "./": ({ $0 / $1 }, false),
            "^": ({ pow($0, $1) }, false), ".^": ({ pow($0, $1) }, false),
        ]
    }()

    /// Functions of one number.
    static let functions: [String: @Sendable (Double) -> Double] = [
        "sin": { Glibc.sin($0) }, "cos": { Glibc.cos($0) }, "tan": { Glibc.tan($0) },
        "asin": { Glibc.asin($0) }, "acos": { Glibc.acos($0) }, "atan": { Glibc.atan($0) },
        "sqrt": { $0.squareRoot() }, "abs": { $0.magnitude }, "exp": { Glibc.exp($0) },
        "log": { Glibc.log($0) }, "round": { $0.rounded() }, "floor": { $0.rounded(.down) },
        "ceil": { $0.rounded(.up) }, "fix": { $0.rounded(.towardZero) }, "double": { $0 },
    ]

    /// Functions that make a matrix of one number.
    static let fills: [String: Double] = [
        "zeros": 0, "ones": 1, "Inf": .infinity, "inf": .infinity, "NaN": .nan, "nan": .nan,
    ]

    /// Functions of a matrix.
    static let measures: [String: @Sendable (MatpowerMatrix) -> MatpowerMatrix] = [
        "isinf": { $0.mapTruth(\.isInfinite) }, "isnan": { $0.mapTruth(\.isNaN) },
        "size": { MatpowerMatrix(rows: 1, columns: 2, values: [Double($0.rows), Double($0.columns)]) },
        "length": { MatpowerMatrix(Double($0.values.isEmpty ? 0 : max($0.rows, $0.columns))) },
        "numel": { MatpowerMatrix(Double($0.values.count)) },
        "isempty": { MatpowerMatrix($0.values.isEmpty ? 1 : 0) },
        "sum": { $0.reduced { $0.reduce(0, +) } },
        "max": { $0.reduced { $0.max() ?? .nan } }, "min": { $0.reduced { $0.min() ?? .nan } },
        "find": {
            let found = $0.transposed.values.enumerated().filter { $1 != 0 }.map { Double($0.0 + 1) }
            return $0.rows == 1
                ? MatpowerMatrix(rows: 1, columns: found.count, values: found)
                : MatpowerMatrix(rows: found.count, columns: 1, values: found)
        },
    ]
    static let constants: [String: Double] = ["pi": .pi, "eps": 0x1p-52, "true": 1, "false": 0]
}

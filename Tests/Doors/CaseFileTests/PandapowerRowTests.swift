import CaseFile
import Grid
import TestSupport
import Testing
import TextFile

/// What rows of pandapower's tables may hold, and what is told of it.
@Suite("Rows of pandapower tables")
struct PandapowerRowTests {
    /// A table: its columns, and rows as JSON.
    private typealias Table = (columns: String, rows: [String])

    /// Two buses with a line, and a third that is out of service.
    private static let tables: [String: Table] = [
        "bus": (
            "name,vn_kv,min_vm_pu,max_vm_pu,in_service",
            [
                #""a",20,0.9,1.1,true"#, #""b",20,0.9,1.1,true"#, #""dead",20,0.9,1.1,false"#,
            ]
        ),
        "line": (
            "from_bus,to_bus,length_km,r_ohm_per_km,x_ohm_per_km,max_i_ka,df,parallel,in_service",
            [
                "0,1,2.5,0.1,0.3,0.4,1,1,true"
            ]
        ),
        "load": ("bus,p_mw,q_mvar,scaling,in_service", ["1,1.5,0.5,1,true"]),
        "ext_grid": ("bus,vm_pu,in_service", ["0,1.01,true"]),
    ]

    private func read(_ changes: [String: Table], more: String = "") throws(FileMistakes) -> LoadedCase {
        let tables = Self.tables.merging(changes) { $1 }.sorted { $0.key < $1.key }.map { name, table in
            let columns = table.columns.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ",")
            let rows = table.rows.map { "[\($0)]" }.joined(separator: ",")
            let index = table.rows.indices.map(String.init).joined(separator: ",")
            return "\"\(name)\": {\"_class\": \"DataFrame\", \"_object\": {\"columns\": [\(columns)],"
                + "\"index\": [\(index)], \"data\": [\(rows)]}}"
        }
        let text = "{\"_object\": {\(tables.joined(separator: ", ")), \"version\": \"2.4.0\"\(more)}}"
        return try CaseFile.parse(Array(text.utf8), name: "net.json", format: .pandapower)
    }

    /// The errors, or the warnings; empty for none.
    private func told(_ changes: [String: Table], more: String = "") -> String {
        do {
            return try read(changes, more: more).warnings.map(\.message).joined(separator: "\n")
        } catch {
            return "\(error)"
        }
    }

    @Test func theNetworkItselfIsReadWithoutAWord() throws {
        let loaded = try read([:])
        #expect(loaded.warnings == [] && loaded.networkCase.namedBuses.map(\.name) == ["a", "b"])
    }

    private static let bus = "name,vn_kv,min_vm_pu,max_vm_pu,in_service"
    private static let line =
        "from_bus,to_bus,length_km,r_ohm_per_km,x_ohm_per_km,max_i_ka,df,parallel,in_service"
    private static let trafo =
        "hv_bus,lv_bus,sn_mva,vn_hv_kv,vn_lv_kv,vk_percent,vkr_percent,pfe_kw,i0_percent,tap_side,tap_pos,tap_neutral,tap_min,tap_max,tap_step_percent,parallel,in_service"
    private static let good = tables["line"]!.rows[0]

    /// A row that is out of service, or stands at a bus that is, may hold anything.
    @Test(
        arguments: [
            ("bus", bus, [#""a",20,0.9,1.1,true"#, #""b",20,0.9,1.1,true"#, #""c",null,2,-1,false"#]),
            ("line", line, [good, "7,1,-1,null,1e300,0,9,0,false"]),
            ("line", line, [good, "1,2,2.5,0.1,0.3,0.4,1,1,true"]),
            ("load", "bus,p_mw,q_mvar,scaling,in_service", ["1,1.5,0.5,1,true", #"1,null,"x",null,false"#]),
            ("load", "bus,p_mw,q_mvar,scaling,in_service", ["1,1.5,0.5,1,true", "2,null,0,1,true"]),
            (
                "gen", "bus,p_mw,vm_pu,min_q_mvar,max_q_mvar,in_service",
                ["1,1,-1,5,-5,false", "2,null,1,0,0,true"]
            ),
            ("sgen", "bus,p_mw,in_service", ["1,null,false", "9,1,false"]),
            ("ext_grid", "bus,vm_pu,in_service", ["0,1.01,true", "1,0,false"]),
            ("shunt", "bus,q_mvar,vn_kv,in_service", ["1,null,0,false"]),
            ("motor", "bus,pn_mech_mw,cos_phi,in_service", ["1,1,7,false"]),
            ("storage", "bus,p_mw,soc_percent,in_service", ["1,null,900,false"]),
            ("ward", "bus,ps_mw,qs_mvar,pz_mw,qz_mvar,in_service", ["1,null,0,0,0,false"]),
            ("impedance", "from_bus,to_bus,sn_mva,rft_pu,xft_pu,rtf_pu,in_service", ["0,1,0,1,1,2,false"]),
            ("trafo", trafo, ["0,1,-1,20,0,1,5,0,0,\"up\",9,0,-1,1,2,0,false"]),
            ("trafo3w", "hv_bus,mv_bus,lv_bus,sn_hv_mva,in_service", ["0,1,1,-1,false"]),
        ] as [(String, String, [String])])
    func rowsOutOfServiceAreNotChecked(table: String, columns: String, rows: [String]) throws {
        let loaded = try read([table: (columns, rows)])
        #expect(loaded.warnings == [])
        #expect(loaded.networkCase.network.branches.count { $0.isClosed } == 1)
        #expect(loaded.networkCase.injections == (try read([:])).networkCase.injections)
    }

    /// A number that its column cannot mean is refused, or told with table, row and column.
    @Test(arguments: [
        (
            "line", line, "0,1,2.5,-0.1,0.3,0.4,1,1,true",
            "line 0: r_ohm_per_km is -0.1; a number of at least 0"
        ),
        (
            "line", line, "0,1,2.5,0.1,-0.3,0.4,1,1,true",
            "line 0: x_ohm_per_km is -0.3; a number of at least 0"
        ),
        ("line", line, "0,1,2.5,0.1,0.3,0,1,1,true", "line 0: max_i_ka is 0; a number above 0 is expected"),
        (
            "line", line, "0,1,2.5,0.1,0.3,0.4,1.5,1,true",
            "line 0: df is 1.5; a number above 0 to 1 is expected"
        ),
        ("line", line, "0,1,-2.5,0.1,0.3,0.4,1,1,true", "error: line 0: length_km is -2.5; a number above 0"),
        (
            "line", line, "0,1,2.5,0.1,0.3,0.4,1,0,true",
            "error: line 0: parallel is 0; a whole number of at least 1"
        ),
        ("line", line, "0,1,2.5,0.1,0.3,0.4,1,1.5,true", "error: line 0: parallel is 1.5; a whole number"),
        ("load", "bus,p_mw,scaling", "1,1,-1", "load 0: scaling is -1; a number of at least 0 is expected"),
        (
            "storage", "bus,p_mw,soc_percent", "1,1,120",
            "storage 0: soc_percent is 120; a number from 0 to 100"
        ),
        ("gen", "bus,p_mw,vm_pu", "1,1,102", "gen 0: vm_pu is 102; a number from 0.5 to 1.5 is expected"),
        (
            "gen", "bus,p_mw,vm_pu,slack_weight", "1,1,1,-2",
            "error: gen 0: slack_weight is -2; a number of at least 0"
        ),
        ("shunt", "bus,q_mvar,vn_kv,step,max_step", "1,1,20,3,2", "shunt 0: step is 3, above max_step 2"),
        (
            "trafo", trafo, "0,1,1,20,20,5,1,0,-2,null,null,null,null,null,null,1,true",
            "trafo 0: i0_percent is -2; a number of at least 0 is expected; its sign is lost"
        ),
        (
            "trafo", trafo, "0,1,1,20,20,5,1,-3,2,null,null,null,null,null,null,1,true",
            "trafo 0: pfe_kw is -3; a number of at least 0"
        ),
        (
            "trafo", trafo, "0,1,1,20,20,-5,1,0,0,null,null,null,null,null,null,1,true",
            "trafo 0: vk_percent is -5; a number above 0"
        ),
        (
            "trafo", trafo, "0,1,1,20,20,5,-1,0,0,null,null,null,null,null,null,1,true",
            "trafo 0: vkr_percent is -1; a number of at least 0"
        ),
        (
            "trafo", trafo, "0,1,1,20,20,5,1,30,0.1,null,null,null,null,null,null,1,true",
            "trafo 0: pfe_kw is 30, more than i0_percent of the rating, 1 kVA"
        ),
        (
            "trafo", trafo, "0,1,1,20,20,5,1,0,0,\"hv\",9,0,-2,2,1.5,1,true",
            "trafo 0: tap_pos is 9, outside tap_min -2 to tap_max 2"
        ),
        (
            "trafo", trafo, "0,1,1,20,20,5,1,0,0,null,2,0,-2,2,1.5,1,true",
            "trafo 0: tap_pos is 2: its side, neutral position or kind"
        ),
        (
            "trafo", trafo, "0,1,1,20,20,5,1,0,0,\"mv\",2,0,-2,2,1.5,1,true",
            "error: trafo 0: tap_side is 'mv'; allowed are hv, lv"
        ),
        (
            "switch", "bus,element,et,closed,z_ohm", "0,1,\"b\",true,-1",
            "error: switch 0: z_ohm is -1; a number of at least 0"
        ),
    ])
    func numbersOutsideTheirColumnAreTold(table: String, columns: String, row: String, message: String) {
        let found = told([table: (columns, [row])])
        #expect(found.contains(message), "\(found)")
    }

    @Test func oneWarningStandsForAColumn() throws {
        let rows = (0..<30).map { _ in "0,1,2.5,0.1,-0.3,0.4,1,1,true" }
        let warnings = try read(["line": (Self.line, rows)]).warnings
        #expect(warnings.count == 1 && warnings[0].message.hasSuffix("as it stands (and 29 more rows)"))
    }

    @Test func oneBusHasOneSetpoint() throws {
        let columns = "bus,p_mw,vm_pu,in_service"
        let joined = [
            "bus": (Self.bus, [#""a",20,0.9,1.1,true"#, #""b",20,0.9,1.1,true"#, #""c",20,0.9,1.1,true"#]),
            "switch": ("bus,element,et,closed", [#"1,2,"b",true"#]),
        ]
        let apart = joined.merging(["gen": (columns, ["1,1,1.01,true", "2,1,1.03,true"])]) { $1 }
        let message = "error: gen 1: vm_pu is 1.03, but gen 0 holds 1.01 at the same bus 'b'"
        #expect(told(apart).contains(message), "\(told(apart))")
        #expect(told(["gen": (columns, ["1,1,1.01,true", "1,1,1.03,true"])]).contains(message))
        let atSource = told(["gen": (columns, ["0,1,1,true"])])
        #expect(atSource.contains("error: ext_grid 0: vm_pu is 1.01, but gen 0 holds 1 at the same bus 'a'"))
        let agreed = joined.merging(["gen": (columns, ["1,1,1.01,true", "2,1,1.01,true", "1,1,9,false"])]) {
            $1
        }
        #expect(told(agreed) == "")
    }

    @Test(arguments: ["\"nan\"", "\"NaN\"", "\"None\"", "\"\"", "null", "NaN"])
    func textsForAMissingValueAreMissing(cell: String) throws {
        let row = ["0,1,2.5,0.1,0.3,\(cell),\(cell),1,true"]
        let loaded = try read(["line": (Self.line, row)])
        #expect(loaded.networkCase.network.branches[0].ampacity == nil)
        // A limit may be unknown; a factor may not, so that the value in its place is told.
        #expect(loaded.warnings.map(\.message) == ["line 0: df is empty; 1 is used"])
        let load = told(["load": ("bus,p_mw", ["1,\(cell)"])])
        #expect(load.contains("error: load 0: p_mw is missing"), "\(load)")
    }

    @Test func aLineBesideClosedSwitchesIsTold() throws {
        let found = told(["switch": ("bus,element,et,closed", [#"0,1,"b",true"#])])
        #expect(found.hasPrefix("line-0: closed switches or the row make one bus of both ends; a line"))
    }

    @Test(arguments: [
        ("", ""), (", \"format_version\": \"3.0.0\"", ""), (", \"format_version\": null", ""),
        (", \"format_version\": \"1.5\"", "error: format_version is '1.5'; only 2 and later can be read"),
        (", \"f_hz\": \"60\"", "error: f_hz is '60'; a number is expected"),
        (", \"user_pf_options\": {\"trafo_model\": \"pi\"}", "user_pf_options is not used: trafo_model"),
        (
            ", \"controller\": {\"_class\": \"DataFrame\", \"_object\": {\"columns\": [\"x\"], \"index\": [0], \"data\": [[1]]}}",
            "controllers are not run (1 in the file)"
        ),
    ])
    func whatIsSaidOfTheWholeNetwork(more: String, message: String) {
        let found = told([:], more: more)
        #expect(message.isEmpty ? found == "" : found.contains(message), "\(found)")
    }

    /// SimBench's study cases and names of stations change no state; a DC line does.
    @Test func whatChangesNoStateIsSkipped() {
        #expect(told(["loadcases": ("pload", ["1"]), "substation": ("name", ["\"A\""])]) == "")
        #expect(told(["dcline": ("from_bus", ["1"])]).contains("table dcline has rows in service"))
    }

    @Test func aColumnGivenTwiceIsRefused() {
        let found = told(["load": ("bus,p_mw,p_mw", ["1,1,2"])])
        #expect(found.contains("error: table load: the column 'p_mw' is given twice"), "\(found)")
    }
}

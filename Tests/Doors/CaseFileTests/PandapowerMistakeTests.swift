import CaseFile
import Grid
import TestSupport
import Testing
import TextFile

@Suite("Mistakes in pandapower networks")
struct PandapowerMistakeTests {
    /// Two buses and a line, as to_json nests them.
    private static let small = """
        {"_module": "pandapower.auxiliary", "_class": "pandapowerNet", "_object": {
          "bus": {"_class": "DataFrame", "_object": "{\\"columns\\":[\\"name\\",\\"vn_kv\\",\\"in_service\\"],\
        \\"index\\":[0,4],\\"data\\":[[\\"a\\",20.0,true],[\\"b\\",20.0,true]]}"},
          "line": {"_class": "DataFrame", "_object": {"columns":["name","from_bus","to_bus","length_km","r_ohm_per_km",
            "x_ohm_per_km","c_nf_per_km","max_i_ka","in_service"],"index":[7],"data":[[null,0,4,2.5,0.1,0.3,10,null,true]]}},
          "load": {"_class": "DataFrame", "_object": {"columns":["bus","p_mw","q_mvar"],"index":[1],"data":[[4,1.5,0.5]]}},
          "ext_grid": {"_class": "DataFrame", "_object": {"columns":["bus","vm_pu"],"index":[0],"data":[[0,1.01]]}},
          "trafo": {"_class": "DataFrame", "_object": {"columns":["hv_bus"],"index":[],"data":[]}},
          "res_bus": {"_class": "DataFrame", "_object": "{}"},
          "name": "", "format_version": "3.3.0", "f_hz": 50.0, "sn_mva": 1}}
        """

    private func mistakes(_ text: String) -> String {
        do {
            _ = try CaseFile.parse(Array(text.utf8), name: "net.json", format: .pandapower)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func theSmallNetworkIsRead() throws {
        let network = try CaseFile.parse(Array(Self.small.utf8), name: "net.json", format: .pandapower)
            .networkCase
        #expect(network.name == "net" && network.network.branches[0].name == "line-7")
        #expect(network.network.branches[0].resistance.value == 0.25)
        #expect(network.loads[0].bus == 1 && network.network.buses.map(\.name) == ["a", "b"])
    }

    @Test(arguments: [
        ("\"f_hz\": 50.0,", "\"f_hz\": 50.0 ", "net.json:9:56: error: ',' or '}' is expected"),
        ("[[4,1.5,0.5]]", "[[4,1.5,oops]]", "net.json:5:108: error: a value is expected"),
        (
            "[[4,1.5,0.5]]", "[[4,1.5]]",
            "net.json: error: table load is not a data frame of orientation 'split'"
        ),
        ("[[4,1.5,0.5]]", "[[5,1.5,0.5]]", "net.json: error: load 1: bus: there is no bus 5"),
        ("[[4,1.5,0.5]]", "[[4,\\\"x\\\",0.5]]", "net.json:5:104: error: a value is expected"),
        (
            "[[4,1.5,0.5]]", "[[4,\"x\",0.5]]",
            "net.json: error: load 1: p_mw is 'x'; a finite number is expected"
        ),
        ("[[4,1.5,0.5]]", "[[4,null,0.5]]", "net.json: error: load 1: p_mw is missing"),
        ("0,4,2.5", "0,4,0", "net.json: error: line 7: length_km is 0; a number above 0 is expected"),
        ("\"r_ohm_per_km\"", "\"r_ohm\"", "net.json: error: line 7: r_ohm_per_km is missing"),
        ("10,null,true", "10,null,3", "net.json: error: line 7: in_service is 3; true or false is expected"),
        (
            "\\\"b\\\",20.0", "\\\"b\\\",20.0.0",
            "net.json: error: table bus: ',' or ']' is expected, at character 89 of its text"
        ),
        (
            "\"load\"", "\"dcline\"",
            "net.json: error: table dcline has rows in service, but is not supported"
        ),
        (
            "\"ext_grid\"", "\"res_ext_grid\"",
            "net.json: error: no ext_grid and no gen with slack is in service"
        ),
        (
            "\"3.3.0\"", "\"1.2.0\"",
            "net.json: error: format_version is '1.2.0'; only 2 and later can be read"
        ),
        ("\"sn_mva\": 1", "\"sn_mva\": 0", "net.json: error: sn_mva must be above 0"),
        ("\"sn_mva\": 1", "\"sn_mva\": 1, \"sn_mva\": 1", "net.json:9:69: error: 'sn_mva' is given twice"),
    ])
    func oneMistake(old: String, new: String, expected: String) {
        #expect(Self.small.contains(old))
        let found = mistakes(Self.small.replacing(old, with: new))
        #expect(found.hasPrefix(expected), "\(found)")
    }

    @Test(arguments: [
        "", "{", "[1,2", "{\"a\": \"\\u12\"}", "nul", "{}", "[]", "3", "\"\\ud800\"", "{\"_object\": 3}",
    ])
    func fragments(text: String) {
        #expect(mistakes(text) != "none")
    }

    @Test func deepTextsAreRefused() {
        #expect(mistakes(String(repeating: "[", count: 1_000_000)).contains("nested too deep"))
    }

    /// Whatever is done to the bytes, the file is read or refused; what is read is finite.
    @Test func mutationsNeverTrap() {
        var random = SplitMix64(seed: 9)
        for _ in 0..<4000 {
            let bytes = mutated(Self.small, by: "0123456789.-e[]{},:\"", &random)
            guard let loaded = try? CaseFile.parse(bytes, name: "net.json", format: .pandapower) else {
                continue
            }
            #expect(loaded.networkCase.network.branches.allSatisfy { $0.resistance.value.isFinite })
        }
    }
}

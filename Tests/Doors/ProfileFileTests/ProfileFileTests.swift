import Grid
import Lanes
import PowerFlow
import ProfileFile
import Testing
import TextFile

@Suite("Profiles")
struct ProfileFileTests {
    /// Two loads at bus b, one of them off; a roof at c that holds no voltage.
    private let networkCase = NetworkCase(
        name: "three",
        buses: ["a", "b", "c"].map { Bus(name: $0, nominalVoltage: Voltage(400), limits: 0.9...1.1) },
        branches: [], sources: [.init(bus: 0, voltage: 1)],
        loads: [
            .init(name: "house", bus: 1, active: Power(2000), reactive: ReactivePower(500)),
            .init(name: "shed", bus: 1, active: Power(300), reactive: ReactivePower(100)),
            .init(name: "off", bus: 1, active: Power(9000), reactive: .zero, isConnected: false),
        ],
        generators: [.init(name: "roof", bus: 2, active: Power(1000), reactive: ReactivePower(50))],
        basePower: Power(1e6))

    private func read(_ text: String, for other: NetworkCase? = nil) throws -> Profile {
        let bytes = Array(text.utf8)
        let result = bytes.withUnsafeBufferPointer { bytes in
            Result { () throws(FileMistakes) in
                try ProfileFile.parse(bytes, name: "p.csv", for: other ?? networkCase)
            }
        }
        return try result.get()
    }

    private func mistakes(_ text: String) -> String {
        do {
            _ = try read(text)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    private func rows(_ table: StepTable, _ step: Int) -> [Double] {
        (0..<table.rows).map { table[$0, step] }
    }

    @Test func aLoadTakesAGeneratorGivesAndTheRestStays() throws {
        let profile = try read("time,house_kw,roof_kw,roof_kvar\n00:00,1.5,0.25,-0.5\n00:15, 2 ,0,1e-1\r\n")
        #expect(profile.labelName == "time" && profile.labels == ["00:00", "00:15"])
        #expect(rows(profile.series.active, 0) == [0, -1500 - 300, 250])
        #expect(rows(profile.series.reactive, 0) == [0, -600, -500])
        #expect(rows(profile.series.active, 1) == [0, -2000 - 300, 0])
        #expect(rows(profile.series.reactive, 1) == [0, -600, 100])
    }

    @Test func aBusStandsForAllItsLoads() throws {
        let profile = try read("b_kw,b_kvar\n3,1\n")
        #expect(rows(profile.series.active, 0) == [0, -3000, 1000] && profile.labels == ["0"])
        #expect(rows(profile.series.reactive, 0) == [0, -1000, 50])
    }

    @Test func aScaleMultipliesBothPowers() throws {
        let profile = try read("\u{FEFF}step,b_scale,roof_scale\n7,0.5,2\n8,0,1")
        #expect(rows(profile.series.active, 0) == [0, -1150, 2000])
        #expect(rows(profile.series.reactive, 0) == [0, -300, 100])
        #expect(rows(profile.series.active, 1) == [0, 0, 1000] && profile.labels == ["7", "8"])
    }

    @Test(arguments: [
        ("house_mw\n1\n", "p.csv:1:1: error: column 'house_mw' must end with _kw, _kvar or _scale"),
        (
            "step,tree_kw\n0,1\n",
            "p.csv:1:6: error: column 'tree_kw': the case has no load, generator or bus 'tree'"
        ),
        ("off_kw\n1\n", "p.csv:1:1: error: column 'off_kw': the load is out of service"),
        ("b_kw,house_kw\n1,1\n", "p.csv:1:6: error: column 'house_kw': another column sets the same power"),
        ("b_scale,b_kvar\n1,1\n", "p.csv:1:9: error: column 'b_kvar': another column sets the same power"),
        ("step,b_kw\n0,1\n1,x\n", "p.csv:3:3: error: a number from -1e12 to 1e12 is expected"),
        ("step,b_kw\n0,1e13\n", "p.csv:2:7: error: a number from -1e12 to 1e12 is expected"),
        ("step,b_kw\n0,1\n\n1,\n", "p.csv:4:3: error: a number from -1e12 to 1e12 is expected"),
        ("b_kw,b_kvar\n1\n", "p.csv:2:2: error: 1 cell, but the header has 2"),
        ("b_kw\n1,2\n", "p.csv:2:2: error: more cells than the header, which has 1"),
        ("b_kw\n", "p.csv: error: the file has no rows"),
        ("b_kw,b_kvar\n1;2\n", "p.csv:2:2: error: a comma is expected"),
        ("", "p.csv:1: error: the header is empty"),
        (
            "hause_kw\n1\n",
            "p.csv:1:1: error: column 'hause_kw': the case has no load, generator or bus 'hause'; did you mean "
                + "'house'?"
        ),
        ("c_scale\n1\n", "p.csv:1:1: error: column 'c_scale': the bus has no load to scale"),
        (
            "step;b_kw\n0;1\n",
            "p.csv:1: error: the separator is a comma, but this line has a semicolon\n1 error"
        ),
        (
            "step\tb_kw\n0\t1\n",
            "p.csv:1: error: the separator is a comma, but this line has a tab\n1 error"
        ),
        ("b_kw\nnan\n", "p.csv:2:1: error: a number from -1e12 to 1e12 is expected"),
    ])
    func oneMistake(text: String, expected: String) {
        let found = mistakes(text)
        #expect(found.hasPrefix(expected), "\(found)")
    }

    @Test func allMistakesAreToldTheRestOfManyCounted() {
        let lines = mistakes("b_kw\n" + String(repeating: "x\n", count: 30)).split(separator: "\n")
        #expect(lines.count == 12 && lines[10].hasSuffix("and 20 more like these up to here"))
    }

    @Test func aNameThatSeveralHaveIsRefused() {
        var other = networkCase
        other.loads[1].name = "house"
        #expect(throws: FileMistakes.self) { try read("house_kw\n1\n", for: other) }
    }

    /// A column that would change nothing is not read in silence.
    @Test func powersThatFollowAreRefused() {
        var other = networkCase
        other.generators = [
            .init(name: "mill", bus: 0, active: Power(1000), voltage: 1),
            .init(name: "roof", bus: 2, active: Power(1000), voltage: 1),
        ]
        let messages = ["mill_kw", "roof_kvar", "roof_kw"].map { column -> String in
            do {
                _ = try read("\(column)\n1\n", for: other)
                return "read"
            } catch {
                return "\(error)".split(separator: "\n")[0].description
            }
        }
        #expect(
            messages == [
                "p.csv:1:1: error: column 'mill_kw': the generator stands at a source, whose power is the "
                    + "remainder",
                "p.csv:1:1: error: column 'roof_kvar': the generator holds a voltage, from which its reactive "
                    + "power follows", "read",
            ])
    }

    /// A load, a generator and a bus of one name: sign and meaning would be guessed.
    @Test func aNameOfTwoKindsIsRefused() throws {
        var other = networkCase
        other.generators[0].name = "b"
        #expect(throws: FileMistakes.self) { try read("b_kw\n1\n", for: other) }
        other.generators[0].name = "roof"
        other.loads[0].name = "b"
        #expect(throws: FileMistakes.self) { try read("b_kw\n1\n", for: other) }
        other.loads.removeSubrange(1...)
        #expect(rows(try read("b_kw\n1\n", for: other).series.active, 0) == [0, -1000, 1000])
    }

    /// Refused before any memory is asked for.
    @Test func moreRowsThanFitAreRefused() {
        var other = networkCase
        other.network.buses = Array(repeating: networkCase.network.buses[0], count: 1 << 16)
        let rows = String(repeating: "0\n", count: (1 << 13) + 1)
        let error = #expect(throws: FileMistakes.self) { try read("step\n" + rows, for: other) }
        #expect(
            error?.all.map(\.message) == [
                "8193 rows for 65536 buses; rows × buses may be at most 536870912"
            ])
    }

    @Test func labelsThatComeTwiceAreTold() throws {
        let profile = try read("time,b_kw\n00:00,1\n00:15,1\n00:00,2\n00:15,2\n")
        #expect(
            profile.warnings.map(\.description) == [
                "p.csv:4: warning: 2 rows have the label of an earlier row, first '00:00'"
            ])
        #expect(try read("b_kw\n1\n1\n").warnings.isEmpty)
    }

    @Test func quotedNamesMayHoldCommas() throws {
        var other = networkCase
        other.loads[0].name = "house, \"north\""
        let profile = try read("time,\"house, \"\"north\"\"_kw\"\n\"1, 0:00\",1.5\n", for: other)
        #expect(rows(profile.series.active, 0)[1] == -1800 && profile.labels == ["1, 0:00"])
    }

    @Test func loadsThatDependOnVoltageAreRefused() {
        var other = networkCase
        other.loads[0].constantImpedance = 0.5
        #expect(throws: FileMistakes.self) { try read("b_kw\n1\n", for: other) }
    }
}

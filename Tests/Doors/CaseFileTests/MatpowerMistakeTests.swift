import CaseFile
import Grid
import TestSupport
import Testing
import TextFile

@Suite("Mistakes in MATPOWER files")
struct MatpowerMistakeTests {
    private static let small = MatpowerTests.small

    @Test(arguments: [
        (
            "0.01\t0.1\t0.05", "0.01\t0.1x\t0.05",
            "small.m:18:16: error: the end of the element is expected; found 'x'"
        ),
        ("20\t7\t0.005", "20\t8\t0.005", "small.m:19:5: error: there is no bus 8"),
        ("10\t20\t0.01", "10\t10\t0.01", "small.m:18:5: error: the branch ends where it begins"),
        ("\t7\t1\t25", "\t20\t1\t25", "small.m:9:2: error: bus 20 is given twice"),
        ("\t7\t1\t25", "\t7\t5\t25", "small.m:9:4: error: bus type 5 is not 1 (PQ), 2 (PV), 3 (REF) or 4"),
        ("\t7\t1\t25", "\t7\t1\tNaN", "small.m:9:6: error: Pd is nan; a finite number is expected"),
        ("1.05, 0.95", "0.95, 1.05", "small.m:9:33: error: Vmin is above Vmax"),
        ("50\t-50", "-50\t50", "small.m:12:14: error: Qmin 50 is above Qmax -50"),
        ("0.98\t-30", "-0.98\t-30", "small.m:19:25: error: ratio -0.98 is not above 0"),
        ("5\t110\t1", "5\t110", "small.m:8:2: error: 13 elements in a row, where the first has 12"),
        (
            "version = '2'", "version = '1'",
            "small.m: error: only version '2' can be read; the file says '1' (MATPOWER's savecase writes 2)"
        ),
        ("mpc.baseMVA = 100", "mpc.baseMVA = [1 2]", "small.m: error: baseMVA must be a number above 0"),
        (
            "1.2 600 0 ]", "1.2 600 ]",
            "small.m:22:78: error: 7 elements in a row, where the first has 8"
        ),
        (
            "; 2 0 0 3 0.1 1.2 600 0 ]", "",
            "small.m:22:15: error: this bracket is not closed before the statement in line 23"
        ),
        (
            "1.05, 0.95\n];", "1.05, 0.95\n",
            "small.m:6:11: error: this bracket is not closed before the statement in line 11"
        ),
        (
            "0\t-360\t360;\n];", "0\t-360\t360;\n",
            "small.m:17:14: error: this bracket is not closed before the statement in line 22"
        ),
        ("it''s three' };", "it''s three'", "small.m:23:16: error: this bracket is not closed"),
        ("'two'; 'it''s three' };", "'two; };", "small.m:23:37: error: this quote is not closed on its line"),
        (
            "function mpc = small", "function [baseMVA, bus] = small",
            "small.m:1:1: error: this is a case of version 1"
        ),
    ])
    func oneMistake(old: String, new: String, expected: String) {
        #expect(Self.small.contains(old))
        let found = mistakes(in: Self.small.replacing(old, with: new))
        #expect(found.first?.hasPrefix(expected) ?? false, "\(found)")
    }

    @Test(arguments: [
        ("system('rm')", "small.m:24:1: error: 'system' does not begin a supported statement"),
        ("x = y + 1;", "small.m:24:5: error: 'y' is not known; allowed are mpc and its fields"),
        ("mpc.bus(4, 3) = 1;", "small.m:24:9: error: 4 is not among the 3 rows"),
        ("mpc.bus(1.5, 3) = 1;", "small.m:24:9: error: 1.5 is not among the 3 rows"),
        ("mpc.bus(:, 3) = [1 2];", "small.m:24:1: error: the sizes of both sides differ: 3 × 1 and 1 × 2"),
        (
            "x = [1 2] * [3 4];",
            "small.m:24:11: error: a product of matrices is not supported; write .* or ./ for each element"
        ),
        ("x = [1 2] + [3 4 5];", "small.m:24:11: error: the sizes of both sides differ: 1 × 2 and 1 × 3"),
        ("x = 1 +;", "small.m:24:8: error: a value is expected; found ';'"),
        ("x = feval('ls', 1);", "small.m:24:5: error: the function 'feval' is not carried out"),
        ("mpc = loadcase('case9');", "small.m:24:1: error: mpc is assigned as a whole"),
        ("while 1\nend", "small.m:24:1: error: `while` is not carried out"),
        (
            "for k = 1:3\n mpc.bus(1, 3) = k + unknown;\nend",
            "small.m:25:22: error: 'unknown' is not known"
        ),
        ("for k = 1:3\n x = 1;", "small.m:24:1: error: this `for` has no `end`"),
        (
            "if mpc.baseMVA == 100\n error('no');\nend",
            "small.m:25:2: error: the file ends itself with an error here"
        ),
        ("end\nx = 1;", "small.m:25:1: error: a statement stands behind the end of the function"),
        ("mpc.bus(2, 15) = 1;", "small.m:24:12: error: 15 is not among the 13 columns"),
        ("x = zeros(1e5, 1e5);", "small.m:24:5: error: a size in whole numbers is expected"),
        ("x = 1:1e12;", "small.m:24:11: error: a range of too many numbers"),
        (
            "[a, b] = size(mpc.bus);",
            "small.m:24:10: error: only idx_brch, idx_bus, idx_cost, idx_gen may assign several names at once"
        ),
        ("mpc.bus = 1:3;", "small.m: error: mpc.bus has 3 columns; it needs 13"),
        ("for k = 1", "small.m:24:1: error: this `for` has no `end`"),
        ("if 0\nx = 1;", "small.m:24:1: error: this block has no `end`"),
        ("x = 1e999;", "small.m:24:5: error: a value is expected; found '1'"),
        ("x == 1", "small.m:24:1: error: 'x' does not begin a supported statement"),
    ])
    func statements(text: String, expected: String) {
        let found = mistakes(in: Self.small + text)
        #expect(found.first?.hasPrefix(expected) ?? false, "\(found)")
    }

    @Test func allMistakesAtOnce() {
        let text = Self.small.replacing("\t7\t1\t25", with: "\t7\t1\t2,5x").replacing(
            "0.01\t0.1", with: "0.01\t?")
        #expect(
            mistakes(in: text + "a = ;\nfoo\n") == [
                "small.m:9:9: error: the end of the element is expected; found 'x'",
                "small.m:18:13: error: a value is expected; found '?'",
                "small.m:24:5: error: a value is expected; found ';'",
                "small.m:25:1: error: 'foo' does not begin a supported statement; allowed are assignments to mpc, its fields "
                    + "and names, `if` and `for`",
                "4 errors",
            ])
    }

    @Test(arguments: [
        "", "%", "mpc", "mpc.", "mpc.bus", "mpc.bus = [", "function", "x = ((((", "%{", "\u{FEFF}", "...",
    ])
    func fragments(text: String) {
        #expect(!mistakes(in: text).isEmpty)
    }

    /// A power flow and a conversion need no costs; who needs them learns what is wrong with them.
    @Test(arguments: [
        (
            "= [ 2 0 0 3", "= [ 3 0 0 3",
            "small.m:22:17: error: cost model 3 is not 1 (piecewise linear) or 2 (polynomial)"
        ),
        (
            "1 0 0 2 0 0 2 40", "1 0 0 2 0 0 0 40",
            "small.m:22:72: error: the powers of a piecewise linear cost must increase"
        ),
        (
            "1 0 0 2 0 0 2 40", "1 0 0 3 0 0 2 40",
            "small.m:22:66: error: n is 3; a whole number from 2 to 2 is expected"
        ),
        ("0.11 5 150 0", "NaN 5 150 0", "small.m:22:25: error: nan where a finite number is expected"),
        ("; 2 0 0 3 0.1 1.2 600 0 ]", "]", "small.m:22:17: error: mpc.gencost has 3 rows"),
    ])
    func costs(old: String, new: String, expected: String) throws {
        #expect(Self.small.contains(old))
        let loaded = try read(Self.small.replacing(old, with: new))
        #expect(loaded.costMistakes.count == 1)
        #expect(loaded.costMistakes[0].description.hasPrefix(expected), "\(loaded.costMistakes)")
        #expect(loaded.warnings.count == 1 && loaded.warnings[0].message.hasSuffix("refuses this cost"))
    }

    /// Thousands of mistakes or warnings cost no more than their number, and are told as one.
    @Test func whatIsTooMuchIsCounted() throws {
        let fields = (0..<10_000).map { "mpc.field\($0) = \($0);\n" }.joined()
        var warnings: [FileMistake] = []
        let time = try ContinuousClock().measure { warnings = try read(Self.small + fields).warnings }
        #expect(warnings.count == 41 && warnings[40].description == "small.m: warning: and 9960 more")
        #expect(warnings[39].line == 63)
        #expect(time < .seconds(5))
        let mistakes = mistakes(in: Self.small + (0..<980).map { "foo\($0)\n" }.joined())
        #expect(mistakes[40] == "small.m: error: and 940 more")
    }

    @Test func deepBracketsAreRefusedNotFollowed() {
        let deep = "x = " + String(repeating: "(", count: 100_000)
        #expect(mistakes(in: Self.small + deep)[0].contains("nested more than 64 deep"))
    }

    /// Whatever is done to the bytes, the file is read or refused; what is read is finite.
    @Test func mutationsNeverTrap() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<4000 {
            let bytes = mutated(Self.small, by: "0123456789.-+eE;[](){}',%:=\n#\"~&|<>", &random)
            guard let loaded = try? CaseFile.parse(bytes, name: "small.m", format: .matpower) else {
                continue
            }
            let perUnit = PerUnitNetwork(loaded.networkCase.network)
            #expect(perUnit.branches.allSatisfy { $0.resistance.isFinite && $0.charging.isFinite })
            #expect(loaded.networkCase.injections.active.allSatisfy { $0.value.isFinite })
        }
    }
}

/// The bytes of a text after one to three changes: a byte replaced, left out or inserted, or some left out.
/// `characters` are those that the format gives a meaning.
func mutated(_ text: String, by characters: String, _ random: inout SplitMix64) -> [UInt8] {
    var bytes = Array(text.utf8)
    let alphabet = Array(characters.utf8)
    for _ in 0...random.whole(0..<3) {
        let at = random.whole(0..<bytes.count)
        switch random.whole(0..<5) {
        case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes[at] = alphabet[random.whole(0..<alphabet.count)]
        case 2: bytes.remove(at: at)
        case 3: bytes.insert(alphabet[random.whole(0..<alphabet.count)], at: at)
        default: bytes.replaceSubrange(at..<min(at + random.whole(0..<40), bytes.count), with: [])
        }
    }
    return bytes
}

/// The error's lines; none where the text is read.
func mistakes(in text: String) -> [String] {
    do {
        _ = try read(text)
        return []
    } catch {
        return "\(error)".split(separator: "\n").map(String.init)
    }
}

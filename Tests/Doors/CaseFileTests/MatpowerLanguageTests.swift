import CaseFile
import Grid
import TestSupport
import Testing
import TextFile

/// The language that case files are written in, as MATPOWER and Octave read it.
@Suite("The language of MATPOWER files")
struct MatpowerLanguageTests {
    private static let small = MatpowerTests.small

    /// Another spelling of the same case.
    @Test(arguments: [
        ("version = '2'", "version = \"2\""), ("version = '2'", "version = 2"),
        (
            "{ 'one, the source'; 'two'; 'it''s three' }",
            "{ \"one {\"; 'a \"b\" }'; \"it's % # three\" }"
        ),
        ("function mpc = small", "function [mpc] = small"),
        ("function mpc = small", "function [ mpc ] = small ( varargin )"),
        ("0.01\t0.1\t0.05", "1d-2\t1.0D-1\t5E-2"), ("%\tbus_i", "#\tbus_i"),
        ("% a comment", "# a comment"), ("\t7\t1\t25", "%{\n1 2 3\n%}\n\t7\t1\t25"),
        ("\t7\t1\t25", "#{\n1 2 3\n#}\n\t7\t1\t25"), ("25\t-5", "25 -5"), ("25\t-5", "25, - 5"),
        ("25\t-5", "20 + 5\t-10 / 2"), ("25\t-5", "[25 -5]"), ("25\t-5", "[25; -5]'"),
        ("mpc.baseMVA = 100", "mpc.baseMVA = 1e2, x = [1 2; 3 4]'"),
        ("2 0 0 3 0.1 1.2 600 0 ]", "2 0 0 3 0.1 1.2 600 0 ]''"),
    ])
    func sameCase(old: String, new: String) throws {
        #expect(Self.small.contains(old))
        let loaded = try read(Self.small.replacing(old, with: new))
        #expect(loaded.networkCase == (try read(Self.small).networkCase) && loaded.warnings == [])
    }

    /// What stands behind the tables and changes nothing, and the warning that it gives.
    @Test(
        arguments: [
            ("return;\nend", nil), ("end", nil), ("endfunction", nil),
            ("end\nfunction x = more()\nx = [;", nil),
            ("return\nmpc.bus(2, 3) = 99;", "what stands behind `return` is not carried out"),
            ("mpc.areas = zeros(1, 2);", nil), ("mpc.gentype = {'ST'; \"GT\"};", nil),
            ("mpc.load_profile = [1 2 3];", "the field 'load_profile' is not known, and not read"),
            ("mpc.note = 'by X; [';", "the field 'note' is not known, and not read"),
            ("mpc.geo = { 1, 'a}'; 2, 'b' };", "the field 'geo' is not known, and not read"),
            ("mpc.user.area.name = 'x';", "the field 'user' is not known, and not read"),
            (
                "mpc.userdata = struct('a', {1; 2}, 'b', @(x) x + 1);",
                "the field 'userdata' is not known, and not read"
            ),
            (
                "mpc.reserves.zones = [1 1];\nmpc.reserves.req = 10;",
                "mpc.reserves is not read: dispatch here keeps no reserves"
            ),
            ("mpc.if.map = [1 1];", "mpc.if is not read: dispatch here has no limits of interfaces"),
            ("mpc.dclinecost = [2 0 0 2 0 0];", "mpc.dclinecost is not read, as in MATPOWER's power flow"),
            ("mpc.dcline = [1 2 1 5];", "mpc.dcline is ignored, as in MATPOWER's power flow"),
            ("mpc.dcline = [10 7 0 NaN];", nil),
            ("warning('off', 'all'); fprintf('%d\\n', 1);", nil),
            ("for i = 1:size(mpc.branch, 1)\n mpc.branch(i, 4) = mpc.branch(i, 4) * 1;\nend", nil),
            ("if mpc.baseMVA ~= 100\n error('no');\nend", nil),
            ("if nargin < 1, x = 1; else, mpc.bus(2, 3) = unknown; end", nil),
            (
                "if 0\n x = [1\n 2]; if 1, end\n s.end = 'end';\nelseif 1 == 1\n x = 2;\nelse\n y(1);\nend",
                nil
            ),
            ("for k = []\n mpc.bus(2, 3) = unknown;\nend", nil), ("s = 'text; [';\nc = {1, 'a'};", nil),
        ] as [(String, String?)])
    func noChange(text: String, warning: String?) throws {
        let loaded = try read(Self.small + text + "\n")
        #expect(loaded.networkCase == (try read(Self.small).networkCase))
        #expect(loaded.warnings.map(\.message) == (warning.map { [$0] } ?? []))
    }

    /// The load of the second bus, 40 MW, is what the text makes of it; nil: the text is refused.
    @Test(
        arguments: [
            ("for i = [1 2 3]\n mpc.bus(2, 3) = mpc.bus(2, 3) + i;\nend", 46.0),
            ("for i = 1:3, for j = 3:-1:2, mpc.bus(2, 3) = mpc.bus(2, 3) + i * j; end, end", 70),
            (
                "for (i = 2)\n if i == 2 && ~(i > 3), mpc.bus(i, 3) = 7; return; end\nend\nmpc.bus(2, 3) = 9;",
                7
            ),
            ("k = find(mpc.bus(:, 1) == 20); mpc.bus(k, 3) = 5;", 5),
            ("mpc.bus(mpc.bus(:, 3) > 30, 3) = 6;", 6), ("mpc.bus(end - 1, 3) = mpc.bus(end, 3);", 25),
            ("x = [1 2; 3 4]; mpc.bus(2, 3) = sum(x(:, 2)) + numel(x) + max([1, 5]);", 15),
            ("x = 2:2:9; mpc.bus(2, 3) = x(3) + length(x);", 10),
            ("x = zeros(2); x(2, 2) = 3; mpc.bus(2, 3) = sum(sum(x));", 3),
            ("s = 1.5; mpc.scale = 2 * s; mpc.bus(:, 3) = mpc.bus(:, 3) * mpc.scale;", 120),
            ("if 0, mpc.bus(2, 3) = 1; elseif 2 > 1, mpc.bus(2, 3) = 2; else, mpc.bus(2, 3) = 3; end", 2),
            ("mpc.bus(2, 3) = [1 -1] * 2 * [1 0]'; ", nil), ("mpc.bus(2, 3) = round(2.5) + 1e1 - 1D+0;", 12),
        ] as [(String, Double?)])
    func computed(text: String, power: Double?) throws {
        guard let power else {
            #expect(throws: FileMistakes.self) { try read(Self.small + text) }
            return
        }
        let load = try read(Self.small + text + "\n").networkCase.loads[0]
        #expect(near(load.active.value, power * 1e6, relative: 1e-14, absolute: 0), "\(load.active)")
    }

    @Test func rowsAreAddedAndRemoved() throws {
        let tail = """
            mpc.bus = [mpc.bus; 8 1 5 0 0 0 1 1 0 20 1 1.05 0.95];
            mpc.branch(end + 1, :) = [7 8 0.01 0.1 0 0 0 0 0 0 1 -360 360];
            mpc.branch(3, :) = [];
            mpc.branch(:, 14:17) = 0;

            """
        let network = try read(Self.small + tail).networkCase.network
        #expect(network.buses.map(\.name) == ["10", "20", "7", "8"])
        #expect(network.branches.map(\.name) == ["10-20", "20-7", "7-8"])
    }

    /// A loop can ask for no more than the limit of operations.
    @Test func endlessWorkIsRefused() {
        let text = "x = zeros(1, 1e7);\nfor i = 1:99\n y = x + 1;\nend\n"
        #expect(mistakes(in: text).contains { $0.contains("more than") })
    }

    /// Without version a case is judged by the width of `gen`, as by MATPOWER.
    @Test func widthTellsTheVersion() throws {
        let text = Self.small.replacing("mpc.version = '2';", with: "")
        #expect(mistakes(in: text).first?.contains("no version, which means 1") ?? false)
        #expect(throws: Never.self) { try read(text + "mpc.gen(:, 11:21) = 0;\n") }
    }
}

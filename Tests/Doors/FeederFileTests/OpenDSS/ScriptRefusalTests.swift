import FeederFile
import Grid
import Testing
import TextFile

/// What a script holds beyond what is read is refused with its place, every mistake at once.
@Suite struct ScriptRefusalTests {
    /// The messages about `lines`, which begin in line 3.
    private func messages(_ lines: String) throws -> [String] {
        let (feeder, messages) = try SampleScript.load(SampleScript.start + lines + "\n")
        #expect(feeder == nil, "\(lines)")
        return messages
    }

    /// Every mistake has one line that names the place, what was found and what may stand there.
    @Test(arguments: [
        ("New Lod.a bus1=m", "3:5: error: objects of the class 'lod' are not read; did you mean 'Load'?"),
        ("New Load", "3:5: error: 'Load' is not CLASS.NAME"),
        ("Frob x", "3:1: error: there is no command 'Frob'"),
        ("New Load.a bus1=m phses=1", "3:19: error: a Load has no property 'phses'; did you mean 'Phases'?"),
        ("New Load.a bus1=m kw=abc", "3:19: error: Load.a: kW: 'abc' is not a number"),
        ("New Load.a bus1=m kw=(1 0 /)", "3:19: error: Load.a: kW: in '1 0 /', '/' has no finite result"),
        ("New Load.a bus1=m kw=(1 +)", "3:19: error: Load.a: kW: in '1 +', '+' needs more numbers before it"),
        ("New Load.a bus1=m kw=", "3:19: error: kW has no value"),
        ("New Load.a bus1=m phases=2.5", "3:19: error: Load.a: Phases: '2.5' is not whole"),
        ("New Load.a bus1=m phases=40", "3:19: error: Load.a: Phases: '40' is outside 1…12"),
        (
            "New Load.a bus1=m.x",
            "3:12: error: Load.a: Bus1: in 'm.x', 'x' is not the number of a node, 0 to 99"
        ),
        ("New Load.a kw=5", "3:5: error: Load.a: Bus1 is missing"),
        ("New Load.a bus1=m model=8", "3:5: error: Load.a: a load of model 8 needs ZIPV"),
        ("New Load.a bus1=m conn=star", "3:19: error: Load.a: Conn: 'star' is none of wye, y, ln, delta, ll"),
        (
            "New Line.l bus1=s bus2=m",
            "3:5: error: Line.l stands in main.dss:2 already; write 'Edit' to change it"
        ),
        ("New Line.k bus1=s bus2=m linecode=x", "3:26: error: Line.k: LineCode: there is no LineCode 'x'"),
        (
            "New Line.k bus1=s bus2=m rmatrix=[1 | 2]",
            "3:26: error: Line.k: RMatrix: the matrix has rows of 1, 1 "
                + "numbers; with 3 phases it has rows of 1, 2, 3"
        ),
        ("Edit Load.q kw=1", "3:6: error: there is no Load 'q'"),
        ("Load.q.kw=1", "3:1: error: there is no Load 'q'"),
        ("~ kw=1\nClear\n~ kw=1\nNew Circuit.c", "3:3: error: a Line has no property 'kw'"),
        ("Set Foo=1", "3:5: error: there is no option 'foo'"),
        (
            "Set cktmodel=positive",
            "3:5: error: the option cktmodel = 'positive' is not read: one of three phases is "
                + "solved"
        ),
        (
            "AllocateLoads",
            "3:1: error: the command 'AllocateLoads' can change the feeder and is not read; write what "
                + "it leads to"
        ),
        (
            "New RegControl.r transformer=t",
            "3:18: error: RegControl.r: Transformer: there is no Transformer 't'"
        ),
        (
            "New Transformer.t buses=[s m x]",
            "3:19: error: Transformer.t: Buses: there are 3 values, and 2 windings up "
                + "to here; write Windings (or XfmrCode) before"
        ),
        ("New Transformer.t bus=s", "3:5: error: Transformer.t: the bus of winding 2 is missing"),
        (
            "New Generator.g bus1=m model=3",
            "3:5: error: Generator.g: a generator of model 3 is not read; 1, 2 and 4 "
                + "are (3 holds a voltage)"
        ),
        ("New Load.a bus1=m cvrcurve=x", "3:19: error: the property CVRCurve of a Load is not read"),
        (
            "BatchEdit Load.(a|b) kw=1",
            "3:11: error: the pattern '(a|b)' is not read; letters, '.', [a-z], \\d, *, +, "
                + "?, ^ and $ are"
        ),
        ("Redirect other.dss", "3:10: error: 'other.dss': there is no such file"),
        (
            "Redirect C:\\x.dss",
            "3:10: error: 'C:\\x.dss': 'C:/x.dss' is a path of another computer; write it from the "
                + "folder of this file"
        ),
        ("Redirect main.dss", "3:10: error: 'main.dss': files redirect to each other more than 32 deep"),
    ]) func mistakesAreToldWithTheirPlace(lines: String, message: String) throws {
        let found = try messages(lines)
        #expect(found.contains { $0.hasPrefix("main.dss:" + message) }, "\(found)")
    }

    @Test func allMistakesAreToldAtOnce() throws {
        let found = try messages(
            "New Load.a bus1=m kw=x kvar=y\nFrob\nNew Load.b bus1=m conn=q model=9\nNew Capacitor.c")
        #expect(found.map { $0.split(separator: ":")[1] } == ["3", "3", "4", "5", "5", "6"], "\(found)")
    }

    @Test func aScriptNeedsACircuit() throws {
        #expect(
            try SampleScript.load("! nothing\n").messages == [
                "main.dss: error: the script makes no circuit: there is no line 'New Circuit.NAME'"
            ])
        let (_, messages) = try SampleScript.load("New Load.a bus1=m\n")
        #expect(
            messages.first == "main.dss:1:5: error: Load needs a circuit: write 'New Circuit.NAME' before")
    }

    /// The folder is not left, by no path and by no link.
    @Test func theRootIsNotLeft() throws {
        let files = [
            "a/main.dss": SampleScript.start + "Redirect ../codes.dss\n", "codes.dss": "New Load.a bus1=m\n",
        ]
        let (feeder, refusals) = try SampleScript.load(files, main: "a/main.dss")
        #expect(feeder == nil)
        let message = try #require(refusals.first)
        #expect(
            message.hasPrefix("a/main.dss:3:10: error: '../codes.dss': the file lies outside of the folder "))
        #expect(message.hasSuffix("which is not left; name a folder that holds every file, with --root"))
        #expect(try SampleScript.load(files, main: "a/main.dss", root: ".").feeder?.loads.count == 1)
    }

    /// What cannot change a voltage is read past and listed; protection is told apart.
    @Test func whatHasNoEffectIsListed() throws {
        let text =
            SampleScript.start
            + "New Load.a bus1=m\nNew Monitor.m element=line.l\nNew Monitor.n line.l\n~ mode=1\n"
            + "New Fuse.f monitoredobj=line.l\nPlot circuit\nSolve\nShow taps\nExport voltages\nSet markercode=5\n"
        let (feeder, messages) = try SampleScript.load(text)
        #expect(feeder != nil)
        #expect(
            messages == [
                "main.dss: warning: read past, because no voltage depends on it: export (1), monitor (2), plot (1), "
                    + "show (1)",
                "main.dss: warning: protection is read past and stays closed: fuse (1)",
            ])
    }

    @Test func foreignTextIsNamed() throws {
        let wide = String(decoding: "New Circuit.c".utf8.flatMap { [$0, 0] }, as: UTF8.self)
        #expect(
            try SampleScript.load(wide).messages.first?.contains("the file is UTF-16; save it as UTF-8")
                == true)
    }
}

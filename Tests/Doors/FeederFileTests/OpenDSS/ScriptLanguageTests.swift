import Grid
import LinearAlgebra
import Testing
import TextFile

/// The language of OpenDSS: words, numbers, properties and objects.
@Suite struct ScriptLanguageTests {
    /// The first load of a circuit whose load is made by `text`.
    private func load(_ text: String) throws -> Feeder.Load {
        let (feeder, messages) = try SampleScript.load(SampleScript.start + text + "\n")
        return try #require(feeder?.loads.first, "\(messages)")
    }

    private func kilowatts(_ text: String) throws -> Double {
        try load(text).active.reduce(Power.zero, +).kilowatts
    }

    /// Ten kilowatts, however they are written.
    @Test(arguments: [
        "New Load.a bus1=m kw=10", "new load.a BUS1=m KW = 10", "New Load.a bus1 =m, kw= 10,",
        "New object=Load.a bus1=m kw=10", "New \"Load.a\" bus1='m' kw=10 ! twenty",
        "New Load.a bus1=m kw=10// 20",
        "New Load.a bus1=m kw=(2 5 *)", "New Load.a bus1=m kw=[100 sqrt]", "New Load.a bus1=m kw={1e1}",
        "New Load.a 3 m 4.16 10", "New Load.a bus1=m 4.16 10", "New Load.a bus1=m\n~ kw=10",
        "New Load.a bus1=m\nmore kw=10",
        "New Load.a bus1=m\nM kw=10", "New Load.a bus1=m kw=20\nLoad.a.kw=10",
        "New Load.a bus1=m kw=20\nkw=10",
        "New Load.a bus1=m kw=20\nEdit Load.A kw=10", "New Load.a bus1=m kw=20\nBatchEdit Load..* kw=10",
        "New Load.b bus1=m kw=10 enabled=no\nNew Load.a like=b bus1=m enabled=yes",
        "New Load.a bus1=m kw=5\nSet LoadMult=2", "New Load.a bus1=m kva=20 pf=0.5",
        "New Load.a bus1=m xfkva=100 pf=.5 allocationfactor=.2",
        "New Load.a bus1=m kwh=1800 kwhdays=30 cfactor=4",
        "/* New Load.b bus1=m\n*/\nNew Load.a bus1=m kw=10",
    ]) func aValueMayBeWrittenInManyWays(text: String) throws {
        #expect(abs(try kilowatts(text) - 10) < 1e-9, "\(text)")
    }

    /// Variables stand for values, also within arrays and before the nodes of a bus.
    @Test func variablesStandForValues() throws {
        let text = "var @p=10 @where=m @q=(2 3 *)\nNew Load.a bus1=@where.2 phases=1 kv=2.4 kw=@p kvar=@q"
        let load = try load(text)
        #expect(load.pairs == [Feeder.Pair(2)])
        #expect(load.active[0].kilowatts == 10 && load.reactive[0].kilovars == 6)
        let (_, messages) = try SampleScript.load(
            SampleScript.start + "var @a=1\nNew Load.a bus1=m kw=@b\n")
        #expect(messages.first == "main.dss:4:19: error: there is no variable '@b'")
    }

    /// What the last line says of two values that depend on each other holds.
    @Test func powerFactorAndReactivePowerFollowTheLineTheyStandIn() throws {
        let kilovars = { (text: String) in
            try load(text).reactive.reduce(ReactivePower.zero, +).kilovars
        }
        #expect(abs(try kilovars("New Load.a bus1=m kw=10 kvar=4") - 4) < 1e-9)
        #expect(abs(try kilovars("New Load.a bus1=m kvar=4 kw=10 pf=.8") - 7.5) < 1e-9)
        #expect(abs(try kilovars("New Load.a bus1=m kw=10 pf=-.8") + 7.5) < 1e-9)
        // The power factor of the first line goes on to hold.
        #expect(abs(try kilovars("New Load.a bus1=m kw=10 kvar=4\nLoad.a.kw=5") - 2) < 1e-9)
    }

    /// Reverse Polish notation, with angles in degrees.
    @Test(arguments: [
        ("(8 1000 /)", 0.008), ("(1 2 -)", -1), ("(2 3 ^)", 8), ("(1 1 atan2)", 45), ("(30 sin)", 0.5),
        ("(4 inv)", 0.25), ("(2 sqr 3 sqr + sqrt)", 13.0.squareRoot()), ("(0.00625 12 * 1 +)", 1.075),
        ("(2 3 swap -)", 1), ("(pi 2 *)", 2 * Double.pi),
        ("(1.051 0.88 0.001 3 * - - 115 12.47 / sqr *)", 14.798306633595),
    ]) func arithmeticIsReversePolish(text: String, value: Double) throws {
        let (feeder, messages) = try SampleScript.load(
            SampleScript.start + "New Reactor.r bus1=m r=0 x=\(text)\n")
        let shunt = try #require(feeder?.shunts.first, "\(messages)")
        #expect(abs(-1 / shunt.admittance[0].imaginary - value) < 1e-9 * max(1, abs(value)))
    }

    /// A node after the bus says where a conductor goes; what is left out is the phases, then earth.
    @Test func busesNameTheirConductors() throws {
        let pairs = { (text: String) in try load(text).pairs }
        #expect(try pairs("New Load.a bus1=m") == Feeder.Pair.wye)
        #expect(try pairs("New Load.a bus1=m.2 phases=1 kv=2.4") == [Feeder.Pair(2)])
        #expect(try pairs("New Load.a bus1=m.2.4 phases=1 kv=2.4") == [Feeder.Pair(2, 4)])
        #expect(try pairs("New Load.a bus1=m.3.1 phases=1 conn=delta") == [Feeder.Pair(3, 1)])
        #expect(try pairs("New Load.a bus1=m conn=ll") == Feeder.Pair.delta)
        #expect(try pairs("New Load.a bus1=m.1.2 phases=2") == [Feeder.Pair(1), Feeder.Pair(2)])
    }

    /// Bus names and objects are the same in capital letters.
    @Test func capitalLettersDoNotCount() throws {
        let (feeder, _) = try SampleScript.load(
            SampleScript.start + "New Load.a BUS1=M kw=1\nNew load.B bus1=m kw=1\nload.b.KW=3\n")
        #expect(feeder?.buses.map(\.name) == ["s", "m"])
        #expect(feeder?.loads.map { $0.bus } == [1, 1])
    }

    /// A pattern changes the loads whose names it finds, and no others.
    @Test(arguments: [
        ("Load..*", "abc"), ("Load.a1", "a"), ("Load.^b", "b"), ("Load.[ac]\\d", "ac"), ("Load.1$", "ac"),
        ("Load.x+", ""), ("Load.b?1", "ac"),
    ]) func patternsFindNames(pattern: String, found: String) throws {
        let loads = "New Load.a1 bus1=m kw=1\nNew Load.b2 bus1=m kw=1\nNew Load.c1 bus1=m kw=1\n"
        let (feeder, messages) = try SampleScript.load(
            SampleScript.start + loads + "BatchEdit \(pattern) kw=7\n")
        let changed = try #require(feeder, "\(messages)").loads.filter { $0.active[0].kilowatts > 1 }
        #expect(changed.map { $0.name.prefix(1) }.joined() == found)
    }

    /// Files are found from the file that names them; `Compile` moves there for good. Backslashes and capital
    /// letters of Windows are understood.
    @Test func filesAreFoundFromTheFileThatNamesThem() throws {
        let files = [
            "a/main.dss": SampleScript.start
                + "Redirect sub\\Loads.DSS\nredirect more.dss\nCompile (sub/deep/x.dss)\n"
                + "redirect y.dss\nRedirect \"../codes.dss\"\n",
            "a/sub/loads.dss": "New Load.a bus1=m\nredirect deep/z.dss",
            "a/sub/deep/z.dss": "New Load.z bus1=m", "a/more.dss": "New Load.b bus1=m",
            "a/sub/deep/x.dss": "New Load.c bus1=m", "a/sub/deep/y.dss": "New Load.d bus1=m",
            "a/sub/codes.dss": "New Load.e bus1=m",
        ]
        let (feeder, messages) = try SampleScript.load(files, main: "a/main.dss")
        #expect(feeder?.loads.map(\.name) == ["a", "z", "b", "c", "d", "e"], "\(messages)")
    }

    /// The last circuit counts: `Clear` forgets what stood before.
    @Test func clearForgets() throws {
        let (feeder, _) = try SampleScript.load(
            SampleScript.start + "New Load.a bus1=m\nClear\n" + SampleScript.start + "New Load.b bus1=m\n")
        #expect(feeder?.loads.map(\.name) == ["b"])
    }
}

import Foundation
import TestSupport
import Testing

/// Feeders written as tables, and what is refused.
@Suite struct ConvertTests {
    /// A small feeder of everything that the tables hold.
    private static let script = """
        clear
        new circuit.small basekv=12.47 pu=1.02 bus1=sub r1=0.1 x1=0.6 r0=0.2 x0=1.1
        new linecode.open nphases=3 units=km rmatrix=(0.3 | 0.1 0.31 | 0.1 0.1 0.29)
        ~ xmatrix=(0.9 | 0.4 0.91 | 0.38 0.42 0.92) cmatrix=(9 | -2 9 | -1 -2 9)
        new transformer.reg1 phases=1 xhl=0.5 kvas=(2000 2000) buses=(sub.1 reg.1)
        ~ kvs=(7.2 7.2) %loadloss=0.02
        new transformer.reg2 like=reg1 buses=(sub.2 reg.2)
        new transformer.reg3 like=reg1 buses=(sub.3 reg.3)
        new regcontrol.c1 transformer=reg1 winding=2 vreg=125 band=2
        ~ ptratio=60 ctprim=300 r=2 x=4 maxtapchange=1
        new regcontrol.c2 like=c1 transformer=reg2
        new regcontrol.c3 like=c1 transformer=reg3
        new line.l1 bus1=reg bus2=m linecode=open length=3 units=km
        new line.l2 bus1=m.2.3 bus2=n.2.3 phases=2 rmatrix=(0.5 | 0.1 0.5)
        ~ xmatrix=(1 | 0.4 1) cmatrix=(0 | 0 0) length=1
        new line.tie bus1=m bus2=e switch=y
        new transformer.down phases=3 xhl=4 kva=500 buses=(e f) conns=(delta wye)
        ~ kvs=(12.47 0.48) %loadloss=1
        new load.a bus1=m kw=700 kvar=300 kv=12.47 model=1 vminpu=0.6 vmaxpu=1.4
        new load.b bus1=n.2.3 phases=1 conn=delta kw=90 kvar=30 kv=12.47 model=5 vminpu=0.6 vmaxpu=1.4
        new load.c bus1=f kw=200 kvar=80 kv=0.48 model=2 vminpu=0.6 vmaxpu=1.4
        new load.d bus1=m.1 phases=1 kw=120 kvar=10 kv=7.2 model=8
        ~ zipv=(0.2 0.3 0.5 0.6 0.1 0.3 0) vminpu=0.6 vmaxpu=1.4
        new capacitor.k bus1=m kvar=150 kv=12.47
        set voltagebases=(12.47 0.48)
        calcv
        solve

        """

    private func voltages(_ path: String) throws -> [String: Double] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: ",").map(String.init) }
        let column = try #require(lines[0].firstIndex { $0.contains("_pu") })
        let phases = ["1": "a", "2": "b", "3": "c"]
        return Dictionary(
            lines.dropFirst().compactMap { cells in
                Double(cells[column]).map { ("\(cells[0]).\(phases[cells[1]] ?? cells[1])", $0) }
            }, uniquingKeysWith: { first, _ in first })
    }

    @Test func aFolderOfTablesIsWrittenAsOne() throws {
        let folder = try TemporaryFolder()
        let path = Checkout.golden.appending(path: "unbalanced/ieee13").path
        let outcome = try Karst.run("convert", path, "--to", "tables", "--output", "again", in: folder.url)
        #expect(outcome.code == 0, "\(outcome.errors)")
        for (name, file) in [(path, "a.csv"), ("again", "b.csv")] {
            let solved = try Karst.run("powerflow", name, "--output", file, in: folder.url)
            #expect(solved.code == 0, "\(solved.errors)")
        }
        let (first, second) = (try voltages(folder.path("a.csv")), try voltages(folder.path("b.csv")))
        #expect(first.count > 15)
        for (node, voltage) in first {
            #expect(near(second[node], voltage, relative: 1e-6), "\(node)")
        }
    }

    @Test func aScriptIsWrittenAsTables() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(Self.script, to: "small.dss")
        let outcome = try Karst.run(
            "convert", "small.dss", "--to", "tables", "--output", "small", in: folder.url)
        #expect(outcome.code == 0, "\(outcome.errors)")
        let script = try Karst.run("powerflow", "small.dss", "--output", "a.csv", "--json", in: folder.url)
        let tables = try Karst.run("powerflow", "small", "--output", "b.csv", in: folder.url)
        #expect(script.code == 0 && tables.code == 0, "\(script.errors) \(tables.errors)")
        let (first, second) = (try voltages(folder.path("a.csv")), try voltages(folder.path("b.csv")))
        #expect(first.count > 14)
        for (node, voltage) in first {
            #expect(near(second[node], voltage, relative: 1e-6), "\(node)")
        }
    }

    @Test func whatTheTablesCannotHoldIsNamedAndNothingIsWritten() throws {
        let folder = try TemporaryFolder()
        let path = Checkout.golden.appending(path: "opendss/secondaries.dss").path
        let outcome = try Karst.run("convert", path, "--to", "tables", "--output", "out", in: folder.url)
        #expect(outcome.code == 2 && outcome.errors.contains("windings, those of the tables two"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
        let missing = try Karst.run("convert", path, "--to", "tables", in: folder.url)
        #expect(missing.code == 2 && missing.errors.contains("--output names the new directory"))
        let balanced = Checkout.golden.appending(path: "powerflow/ieee33/case.m").path
        let wrong = try Karst.run("convert", balanced, "--to", "tables", "--output", "out", in: folder.url)
        #expect(wrong.code == 2 && wrong.errors.contains("--to tables is for three-phase feeders"))
    }
}

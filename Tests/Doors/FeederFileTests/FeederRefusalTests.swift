import FeederFile
import Foundation
import Grid
import Testing
import TextFile

/// What a folder holds beyond what is read is refused with its place, and what may be missing is told.
@Suite struct FeederRefusalTests {
    private func messages(_ changes: [String: String]) throws -> [String] {
        try SampleFeeder.load(changes).1
    }

    @Test func misspeltTablesAreRefused() throws {
        var tables = SampleFeeder.tables
        tables["loads"] = tables.removeValue(forKey: "load")
        #expect(
            try SampleFeeder.load(only: tables).1 == [
                "loads.csv: error: a feeder has no such table; did you mean 'load.csv'?"
            ])
        let message = try #require(try messages(["pv": "bus,kw\n2,5\n"]).first)
        #expect(message.hasPrefix("pv.csv: error: a feeder has no such table; the tables are source.csv, "))
    }

    /// Every table, with one column too many, is refused at that column.
    @Test(arguments: [
        ("source", "5"), ("configuration", "5"), ("line", "5"), ("load", "5"), ("switch", "5"),
        ("transformer", "5"), ("regulator", "5"), ("distributed", "5"), ("capacitor", "5"),
    ]) func unknownColumnsAreRefused(table: String, cell: String) throws {
        let sound = try #require(SampleFeeder.all[table])
        let lines = sound.split(separator: "\n").map(String.init)
        let wider = ([lines[0] + ",weight"] + lines.dropFirst().map { "\($0),\(cell)" })
        let found = try SampleFeeder.load(
            only: SampleFeeder.all.merging([table: wider.joined(separator: "\n") + "\n"]) { $1 }
        ).1
        try #require(found.count == 1)
        let place = "\(table).csv:1:\(lines[0].count + 2): error: unknown column 'weight'; allowed are "
        #expect(found[0].hasPrefix(place), "\(found)")
    }

    @Test func aMisspeltColumnHasItsNearestName() throws {
        let source = "bus,nominal_kv,voltage_pu,angel_degrees\n1,4.16,1.02,30\n"
        #expect(
            try messages(["source": source]) == [
                "source.csv:1:27: error: unknown column 'angel_degrees'; did you mean 'angle_degrees'?"
            ])
    }

    @Test func secondRowsAreRefused() throws {
        let twice = { (table: String) -> [String: String] in
            let lines = SampleFeeder.all[table]!.split(separator: "\n")
            return [table: (lines + [lines[1]]).joined(separator: "\n") + "\n"]
        }
        #expect(
            try messages(twice("source")) == [
                "source.csv:3:1: error: bus: a feeder has one source, in one row"
            ]
        )
        #expect(
            try messages(twice("configuration")) == [
                "configuration.csv:3:1: error: config: 'two' has a row already"
            ])
        #expect(try messages(twice("line")) == ["line.csv:3:1: error: name: 'L' has a row already"])
        let load = try messages(twice("load"))
        #expect(
            load == [
                "load.csv:3:1: error: bus: the row repeats an earlier one; add the powers up, or tell the loads "
                    + "apart by a column 'name'"
            ])
        #expect(
            try messages(["switch": "name,from,to,phases,closed\nL,2,3,ac,1\n"]) == [
                "switch.csv:2:1: error: name: 'L' has a row in line.csv already"
            ])
    }

    @Test func equalLoadsWithNamesAreTwo() throws {
        let load =
            "name,bus,connection,model,kw_1,kvar_1,kw_2,kvar_2,kw_3,kvar_3\n"
            + "east,2,wye,PQ,1,0,0,0,0,0\nwest,2,wye,PQ,1,0,0,0,0,0\n"
        #expect(try SampleFeeder.load(["load": load]).0?.network.loads.map(\.name) == ["east", "west"])
    }

    @Test func busesThatNoBranchNamesAreRefused() throws {
        #expect(
            try messages([
                "capacitor": "bus,kvar_a,kvar_b,kvar_c\n22,10,0,0\n",
                "load": "bus,connection,model,kw_1,kvar_1,kw_2,kvar_2,kw_3,kvar_3\nB2,wye,I,10,5,0,0,0,0\n",
            ]) == [
                "capacitor.csv:2:1: error: bus: no branch begins or ends at '22'; did you mean '2'?",
                "load.csv:2:1: error: bus: no branch begins or ends at 'B2'; did you mean '2'?",
            ])
        let message = try messages(["source": "bus,nominal_kv,voltage_pu\nsub,4.16,1\n"])
        #expect(
            message == [
                "source.csv:2:1: error: bus: no branch begins or ends at 'sub'; there are '1', '2'"
            ])
    }

    /// Cells of which a part would not be used.
    @Test func partsOfCellsAreRefused() throws {
        let header = SampleFeeder.all["regulator"]!.split(separator: "\n")[0]
        let found = try messages([
            "regulator": "\(header)\nR,2,3,aa,ac,122,2,20,700,3,9,17,15\nR,2,4,c,c,122,2,20,700,3,9,0.5,-1\n"
        ])
        #expect(
            found == [
                "regulator.csv:2:7: error: phases: 'aa' is not one or more of the letters abc, each once",
                "regulator.csv:2:10: error: monitored: 'ac' is not one of the letters a, b, c",
                "regulator.csv:2:30: error: tap: '17' is not a whole number from -16 to 16",
                "regulator.csv:3:3: error: from: 'R' joins other buses in an earlier row",
                "regulator.csv:3:28: error: tap: '0.5' is not a whole number from -16 to 16",
                "regulator.csv:3:32: error: delay_s: '-1' is not between 0 and 1000000000",
            ])
        let configuration = SampleFeeder.all["configuration"]!.replacing("two,ac,1,0,", with: "two,ac,1,7,")
        #expect(
            try messages(["configuration": configuration]) == [
                "configuration.csv:2:10: error: r_ab_ohm_per_mile: must be 0: phase b is not among the phases"
            ])
    }

    @Test func voltagesOfTransformersAgree() throws {
        let header = "name,from,to,connection,to_kv,kva,r_percent,x_percent"
        #expect(
            try messages([
                "transformer": "\(header)\nT,2,3,Dyn11,0.4,500,1,4\nU,2,3,Dyn11,0.48,500,1,4\n"
            ]) == ["transformer.csv:3:13: error: to_kv: an earlier row gives this bus 0.4 kV"])
    }

    @Test func aFeederWithoutLoadsIsTold() throws {
        var tables = SampleFeeder.tables
        tables["load"] = nil
        let (feeder, warnings) = try SampleFeeder.load(only: tables)
        #expect(feeder != nil)
        #expect(
            warnings == [
                "the feeder has no loads: there is no row in load.csv and none in distributed.csv"
            ])
    }

    /// One cause, one message: no row of another table is blamed for what a broken table would have held.
    @Test func dependantsOfABrokenTableAreNotBlamed() throws {
        var tables = SampleFeeder.tables
        tables["configuration"] = nil
        #expect(
            try SampleFeeder.load(only: tables).1 == ["configuration.csv: error: there is no such file"])
    }
}

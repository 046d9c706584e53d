import FeederFile
import Foundation
import Grid
import TestSupport
import Testing
import TextFile

/// Load shapes of scripts, and profiles of feeders.
@Suite struct ScriptShapeTests {
    /// The factors of the loads over the shapes of a script with two loads, or what is wrong.
    private func factors(
        _ shape: String, _ loads: [String], cycle: LoadedScript.Cycle = .daily, file: String? = nil
    ) throws -> (active: [[Double]], reactive: [[Double]], interval: Double, messages: [String]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "shape-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let lines = loads.enumerated().map { "New Load.l\($0) bus1=m kw=10 kvar=5 \($1)\n" }.joined()
        let text = SampleScript.start + shape + "\n" + lines
        let path = folder.appending(path: "main.dss")
        try Data(text.utf8).write(to: path)
        if let file { try Data(file.utf8).write(to: folder.appending(path: "values.csv")) }
        do throws(FileMistakes) {
            guard let demand = try OpenDSSFile.load(path: path.path(), cycle: cycle).demand else {
                return ([], [], 0, [])
            }
            let rows = { (index: Int) in
                Array(demand.factors[index * demand.steps..<(index + 1) * demand.steps])
            }
            return (demand.active.map(rows), demand.reactive.map(rows), demand.interval, [])
        } catch {
            return ([], [], 0, error.all.map(\.message))
        }
    }

    @Test func shapesMultiplyTheLoadsThatFollowThem() throws {
        let found = try factors(
            "New LoadShape.s npts=3 interval=1 mult=[0.5 1 (1 2 /)]", ["daily=s", ""])
        #expect(found.active == [[0.5, 1, 0.5], [1, 1, 1]])
        #expect(found.reactive == found.active)
        #expect(found.interval == 3600)
    }

    /// Every way to write the same values.
    @Test(arguments: [
        "mult=(file=values.csv)", "csvfile=values.csv", "mult=(file=values.csv, column=2)",
        "pmult=[1 2 3 4] npts=4", "npts=4 mult=(1, 2, 3, 4, 5)", "mult=[2 4 6 8] action=normalize pbase=2",
    ]) func shapesComeFromFilesToo(text: String) throws {
        let file = text.contains("column") ? "9,1\n9,2\n9,3\n9,4\n" : "1\n2\r\n3\n4\n"
        let found = try factors("New LoadShape.s minterval=15 \(text)", ["daily=s"], file: file)
        #expect(found.active == [[1, 2, 3, 4]], "\(found.messages)")
        #expect(found.interval == 900)
    }

    @Test func reactivePowerMayHaveAShapeOfItsOwn() throws {
        let found = try factors("New LoadShape.s interval=1 mult=[1 2] qmult=[3 4]", ["daily=s"])
        #expect(found.active == [[1, 2]] && found.reactive == [[3, 4]])
    }

    /// Values in kW and kvar take the place of the load's own; without kvar there is none.
    @Test func actualValuesAreKilowatts() throws {
        let found = try factors("New LoadShape.s interval=1 mult=[20 5] useactual=yes", ["daily=s"])
        #expect(found.active == [[2, 0.5]] && found.reactive == [[0, 0]])
    }

    /// A yearly shape, or else the daily one; shorter shapes repeat.
    @Test func theLongestShapeSaysHowManySteps() throws {
        let shapes = "New LoadShape.y interval=1 mult=[1 2 3 4]\nNew LoadShape.d interval=2 mult=[5 6]"
        let found = try factors(shapes, ["daily=d yearly=y", "daily=d"], cycle: .yearly)
        #expect(found.active == [[1, 2, 3, 4], [6, 5, 6, 6]])
    }

    @Test func mistakesOfShapesAreTold() throws {
        #expect(
            try factors("", ["daily=x"]).messages == ["there is no LoadShape 'x'"])
        #expect(
            try factors("New LoadShape.s interval=1 mult=(file=none.txt)", ["daily=s"]).messages == [
                "LoadShape.s: Mult: 'none.txt': there is no such file"
            ])
        #expect(
            try factors("New LoadShape.s interval=1 mult=(file=values.csv)", ["daily=s"], file: "1\nx\n")
                .messages == [
                    "LoadShape.s: Mult: in line 2 of 'values.csv', 'x' has no number"
                ])
        #expect(
            try factors("", [""]).messages == ["no element follows a load shape by 'daily='"])
    }

    /// A profile in kW is shared as the nominal powers are; what has no column keeps its power.
    @Test func profilesSetPowers() throws {
        let (feeder, _) = try SampleScript.load(
            SampleScript.start + "New Load.a bus1=m kw=30 kvar=10\nNew Load.b bus1=m kw=10 kvar=10\n"
                + "New Load.c bus1=s kw=5 kvar=1\n")
        let text = "step,M_kw,c_scale\nx,80,2\ny,4,0\n"
        let profile = try FeederProfile.parse(Array(text.utf8), name: "p.csv", for: try #require(feeder))
        #expect(profile.labels == ["x", "y"] && profile.labelName == "step")
        let power = { (load: Int, step: Int) in
            let shape = profile.demand.active[load]
            return profile.feeder.loads[load].active.reduce(Power.zero, +).kilowatts
                * profile.demand.factors[shape * profile.demand.steps + step]
        }
        let found = [0, 1].map { step in (0..<3).map { power($0, step) } }
        #expect(near(found[0], [60, 20, 10], absolute: 1e-9) && near(found[1], [3, 1, 0], absolute: 1e-9))
        #expect(profile.feeder.loads[0].reactive[0].kilovars * 3 == 10)
    }

    @Test func mistakesOfProfilesAreTold() throws {
        let (feeder, _) = try SampleScript.load(SampleScript.start + "New Load.load bus1=m kw=30\n")
        let text = "laod_kw,load_kw,load_scale,load_mw\n1,2,3,4\n"
        let error = try #require(
            throws: FileMistakes.self,
            performing: {
                try FeederProfile.parse(Array(text.utf8), name: "p.csv", for: try #require(feeder))
            })
        #expect(
            error.all.map(\.description) == [
                "p.csv:1:1: error: column 'laod_kw': the feeder has no load, inverter or bus 'laod'; did you mean "
                    + "'load'?",
                "p.csv:1:17: error: column 'load_scale': another column sets the same power",
                "p.csv:1:28: error: column 'load_mw': it must end with _kw, _kvar or _scale",
            ])
    }
}

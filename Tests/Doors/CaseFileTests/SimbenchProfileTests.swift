import CaseFile
import Foundation
import Grid
import TestSupport
import Testing
import TextFile
import Timeline

@Suite("Profiles of SimBench folders")
struct SimbenchProfileTests {
    private let folder = Checkout.golden.appending(path: "casefile/simbench").path

    /// A copy of the folder with one file replaced.
    private func mistakes(_ name: String, _ old: String, _ new: String) throws -> String {
        let copy = FileManager.default.temporaryDirectory.appending(path: "karst-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: copy) }
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
            var text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            if file == name { text.replace(old, with: new) }
            try text.write(to: copy.appending(path: file), atomically: true, encoding: .utf8)
        }
        let read = try CaseFile.load(path: folder).networkCase
        do throws(FileMistakes) {
            _ = try CaseProfiles.simbench(folder: copy.path, for: read)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func eachElementHasItsColumn() throws {
        let read = try CaseFile.load(path: folder).networkCase
        let profiles = try CaseProfiles.simbench(folder: folder, for: read)
        #expect(profiles.steps == 5 && profiles.step == 900)
        #expect(profiles.start == CivilTime(iso8601: "2016-01-01T00:00"))
        let load = try #require(read.loads.firstIndex { $0.name == "Load 3" })
        #expect(profiles.loadsActive[load].map { profiles.shapes[$0] } == [0.11, 0.93, 0.25, 1, 0])
        #expect(profiles.loadsReactive[load].map { profiles.shapes[$0] } == [0.07, 0.21, 0.3, 0.5, 0])
        let battery = try #require(read.loads.firstIndex { $0.name == "Battery 1" })
        #expect(profiles.loadsActive[battery].map { profiles.shapes[$0] } == [-1, 0.5, 1, 0, 0.25])
        #expect(profiles.loadsReactive[battery] == nil)
        let plant = try #require(read.generators.firstIndex { $0.name == "Plant 1" })
        #expect(profiles.generators[plant].map { profiles.shapes[$0] } == [0.7, 0.7, 0, 1, 0.5])
    }

    /// SimBench's own files are in the local time of Germany, with its changes of the clock.
    @Test func clocksAreFollowed() throws {
        let read = try CaseFile.load(path: folder).networkCase
        let profiles = try CaseProfiles.simbench(folder: folder, for: read)
        func step(_ text: String) throws -> Int {
            try profiles.step(at: #require(CivilTime(iso8601: text)))
        }
        #expect(try step("2026-01-01T00:20") == 1 && step("2016-01-01T01:14:59") == 4)
        #expect(try step("2016-01-01T01:15") == 0)
        // An hour more is a change of the clock; the other tables have other times then.
        let change = try mistakes("LoadProfile.csv", "01.01.2016 01:00", "01.01.2016 02:00")
        #expect(
            change.contains("the times are not those of the other profiles") && !change.contains("s after"))
    }

    @Test(arguments: [
        (
            "Load.csv", "H0-A", "H0-Z",
            "Load.csv:4:15: error: profile: there is no profile 'H0-Z' in LoadProfile.csv"
        ),
        ("LoadProfile.csv", "00:45;", "00:50;", "'01.01.2016 00:50' is not 900 s after the time"),
        ("RESProfile.csv", "01.01.2016", "02.01.2016", "the times are not those of the other profiles"),
        ("RESProfile.csv", "0.35", "x", "'x' is not a number"),
        ("RESProfile.csv", "time;", "date;", "there is no column 'time'"),
    ])
    func whatIsWrongIsTold(file: String, old: String, new: String, message: String) throws {
        let found = try mistakes(file, old, new)
        #expect(found.contains(message), "\(found)")
    }
}

import Export
import Foundation
import Results
import RunSamples
import Simulator
import Testing

@Suite struct RunDirectoryTests {
    private let timing = StageClock().timing(steps: 0)

    private func writer(at path: String) throws -> RunWriter {
        try RunWriter(
            SampleRun().scenario, build: SampleRun.build, inputs: [], in: RunDirectory(at: path))
    }

    @Test func anExistingDirectoryIsNeverTouched() throws {
        let folder = Folder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/one", withIntermediateDirectories: false)
        let error = try #require(throws: ExportError.self) { try RunDirectory(at: folder.path + "/one") }
        #expect(error.description.contains("exists already"))
        #expect(try folder.entries == ["one"])
    }

    @Test func aPlaceThatCannotBeWrittenIsNamed() throws {
        let folder = Folder()
        try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
        let error = try #require(throws: ExportError.self) { try RunDirectory(at: folder.path + "/file/run") }
        #expect(error.description.hasPrefix("cannot create \(folder.path)/file/run"))
    }

    @Test func nothingAppearsBeforeItIsWhole() throws {
        let folder = Folder()
        let writer = try writer(at: folder.path + "/one")
        #expect(try folder.entries == [".one.partial"])
        for record in SampleRun().records() { try writer.take(record) }
        try writer.finish()
        #expect(try folder.entries == [".one.partial"])
        try writer.publish(timing)
        #expect(try folder.entries == ["one"])
    }

    @Test func whatAppearsMeanwhileStays() throws {
        let folder = Folder()
        let writer = try writer(at: folder.path + "/one")
        try writer.finish()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/one", withIntermediateDirectories: false)
        let error = try #require(throws: ExportError.self) { try writer.publish(timing) }
        #expect(error.description.contains("has appeared meanwhile"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/one").isEmpty)
        #expect(try folder.entries == [".one.partial", "one"])
    }

    @Test func aFailedRunSaysSo() throws {
        let folder = Folder()
        let writer = try writer(at: folder.path + "/one")
        for record in SampleRun().records().prefix(5) { try writer.take(record) }
        try writer.fail("interrupted in step 6", timing)
        let manifest = try JSONDecoder().decode(Manifest.self, from: folder.data("one/manifest.json"))
        #expect(manifest.status == .failed)
        #expect(manifest.reason == "interrupted in step 6")
        #expect(manifest.steps == 5)
        #expect(try folder.text("one/timeseries/balance.csv").split(separator: "\n").count == 6)
    }

    @Test func aFailureThatFindsNoRoomLeavesTheManifestAlone() throws {
        let folder = Folder()
        let writer = try writer(at: folder.path + "/one")
        for record in SampleRun().records().prefix(5) { try writer.take(record) }
        // What stands in the manifest's way is as good as a full disk.
        try Data().write(to: URL(fileURLWithPath: folder.path + "/.one.partial/run/manifest.json"))
        try writer.fail("no space", timing)
        let manifest = try JSONDecoder().decode(Manifest.self, from: folder.data("one/manifest.json"))
        #expect(manifest.status == .failed)
        #expect(manifest.outputs.isEmpty)
    }

    @Test func twoRunsCannotShareADirectory() throws {
        let folder = Folder()
        let first = try RunDirectory(at: folder.path + "/one")
        let error = try #require(throws: ExportError.self) { try RunDirectory(at: folder.path + "/one") }
        #expect(error.description.contains("another run"))
        #expect(first.path == folder.path + "/one")
    }

    @Test func whatAKilledRunLeftIsCleared() throws {
        let folder = Folder()
        let stale = folder.path + "/.one.partial"
        try FileManager.default.createDirectory(atPath: stale + "/run", withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(fileURLWithPath: stale + "/run/manifest.json"))
        try Data().write(to: URL(fileURLWithPath: stale + "/made-by-karst"))
        let writer = try writer(at: folder.path + "/one")
        try writer.finish()
        try writer.publish(timing)
        let manifest = try JSONDecoder().decode(Manifest.self, from: folder.data("one/manifest.json"))
        #expect(manifest.status == .complete)
    }

    /// A link, a file or somebody's folder in the staging directory's place is never written or emptied.
    @Test func whatIsInTheWayIsLeftAlone() throws {
        let folder = Folder()
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder.path + "/precious", withIntermediateDirectories: false)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.path + "/precious/made-by-karst"))
        try manager.createSymbolicLink(
            atPath: folder.path + "/.link.partial", withDestinationPath: "precious")
        try manager.createSymbolicLink(
            atPath: folder.path + "/.lost.partial", withDestinationPath: "nowhere")
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.path + "/.file.partial"))
        try manager.createDirectory(
            atPath: folder.path + "/.folder.partial/run", withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.path + "/.folder.partial/run/data"))
        let before = try folder.entries
        for name in ["link", "lost", "file", "folder"] {
            let error = #expect(throws: ExportError.self) { try RunDirectory(at: folder.path + "/" + name) }
            #expect(error?.description.contains("is in the way") == true, "\(error?.description ?? name)")
        }
        #expect(try folder.entries == before)
        #expect(try folder.text("precious/made-by-karst") == "mine")
        #expect(try folder.text(".folder.partial/run/data") == "mine")
    }

    /// A link inside what a killed run left is removed, and what it leads to is not.
    @Test func aLinkInALeftoverIsNotFollowed() throws {
        let folder = Folder()
        let manager = FileManager.default
        for name in ["precious", ".one.partial"] {
            try manager.createDirectory(atPath: folder.path + "/" + name, withIntermediateDirectories: false)
        }
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.path + "/precious/data"))
        try Data().write(to: URL(fileURLWithPath: folder.path + "/.one.partial/made-by-karst"))
        try manager.createSymbolicLink(
            atPath: folder.path + "/.one.partial/run", withDestinationPath: "../precious")
        try writer(at: folder.path + "/one").fail("test", timing)
        #expect(try folder.text("precious/data") == "mine")
        #expect(try folder.entries == ["one", "precious"])
    }

    /// What is given up leaves nothing behind; parents that lead through a missing folder are refused.
    @Test func onePathHasOneReading() throws {
        let folder = Folder()
        do { _ = try RunDirectory(at: folder.path + "/given/up") }
        #expect(try folder.entries == ["given"])
        #expect(throws: ExportError.self) { try RunDirectory(at: folder.path + "/nothing/../one") }
        #expect(throws: ExportError.self) { try RunDirectory(at: folder.path + "/given/..") }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link", withDestinationPath: "given")
        try writer(at: folder.path + "/link/../one/").fail("test", timing)
        #expect(try folder.entries == ["given", "link", "one"])
    }

    @Test func defaultNamesCountUp() throws {
        let folder = Folder()
        for number in 1...3 {
            let directory = try RunDirectory.next(for: "Wujiang valley: no battery!", in: folder.path)
            #expect(directory.path == "\(folder.path)/wujiang-valley-no-battery-\(number)")
            let writer = try RunWriter(
                SampleRun().scenario, build: SampleRun.build, inputs: [], in: directory)
            try writer.fail("test", timing)
        }
        #expect(try RunDirectory.next(for: "../..", in: folder.path).path == "\(folder.path)/run-1")
    }
}

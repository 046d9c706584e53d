import Foundation
import TestSupport
import Testing

/// Every command line of the documents and of the help texts runs.
@Suite struct DocumentTests {
    /// Words in the running text that stand for something.
    private static let stands = [
        "RUN": "runs/first-day-1", "TIME": "2026-07-15T18:15", "CASE": "case118.m",
        "SCENARIO": "scenario.yaml", "UNITS.csv": "units.csv", "FILE.csv": "file.csv",
    ]
    /// Mentions that need more than a replaced word.
    private static let special = [
        "karst explain RUN --at TIME --area upper":
            "karst explain Scenarios/two-villages/scenario.yaml --at 2026-07-15T18:15 --area upper"
    ]

    @Test("fenced command lines", arguments: Document.names)
    func fences(name: String) throws {
        let commands = try Document(name).commands
        guard !commands.isEmpty else { return }
        let folder = try Workspace.make()
        for command in commands where !isLive(command.line) {
            try expectSuccess(command.line, command.place, in: folder)
        }
    }

    @Test("commands in the running text", arguments: Document.names)
    func mentions(name: String) throws {
        let known = Set(HelpTests.commands + HelpTests.live)
        let mentions = try Set(Document(name).mentions)
        guard !mentions.isEmpty else { return }
        let folder = try Workspace.make()
        for mention in mentions.sorted() {
            let words = mention.split(separator: " ").map(String.init)
            #expect(words[1].hasPrefix("-") || known.contains(words[1]), "\(name): \(mention)")
            guard words.count > 2, !mention.contains("…"), !isLive(mention) else { continue }
            let line = words.map { Self.stands[$0] ?? $0 }.joined(separator: " ")
            try expectSuccess(Self.special[mention] ?? line, name, in: folder)
        }
    }

    private func isLive(_ line: String) -> Bool {
        line.split(separator: " ").dropFirst().first.map { HelpTests.live.contains(String($0)) } ?? false
    }

    @Test(
        "examples of the help texts",
        arguments: HelpTests.commands.filter { !HelpTests.live.contains($0) } + [""])
    func examples(name: String) throws {
        let folder = try Workspace.make()
        for line in try HelpTests.examples(of: name) { try expectSuccess(line, "karst \(name)", in: folder) }
    }

    /// A line that needs HiGHS may say that it is missing. Two seeds stand for five, which takes less time.
    private func expectSuccess(_ line: String, _ place: String, in folder: TemporaryFolder) throws {
        let line = line.replacing("--seeds 5", with: "--seeds 2")
        let outcome = try Karst.run(line: line, in: folder.url)
        if outcome.code != 0, !Karst.hasHiGHS, outcome.errors.contains("make highs") {
            print("\(place): \(line): not run without HiGHS")
            return
        }
        #expect(outcome.code == 0, "\(place): \(line)\n\(outcome.errors.suffix(400))")
    }

    @Test("`make help` lists every target that the documents name")
    func targets() throws {
        let make = Process()
        let output = Pipe()
        make.executableURL = URL(filePath: "/usr/bin/env")
        make.arguments = ["make", "--no-print-directory", "help"]
        make.currentDirectoryURL = Checkout.root
        make.standardOutput = output
        try make.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        make.waitUntilExit()
        let listed = Set(
            String(decoding: data, as: UTF8.self).matches(of: #/make ([a-z-]+) /#).map { String($0.1) })
        #expect(make.terminationStatus == 0 && listed.isSuperset(of: ["run", "test", "build"]))
        for name in Document.names {
            let unknown = try Set(Document(name).targets).subtracting(listed)
            #expect(unknown.isEmpty, "\(name): \(unknown.sorted())")
        }
    }
}

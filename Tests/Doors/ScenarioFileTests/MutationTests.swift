import Foundation
import Randomness
import ScenarioFile
import Testing
import TextFile

@Suite("Whatever the file says, it is read or refused")
struct MutationTests {
    private static let pieces = [
        "", " ", "\n", ":", ": ", "- ", "{", "}", "[", "]", ",", "\"", "'", "#", "|\n", ">\n", "&a ", "*a",
        "!x ", "? ",
        "---\n", "...\n", "%", "\t", "0", "-", "1e308", "-1e308", "999999999999999999999", "0.0", "null", "~",
        "..", "kW",
        "1 year", "100 years", "2026-02-29", "9999-12-31", "\u{FEFF}", "\u{202E}", "\u{0}", "é", "🜁", "\r",
        "0..2 pu",
    ]

    @Test("a thousand seeded mutations of a good scenario", .timeLimit(.minutes(2)), arguments: 0..<8)
    func mutations(seed: Int) throws {
        let workshop = try Workshop()
        var refused = 0
        for round in 0..<125 {
            let stream = RandomStream(seed: UInt64(seed), entity: UInt32(round), purpose: 1)
            var bytes = Array(Workshop.good.utf8)
            for change in 0..<1 + stream.integer(below: 3, step: 0) {
                let at = stream.integer(below: bytes.count, step: change, draw: 1)
                let length = stream.integer(below: 12, step: change, draw: 2)
                let end = min(bytes.count, at + length)
                let piece = Self.pieces[stream.integer(below: Self.pieces.count, step: change, draw: 3)]
                bytes.replaceSubrange(at..<end, with: Array(piece.utf8))
            }
            // A long scenario is no mistake, but drawing its weather would take long.
            let text = String(decoding: bytes, as: UTF8.self)
            guard text.contains("duration: 1 day") else { continue }
            try workshop.write("scenario.yaml", bytes: bytes)
            do throws(ScenarioMistakes) {
                _ = try workshop.load()
            } catch {
                refused += 1
                #expect(error.mistakes.contains { $0.severity == .error })
                #expect(error.mistakes.allSatisfy { !$0.message.isEmpty && $0.file.hasSuffix(".yaml") })
            }
        }
        #expect(refused > 60)
    }
}

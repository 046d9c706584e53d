import Foundation
import Testing

@Suite("The style of the house")
struct TidyTests {
    private let sources = House.swiftFiles(in: "Sources", "Tests", "Benchmarks/Sources")

    @Test("there are files to read")
    func found() {
        #expect(sources.count > 50)
    }

    @Test("a room imports what the table allows, and every room is in the table")
    func imports() {
        for file in House.swiftFiles(in: "Sources") {
            guard let allowed = House.imports[file.room] else {
                Issue.record("\(file.path): room \(file.room) is not in the table")
                continue
            }
            for (number, line) in file.lines.enumerated() {
                let words = line.split(separator: " ")
                guard line.contains("import "), line.first != " ", let at = words.firstIndex(of: "import"),
                    at <= 2, words.count > at + 1, !line.hasPrefix("//")
                else { continue }
                let kinds: Set<Substring> = ["struct", "class", "func", "enum", "protocol", "var"]
                let path = kinds.contains(words[at + 1]) ? words[at + 2] : words[at + 1]
                let module = String(path.split(separator: ".")[0])
                #expect(
                    allowed.contains(module) || House.freeImports.contains(module),
                    "\(file.path):\(number + 1): \(file.room) may not import \(module)")
            }
        }
    }

    @Test("files have at most 300 lines, lines at most 110 columns")
    func lengths() {
        for file in sources {
            #expect(file.lines.count <= 301, "\(file.path) has \(file.lines.count) lines")
            for (number, line) in file.lines.enumerated() where line.count > 110 {
                // A line that is one long string may not be broken.
                guard !line.contains("\"") else { continue }
                Issue.record("\(file.path):\(number + 1): \(line.count) columns")
            }
        }
    }

    @Test("functions have at most 60 lines")
    func functions() {
        for file in sources {
            for (start, line) in file.lines.enumerated() where opensFunction(line) {
                let indent = line.prefix { $0 == " " }
                let end = file.lines[start...].firstIndex { $0 == indent + "}" } ?? start
                #expect(end - start < 61, "\(file.path):\(start + 1): \(end - start + 1) lines")
            }
        }
    }

    private func opensFunction(_ line: Substring) -> Bool {
        let text = line.drop { $0 == " " }
        let isComment = text.hasPrefix("//") || text.hasPrefix("///")
        return !isComment && (text.contains("func ") || text.contains("init(")) && text.hasSuffix("{")
    }

    @Test("no leftovers, no drawers")
    func words() {
        let banned = [
            "TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "fatal" + "Error()", "not imple" + "mented",
        ]
        for file in sources {
            for (number, line) in file.lines.enumerated() {
                for word in banned where line.contains(word) {
                    Issue.record("\(file.path):\(number + 1): \(word)")
                }
            }
            let name = URL(filePath: file.path).deletingPathExtension().lastPathComponent
            for drawer in ["Utils", "Helpers", "Common", "Core", "Manager"] {
                #expect(!name.hasSuffix(drawer), "\(file.path) is a drawer without a room")
            }
        }
    }

    @Test("no two rooms export the same type name")
    func names() {
        var owner: [String: String] = [:]
        for file in House.swiftFiles(in: "Sources") {
            for line in file.lines {
                let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
                guard line.hasPrefix("public "),
                    let at = words.firstIndex(where: { ["struct", "class", "enum", "protocol"].contains($0) }
                    ),
                    words.count > at + 1
                else { continue }
                let name = String(words[at + 1])
                #expect(
                    owner[name] ?? file.room == file.room,
                    "\(file.path): \(name) is exported by \(owner[name]!)")
                owner[name] = file.room
            }
        }
    }
}

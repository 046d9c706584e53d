import Foundation
import TestSupport
import Testing

@Suite("The style of the house")
struct TidyTests {
    private let sources = House.swiftFiles(in: "Sources", "Tests", "Benchmarks/Sources")

    @Test("there are files to read")
    func found() {
        #expect(sources.count > 50)
    }

    @Test("every target imports exactly the modules that its line in Package.swift names")
    func imports() {
        #expect(House.targets.count > 60)
        // The standard library's own modules, and what every test may use.
        let free: Set = ["Foundation", "Glibc", "Synchronization", "Testing", "TestSupport"]
        for target in House.targets where target.type != "system" {
            let files = House.swiftFiles(in: target.path)
            let imported = files.reduce(into: Set<String>()) { $0.formUnion($1.imports) }.subtracting(free)
            let named = target.imports.subtracting(free)
            #expect(imported.subtracting(named) == [], "\(target.name) imports what it does not name")
            let room = target.type == "test" ? String(target.name.dropLast("Tests".count)) : ""
            #expect(named.subtracting(imported).subtracting([room]) == [], "\(target.name) names too much")
        }
    }

    @Test("every folder on a floor is a target")
    func folders() throws {
        let paths = Set(House.targets.map(\.path))
        for top in ["Sources", "Tests"] {
            for floor in House.floors {
                let folder = "\(top)/\(floor)"
                let names = try FileManager.default.contentsOfDirectory(
                    atPath: Checkout.root.appending(path: folder).path)
                for name in names { #expect(paths.contains("\(folder)/\(name)"), "\(folder)/\(name)") }
            }
        }
    }

    @Test(
        "a room imports rooms of its floor or of floors below; verbs import no verb; only doors import Foundation"
    )
    func floors() {
        let rooms = Dictionary(
            uniqueKeysWithValues: House.targets.compactMap { target -> (String, Int)? in
                let folders = target.path.split(separator: "/")
                guard folders.first == "Sources" else { return nil }
                return (target.name, House.floors.firstIndex(of: String(folders[1]))!)
            })
        let (verbs, doors) = (2, 4)
        for target in House.targets {
            guard let floor = rooms[target.name] else { continue }
            for name in target.imports {
                guard let other = rooms[name] else { continue }
                #expect(other <= floor, "\(target.name) imports upward: \(name)")
                #expect(floor != verbs || other != verbs, "\(target.name) imports a verb: \(name)")
            }
            guard floor != doors else { continue }
            for file in House.swiftFiles(in: target.path) {
                #expect(!file.imports.contains("Foundation"), "\(file.path)")
            }
        }
    }

    @Test("every room whose types stand in public signatures of a product is a product")
    func products() {
        #expect(House.products.isSuperset(of: ["ScenarioFile", "Simulator", "Results", "Export"]))
        for target in House.targets where House.products.contains(target.name) {
            let shown = House.swiftFiles(in: target.path).reduce(into: Set<String>()) {
                $0.formUnion($1.publicImports)
            }
            let missing = shown.subtracting(House.products).subtracting(["Foundation", "TestSupport"])
            #expect(missing == [], "\(target.name) shows types of rooms that are no products")
        }
    }

    @Test("planners cannot name the weather, the devices or the simulator")
    func planners() throws {
        let planning = try #require(House.targets.first { $0.name == "Planning" })
        #expect(planning.imports.isDisjoint(with: ["Weather", "Devices", "Simulator", "Results", "Studies"]))
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

    @Test("functions have at most 60 lines, also those whose signature wraps")
    func functions() {
        for file in sources {
            for (start, line) in file.lines.enumerated() where declaresFunction(line) {
                let indent = line.prefix { $0 == " " }
                guard hasBody(file.lines[start...], indent) else { continue }
                // The body ends at the first closing brace in the function's own column.
                let end = file.lines[start...].firstIndex { $0 == indent + "}" } ?? start
                #expect(end - start < 61, "\(file.path):\(start + 1): \(end - start + 1) lines")
            }
        }
    }

    /// Whether a function or initialiser of more than one line begins here.
    private func declaresFunction(_ line: Substring) -> Bool {
        guard line.contains("func ") || line.contains("init"), !line.hasSuffix("}") else { return false }
        let words = line.split(separator: " ")
        guard words[0].first != "/" else { return false }
        let modifiers: Set<Substring> = [
            "public", "package", "internal", "private", "fileprivate", "convenience", "required", "override",
        ]
        let rest = words.drop { $0.hasPrefix("@") || modifiers.contains($0) }
        return words.contains("func")
            || ["init(", "init?(", "init<"].contains { rest.first?.hasPrefix($0) ?? false }
    }

    /// Whether the signature that begins these lines opens a body; the requirement of a protocol has none.
    private func hasBody(_ lines: ArraySlice<Substring>, _ indent: Substring) -> Bool {
        for (offset, line) in lines.enumerated() {
            let isOfSignature = ["    ", ")", "{"].contains { line.hasPrefix(indent + $0) }
            guard offset == 0 || isOfSignature else { return false }
            if line.hasSuffix("{") { return true }
        }
        return false
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

    @Test("no file is a symbolic link: what several targets use is a target")
    func links() throws {
        for folder in ["Sources", "Tests", "Benchmarks", "Scenarios", "docs", "scripts"] {
            let files = FileManager.default.enumerator(
                at: Checkout.root.appending(path: folder), includingPropertiesForKeys: [.isSymbolicLinkKey])
            for case let file as URL in try #require(files) {
                let values = try file.resourceValues(forKeys: [.isSymbolicLinkKey])
                #expect(values.isSymbolicLink != true, "\(file.path)")
            }
        }
    }

    @Test("no two rooms export the same type name")
    func names() {
        var owner: [String: String] = [:]
        for file in House.swiftFiles(in: "Sources") {
            for line in file.lines {
                guard let name = exportedType(line) else { continue }
                #expect(
                    owner[name] ?? file.room == file.room,
                    "\(file.path): \(name) is exported by \(owner[name]!)")
                owner[name] = file.room
            }
        }
    }

    /// The name of the public type that a line in the first column declares.
    private func exportedType(_ line: Substring) -> String? {
        guard line.hasPrefix("public ") else { return nil }
        let words = line.split(separator: " ").dropFirst().drop { ["final", "indirect"].contains($0) }
        guard words.count > 1, ["struct", "class", "enum", "protocol", "actor"].contains(words.first!) else {
            return nil
        }
        return String(words.dropFirst().first!.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    }
}
